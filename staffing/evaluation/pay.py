"""What is paid on top of the hour: work at night and on weekends, and overtime."""

from __future__ import annotations

import pandas as pd

from staffing.domain.calendar import DAY_MIN
from staffing.domain.scenario import Scenario
from staffing.domain.workforce import LabourRules, RuleBook


def pay_factors(shifts: pd.DataFrame, scenario: Scenario) -> pd.Series:
    """Pay of each shift in multiples of the usual pay of its hours, at least 1.

    `shifts`: agent, contract, day, start, end, weekend, paid_hours. Hours of a planning week beyond the contract's
    are overtime; its pay is laid on all shifts of that week alike.
    """
    book = RuleBook(scenario.rules, scenario.rule_changes)
    hours = shifts["paid_hours"].where(shifts["paid_hours"] > 0)
    extra = [
        _allowance_hours(row.start.tz_convert(scenario.site.zone), row, book.of(None, row.day))
        for row in shifts.itertuples()
    ]
    return 1.0 + (pd.Series(extra, shifts.index, float) / hours).fillna(0.0) + _overtime_share(shifts, scenario)


def _allowance_hours(start: pd.Timestamp, row: object, rules: LabourRules) -> float:
    """Hours of pay on top of one shift."""
    if not rules.night_allowance and not rules.weekend_allowance:
        return 0.0
    begin = start.hour * 60 + start.minute
    end = begin + int((row.end - row.start).total_seconds()) // 60  # type: ignore[attr-defined]
    length = (rules.night_to - rules.night_from) % DAY_MIN
    nights = (rules.night_from + shift for shift in (-DAY_MIN, 0, DAY_MIN))
    at_night = sum(max(0, min(end, night + length) - max(begin, night)) for night in nights) / 60
    weekend_hours = row.paid_hours if row.weekend else 0.0  # type: ignore[attr-defined]
    return float(rules.night_allowance * at_night + rules.weekend_allowance * weekend_hours)


def _overtime_share(shifts: pd.DataFrame, scenario: Scenario) -> pd.Series:
    """Pay on top for overtime, per shift, as a share of the usual pay."""
    contracts = {contract.name: contract for contract in scenario.contracts}
    week = shifts["day"].map(scenario.site.week_of)
    total = shifts.groupby([shifts["agent"], week])["paid_hours"].transform("sum")
    most = shifts["contract"].map({name: one.max_hours for name, one in contracts.items()}).astype(float)
    dear = shifts["contract"].map({name: one.overtime_factor - 1 for name, one in contracts.items()}).astype(float)
    beyond = (total - most).clip(lower=0.0)
    return (dear * beyond / total.where(total > 0)).fillna(0.0)
