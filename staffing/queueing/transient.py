"""A day as it unfolds: service, waits and backlog when calls and staff change from interval to interval.

The day opens empty. Callers arrive at random at the rate of their interval, agents who go home finish the
call in hand, and what one interval leaves behind the next one finds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import repeat
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from staffing.errors import InputError, Where
from staffing.queueing.agents import Targets, smallest_agents
from staffing.queueing.checks import Floats, floats, require
from staffing.queueing.interval import Demand, SystemState, WorkedInterval, fates, measures_of

_LARGEST_CHAIN = 200_000


@dataclass(frozen=True)
class StaffedDay:
    """A day's staffing and what it delivers, one entry per interval; NaN where there are no calls.

    ``service_level`` and its three sisters, ``abandonment``, ``asa_s`` and ``mean_wait_s`` are those of the
    callers who arrive in the interval, whenever they are answered or hang up; ``queue_length`` is its mean,
    ``backlog`` the mean number waiting at its end, ``occupancy`` the share of time on the phone spent handling,
    overrun included (NaN without agents). ``overrun_min`` is the work done in the interval by agents whose shift
    has ended, ``after_close_min`` what those in hand at the end of the day still take.
    """

    agents: NDArray[np.int64]
    calls: Floats
    service_level: Floats
    service_level_answered: Floats
    service_level_excl_short_abandons: Floats
    probability_wait_within_threshold: Floats
    abandonment: Floats
    asa_s: Floats
    mean_wait_s: Floats
    queue_length: Floats
    backlog: Floats
    occupancy: Floats
    overrun_min: Floats
    after_close_min: float = 0.0

    def day_service_level(self) -> float:
        """Service level of the day: intervals weighted by calls; NaN without calls."""
        some = self.calls > 0
        return float(np.average(self.service_level[some], weights=self.calls[some])) if some.any() else math.nan


_MEASURES = [name for name in StaffedDay.__dataclass_fields__ if name not in ("agents", "calls", "after_close_min")]


def transient_day(demand: Demand, agents: ArrayLike) -> StaffedDay:
    """What ``agents`` (whole, per interval) deliver. Raises InputError."""
    staff = np.broadcast_to(floats("agents", agents, "a whole number of at least 0"), demand.calls.shape)
    require(staff == np.floor(staff), "agents", staff, "a whole number of at least 0")
    state = SystemState.empty(_chain_size(demand, staff.astype(np.int64)))
    stretches: list[WorkedInterval] = []
    for i, n in enumerate(staff):
        state, stretch = state.through(demand, i, int(n))
        stretches.append(stretch)
    return _day(demand, state, stretches)


def least_staff(demand: Demand, targets: Targets, minimum: ArrayLike = 0) -> StaffedDay:
    """The least staff that meets ``targets`` in every interval, decided from the first to the last.

    Each interval gets the smallest number that meets its targets given what the earlier ones left behind,
    and that does not spoil the target of the interval before by leaving its last callers waiting.
    Intervals without calls get ``minimum``. Raises InputError for targets that cannot be met.
    """
    floor = np.broadcast_to(np.asarray(minimum, dtype=np.int64), demand.calls.shape)
    if targets.abandonment == 0.0:
        require(np.isinf(demand.patience_s), "patience_s", demand.patience_s, "inf where the target abandonment is 0")
    steady = smallest_agents(demand.load, demand.aht_s, demand.patience_s, demand.threshold_s, targets)
    guess = np.maximum(steady, floor)
    state = SystemState.empty(_chain_size(demand, guess))
    stretches: list[WorkedInterval] = []
    for i in range(demand.calls.size):
        search = _Search(demand, targets, state, i, stretches[-1] if stretches else None)
        state, stretch = search.least(int(floor[i]), int(guess[i]) if demand.calls[i] > 0 else int(floor[i]))
        stretches.append(stretch)
    return _day(demand, state, stretches)


class _Search:
    """The smallest staff of one interval, given the state it inherits and the interval before it."""

    def __init__(
        self, demand: Demand, targets: Targets, state: SystemState, i: int, before: WorkedInterval | None
    ) -> None:
        self.demand, self.targets, self.state, self.i, self.before = demand, targets, state, i, before
        self.tried: dict[int, tuple[SystemState, WorkedInterval]] = {}

    def least(self, floor: int, guess: int) -> tuple[SystemState, WorkedInterval]:
        """Gallop from ``guess``, then halve; all measures improve with every agent."""
        low, high, step = floor - 1, guess, 1
        if self._good(high):
            while high - step > low and self._good(high - step):
                high, step = high - step, 2 * step
            low = max(high - step, low)
        else:
            while not self._good(high):
                low, high, step = high, high + step, 2 * step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._good(middle) else (middle, high)
        self._good(high)
        return self.tried[high]

    def _good(self, agents: int) -> bool:
        if agents not in self.tried:
            if agents > 4 * (self.demand.load[self.i] + self.demand.calls[self.i]) + self.state.agents + 1000:
                raise InputError(f"no staffing meets the targets in interval {self.i}.", remedy="Ease the targets.")
            self.tried[agents] = self.state.through(self.demand, self.i, agents)
        own = self.demand.calls[self.i] == 0 or self._keeps(self.tried[agents][1], agents)
        return own and not self._spoils(agents)

    def _spoils(self, agents: int) -> bool:
        """Whether so few agents break the promise to the callers of the interval before."""
        before = self.before
        if before is None or agents >= before.agents or not self.demand.calls[self.i] * self.demand.calls[self.i - 1]:
            return False
        return self._keeps(before, before.agents) and not self._keeps(before, agents)

    def _keeps(self, stretch: WorkedInterval, next_agents: int) -> bool:
        return self.targets.kept_by(SimpleNamespace(**measures_of(stretch, self.demand, next_agents)))


def _chain_size(demand: Demand, agents: NDArray[np.int64]) -> int:
    """States enough for the deepest queue this staffing can practically build up."""
    deepest, backlog = 1.0, 0.0
    for i, n in enumerate(agents):
        arrivals, handled, gone = demand.rates(i)
        backlog = max(backlog + (arrivals - float(n) * handled) * demand.interval_s, 0.0)
        if gone > 0:
            backlog = min(backlog, max(arrivals - float(n) * handled, 0.0) / gone + float(demand.calls[i]))
        deepest = max(deepest, backlog + max(float(n), float(demand.load[i])))
    settles = float(demand.calls.sum()) if np.isinf(demand.patience_s).any() else float(demand.load.max(initial=0))
    size = int(1.3 * deepest + 10 * math.sqrt(settles + deepest)) + 200
    if size > _LARGEST_CHAIN:
        raise InputError(
            f"a queue of {size} callers is too deep to follow exactly.",
            where=Where(field="agents"),
            remedy="Use erlang_a for this queue, or add staff.",
        )
    return size


def _day(demand: Demand, state: SystemState, stretches: list[WorkedInterval]) -> StaffedDay:
    agents = np.array([stretch.agents for stretch in stretches], dtype=np.int64)
    following = [*agents[1:], *agents[-1:]]
    then = fates(demand, agents, max((stretch.depth for stretch in stretches), default=0))
    rows = [measures_of(*each) for each in zip(stretches, repeat(demand), map(int, following), then, strict=False)]
    columns: dict[str, Any] = {
        name: np.array([row.get(name, math.nan) for row in rows], dtype=float) for name in _MEASURES
    }
    after_close_min = state.staffed(0).late * float(demand.aht_s[-1]) / 60.0 if rows else 0.0
    return StaffedDay(agents=agents, calls=demand.calls, after_close_min=after_close_min, **columns)
