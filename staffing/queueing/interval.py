"""One interval of a day: the queue it inherits, what its callers live through, the queue it leaves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from staffing.compiled import kernel
from staffing.queueing.chain import advance, release
from staffing.queueing.checks import Floats, floats, positive
from staffing.queueing.lived import callers
from staffing.queueing.waits import after_change, drains, expect


@dataclass(frozen=True)
class Demand:
    """What comes in through a day, interval by interval.

    calls : calls per interval, ≥ 0.
    aht_s : mean handle time, > 0; one number or one per interval.
    patience_s : mean patience, > 0 or inf; one number or one per interval.
    interval_s : length of an interval.
    threshold_s : the T of the service level.

    Raises InputError naming the field and interval.
    """

    calls: Floats
    aht_s: Floats
    patience_s: Floats
    interval_s: float
    threshold_s: float

    @classmethod
    def of(
        cls, calls: ArrayLike, aht_s: ArrayLike, patience_s: ArrayLike, *, interval_s: float, threshold_s: float
    ) -> Demand:
        """Checked, with ``aht_s`` and ``patience_s`` spread over the intervals."""
        volume = np.atleast_1d(floats("calls", calls, "a finite number of at least 0"))
        aht = np.broadcast_to(positive("aht_s", aht_s), volume.shape)
        patience = np.broadcast_to(positive("patience_s", patience_s, endless=True), volume.shape)
        length = float(positive("interval_s", interval_s))
        return cls(volume, aht, patience, length, float(floats("threshold_s", threshold_s, "at least 0")))

    @property
    def load(self) -> Floats:
        """Erlangs per interval."""
        return np.asarray(self.calls * self.aht_s / self.interval_s)

    def rates(self, i: int) -> tuple[float, float, float]:
        """Calls, completions per agent and abandons per waiting caller, each per second, of interval i.

        What comes after the last interval is as in the last.
        """
        i = min(i, self.calls.size - 1)
        return float(self.calls[i]) / self.interval_s, 1.0 / float(self.aht_s[i]), 1.0 / float(self.patience_s[i])


@dataclass(frozen=True)
class WorkedInterval:
    """An interval that has been worked: distributions of the number in system, and what came of it.

    ``start``, ``middle`` and ``end`` are those of three moments, ``most`` and ``tail`` the averages between them;
    the tail is the last ``tail_s`` seconds, whose callers may still wait when the staff changes. Nothing lies outside
    the states from ``low`` to ``high``, and towards the end practically fewer than ``depth`` wait. ``overrun`` is the
    mean number of agents at work past their time.
    """

    index: int
    agents: int
    start: Floats
    most: Floats
    middle: Floats
    tail: Floats
    end: Floats
    low: int
    high: int
    depth: int
    tail_s: float
    overrun: float


@dataclass(frozen=True)
class SystemState:
    """The distribution of the number in system, between ``low`` and ``high``, and the agents on the phone.

    ``late`` is the mean number of agents who finish a call past their time.
    """

    chance: Floats
    low: int
    high: int
    agents: int
    late: float

    @classmethod
    def empty(cls, size: int) -> SystemState:
        chance = np.zeros(size)
        chance[0] = 1.0
        return cls(chance, 0, 0, 0, 0.0)

    def staffed(self, agents: int) -> SystemState:
        """The state with ``agents`` on the phone; those who leave with a call in hand are late."""
        if agents >= self.agents:
            return SystemState(self.chance, self.low, self.high, agents, self.late)
        chance = np.empty_like(self.chance)
        low, high, busy = release(self.chance, self.low, self.high, self.agents, agents, chance)
        return SystemState(chance, low, high, agents, self.late + busy)

    def through(self, demand: Demand, i: int, agents: int) -> tuple[SystemState, WorkedInterval]:
        """The state at the end of interval i worked with ``agents``, and what happened in between."""
        begin, rates = self.staffed(agents), demand.rates(i)
        tail_s = min(demand.interval_s, max(demand.threshold_s, 1.0 / rates[1]))
        parts = np.empty((4, self.chance.size))
        low, high, last_low, last_high, depth = _in_two(
            begin.chance, begin.low, begin.high, *rates, agents, demand.interval_s - tail_s, tail_s, parts
        )
        most, middle, tail, end = parts
        widest = min(begin.low, low, last_low), max(begin.high, high, last_high)
        finished = -math.expm1(-rates[1] * demand.interval_s)
        overrun = begin.late * finished / (rates[1] * demand.interval_s)
        state = SystemState(end, last_low, last_high, agents, begin.late * (1.0 - finished))
        return state, WorkedInterval(i, agents, begin.chance, most, middle, tail, end, *widest, depth, tail_s, overrun)


@kernel
def _in_two(begin, low, high, arrivals, handled, gone, agents, main_s, tail_s, parts):  # type: ignore[no-untyped-def]
    """Through an interval and its tail; ``parts``: average, then end, of either.

    Returns the states of both, and how many may wait in the tail (one more than have a chance of 1e-9).
    """
    low, high = advance(begin, low, high, arrivals, handled, gone, agents, main_s, parts[1], parts[0])
    last_low, last_high = advance(parts[1], low, high, arrivals, handled, gone, agents, tail_s, parts[3], parts[2])
    deepest = max(high, last_high)
    while deepest >= agents and parts[1, deepest] + parts[3, deepest] < 1e-9:
        deepest -= 1
    return low, high, last_low, last_high, max(deepest - agents + 1, 0)


def measures_of(
    stretch: WorkedInterval, demand: Demand, next_agents: int, following: Floats | None = None
) -> dict[str, float]:
    """The measures of an interval's callers, ``next_agents`` being on the phone after it.

    ``following`` is what callers can expect then (see ``fates``); without it the staff changes no more. As far as
    the threshold reaches past the interval, staff is taken to stay at ``next_agents``.
    """
    i, length, agents = stretch.index, demand.interval_s, stretch.agents
    arrivals, handled, gone = demand.rates(i)
    _, next_handled, next_gone = demand.rates(i + 1)
    own, following_rates = (handled, gone, float(agents)), (next_handled, next_gone, float(next_agents))
    changes = following is not None or own != following_rates
    if following is None:
        following = _expected(next_handled, next_gone, next_agents, demand.threshold_s, stretch.depth if changes else 0)
    total = np.zeros(5)
    queue_length, backlog, busy = callers(
        stretch.start, stretch.most, stretch.middle, stretch.tail, stretch.end,
        stretch.low, stretch.high, stretch.depth, own, following_rates, following,
        demand.threshold_s, length, stretch.tail_s, changes, total,
    )  # fmt: skip
    measured = {
        "queue_length": queue_length,
        "occupancy": (busy + stretch.overrun) / (agents + stretch.overrun) if agents else math.nan,
        "backlog": backlog,
        "overrun_min": stretch.overrun * length / 60.0,
    }
    if arrivals == 0:
        return measured
    in_time, beyond, answered, waited, wait = total.tolist()
    return measured | {
        "service_level": in_time,
        "service_level_answered": min(in_time / answered, 1.0) if answered > 0 else math.nan,
        "service_level_excl_short_abandons": in_time / (in_time + beyond) if in_time + beyond > 0 else math.nan,
        "probability_wait_within_threshold": 1.0 - beyond,
        "abandonment": max(1.0 - answered, 0.0) if math.isfinite(demand.patience_s.max()) else 0.0,
        "asa_s": waited / answered if answered > 0 else math.nan,
        "mean_wait_s": wait,
    }


def fates(demand: Demand, agents: np.ndarray, depth: int) -> list[Floats]:
    """What callers with 0 … ``depth`` − 1 ahead can expect after each interval, the day's staff being ``agents``.

    After the last interval its staff stays until the queue is empty.
    """
    last = agents.size - 1
    _, handled, gone = demand.rates(last)
    found = [_expected(handled, gone, int(agents[last]), demand.threshold_s, depth)]
    for i in range(last, 0, -1):
        _, handled, gone = demand.rates(i)
        staff = int(agents[i])
        own = _expected(handled, gone, staff, demand.threshold_s, depth)
        if i < last and not drains(handled, gone, staff, demand.interval_s, depth):
            joining = max(int(agents[i + 1]) - staff, 0)
            after_change(own, handled, gone, staff, demand.interval_s, joining, found[-1])
        found.append(own)
    return found[::-1]


def _expected(handled: float, gone: float, agents: int, threshold_s: float, depth: int) -> Floats:
    found = np.empty((depth, 5))
    expect(handled, gone, agents, threshold_s, found)
    return found
