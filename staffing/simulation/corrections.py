"""What a simulated roster misses or overshoots, as agents more or fewer in the intervals where they tell most.

A simulated day (or week, where the promise is the week's) lacks contacts in time, or has some to spare. The formulas,
over the forecast's sample paths, say what one agent more or fewer is worth in each interval; the lack is filled where
an agent brings most, what is to spare is given back where one takes least.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from staffing import tables
from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.requirements.live import Incoming, live_staff
from staffing.requirements.present import present_share
from staffing.requirements.queues import incoming_of, queues_of
from staffing.service import Staffed, is_live, live
from staffing.simulation.calls import Floats, Ints
from staffing.simulation.certainty import least_alone
from staffing.simulation.lines import Worlds
from staffing.simulation.result import Simulated

EXACT = 0.0025  # a share of contacts in time that is this near to what is promised keeps it
TENTHS = 2 * 1.2815515655446004  # standard deviations from a normal distribution's first tenth to its last
QUANTILES = 25  # of the sample paths of an interval stand for all
MOST_MORE = 4  # agents more or fewer in one interval and round


@dataclass(frozen=True)
class Balance:
    """A queue's day, or week: ``first`` day, contacts that are ``lacking`` in time of so many (below 0: to spare)."""

    queue: str
    first: dt.date
    lacking: float
    contacts: float

    @property
    def lacks(self) -> bool:
        return self.lacking > EXACT * self.contacts

    @property
    def spares(self) -> bool:
        return self.lacking < -2 * EXACT * self.contacts


def balances(played: Simulated, scenario: Scenario) -> list[Balance]:
    """What every day (week) of every live queue lacks of its targets of customers, or has to spare.

    Without ``meet`` the expected share is to reach the target; with it, the share that so many days in a hundred
    reach, taken as normal between the tenths of the runs.
    """
    found = []
    for queue in scenario.queues:
        target = scenario.target(queue)
        weekly = target.over == "week"
        table, name = (played.weeks, "week") if weekly else (played.days, "day")
        rows = table[(table["queue"] == queue.name) & (table["contacts"] > 0)] if is_live(queue) else table.iloc[:0]
        for _, row in rows.iterrows():
            spread = (row["service_level_p90"] - row["service_level_p10"]) / TENTHS
            safety = 0.0 if target.meet is None else float(norm.ppf(target.meet)) * spread
            gaps = [
                target.service_level - row["service_level"] + safety if target.service_level is not None else -np.inf,
                row["abandonment"] - target.abandonment if target.abandonment is not None else -np.inf,
                _slow(row, target.asa_s),
            ]
            if np.isfinite(max(gaps)):
                found.append(Balance(queue.name, row[name], max(gaps) * row["contacts"], float(row["contacts"])))
    return found


def _slow(row: pd.Series, asa_s: float | None) -> float:
    """How far the mean wait lies over its target, as a share of contacts that come too late."""
    if asa_s is None or not np.isfinite(row["asa_s"]):
        return -np.inf
    return float((row["asa_s"] - asa_s) / max(row["asa_s"], asa_s))


@dataclass(frozen=True)
class Corrected:
    """``table`` REQUIREMENTS; agent-hours on the phone added and given back."""

    table: pd.DataFrame
    added_hours: float
    cut_hours: float


def corrected(
    worlds: Worlds,
    needed: pd.DataFrame,
    present: pd.DataFrame,
    spans: list[Balance],
    scenario: Scenario,
    *,
    boldly: float = 1.0,
) -> Corrected:
    """``needed`` (table REQUIREMENTS) with agents more where spans lack contacts, and fewer where they have some spare.

    ``present`` (queue, start, agents) are those whom the roster has on the phone. Of what is to spare ``boldly`` is
    given back, in (0, 1]. An interval that must keep its promise by itself is not cut below what its mean forecast
    takes, others not below half the promise or their floor.
    """
    table = needed.copy()
    hours = scenario.site.interval_min / 60
    for queue, rows in queues_of(worlds.calls, scenario):
        own = [span for span in spans if span.queue == queue.name and (span.lacks or span.spares)]
        if not own:
            continue
        desk = _Desk.of(queue, rows, worlds, needed, present, scenario)
        for span in own:
            desk.change(span, boldly)
        table.loc[desk.rows, "agents"] = desk.agents
    change = table["agents"] - needed["agents"]
    table["agents_scheduled"] = table["agents"] / present_share(table, worlds.calls, table, scenario)
    checked = tables.REQUIREMENTS.check(table)
    return Corrected(checked, float(change.clip(lower=0).sum() * hours), float(-change.clip(upper=0).sum() * hours))


@dataclass
class _Desk:
    """One queue: its intervals, agents required (changed here), those present, and the fewest there may be."""

    incoming: Incoming
    scenario: Scenario
    rows: pd.Index
    counts: Floats  # quantiles of the paths × intervals
    agents: Floats
    present: Floats
    least: Floats
    day: NDArray[np.object_]

    @classmethod
    def of(
        cls,
        queue: Queue,
        rows: pd.DataFrame,
        worlds: Worlds,
        needed: pd.DataFrame,
        present: pd.DataFrame,
        scenario: Scenario,
    ) -> _Desk:
        incoming = incoming_of(rows, queue, scenario)
        own = needed[needed["queue"] == queue.name].sort_values("start")
        there = present[present["queue"] == queue.name].set_index("start")["agents"].reindex(own["start"]).fillna(0.0)
        paths = np.asarray(worlds.paths.get(queue.name, rows["calls"].to_numpy(dtype=float)[None, :]), dtype=float)
        counts = np.quantile(paths, (np.arange(QUANTILES) + 0.5) / QUANTILES, axis=0)
        target, agents = scenario.target(queue), own["agents"].to_numpy(dtype=float, copy=True)
        alone = target.over == "interval" and target.meet is None
        least = np.maximum(live_staff(incoming, target), incoming.minimum) if alone else least_alone(incoming, target)
        days = incoming.starts.tz_convert(scenario.site.zone)
        first = days.map(lambda start: scenario.site.week_of(start.date()) if target.over == "week" else start.date())
        there_now = np.asarray(np.round(there), dtype=float)
        return cls(
            incoming,
            scenario,
            own.index,
            counts,
            agents,
            there_now,
            np.minimum(least, agents),
            first.to_numpy(dtype=object),
        )

    def change(self, span: Balance, boldly: float) -> None:
        """Give the span's intervals agents until what it lacks is filled, or take some until what is to spare is."""
        rows = np.flatnonzero((self.day == span.first) & self.incoming.is_open)
        if span.lacks:
            for i, gain in _best(self._gains(rows), span.lacking, filling=True):
                self.agents[rows[i]] = max(self.agents[rows[i]], self.present[rows[i]]) + gain
        else:
            rows = rows[self.agents[rows] > self.least[rows]]
            for i, fewer in _best(-self._gains(rows, -1), -span.lacking * boldly, filling=False):
                self.agents[rows[i]] = max(self.agents[rows[i]] - fewer, self.least[rows[i]])

    def _gains(self, rows: Ints, sign: int = 1) -> Floats:
        """Contacts in time that each next agent more (or fewer) changes, mean of the paths: intervals × steps."""
        steps = self.present[rows][:, None] + sign * np.arange(MOST_MORE + 1)
        shape = (QUANTILES, rows.size, MOST_MORE + 1)
        calls = np.broadcast_to(self.counts[:, rows][:, :, None], shape).ravel()
        each = {name: np.broadcast_to(getattr(self.incoming, name)[rows][None, :, None], shape).ravel()
                for name in ("aht_s", "patience_s")}  # fmt: skip
        agents = np.broadcast_to(np.maximum(steps, 0.0)[None], shape).ravel()
        length_s = np.full(calls.size, self.incoming.interval_s)
        demand = Staffed(calls, each["aht_s"], length_s, agents, patience_s=each["patience_s"])
        found = live(demand, self.incoming.queue, self.scenario.target(self.incoming.queue))["in_time"]
        return np.diff(np.nan_to_num(found).reshape(shape).mean(axis=0), axis=1)


def _best(worth: Floats, wanted: float, *, filling: bool) -> Iterator[tuple[int, int]]:
    """Intervals and how many steps each takes, always the one that is worth most, until ``wanted`` is reached.

    Without ``filling`` always the one that is worth least, as long as ``wanted`` is not passed.
    """
    taken, total, ahead = (
        np.zeros(len(worth), dtype=np.int64),
        0.0,
        np.pad(worth, ((0, 0), (0, 1)), constant_values=np.nan),
    )
    while total < wanted and (taken < MOST_MORE).any():
        coming = ahead[np.arange(len(worth)), taken]
        best = int(np.nanargmax(coming) if filling else np.nanargmin(coming))
        if coming[best] <= 0 if filling else total + coming[best] > wanted:
            break
        total += coming[best]
        taken[best] += 1
    yield from ((i, int(k)) for i, k in enumerate(taken) if k)
