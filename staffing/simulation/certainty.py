"""Staff that keeps the promise on so many days in a hundred, with hours where they buy most certainty.

The formulas say what one more agent does in each interval of each sample path. One order of adding agents follows:
always where the days that are about to hold gain most per hour. How far along that order to go, the simulation says,
with whole people absent and everything else that it knows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from staffing import tables
from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.domain.service import ServiceTarget
from staffing.requirements.live import Incoming, live_staff
from staffing.requirements.present import lost_shares, present_share
from staffing.requirements.work_out import incoming_of, naming, queues_of
from staffing.service import Staffed, is_live, live
from staffing.simulation.calls import Floats, Ints
from staffing.simulation.drawing import name_key
from staffing.simulation.floor import Floor
from staffing.simulation.lines import Horizon, Shapes, Worlds, lines_of
from staffing.simulation.people import People
from staffing.simulation.result import chance_of
from staffing.simulation.skills import Routing

RUNS = 400  # at least, and every sample path once
ROUNDS = 6
FAR = 3.0  # standard deviations, by which no staff and all of it are taken to miss what is asked, unless seen
BAND = 0.06  # share of paths on either side of those that decide, looked at together
AMPLE = 0.9995  # of a path's contacts in time: more agents gain nothing
GIVEN_UP = 0.5  # no interval is given up: its mean forecast keeps so much of the promise
SHIFT_S = 8 * 3600.0  # nobody stays longer
STEPS = 40.0  # agents are added in steps of so small a part of the interval's load


@dataclass(frozen=True)
class Gains:
    """Of one interval: ``agents[k]`` after k steps, and contacts in time of each path with so many (steps × paths)."""

    agents: Ints
    in_time: Floats


@dataclass(frozen=True)
class Order:
    """One day or week of a queue: its intervals, the least staff, and in which interval each next step is taken."""

    rows: Ints
    gains: list[Gains]
    steps: Ints

    def staff(self, taken: int) -> Ints:
        """Agents per interval after so many steps."""
        count = np.bincount(self.steps[:taken], minlength=len(self.rows))
        return np.array([gain.agents[k] for gain, k in zip(self.gains, count, strict=True)])


class _Between:
    """How many steps of each order are enough: chances grow with them nearly as a normal distribution does, so the
    next to be tried lies on the straight line between the two known ones (regula falsi; an end that stays is drawn
    nearer, which is the Illinois way: Dowell & Jarratt 1971)."""

    def __init__(self, most: Ints, meet: float) -> None:
        self.low, self.high, self._asked = np.zeros_like(most), most, ndtri(meet)
        self._below, self._above = np.full(most.shape, -FAR), np.full(most.shape, FAR)
        self._last = np.zeros(most.shape, int)

    @property
    def narrow(self) -> bool:
        """Whether nothing lies between."""
        return bool(np.all(self.high - self.low <= 1))

    @property
    def middle(self) -> Ints:
        """Steps of each order to try next."""
        share = self._below / (self._below - self._above)
        tried = self.low + np.rint(share * (self.high - self.low)).astype(int)
        return np.clip(tried, np.minimum(self.low + 1, self.high), np.maximum(self.high - 1, self.low + 1))

    def told(self, chance: Floats) -> None:
        """The chances of what was tried."""
        middle, distance = self.middle, np.clip(ndtri(chance) - self._asked, -FAR, FAR)
        kept = distance >= 0
        side = np.where(kept, 1, -1)
        again = side == self._last
        self._below = np.where(kept, np.where(again, self._below / 2, self._below), np.minimum(distance, -1e-6))
        self._above = np.where(kept, distance, np.where(again, self._above / 2, self._above))
        self.low, self.high, self._last = np.where(kept, self.low, middle), np.where(kept, middle, self.high), side


def certain_staff(worlds: Worlds, needed: pd.DataFrame, scenario: Scenario, shapes: Shapes) -> pd.DataFrame:
    """Table REQUIREMENTS: ``needed``, with queues that are to ``meet`` their promise on a share of days staffed so.

    ``worlds`` is a forecast. Raises InputError naming the queue whose numbers cannot be met.
    """
    table, calls = needed.copy(), worlds.calls
    for queue, rows in queues_of(calls, scenario):
        if scenario.target(queue).meet is None or not is_live(queue) or queue.name not in worlds.paths:
            continue
        with naming(queue):
            incoming = incoming_of(rows, queue, scenario)
            agents = _Search(incoming, worlds, needed, scenario, shapes).staff()
        table.loc[table["queue"] == queue.name, "agents"] = agents
    table["agents_scheduled"] = table["agents"] / present_share(table, calls, table, scenario)
    return tables.REQUIREMENTS.check(table)


def least_alone(incoming: Incoming, target: ServiceTarget) -> Floats:
    """What every interval needs by itself: its other targets, and the floor, or else a half, of the service level.

    Below that an agent more does next to nothing, and no hour would be worth the first one.
    """
    floor = target.floor or GIVEN_UP * (target.service_level or 0.0) or None
    alone = target.model_copy(update={"over": "interval", "meet": None, "floor": None, "service_level": floor})
    return np.maximum(incoming.minimum, live_staff(incoming, alone))


@dataclass
class _Search:
    """The least staff of one queue that keeps its promise as surely as asked."""

    incoming: Incoming
    worlds: Worlds
    needed: pd.DataFrame
    scenario: Scenario
    shapes: Shapes

    def staff(self) -> Floats:
        """Agents per interval of the queue's rows."""
        orders = [self._order(rows) for rows in self._spans()]
        search = _Between(np.array([order.steps.size for order in orders]), self._meet)
        for _ in range(ROUNDS):
            if search.narrow:
                break
            search.told(self._chance(orders, search.middle))
        return self._laid(orders, search.high)

    @property
    def _queue(self) -> Queue:
        return self.incoming.queue

    @property
    def paths(self) -> NDArray[Any]:
        """Sample paths × intervals of contacts."""
        return np.asarray(self.worlds.paths[self._queue.name])

    @property
    def _meet(self) -> float:
        meet = self.scenario.target(self._queue).meet
        return 0.0 if meet is None else meet

    def _spans(self) -> list[Ints]:
        """Rows of each day or planning week that has contacts."""
        site, target = self.scenario.site, self.scenario.target(self._queue)
        days = pd.Series(self.incoming.starts.tz_convert(site.zone).date)
        first = days.map(site.week_of) if target.over == "week" else days
        rows = [np.asarray(own, np.int64) for own in first.groupby(first).indices.values()]
        return [own for own in rows if self.incoming.calls[own].sum() > 0]

    def _laid(self, orders: list[Order], taken: Ints) -> Floats:
        agents = self.incoming.minimum.astype(float)
        for order, k in zip(orders, taken, strict=True):
            agents[order.rows] = order.staff(int(k))
        return agents * self.incoming.is_open

    def _order(self, rows: Ints) -> Order:
        """Always the step that helps most those paths which decide whether the promise is kept often enough."""
        least = least_alone(self.incoming, self.scenario.target(self._queue))
        gains = [self._gains(int(i), least[i]) for i in rows]
        counts = self.paths[:, rows].sum(axis=1).clip(min=1.0)
        at = np.zeros(rows.size, int)
        share = np.sum([gain.in_time[0] for gain in gains], axis=0) / counts
        deltas = [np.diff(gain.in_time, axis=0) / counts / np.diff(gain.agents)[:, None] for gain in gains]
        whole = [np.diff(gain.in_time, axis=0) / counts for gain in gains]
        band = max(int(BAND * share.size), 3)
        decides = int((1 - self._meet) * share.size)
        steps = []
        now = np.array([delta[0] if len(delta) else np.full(share.size, -1.0) for delta in deltas])
        while True:
            ranked = np.argpartition(share, [max(decides - band, 0), min(decides + band, share.size - 1)])
            middle = ranked[max(decides - band, 0) : decides + band + 1]
            best = int(now[:, middle].mean(axis=1).argmax())
            if at[best] >= len(deltas[best]):
                break
            share = share + whole[best][at[best]]
            at[best] += 1
            steps.append(best)
            now[best] = deltas[best][at[best]] if at[best] < len(deltas[best]) else -1.0
        return Order(rows, gains, np.array(steps, dtype=np.int64))

    def _gains(self, i: int, least: float) -> Gains:
        """Interval ``i``, by the formulas, at the contacts of each path."""
        incoming, target = self.incoming, self.scenario.target(self._queue)
        seen, of = np.unique(self.paths[:, i], return_inverse=True)
        load = float(seen.max(initial=0)) * float(incoming.aht_s[i]) / incoming.interval_s
        step = max(int(load / STEPS), 1)
        most = int(np.ceil(load + 4 * np.sqrt(load) + 4))
        agents = np.arange(int(least), max(most, int(least) + 1) + step, step)
        each, size = (seen.size, agents.size), seen.size * agents.size
        demand = Staffed(
            np.broadcast_to(seen[:, None], each).ravel().astype(float), np.full(size, incoming.aht_s[i]),
            np.full(size, incoming.interval_s), np.broadcast_to(agents, each).ravel().astype(float),
            patience_s=np.full(size, incoming.patience_s[i]),
        )  # fmt: skip
        in_time = np.nan_to_num(live(demand, self._queue, target)["in_time"]).reshape(each).T[:, of]
        enough = int(np.argmax(in_time.sum(axis=1) >= AMPLE * self.paths[:, i].sum()))
        return Gains(agents[: enough + 1], np.maximum.accumulate(in_time[: enough + 1], axis=0))

    def _chance(self, orders: list[Order], taken: Ints) -> Floats:
        """How often each day or week keeps its promise with so many steps, by simulation."""
        agents = self._laid(orders, taken)
        local = self.incoming.starts.tz_convert(self.scenario.site.zone)
        start, last = local.min().date(), local.max().date()
        span = Horizon.of(self.scenario, start, (last - start).days + 1)
        own = self.worlds.calls[self.worlds.calls["queue"] == self._queue.name]
        lines = lines_of(replace(self.worlds, calls=own), self.scenario, span, self.shapes)
        rank = np.zeros((1, 1), np.int64)
        floor = Floor(
            lines, self._people(agents, own, span), Routing(rank, rank), np.zeros(1, int), self.scenario, span
        )
        day = span.day_of[span.place(self.incoming.starts)]
        days = [np.unique(day[order.rows]) for order in orders]
        target = self.scenario.target(self._queue)
        for run in range(max(RUNS, len(self.paths))):
            floor.run(np.uint64(self.scenario.seed), run)
        amounts = np.array(floor.sums[0].days)
        return np.array([chance_of(amounts, target, own) for own in days])

    def _people(self, agents: Floats, own: pd.DataFrame, span: Horizon) -> People:
        """So many on the phone once shrinkage is off, as people who stay as long as they are needed."""
        rows = own.assign(agents=agents)
        planned, unplanned = lost_shares(rows, self.worlds.calls, self.needed, self.scenario)
        exact = agents / ((1 - planned) * (1 - unplanned))
        heads = np.zeros(span.day_of.size)
        place = span.place(self.incoming.starts)
        heads[place] = np.diff(np.floor(np.cumsum(exact) + 0.5), prepend=0.0)
        lost = np.zeros((2, span.day_of.size), dtype=np.float64)
        lost[:, place] = planned, unplanned
        return standing(heads.astype(np.int64), lost, span)


def standing(heads: Ints, lost: Floats, span: Horizon) -> People:
    """Person k is there wherever more than k are wanted, nobody longer than a shift at a time."""
    most = int(SHIFT_S // span.interval_s)
    who, begin, end = [], [], []
    for k in range(int(heads.max(initial=0))):
        on = np.concatenate([[False], heads > k, [False]])
        for first, last in zip(np.flatnonzero(on[1:] & ~on[:-1]), np.flatnonzero(~on[1:] & on[:-1]), strict=True):
            for start in range(int(first), int(last), most):
                who.append(k)
                begin.append(start)
                end.append(min(start + most, int(last)))
    starts = np.array(begin, dtype=np.int64)
    begin_s: Floats = starts * np.float64(span.interval_s)
    end_s: Floats = np.array(end) * np.float64(span.interval_s)
    count = len(who)
    no = np.zeros(count, bool)
    return People(
        tuple(map(str, range(int(heads.max(initial=0))))), np.arange(count), np.array(who, np.int64),
        np.zeros(count, np.int64), begin_s, end_s, no, no, no,
        np.array([name_key("standing", k, s) for k, s in zip(who, begin, strict=True)], np.uint64),
        np.asarray(lost[0][starts], float), np.asarray(lost[1][starts], float),
    )  # fmt: skip
