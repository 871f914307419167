"""Shared agents of a workspace: nobody twice, never below the bound, as few as trying every way of sharing."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest

from staffing.domain.demand import Queue
from staffing.domain.service import ServiceTarget
from staffing.domain.workforce import Agent, Contract, ShiftTemplate
from staffing.errors import InputError
from staffing.queueing import Targets, smallest_agents
from staffing.requirements import SharedStaff, requirements, shared_staff
from tests.requirements.test_work_out import forecast, scenario

A, B = (Queue(name=name, patience_s=180.0) for name in ("a", "b"))
CHAT = Queue(name="chat", channel="chat", concurrency=2)
CALLS = {"a": [4.0, 20, 40, 0], "b": [9.0, 9, 30, 12]}


def team(**heads: int) -> dict:
    """So many people of each skill group: ``team(a=3, a_b=2)``."""
    people = [
        Agent(name=f"{skills} {k}", contract="full", skills=tuple(skills.split("_")))
        for skills, count in heads.items() for k in range(count)
    ]  # fmt: skip
    return {
        "agents": tuple(people),
        "contracts": (Contract(name="full", max_hours=40),),
        "shifts": (ShiftTemplate(name="day", length_min=480, first_start=0, last_start=0),),
    }


def shared(plan, **extra: list[float]) -> SharedStaff:
    rows = pd.concat([forecast(name, calls) for name, calls in (CALLS | extra).items()])
    return shared_staff(rows, requirements(rows, plan), plan)


def need(calls: float) -> int:
    return smallest_agents(calls * 300 / 1800, 300, 180, 20, Targets(service_level=0.8)) if calls else 0


def fewest(a: float, b: float, heads: dict[str, int]) -> int:
    """By trying every number of each group, in one line or in two."""
    best = 10**6
    for only_a, only_b, both in product(*(range(heads[key] + 1) for key in ("a", "b", "a_b"))):
        two_lines = max(need(a) - only_a, 0) + max(need(b) - only_b, 0) <= both
        one_line = only_a == only_b == 0 and both >= need(a + b)
        if two_lines or one_line:
            best = min(best, only_a + only_b + both)
    return best


@pytest.mark.parametrize(
    "heads", [{"a": 12, "b": 12, "a_b": 16}, {"a": 5, "b": 3, "a_b": 11}, {"a": 12, "b": 10, "a_b": 2}]
)
def test_as_few_as_trying_every_way(heads):
    found = shared(scenario(A, B, **team(**heads)))
    for (_, row), a, b in zip(found.totals.iterrows(), CALLS["a"], CALLS["b"], strict=True):
        assert row["shared"] == fewest(a, b, heads)
        assert row["bound"] <= row["shared"] <= row["apart"] == need(a) + need(b)
        assert row["missing"] == 0


def test_nobody_is_counted_twice_and_nobody_more_than_there_are():
    heads = {"a": 5, "b": 3, "a_b": 11}
    found = shared(scenario(A, B, **team(**heads)))
    by_group = found.groups.groupby(["start", "group"])["agents"].sum()
    for (_, group), count in by_group.items():
        assert count <= heads[group.replace(" + ", "_")]
    by_start = found.groups.groupby("start")["agents"].sum()
    assert by_start.tolist() == found.totals["shared"].tolist()
    for _, rows in found.groups.groupby("start"):
        lines = set(rows["pool"])
        assert sorted(queue for line in lines for queue in line.split(" + ")) in (["a", "b"], ["b"])


def test_chats_and_other_definitions_keep_their_own_agents():
    plan = scenario(A, B, CHAT, **team(a_b_chat=60))
    found = shared(plan, chat=[20.0, 20, 20, 20])
    assert not any("chat +" in pool or "+ chat" in pool for pool in found.groups["pool"])
    other = B.model_copy(update={"service": ServiceTarget(service_level=0.8, definition="answered")})
    apart = shared(scenario(A, other, **team(a_b=60))).totals
    assert (apart["shared"] == apart["apart"]).all()


def test_people_who_are_missing_are_said():
    found = shared(scenario(A, B, **team(a=1, a_b=4))).totals
    assert found["missing"].tolist()[2] > 0
    assert (found["missing"] <= found["shared"]).all()


def test_shrinkage_leaves_fewer_people():
    heads = {"a": 12, "b": 12, "a_b": 16}
    plan = scenario(A, B, **team(**heads), shrinkage={"planned": 0.5, "unplanned": 0.0})
    half = {key: count // 2 for key, count in heads.items()}
    found = shared(plan).totals
    assert found.loc[found["missing"] == 0, "shared"].tolist() == [
        fewest(a, b, half) for a, b in zip(CALLS["a"], CALLS["b"], strict=True) if fewest(a, b, half) < 10**6
    ]


def test_minimum_staff_binds_and_a_queue_nobody_knows_is_named():
    kept = A.model_copy(update={"minimum_agents": 9})
    found = shared(scenario(kept, B, **team(a_b=60))).totals
    assert found["shared"].tolist()[3] >= 9
    with pytest.raises(InputError, match="'b'"):
        shared(scenario(A, B, **team(a=20)))
    with pytest.raises(InputError, match="no agents"):
        shared(scenario(A, B))
