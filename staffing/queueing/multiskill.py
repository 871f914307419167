"""Queues that share agents: how many of each skill group an interval needs, and how few could ever do.

Feasible staffing: queues are put into pools, and a pool takes only agents who have all of its skills, so a
pool behaves as one queue and an agent works in one pool. One integer programme chooses pools and people.
Bound: the agents who can serve any queue of a set must be at least as many as the whole set would need if it
were one queue with the easiest of its targets. Pooling and its bound: Gurvich & Whitt 2010, "Service-level
differentiation in many-server service systems via queue-ratio routing", section 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from staffing.errors import InputError, PlanError, Where
from staffing.queueing.agents import DEFINITIONS, Targets, smallest_agents
from staffing.queueing.checks import Floats, floats, positive

MOST_QUEUES = 8  # sets of queues double with each
_EXACT = {"mip_rel_gap": 0.0}

#: Sets of queues by name, and the agents each needs.
Needs = tuple[tuple[frozenset[str], int], ...]


@dataclass(frozen=True)
class SkilledQueue:
    """One queue in one interval: ``load`` in erlangs, its handle time, patience, threshold and targets.

    ``minimum`` agents are there in any case. ``alone`` is the number of agents of a queue that shares no line of
    waiting callers with others (chat, deferred work); None for calls.
    """

    name: str
    load: float
    aht_s: float
    patience_s: float
    threshold_s: float
    targets: Targets
    minimum: int = 0
    alone: int | None = None

    def __post_init__(self) -> None:
        floats("load", self.load, "a finite number of at least 0")
        positive("aht_s", self.aht_s)
        positive("patience_s", self.patience_s, endless=True)
        floats("threshold_s", self.threshold_s, "a number of at least 0")


@dataclass(frozen=True)
class SkillGroup:
    """Agents with the same skills: the queues they can serve, what one costs, how many there are at most."""

    name: str
    skills: frozenset[str]
    cost: float = 1.0
    available: float = float("inf")


@dataclass(frozen=True)
class Staffing:
    """Agents per group, the pool each works in, and the cost with its lower bound.

    ``agents[group]``; ``pools[group][queues]`` are the same agents by the set of queues they serve.
    """

    agents: dict[str, int]
    pools: dict[str, dict[frozenset[str], int]]
    cost: float
    bound: float

    @property
    def gap(self) -> float:
        """Share by which the cost may exceed the least possible, in [0, 1]."""
        return 0.0 if self.cost == 0 else max(self.cost - self.bound, 0.0) / self.cost


def skilled_staffing(queues: Sequence[SkilledQueue], groups: Sequence[SkillGroup]) -> Staffing:
    """Cheapest pooled staffing of one interval, with its bound.

    Raises InputError for queues that nobody can serve, PlanError where the available agents do not suffice.
    """
    busy = [queue for queue in queues if queue.load > 0 or queue.minimum > 0 or queue.alone]
    if len(busy) > MOST_QUEUES:
        raise InputError(f"at most {MOST_QUEUES} queues can share agents (found {len(busy)}).")
    for queue in busy:
        if not any(queue.name in group.skills for group in groups):
            raise InputError(f"no group can serve queue '{queue.name}'.", where=Where(field="skills"))
    pools, sets = {}, {}
    for part in _subsets(busy):
        names = frozenset(queue.name for queue in part)
        sets[names] = _least(part)
        if _shares_a_line(part):
            pools[names] = _need(part, hardest=True)
    return _solved(tuple(pools.items()), tuple(sets.items()), tuple(groups))


@lru_cache(maxsize=4096)
def _solved(pools: Needs, sets: Needs, groups: tuple[SkillGroup, ...]) -> Staffing:
    """The staffing of these whole needs; many intervals of a week have the same."""
    if not pools:
        return Staffing({group.name: 0 for group in groups}, {group.name: {} for group in groups}, 0.0, 0.0)
    return _pooled(pools, groups, _bound(sets, groups))


def _subsets(queues: Sequence[SkilledQueue]) -> list[tuple[SkilledQueue, ...]]:
    return [part for size in range(1, len(queues) + 1) for part in combinations(queues, size)]


def _shares_a_line(part: Sequence[SkilledQueue]) -> bool:
    """Whether the queues can be one: calls only, promised by one definition."""
    alike = len({queue.targets.definition for queue in part}) == 1
    return len(part) == 1 or (alike and all(queue.alone is None for queue in part))


def _least(part: Sequence[SkilledQueue]) -> int:
    """Agents whom the queues of ``part`` need together at the very least."""
    calls = [queue for queue in part if queue.alone is None]
    lines = [[queue for queue in calls if queue.targets.definition == kind] for kind in DEFINITIONS]
    shared = max((_need(line, hardest=False) for line in lines if line), default=0)
    return max(shared, sum(queue.minimum for queue in calls)) + sum(queue.alone or 0 for queue in part)


def _need(pool: Sequence[SkilledQueue], *, hardest: bool) -> int:
    """Agents for the queues of ``pool`` as one queue, with the hardest or the easiest of their targets."""
    if pool[0].alone is not None:
        return pool[0].alone
    minimum = sum(queue.minimum for queue in pool)
    targets, load = _joint(pool, hardest=hardest), sum(queue.load for queue in pool)
    if targets is None or load == 0:
        return minimum
    rates = [queue.load / queue.aht_s for queue in pool]
    impatience = sum(rate / queue.patience_s for rate, queue in zip(rates, pool, strict=True))
    patience = sum(rates) / impatience if impatience > 0 else float("inf")
    threshold = (min if hardest else max)(queue.threshold_s for queue in pool)
    return max(int(smallest_agents(load, load / sum(rates), patience, threshold, targets)), minimum)


def _joint(pool: Sequence[SkilledQueue], *, hardest: bool) -> Targets | None:
    """The targets of a pool: of each kind the hardest that any of its queues has, or the easiest that all
    have; None if they share no kind of target.
    """
    values: dict[str, float | None] = {}
    for field in ("service_level", "asa_s", "abandonment", "max_occupancy"):
        given = [value for queue in pool if (value := getattr(queue.targets, field)) is not None]
        binds = bool(given) and (hardest or len(given) == len(pool))
        pick = max if hardest == (field == "service_level") else min
        values[field] = pick(given) if binds else None
    if all(value is None for value in values.values()):
        return None
    return Targets(definition=pool[0].targets.definition, **values)


def _bound(sets: Needs, groups: Sequence[SkillGroup]) -> float:
    from scipy.optimize import LinearConstraint, milp

    covers = np.array([[bool(group.skills & names) for group in groups] for names, _ in sets], float)
    needs = np.array([need for _, need in sets], dtype=float)
    cost = np.array([group.cost for group in groups])
    found = milp(
        cost, constraints=LinearConstraint(covers, needs, np.inf), integrality=np.ones(cost.size), options=_EXACT
    )
    if found.x is None:
        raise PlanError(f"the bound could not be computed: {found.message}")
    return float(cost @ np.round(found.x))


def _pooled(pools: Needs, groups: Sequence[SkillGroup], bound: float) -> Staffing:
    from scipy.optimize import Bounds, LinearConstraint, milp

    pairs = [(g, p) for p, (names, _) in enumerate(pools) for g, group in enumerate(groups) if names <= group.skills]
    size = len(pairs) + len(pools)
    rows: list[Floats] = []
    low: list[float] = []
    high: list[float] = []

    def row(entries: dict[int, float], least: float, most: float) -> None:
        line = np.zeros(size)
        for column, value in entries.items():
            line[column] = value
        rows.append(line)
        low.append(least)
        high.append(most)

    for p, (_, need) in enumerate(pools):  # a pool that is open has the agents it needs
        members = {k: 1.0 for k, (_, pool) in enumerate(pairs) if pool == p}
        row({**members, len(pairs) + p: -float(need)}, 0.0, np.inf)
    for queue in frozenset().union(*(names for names, _ in pools)):  # every queue is served by exactly one pool
        row({len(pairs) + p: 1.0 for p, (names, _) in enumerate(pools) if queue in names}, 1.0, 1.0)
    for g, group in enumerate(groups):  # and every agent works in one
        row({k: 1.0 for k, (who, _) in enumerate(pairs) if who == g}, 0.0, group.available)
    cost = np.array([groups[g].cost for g, _ in pairs] + [0.0] * len(pools))
    upper = np.array([np.inf] * len(pairs) + [1.0] * len(pools))
    found = milp(
        cost, constraints=LinearConstraint(np.array(rows), low, high), bounds=Bounds(0, upper),
        integrality=np.ones(size), options=_EXACT,
    )  # fmt: skip
    if found.x is None:
        raise PlanError("the available agents do not suffice for these queues.", remedy="Add agents or skills.")
    return _staffing(np.round(found.x).astype(np.int64), pairs, pools, groups, bound)


def _staffing(
    x: NDArray[np.int64], pairs: list[tuple[int, int]], pools: Needs, groups: Sequence[SkillGroup], bound: float
) -> Staffing:
    by_pool: dict[str, dict[frozenset[str], int]] = {group.name: {} for group in groups}
    for (g, p), count in zip(pairs, x, strict=False):
        if count > 0:
            by_pool[groups[g].name][pools[p][0]] = int(count)
    agents = {name: sum(parts.values()) for name, parts in by_pool.items()}
    cost = float(sum(group.cost * agents[group.name] for group in groups))
    return Staffing(agents, by_pool, cost, bound)
