"""Shared agents: never counted twice, never below the bound, and as cheap as trying everything."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from staffing.errors import InputError, PlanError
from staffing.queueing import Targets, smallest_agents
from staffing.queueing.multiskill import SkilledQueue, SkillGroup, skilled_staffing

TARGET = Targets(service_level=0.8)


def queue(name: str, load: float, targets: Targets = TARGET) -> SkilledQueue:
    return SkilledQueue(name, load, 300.0, 180.0, 20.0, targets)


def group(name: str, skills: str, cost: float = 1.0, available: float = float("inf")) -> SkillGroup:
    return SkillGroup(name, frozenset(skills), cost, available)


def need(load: float) -> int:
    return smallest_agents(load, 300, 180, 20, TARGET)


def test_one_queue_is_its_own_smallest_number():
    found = skilled_staffing([queue("a", 20)], [group("A", "a")])
    assert found.agents == {"A": need(20)}
    assert (found.bound, found.gap) == (need(20), 0.0)


def test_specialists_are_not_pooled():
    found = skilled_staffing([queue("a", 20), queue("b", 5)], [group("A", "a"), group("B", "b")])
    assert found.agents == {"A": need(20), "B": need(5)}


def test_flexible_agents_save_by_pooling():
    found = skilled_staffing([queue("a", 5), queue("b", 5)], [group("A", "a"), group("B", "b"), group("AB", "ab")])
    assert found.agents == {"A": 0, "B": 0, "AB": need(10)}
    assert found.cost < 2 * need(5)


def test_flexible_agents_are_counted_once():
    groups = [group("A", "a", 1), group("AB", "ab", 1.1), group("BC", "bc", 1.1), group("C", "c", 1)]
    queues = [queue("a", 8), queue("b", 8), queue("c", 8)]
    found = skilled_staffing(queues, groups)
    for name, count in found.agents.items():
        assert sum(found.pools[name].values()) == count
    pools: dict = {}
    for parts in found.pools.values():
        for pool, count in parts.items():
            pools[pool] = pools.get(pool, 0) + count
    assert sorted(name for pool in pools for name in pool) == ["a", "b", "c"]
    assert all(count >= need(8.0 * len(pool)) for pool, count in pools.items())
    assert found.bound <= found.cost


def test_as_cheap_as_trying_every_staffing():
    groups = [group("A", "a", 1.0), group("B", "b", 1.0), group("AB", "ab", 1.05)]
    apart, together = [need(3), need(6)], need(9)
    best = min(
        a + b + 1.05 * (x + y)
        for a, b, x, y in product(range(apart[0] + 1), range(apart[1] + 1), range(apart[0] + 1), range(apart[1] + 1))
        if a + x >= apart[0] and b + y >= apart[1]
    )
    best = min(best, 1.05 * together)
    assert skilled_staffing([queue("a", 3), queue("b", 6)], groups).cost == pytest.approx(best)


def test_bound_never_exceeds_cost():
    rng = np.random.default_rng(9)
    for _ in range(15):
        queues = [queue(name, float(rng.uniform(0.5, 30))) for name in "abcd"]
        groups = [
            group(skills, skills, float(1 + 0.1 * len(skills))) for skills in ("a", "b", "c", "d", "ab", "cd", "abcd")
        ]
        found = skilled_staffing(queues, groups)
        assert 0 <= found.gap <= 0.25


def test_the_hardest_target_rules_a_pool_and_the_easiest_the_bound():
    queues = [queue("a", 5, Targets(service_level=0.95)), queue("b", 5, Targets(service_level=0.7))]
    found = skilled_staffing(queues, [group("AB", "ab")])
    assert found.agents["AB"] == min(
        smallest_agents(10, 300, 180, 20, Targets(service_level=0.95)),
        smallest_agents(5, 300, 180, 20, Targets(service_level=0.95))
        + smallest_agents(5, 300, 180, 20, Targets(service_level=0.7)),
    )
    assert found.bound == smallest_agents(10, 300, 180, 20, Targets(service_level=0.7))


def test_too_few_people_and_missing_skills_are_said():
    with pytest.raises(PlanError, match="suffice"):
        skilled_staffing([queue("a", 20)], [group("A", "a", available=10)])
    with pytest.raises(InputError, match="queue 'b'"):
        skilled_staffing([queue("a", 20), queue("b", 1)], [group("A", "a")])


def test_nothing_to_do_needs_nobody():
    found = skilled_staffing([queue("a", 0)], [group("A", "a")])
    assert (found.agents, found.cost, found.bound) == ({"A": 0}, 0.0, 0.0)
