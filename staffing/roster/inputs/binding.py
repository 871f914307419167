"""Which rules bind a class of people on the days of the horizon, from the planner's rules and contracts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from staffing.domain.workforce import Contract, LabourRules
from staffing.roster.case import DatedShift
from staffing.roster.engine.automaton import TourRule
from staffing.roster.inputs.sessions import MISSED_HOURS, HeldSession
from staffing.roster.limits.elsewhere import SeenElsewhere
from staffing.roster.limits.limit import NO_LIMIT, WEEK, Limit
from staffing.roster.limits.order import StartSpread, Successions
from staffing.roster.limits.rests import Rest, WeeklyRest
from staffing.roster.limits.runs import DaysInRow, DaysOffInRow, MostDaysOff, NightsInRow
from staffing.roster.limits.totals import SpanTotal
from staffing.roster.limits.unevenness import Unevenness
from staffing.roster.limits.weekends import Weekends, WholeWeekends

if TYPE_CHECKING:
    from staffing.roster.given import Inputs
    from staffing.roster.inputs.agent_class import AgentClass
    from staffing.roster.inputs.options import Catalogue

SHORTFALL_PER_MIN = 50.0 / 60  # price units per paid minute or, times 480, per day below a minimum
DAY_SHARE_MIN = 480
#: What planners call the rules that can forbid a week, as the checkers do.
NAMES: dict[type, str] = {
    DaysInRow: "days in a row",
    DaysOffInRow: "days off in a row",
    MostDaysOff: "most days off in a row",
    NightsInRow: "nights in a row and days off after nights",
    Rest: "rest",
    StartSpread: "start spread",
    Successions: "forbidden succession",
    WeeklyRest: "weekly rest",
    Weekends: "weekends",
    WholeWeekends: "whole weekends",
}


def name_of(rule: TourRule) -> str:
    """What planners call a rule that can forbid a week; empty for others."""
    return NAMES.get(type(rule.rule if isinstance(rule, SeenElsewhere) else rule), "")


def rules_of(who: AgentClass, inputs: Inputs, catalogue: Catalogue, *, elastic: bool) -> list[TourRule]:
    """The rules that bind a class; with `elastic`, its minimum hours and days bend at a price, runs of days may be
    as short at work and as long off as it takes, and of work elsewhere only hours and days count."""
    versions = [inputs.book.rules(key) for key in who.rules]
    contract = who.terms[0]
    starts = sorted({shift.start_min for shift in (*catalogue.shifts, *who.elsewhere) if shift is not None})
    amounts = _amounts(who, inputs, elastic=elastic)
    found = [
        *_counts(versions, inputs),
        *_spread(versions, starts),
        *_kinds(versions, contract, inputs),
        *_runs(who, versions, inputs, elastic=elastic),
        *_weekends(versions, inputs),
        *_orders(versions),
        *_rests(versions, inputs, catalogue, starts),
        *_fairness(who, inputs),
    ]
    rules = [*amounts, *found]
    if any(who.elsewhere):  # which may break rules by itself: those bend
        blind = found if elastic else []
        rules = [SeenElsewhere(rule, who.elsewhere) for rule in rules if rule not in blind] + blind
    return [*rules, *_sessions(who, inputs)]


def _limit(versions: Sequence[LabourRules], field: str, unset: int, value: Callable[[Any], int] = int) -> Limit:
    """A rule's limit on each day, `unset` where there is none."""
    at = [getattr(rules, field) for rules in versions]
    return Limit(
        tuple(unset if one is None else value(one) for one in at), tuple(rules.prices.get(field) for rules in versions)
    )


def _amounts(who: AgentClass, inputs: Inputs, *, elastic: bool) -> list[TourRule]:
    """Paid minutes and shifts a week with overtime and voluntary time off, and paid minutes of a period."""
    bend = SHORTFALL_PER_MIN * inputs.prices.agent_hour if elastic else None
    lows, weeks = list(who.owed), list(zip(who.terms, who.hour_cost[::WEEK], strict=True))
    given = [least_with_voluntary(terms, low) for terms, low in zip(who.terms, lows, strict=True)]
    kept_pay = [hour / 60 if terms.voluntary_paid else 0.0 for terms, hour in weeks]
    beyond = [hour / 60 * (terms.overtime_factor - 1) for terms, hour in weeks]
    usual = [round(terms.max_hours * 60) for terms in who.terms]
    most = [round((terms.max_hours + terms.overtime_hours) * 60) for terms in who.terms]
    fewest = None if bend is None else bend * DAY_SHARE_MIN
    minutes = SpanTotal(
        paid,
        (_weekly([low for low, _ in lows], kept_pay), _weekly([low for low, _ in given], [bend] * len(given))),
        (_weekly(usual, beyond), _weekly(most, [None] * len(most))),
    )
    shifts = SpanTotal(
        one,
        (_weekly([least for _, least in given], [fewest] * len(given)),),
        (_weekly([min(WEEK, terms.max_days + terms.overtime_days) for terms in who.terms], [None] * len(given)),),
    )
    return [minutes, shifts, *_period(who, who.terms[0], inputs, bend)]


def _weekly(values: Sequence[int], prices: Sequence[float | None]) -> Limit:
    """A limit and its price of each week."""
    return Limit(*(tuple(value for value in of for _ in range(WEEK)) for of in (values, prices)))  # type: ignore[arg-type]


def _period(who: AgentClass, contract: Contract, inputs: Inputs, bend: float | None) -> list[TourRule]:
    """Paid minutes of each period that the horizon reaches into."""
    if contract.min_period_hours is None and contract.max_period_hours is None:
        return []
    low, high = contract.min_period_hours or 0.0, contract.max_period_hours
    limits = (Limit(who.owed_in_period, (bend,) * inputs.days),)
    most = () if high is None else (Limit.steady(int(high * 60), inputs.days),)
    span, begun_days = inputs.period(contract)
    return [SpanTotal(paid, limits if low else (), most, span, begun_days=begun_days)]


def least_with_voluntary(contract: Contract, low: tuple[int, int]) -> tuple[int, int]:
    """Least paid minutes and days of a week when all voluntary time off is taken."""
    minutes = max(0, low[0] - round(contract.voluntary_hours * 60))
    if not contract.voluntary_hours or not low[0]:
        return low
    return minutes, int(np.ceil(low[1] * minutes / low[0]))


def _counts(versions: Sequence[LabourRules], inputs: Inputs) -> list[TourRule]:
    """Weekend days and nights a week."""
    weekend = frozenset(day for day in range(inputs.days) if inputs.calendar.is_weekend(inputs.date(day)))
    weekend_days = _limit(versions, "max_weekend_days", NO_LIMIT)
    nights = _limit(versions, "max_nights_per_week", NO_LIMIT)
    found: list[TourRule] = []
    if weekend_days.binds:
        found.append(SpanTotal(one, most=(weekend_days,), counted=weekend))
    if nights.binds:
        found.append(SpanTotal(night, most=(nights,)))
    return found


def _spread(versions: Sequence[LabourRules], starts: Sequence[int]) -> list[TourRule]:
    """How far the starts of a week lie apart."""
    spread = _limit(versions, "max_start_spread_min", NO_LIMIT)
    return [StartSpread(spread, (starts[0], starts[-1]))] if spread.binds else []


def _kinds(versions: Sequence[LabourRules], contract: Contract, inputs: Inputs) -> list[TourRule]:
    """Shifts of a kind in the contract's period, or in the plan."""
    span, begun_days = inputs.period(contract)
    price = tuple(rules.prices.get("max_shifts_of") for rules in versions)
    return [
        SpanTotal(
            OfKind(name),
            most=(Limit(tuple(rules.max_shifts_of.get(name, NO_LIMIT) for rules in versions), price),),
            span_days=span,
            begun_days=begun_days,
        )
        for name in sorted({name for rules in versions for name in rules.max_shifts_of})
    ]


def _runs(who: AgentClass, versions: Sequence[LabourRules], inputs: Inputs, *, elastic: bool) -> list[TourRule]:
    """Runs of days at work, of days off, and of nights."""
    least = _limit(versions, "min_days_in_row", 1)
    if elastic:
        least = Limit.steady(1, len(versions))
    off, most_off = _limit(versions, "min_days_off_in_row", 1), _limit(versions, "max_days_off_in_row", NO_LIMIT)
    nights, owed = _limit(versions, "max_nights_in_row", NO_LIMIT), _limit(versions, "days_off_after_nights", 0)
    free_after = inputs.days in who.unfit or inputs.days in who.time_off
    ends = free_after and least.top > 1
    found: list[TourRule] = [DaysInRow(_limit(versions, "max_days_in_row", NO_LIMIT), least, ends)]
    if off.top > 1:
        found.append(DaysOffInRow(off))
    if most_off.binds:
        bent = Limit.steady(NO_LIMIT, len(versions))
        found.append(MostDaysOff(bent if elastic else most_off, frozenset(who.time_off)))
    if nights.binds or owed.top:
        found.append(NightsInRow(nights, owed))
    return found


def _weekends(versions: Sequence[LabourRules], inputs: Inputs) -> list[TourRule]:
    """Weekends with work, over a window of weeks or the horizon; weekends worked whole."""
    most = _limit(versions, "max_weekends", NO_LIMIT)
    whole = _limit(versions, "whole_weekends", 1, value=lambda asked: int(not asked))
    after = tuple(weekend_of(inputs, inputs.date(day)) for day in range(inputs.days))
    before = tuple(weekend_of(inputs, inputs.date(day)) for day in range(-inputs.memory_days, 0))
    found: list[TourRule] = []
    if most.binds:
        found.append(Weekends(after, most, versions[0].weekend_weeks, before, inputs.days_into_plan))
    if 0 in whole.at:
        found.append(WholeWeekends(after, whole, before))
    return found


def weekend_of(inputs: Inputs, date: dt.date) -> int | None:
    """A number for the weekend a date belongs to: that of its first date; None on other days."""
    if not inputs.calendar.is_weekend(date):
        return None
    while inputs.calendar.is_weekend(date - dt.timedelta(days=1)) and len(inputs.calendar.weekend) < WEEK:
        date -= dt.timedelta(days=1)
    return date.toordinal()


def _orders(versions: Sequence[LabourRules]) -> list[TourRule]:
    pairs = tuple(frozenset(rules.forbidden_next) for rules in versions)
    return [Successions(pairs, tuple(r.prices.get("forbidden_next") for r in versions))] if any(pairs) else []


def _rests(
    versions: Sequence[LabourRules], inputs: Inputs, catalogue: Catalogue, starts: Sequence[int]
) -> list[TourRule]:
    """The weekly rest, and rest from day to day where pricing alone does not keep it."""
    found: list[TourRule] = []
    price = tuple(rules.prices.get("min_rest_h") for rules in versions)
    by_day, by_night = (
        Limit(tuple(round(rules.rest_h(after_night=after) * 60) for rules in versions), price)
        for after in (False, True)
    )
    if any(one is not None for one in price) or _reaches_over_a_day_off(by_day, by_night, catalogue):
        found.append(Rest(by_day, by_night))
    weekly = _limit(versions, "weekly_rest_h", 0, value=lambda hours: round(hours * 60))
    if weekly.top:
        unasked = tuple(0.0 if not at else one for at, one in zip(weekly.at, weekly.price, strict=True))
        earliest = min(shift.first_start for shift in inputs.shifts)
        found.append(WeeklyRest(Limit(weekly.at, unasked), earliest, tuple(starts)))
    return found


def _fairness(who: AgentClass, inputs: Inputs) -> list[TourRule]:
    """The price of an uneven share; missed wishes have their own."""
    if not inputs.prices.unfair_share:
        return []
    weekend = tuple(inputs.calendar.is_weekend(inputs.date(day)) for day in range(inputs.days))
    return [Unevenness(weekend, sum(who.burden[:-1]), inputs.prices.unfair_share)]


def _sessions(who: AgentClass, inputs: Inputs) -> list[TourRule]:
    """Each session once; where there is no room for it, at a price that nobody pays who has room."""
    days, price = inputs.days, MISSED_HOURS * inputs.prices.agent_hour
    once, at_least = Limit.steady(1, days), Limit.steady(1, days, price)
    return [SpanTotal(HeldSession(number), (at_least,), (once,), days) for number in who.sessions]


def _reaches_over_a_day_off(by_day: Limit, by_night: Limit, catalogue: Catalogue) -> bool:
    """Whether some shift leaves a person tired for some shift of the day after the next."""
    shifts = set(catalogue.shifts)
    ready = max(s.start_min + s.length_min + (by_night if s.night else by_day).top for s in shifts)
    return ready > 2 * 1440 + min(shift.start_min for shift in shifts)


@dataclass(frozen=True)
class OfKind:
    """1 for shifts of a kind, as an amount of `limits.SpanTotal`."""

    name: str

    def __call__(self, shift: DatedShift) -> int:
        return int(shift.template == self.name)


def paid(shift: DatedShift) -> int:
    return shift.paid_min


def one(shift: DatedShift) -> int:
    return 1


def night(shift: DatedShift) -> int:
    return int(shift.night)
