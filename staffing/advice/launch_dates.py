"""When is a launch best? Every candidate date planned anew, priced by the cheapest cover, and ranked.

The stages are the plan's own (forecast, requirements); only the named roster is replaced by the cheapest cover
that contracts allow (see ``cover``), because a roster per date would take hours. Costs are compared with the
same weeks without the event, so what the team costs anyway does not blur the choice. How strong the event will be is
not known: each date is priced at three strengths, whose weighted mean is the expected cost (Gauss–Hermite quadrature;
Abramowitz & Stegun 1964, 25.4.46), since hours short cost more than hours spared save.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from staffing.advice.cover import DAYS, HOURS, Team, WeekCover
from staffing.domain.changes import move, switch
from staffing.domain.demand import Event
from staffing.domain.scenario import Scenario
from staffing.errors import InputError, PlanError, Where
from staffing.forecast import Forecast
from staffing.planner import Planner
from staffing.requirements.present import present_share
from staffing.service import Staffed, is_live, live, patience_of
from staffing.work import Progress, silent

Priced = TypeVar("Priced")
MOST_DATES = 92
BEFORE_DAYS, AFTER_DAYS = 3, 14  # reach of an event that is counted
STRENGTHS = ((-(3**0.5), 1 / 6), (0.0, 2 / 3), (3**0.5, 1 / 6))  # standard deviations, and their weights
THREADS = 2  # the solver lets go of the interpreter while it works
FORECAST_SHARE = 0.2  # of the progress, where history is not fitted yet


@dataclass(frozen=True)
class LaunchAdvice:
    """Candidate dates, best first, and why the first is best and the last is worst.

    ``table`` has ``date, open, extra_hours, shortage_hours, wait_s, cost``: whether any contacts are expected on that
    day, rostered agent-hours required beyond the weeks without the event, hours that no contract could cover (likewise
    beyond), expected wait of live contacts over the weeks looked at, all as planned; and the expected money beyond the
    same weeks without the event, shortage priced.
    """

    event: str
    table: pd.DataFrame
    why_best: str
    why_worst: str

    def as_dict(self) -> dict[str, Any]:
        rows = [
            {key: None if isinstance(value, float) and not np.isfinite(value) else value for key, value in row.items()}
            for row in self.table.to_dict("records")
        ]
        return {"event": self.event, "dates": rows, "why_best": self.why_best, "why_worst": self.why_worst}


def launch_dates(
    planner: Planner,
    scenario: Scenario,
    event: str,
    span: tuple[dt.date, dt.date],
    *,
    progress: Progress = silent,
) -> LaunchAdvice:
    """Rank every date of ``span`` (both inclusive) as the first day of ``event``.

    Raises InputError for an unknown or fixed event or a span that is too long, PlanError without people, and whatever
    ``progress`` raises.
    """
    launch = scenario.event(event)
    dates = _candidates(launch, span, planner.day_after(scenario))
    if not scenario.agents or not scenario.shifts:
        raise PlanError(
            "there are no agents or shifts to cover the work with.", remedy="Add agents.csv and shifts.toml."
        )
    desk = PricingDesk(planner, _switched_on(scenario, launch), candidate_weeks(scenario, launch, dates))
    quiet = desk.scenario.with_changes(switch(event, False))
    usual = desk.forecast(quiet, told=lambda share: progress("forecast", FORECAST_SHARE * share))
    progress("without the event", FORECAST_SHARE)
    base, busy = desk.price_calls(usual, quiet), _days_with_contacts(usual, scenario)
    rows = []
    for number, date in enumerate(dates):
        progress(f"date {number + 1} of {len(dates)}", FORECAST_SHARE + (1 - FORECAST_SHARE) * number / len(dates))
        rows.append({"date": date, "open": date in busy, **_beyond(desk.expected(event, date), base)})
    table = pd.DataFrame(rows).sort_values(["cost", "date"], kind="stable", ignore_index=True)
    currency = scenario.prices.currency
    return LaunchAdvice(event, table, _why(table, 0, "best", currency), _why(table, len(table) - 1, "worst", currency))


def _candidates(launch: Event, span: tuple[dt.date, dt.date], ahead: dt.date) -> list[dt.date]:
    """The dates of ``span``; ``ahead`` is the first day that history does not reach into."""
    count = (span[1] - span[0]).days + 1
    if not launch.movable:
        raise InputError(f"the event '{launch.name}' is fixed.", where=Where(field="--event"), remedy="Set movable.")
    if launch.start < ahead:
        raise InputError(
            f"the event '{launch.name}' began on {launch.start}, within history: what it did is in the calls.",
            where=Where(field="--event"),
            remedy="Name an event that is still ahead.",
        )
    if span[0] < ahead:
        raise InputError(
            f"{span[0]} lies within history.", where=Where(field="--from"), remedy=f"Begin on {ahead} or later."
        )
    if not 1 <= count <= MOST_DATES:
        raise InputError(
            f"{count} candidate dates; between 1 and {MOST_DATES} can be ranked.", where=Where(field="--to")
        )
    return [span[0] + dt.timedelta(days=k) for k in range(count)]


def _switched_on(scenario: Scenario, launch: Event) -> Scenario:
    return scenario if launch.enabled else scenario.with_changes(switch(launch.name, True))


def candidate_weeks(scenario: Scenario, launch: Event, dates: list[dt.date]) -> list[dt.date]:
    """First days of the planning weeks that the event can reach from any of ``dates``."""
    first = scenario.site.week_of(dates[0] - dt.timedelta(days=BEFORE_DAYS))
    last = scenario.site.week_of(dates[-1] + dt.timedelta(days=launch.days - 1 + AFTER_DAYS))
    return [first + dt.timedelta(days=7 * k) for k in range((last - first).days // 7 + 1)]


@dataclass(frozen=True)
class Price:
    """One scenario over all weeks."""

    required_hours: float
    short_hours: float
    cost: float
    wait_s: float


class PricingDesk:
    """Prices scenarios over the same weeks; a week whose requirement is unchanged is not covered again."""

    def __init__(self, planner: Planner, scenario: Scenario, weeks: list[dt.date]) -> None:
        self.planner, self.scenario = planner, scenario
        self.teams = [Team(scenario, week) for week in weeks]
        self.days = DAYS * len(weeks)
        self.covers: dict[tuple[int, bytes], WeekCover] = {}

    def forecast(self, scenario: Scenario, *, told: Callable[[float], None] | None = None) -> Forecast:
        """The scenario's own forecast of the weeks; ``told`` as in `Planner.forecast`."""
        return self.planner.forecast(scenario, start=self.teams[0].week, days=self.days, told=told)

    def expected(self, event: str, date: dt.date) -> Price:
        """The price of ``event`` beginning on ``date``: cost over how strong it may turn out, the rest as planned."""
        scenario = self.scenario.with_changes(move(event, date))
        calls, doubt = self.forecast(scenario), self._doubt(scenario.event(event))
        planned, deviation = self.price_calls(calls, scenario), doubt(calls.table)
        cost = 0.0
        for z, weight in STRENGTHS:
            table = calls.table.assign(calls=calls.table["calls"] * np.exp(z * deviation))
            cost += weight * (self.cost(replace(calls, table=table), scenario) if z else planned.cost)
        return replace(planned, cost=cost)

    def _doubt(self, event: Event) -> Callable[[pd.DataFrame], np.ndarray]:
        """Standard deviation, in logs, of what ``event`` does to each row of a forecast table."""
        queues = self.planner.baseline(self.scenario).queues

        def of(table: pd.DataFrame) -> np.ndarray:
            local = table["start"].dt.tz_convert(self.scenario.site.zone).dt.tz_localize(None)
            day = local.to_numpy().astype("datetime64[D]")
            dates = np.unique(day)
            out = np.zeros(len(table))
            for name, model in queues.items():
                rows = (table["queue"] == name).to_numpy()
                out[rows] = model.effects.log_effect(event, dates)[1][np.searchsorted(dates, day[rows])]
            return out

        return of

    def cost(self, calls: Forecast, scenario: Scenario) -> float:
        """The cost of ``price_calls`` alone, which is found much faster."""
        return sum(self._by_week(self._cost, self._hourly(self.planner.requirements(calls, scenario))))

    def price_calls(self, calls: Forecast, scenario: Scenario) -> Price:
        """Any forecast of the weeks, priced."""
        needed = self.planner.requirements(calls, scenario)
        need = self._hourly(needed)
        covers = self._by_week(self._cover, need)
        staffed = np.hstack([cover.staffed for cover in covers])
        return Price(
            required_hours=float(need.sum()),
            short_hours=float(sum(cover.short.sum() for cover in covers)),
            cost=float(sum(cover.cost for cover in covers)),
            wait_s=self._wait_s(calls.table, needed, staffed, scenario),
        )

    def _by_week(self, price: Callable[[int, np.ndarray], Priced], need: np.ndarray) -> list[Priced]:
        """``price`` of every week's part of ``need`` (queues, hours)."""
        weeks = range(len(self.teams))
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(price, weeks, np.split(need, len(weeks), axis=1)))

    def _cost(self, week: int, need: np.ndarray) -> float:
        known = self.covers.get(_key(week, need))
        return self.teams[week].cost(need) if known is None else known.cost

    def _cover(self, week: int, need: np.ndarray) -> WeekCover:
        key = _key(week, need)
        if key not in self.covers:
            self.covers[key] = self.teams[week].cover(need)
        return self.covers[key]

    def _hour_of(self, start: pd.Series) -> np.ndarray:
        """Hours after the first midnight by the wall clock; the hour a clock change repeats counts once."""
        local = pd.DatetimeIndex(start).tz_convert(self.scenario.site.zone).tz_localize(None)
        return ((local - pd.Timestamp(self.teams[0].week)).total_seconds() // 3600).to_numpy(dtype=int)

    def _hourly(self, needed: pd.DataFrame) -> np.ndarray:
        """Queues × hours, rostered agents: the mean over each hour."""
        share = min(self.scenario.site.interval_min, 60) / 60
        out = np.zeros((len(self.scenario.queues), len(self.teams) * HOURS))
        for row, queue in zip(out, self.scenario.queues, strict=True):
            rows = needed[needed["queue"] == queue.name]
            np.add.at(row, self._hour_of(rows["start"]), rows["agents_scheduled"].to_numpy() * share)
        return out

    def _wait_s(self, table: pd.DataFrame, needed: pd.DataFrame, staffed: np.ndarray, scenario: Scenario) -> float:
        """Expected wait of answered live contacts, seconds; infinite where a queue without end builds up.

        ``staffed`` (queues, hours) are rostered agents, of whom shrinkage leaves a share.
        """
        waited, answered = 0.0, 0.0
        for number, queue in enumerate(scenario.queues):
            rows = table[table["queue"] == queue.name]
            if not is_live(queue) or rows.empty:
                continue
            present = present_share(rows, table, needed, scenario)
            agents = staffed[number, self._hour_of(rows["start"])] * present
            length_s = np.full(len(rows), scenario.site.interval_min * 60.0)
            calls, aht_s = rows["calls"].to_numpy(float), rows["aht_s"].to_numpy(float)
            demand = Staffed(calls, aht_s, length_s, agents, patience_s=patience_of(rows, queue))
            amounts = live(demand, queue, scenario.target(queue))
            waited += np.nansum(amounts["waited_s"])
            answered += np.nansum(amounts["answered"])
        return float(waited / answered) if answered else float("nan")


def _key(week: int, need: np.ndarray) -> tuple[int, bytes]:
    return week, np.round(need, 6).tobytes()


def _days_with_contacts(calls: Forecast, scenario: Scenario) -> set[dt.date]:
    rows = calls.table[calls.table["calls"] > 0]
    return set(rows["start"].dt.tz_convert(scenario.site.zone).dt.date)


def _beyond(price: Price, base: Price) -> dict[str, Any]:
    return {
        "extra_hours": price.required_hours - base.required_hours,
        "shortage_hours": price.short_hours - base.short_hours,
        "wait_s": price.wait_s,
        "cost": price.cost - base.cost,
    }


def _why(table: pd.DataFrame, place: int, word: str, currency: str) -> str:
    """Why the date in ``place`` comes first or last: the measure that sets it apart from the middle of the field."""
    row, middle = table.iloc[place], table[["extra_hours", "shortage_hours", "cost"]].median()
    parts = [
        f"{row['date']:%A %Y-%m-%d} is {word}: it costs {row['cost']:,.0f} {currency} against {middle['cost']:,.0f} "
        "in the middle"
    ]
    if not row["open"]:
        parts.append("no contacts are expected on that day, so the event's first day meets nobody")
        if word == "best" and table["open"].any():
            first = table[table["open"]].iloc[0]
            parts.append(f"the best open day is {first['date']:%A %Y-%m-%d} at {first['cost']:,.0f}")
    for column, text in (("extra_hours", "extra agent-hours"), ("shortage_hours", "hours that no contract covers")):
        if abs(row[column] - middle[column]) > 0.05 * max(abs(middle[column]), 1.0):
            parts.append(f"{row[column]:,.1f} {text} (middle {middle[column]:,.1f})")
    return "; ".join(parts) + "."
