"""One interval of a day: the queue it inherits, what its callers live through, the queue it leaves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from staffing.queueing.chain import advance, crossing, release, seen_by_callers
from staffing.queueing.checks import Floats, floats, positive

_NEGLIGIBLE = 1e-13  # of a caller's chance
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(3)


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
        """Calls, completions per agent and abandons per waiting caller, each per second, of interval i."""
        return float(self.calls[i]) / self.interval_s, 1.0 / float(self.aht_s[i]), 1.0 / float(self.patience_s[i])


@dataclass(frozen=True)
class Stretch:
    """An interval that has been worked: mean distributions of the number in system, and what came of it.

    ``most`` averages over the interval except its last ``tail_s`` seconds, ``tail`` over those: their callers
    may be answered by the staff of the next interval within the threshold.
    """

    index: int
    agents: int
    most: Floats
    tail: Floats
    tail_s: float
    backlog: float
    overrun_min: float


@dataclass(frozen=True)
class State:
    """The distribution of the number in system, and the agents on the phone."""

    chance: Floats
    agents: int

    @classmethod
    def empty(cls, size: int) -> State:
        chance = np.zeros(size)
        chance[0] = 1.0
        return cls(chance, 0)

    def staffed(self, agents: int) -> tuple[State, float]:
        """The state with ``agents`` on the phone, and the mean number who leave with a call in hand."""
        if agents >= self.agents:
            return State(self.chance, agents), 0.0
        chance = np.empty_like(self.chance)
        busy = release(self.chance, self.agents, agents, chance)
        return State(chance, agents), float(busy)

    def through(self, demand: Demand, i: int, agents: int) -> tuple[State, Stretch]:
        """The state at the end of interval i worked with ``agents``, and what happened in between."""
        staffed, busy = self.staffed(agents)
        rates = demand.rates(i)
        tail_s = min(demand.threshold_s, demand.interval_s)
        middle, most, end, tail = (np.empty_like(self.chance) for _ in range(4))
        advance(staffed.chance, *rates, agents, demand.interval_s - tail_s, middle, most)
        advance(middle, *rates, agents, tail_s, end, tail)
        backlog = float(end[agents:] @ np.arange(end.size - agents))
        overrun_min = busy * float(demand.aht_s[i]) / 60.0
        return State(end, agents), Stretch(i, agents, most, tail, tail_s, backlog, overrun_min)


def measures_of(stretch: Stretch, demand: Demand, next_agents: int) -> dict[str, float]:
    """The measures of an interval's callers, ``next_agents`` being on the phone after it.

    Staff is taken to stay at ``next_agents`` for as long as the threshold reaches past the interval.
    """
    arrivals, handled, gone = demand.rates(stretch.index)
    agents, share = stretch.agents, stretch.tail_s / demand.interval_s
    average = (1.0 - share) * stretch.most + share * stretch.tail
    last = max(int(np.max(np.flatnonzero(average > _NEGLIGIBLE), initial=0)), agents)
    waiting = average[agents : last + 1]
    busy = float(np.minimum(np.arange(last + 1), agents) @ average[: last + 1])
    measured = {
        "queue_length": float(waiting @ np.arange(waiting.size)),
        "occupancy": busy / agents if agents else math.nan,
        "backlog": stretch.backlog,
        "overrun_min": stretch.overrun_min,
    }
    if arrivals == 0:
        return measured
    seen = np.empty((waiting.size, 5))
    seen_by_callers(handled, gone, agents, demand.threshold_s, seen)
    free = 1.0 - float(waiting.sum())
    _, answered, _, asa, wait = (_mean(waiting, column) for column in seen.T)
    answered += free
    early = (1.0 - share) * stretch.most[agents : last + 1] @ seen[:, (0, 2)]
    late = share * stretch.tail[agents : last + 1] @ _seen_late(stretch, demand, next_agents, seen)
    in_time, beyond = (float(value) for value in early + late)
    in_time += free
    return measured | {
        "service_level": in_time,
        "service_level_answered": min(in_time / answered, 1.0) if answered > 0 else math.nan,
        "service_level_excl_short_abandons": in_time / (in_time + beyond) if in_time + beyond > 0 else math.nan,
        "probability_wait_within_threshold": 1.0 - beyond,
        "abandonment": 1.0 - answered if gone > 0 else 0.0,
        "asa_s": asa / answered if answered > 0 else math.nan,
        "mean_wait_s": wait,
    }


def _mean(chance: Floats, value: Floats) -> float:
    """Σ chance·value where chance is positive; inf waits that nobody meets do not count."""
    total = float(chance @ value)
    if math.isfinite(total):
        return total
    some = chance > 0
    return float(chance[some] @ value[some])


def _seen_late(stretch: Stretch, demand: Demand, next_agents: int, seen: Floats) -> Floats:
    """(answered within, beyond the threshold) by callers ahead, for callers of the interval's tail."""
    if next_agents == stretch.agents:
        return seen[:, (0, 2)]
    _, handled, gone = demand.rates(stretch.index)
    total, part = np.zeros((seen.shape[0], 2)), np.empty((seen.shape[0], 2))
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        before = 0.5 * stretch.tail_s * (1.0 + node)
        crossing(handled, gone, stretch.agents, next_agents, before, demand.threshold_s - before, part)
        total += 0.5 * weight * part
    return total
