"""A week at a glance: what is expected, what moved it, how surely it holds, where it is short; no figure is made here
that a stage does not make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from staffing.domain.scenario import LEVERS
from staffing.evaluation.came import by_levers

if TYPE_CHECKING:
    from staffing.domain.demand import Event
    from staffing.domain.scenario import Scenario
    from staffing.forecast import Forecast
    from staffing.history import History
    from staffing.planner import Plan
    from staffing.roster.desk.explain import Remedy, Shortage
    from staffing.store.audit import DocumentChange

CAUSES_TOLD, SPANS_TOLD = 4, 5
#: Causes that no week is without; they do not tell this one from another.
EVERY_WEEK = ("level", "weekday", "day of month", "other models", "closed")
LAUNCH_SHARE = 0.1  # of a day's contacts; a launch that brings less is not worth moving for one span
LEAST_CAUSE = 0.005  # of the week's contacts; what moves it less is not told


@dataclass(frozen=True)
class Expected:
    """Contacts of a week.

    calls : mean; low, high : eight weeks in ten lie between, by the sample paths.
    before : contacts that came in the week before, as far as history knows it whole; None else.
    came, until_now : contacts that came so far in the week, and those expected for the same intervals; 0 before it.
    moved : what adds or takes most, contacts by cause, the largest first.
    """

    calls: float
    low: float
    high: float
    before: float | None
    came: float
    until_now: float
    moved: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class DayPromise:
    """A day's promise: the chance that it holds, None where nobody is rostered or nothing is promised."""

    day: dt.date
    chance: float | None
    calls: float


def expected(made: Forecast, history: History, scenario: Scenario, week: dt.date) -> Expected:
    """What is expected of a week beside what came."""
    site = scenario.site
    first, last = site.midnight(week), site.midnight(week + dt.timedelta(days=7))
    totals = np.sum([np.asarray(paths, float).sum(axis=1) for paths in made.paths.values()], axis=0)
    low, high = (float(q) for q in np.quantile(totals, (0.1, 0.9))) if np.size(totals) else (np.nan, np.nan)
    rows = by_levers(history.frame, scenario)
    came = rows[(rows["start"] >= first) & (rows["start"] < last)]
    end = rows["start"].max() + pd.Timedelta(minutes=history.interval_min)
    whole = made.table["start"] + pd.Timedelta(minutes=site.interval_min) <= end
    return Expected(
        float(made.table["calls"].sum()),
        low,
        high,
        _week_before(rows, first),
        float(came["calls"].sum()),
        float(made.table.loc[whole, "calls"].sum()),
        _moved(made, scenario),
    )


def chances(made: Forecast, plan: Plan | None, week: dt.date) -> list[DayPromise]:
    """Each day of a week with its chance, by the plan's simulation."""
    from staffing.evaluation import ALL_QUEUES

    zone = made.table["start"].dt.tz
    calls = made.table.groupby(made.table["start"].dt.tz_convert(zone).dt.date)["calls"].sum()
    days = [week + dt.timedelta(days=k) for k in range(7)]
    known: dict[dt.date, float] = {}
    if plan is not None:
        rows = plan.simulated.days
        rows = rows[(rows["queue"] == ALL_QUEUES) & rows["p_meets_target"].notna()]
        known = dict(zip(rows["day"], rows["p_meets_target"], strict=True))
    return [DayPromise(day, known.get(day), float(calls.get(day, 0.0))) for day in days]


def worst_spans(plan: Plan) -> pd.DataFrame:
    """The spans most short on the phone, the worst first: day, from, to, queue, short_agents, short_hours, price."""
    rows = plan.evaluation.uncovered.sort_values("short_hours", ascending=False, kind="stable").head(SPANS_TOLD)
    return rows.assign(price=rows["short_hours"] * plan.scenario.prices.shortage_hour)


def remedy_of(found: Sequence[Shortage], span: Mapping[str, Any]) -> Remedy | None:
    """Of the shortages that a span overlaps, the way out that is worth most; None where none was found."""
    near = [one for one in found if one.queue == span["queue"] and one.start < span["end"] and one.end > span["start"]]
    ways = [remedy for one in near for remedy in one.remedies]
    return max(ways, key=lambda remedy: remedy.saves, default=None)


def launch_of(plan: Plan, span: Mapping[str, Any]) -> tuple[str, float] | None:
    """The event that brings most of a span's day to its queue, and how many contacts, where it is a tenth or more."""
    names = {event.name for event in plan.scenario.events if event.enabled}
    rows = plan.forecast.days
    rows = rows[rows["queue"] == span["queue"]]
    rows = _by_cause(rows[pd.to_datetime(rows["day"]).dt.date == span["day"]], plan.scenario)
    own = rows[rows["cause"].isin(names)].groupby("cause")["calls"].sum()
    if own.empty or own.max() < LAUNCH_SHARE * rows["calls"].sum():
        return None
    return str(own.idxmax()), float(own.max())


def coming(scenario: Scenario, week: dt.date, days: int = 14) -> list[Event]:
    """Events that touch the days from ``week`` on, by their start."""
    last = week + dt.timedelta(days=days - 1)
    found = [
        event
        for event in scenario.events
        if event.enabled and event.start <= last and (event.end or event.start) >= week
    ]
    return sorted(found, key=lambda event: (event.start, event.name))


def changed(found: Iterable[DocumentChange]) -> Iterator[DocumentChange]:
    """The newest change of each document."""
    seen = set()
    for change in found:
        if change.name not in seen:
            seen.add(change.name)
            yield change


def away(scenario: Scenario, week: dt.date) -> list[tuple[str, int]]:
    """Who has days off granted or is noted sick in a week, and how many days; the longest first."""
    days = [week + dt.timedelta(days=k) for k in range(7)]
    people = scenario.agents
    counts = [(one.name, sum(any(day in span for span in one.time_off) for day in days)) for one in people]
    return sorted(((name, count) for name, count in counts if count), key=lambda one: (-one[1], one[0]))


def _week_before(rows: pd.DataFrame, first: pd.Timestamp) -> float | None:
    week = pd.Timedelta(days=7)
    inside = rows[(rows["start"] >= first - week) & (rows["start"] < first)]
    if inside.empty or rows["start"].max() < first - pd.Timedelta(days=1) or rows["start"].min() > first - week:
        return None
    return float(inside["calls"].sum())


def _by_cause(rows: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Contacts by cause as they arrive: levers of volume are in each of them, where the forecast has them beside."""
    rows = rows[~rows["cause"].isin(LEVERS)]
    return rows.assign(calls=rows["calls"] * rows["queue"].map(scenario.volume_factors()).fillna(1.0))


def _moved(made: Forecast, scenario: Scenario) -> tuple[tuple[str, float], ...]:
    """Causes beside what every week has, summed over queues and days."""
    rows = _by_cause(made.days[made.days["queue"].isin(list(made.paths))], scenario)
    sums = rows.groupby("cause", sort=False)["calls"].sum()
    total = float(made.table["calls"].sum())
    told = sums.drop(labels=[name for name in EVERY_WEEK if name in sums])
    told = told[told.abs() >= LEAST_CAUSE * max(total, 1.0)]
    order = told.abs().sort_values(ascending=False, kind="stable").index[:CAUSES_TOLD]
    return tuple((str(name), float(told[name])) for name in order)
