"""Week by week: what a quarter of a year brings, what it asks for, and what the people's contracts hold."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.evaluation.fairness import contract_of

if TYPE_CHECKING:
    from staffing.forecast import Forecast

WEEKS = 13
DAYS = 7


def by_week(made: Forecast, needed: pd.DataFrame, scenario: Scenario, first: dt.date) -> pd.DataFrame:
    """A row a week from ``first`` on, as far as the forecast reaches.

    Args:
        made: the forecast of whole weeks.
        needed: its table REQUIREMENTS.
        scenario: people, contracts, prices and events.
        first: the first day of the first week.

    Returns:
        ``week``; ``calls`` expected, ``low`` and ``high`` (eight weeks in ten lie between); ``hours`` to roster so that
        the targets hold, shrinkage included; ``people_hours`` that the contracts hold at most without the days off
        known so far; ``gap`` = people_hours − hours; ``cost`` of the hours, in the currency; ``events``, their names.
    """
    zone = scenario.site.zone
    weeks = [first + dt.timedelta(days=DAYS * k) for k in range(_weeks(made, first, zone))]
    sums = _path_sums(made, first, zone, len(weeks))
    low, high = np.quantile(sums, (0.1, 0.9), axis=0) if sums.size else (np.zeros(0), np.zeros(0))
    hours = _by_week(needed["start"], needed["agents_scheduled"], first, zone, len(weeks))
    hours = hours * scenario.site.interval_min / 60
    people = np.array([_people_hours(scenario, week) for week in weeks])
    return pd.DataFrame(
        {
            "week": weeks,
            "calls": _by_week(made.table["start"], made.table["calls"], first, zone, len(weeks)),
            "low": low,
            "high": high,
            "hours": hours,
            "people_hours": people,
            "gap": people - hours,
            "cost": hours * scenario.prices.agent_hour,
            "events": [", ".join(_events(scenario, week)) for week in weeks],
        }
    )


def _week_of(start: pd.Series, first: dt.date, zone: dt.tzinfo) -> np.ndarray:
    days = start.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    return ((days - pd.Timestamp(first)).dt.days // DAYS).to_numpy(dtype=int)


def _weeks(made: Forecast, first: dt.date, zone: dt.tzinfo) -> int:
    return int(_week_of(made.table["start"], first, zone).max()) + 1 if len(made.table) else 0


def _by_week(start: pd.Series, values: pd.Series, first: dt.date, zone: dt.tzinfo, weeks: int) -> np.ndarray:
    return np.bincount(_week_of(start, first, zone), values.to_numpy(dtype=float), minlength=weeks)


def _path_sums(made: Forecast, first: dt.date, zone: dt.tzinfo, weeks: int) -> np.ndarray:
    """Contacts of all queues (paths × weeks)."""
    total = np.zeros((0, weeks))
    for queue, drawn in made.paths.items():
        week = _week_of(made.table.loc[made.table["queue"] == queue, "start"], first, zone)
        own = np.stack([drawn[:, week == k].sum(axis=1, dtype=float) for k in range(weeks)], axis=1)
        total = total + own if total.size else own
    return total


def _people_hours(scenario: Scenario, week: dt.date) -> float:
    """Hours that contracts hold at most, less by the share of the person's working days that are off."""
    days = [week + dt.timedelta(days=k) for k in range(DAYS)]
    total = 0.0
    for agent in scenario.agents:
        contract = contract_of(agent, scenario)
        there = sum(agent.can_work(day) for day in days)
        total += contract.max_hours * min(1.0, there / contract.max_days)
    return total


def _events(scenario: Scenario, week: dt.date) -> list[str]:
    last = week + dt.timedelta(days=DAYS - 1)
    return [one.name for one in scenario.events if one.enabled and one.start <= last and one.last >= week]
