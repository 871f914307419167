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
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from staffing.errors import InputError, PlanError, Where
from staffing.queueing.agents import Targets, smallest_agents
from staffing.queueing.checks import Floats, floats, positive

MOST_QUEUES = 8  # sets of queues double with each


@dataclass(frozen=True)
class SkilledQueue:
    """One queue in one interval: ``load`` in erlangs, its handle time, patience, threshold and targets."""

    name: str
    load: float
    aht_s: float
    patience_s: float
    threshold_s: float
    targets: Targets

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
    busy = [queue for queue in queues if queue.load > 0]
    if len(busy) > MOST_QUEUES:
        raise InputError(f"at most {MOST_QUEUES} queues can share agents (found {len(busy)}).")
    for queue in busy:
        if not any(queue.name in group.skills for group in groups):
            raise InputError(f"no group can serve queue '{queue.name}'.", where=Where(field="skills"))
    if not busy:
        return Staffing({group.name: 0 for group in groups}, {group.name: {} for group in groups}, 0.0, 0.0)
    bound = _bound(busy, groups)
    return _pooled(busy, groups, bound)


def _subsets(queues: Sequence[SkilledQueue]) -> list[tuple[SkilledQueue, ...]]:
    return [part for size in range(1, len(queues) + 1) for part in combinations(queues, size)]


def _need(pool: Sequence[SkilledQueue], *, hardest: bool) -> int:
    """Agents for the queues of ``pool`` as one queue, with the hardest or the easiest of their targets."""
    targets = _joint(pool, hardest=hardest)
    if targets is None:
        return 0
    load = sum(queue.load for queue in pool)
    rates = [queue.load / queue.aht_s for queue in pool]
    impatience = sum(rate / queue.patience_s for rate, queue in zip(rates, pool, strict=True))
    patience = sum(rates) / impatience if impatience > 0 else float("inf")
    threshold = (min if hardest else max)(queue.threshold_s for queue in pool)
    return int(smallest_agents(load, load / sum(rates), patience, threshold, targets))


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
    definitions = {queue.targets.definition for queue in pool}
    if len(definitions) > 1:
        raise InputError("queues that share agents need the same service-level definition.")
    if all(value is None for value in values.values()):
        return None
    return Targets(definition=definitions.pop(), **values)


def _bound(queues: Sequence[SkilledQueue], groups: Sequence[SkillGroup]) -> float:
    from scipy.optimize import LinearConstraint, milp

    sets = _subsets(queues)
    covers = np.array([[bool(group.skills & {q.name for q in part}) for group in groups] for part in sets], float)
    needs = np.array([_need(part, hardest=False) for part in sets], dtype=float)
    cost = np.array([group.cost for group in groups])
    found = milp(cost, constraints=LinearConstraint(covers, needs, np.inf), integrality=np.ones(cost.size))
    if found.x is None:
        raise PlanError(f"the bound could not be computed: {found.message}")
    return float(cost @ np.round(found.x))


def _pooled(queues: Sequence[SkilledQueue], groups: Sequence[SkillGroup], bound: float) -> Staffing:
    from scipy.optimize import Bounds, LinearConstraint, milp

    pools = [part for part in _subsets(queues) if any(_serves(group, part) for group in groups)]
    pairs = [(g, p) for p, part in enumerate(pools) for g, group in enumerate(groups) if _serves(group, part)]
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

    for p, part in enumerate(pools):  # a pool that is open has the agents it needs
        members = {k: 1.0 for k, (_, pool) in enumerate(pairs) if pool == p}
        row({**members, len(pairs) + p: -float(_need(part, hardest=True))}, 0.0, np.inf)
    for queue in queues:  # every queue is served by exactly one pool
        row({len(pairs) + p: 1.0 for p, part in enumerate(pools) if queue in part}, 1.0, 1.0)
    for g, group in enumerate(groups):  # and every agent works in one
        row({k: 1.0 for k, (who, _) in enumerate(pairs) if who == g}, 0.0, group.available)
    cost = np.array([groups[g].cost for g, _ in pairs] + [0.0] * len(pools))
    upper = np.array([np.inf] * len(pairs) + [1.0] * len(pools))
    found = milp(
        cost, constraints=LinearConstraint(np.array(rows), low, high), bounds=Bounds(0, upper),
        integrality=np.ones(size),
    )  # fmt: skip
    if found.x is None:
        raise PlanError("the available agents do not suffice for these queues.", remedy="Add agents or skills.")
    return _staffing(np.round(found.x).astype(np.int64), pairs, pools, groups, bound)


def _serves(group: SkillGroup, pool: Sequence[SkilledQueue]) -> bool:
    return all(queue.name in group.skills for queue in pool)


def _staffing(
    x: NDArray[np.int64],
    pairs: list[tuple[int, int]],
    pools: list[tuple[SkilledQueue, ...]],
    groups: Sequence[SkillGroup],
    bound: float,
) -> Staffing:
    by_pool: dict[str, dict[frozenset[str], int]] = {group.name: {} for group in groups}
    for (g, p), count in zip(pairs, x, strict=False):
        if count > 0:
            by_pool[groups[g].name][frozenset(queue.name for queue in pools[p])] = int(count)
    agents = {name: sum(parts.values()) for name, parts in by_pool.items()}
    cost = float(sum(group.cost * agents[group.name] for group in groups))
    return Staffing(agents, by_pool, cost, bound)
