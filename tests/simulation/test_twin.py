"""Call for call the same as a naive twin that shares no code, on random small cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from staffing.simulation.calls import Calls, Windows, serve
from staffing.simulation.skills import Routing, serve_skills
from tests.simulation.twin import Person, Twin


def random_windows(rng: np.random.Generator, agents: int, groups: int) -> tuple[Windows, np.ndarray]:
    """Agents with one to four windows, gaps between them sometimes tiny; breaks in full or not."""
    rows = []
    for agent in range(agents):
        edges = np.cumsum(rng.exponential(rng.choice([20.0, 200.0]), 2 * rng.integers(1, 5)) + 1e-3)
        rows += [(agent, *edge, rng.random() < 0.5, rng.integers(groups)) for edge in edges.reshape(-1, 2)]
    who, start, end, whole, group = map(np.array, zip(*rows, strict=True))
    return Windows(who, start, end, whole), group


def random_calls(rng: np.random.Generator, count: int) -> Calls:
    patience = rng.exponential(rng.choice([5.0, 50.0, 1e6]), count)
    return Calls(np.sort(rng.uniform(0, 700, count)), rng.exponential(rng.choice([5.0, 60.0]), count), patience)


def twin_of(
    windows: Windows, group: np.ndarray, ask: np.ndarray, take: np.ndarray, put_down: tuple = (),
    pace: np.ndarray | None = None,
) -> Twin:  # fmt: skip
    rows = zip(windows.start_s, windows.end_s, group, windows.whole, strict=True)
    by_agent: dict[int, list] = {}
    for agent, row in zip(windows.agent, rows, strict=True):
        by_agent.setdefault(int(agent), []).append(row)
    paces = [[] for _ in by_agent] if pace is None else pace.tolist()
    people = [Person(own, pace=each) for own, each in zip(by_agent.values(), paces, strict=True)]
    return Twin(people, ask.tolist(), take.tolist(), list(put_down))


def random_pace(rng: np.random.Generator, agents: int, queues: int) -> np.ndarray:
    """Beginners and old hands: how many times over each takes a call's handle time."""
    return rng.choice([0.7, 1.0, 1.0, 1.6], (agents, queues))


def ranks(rng: np.random.Generator, queues: int, groups: int) -> np.ndarray:
    return np.where(rng.random((queues, groups)) < 0.3, -1, rng.integers(0, 3, (queues, groups)))


def same(twin: Twin, served, first: int) -> None:
    told = [twin.seen[first + i] for i in range(served.wait_s.size)]
    assert served.agent.tolist() == [who for _, who in told]
    np.testing.assert_allclose(served.wait_s, [wait for wait, _ in told], atol=1e-9)
    took = [(served.handle_s[i], twin.took[first + i]) for i, (_, who) in enumerate(told) if who >= 0]
    np.testing.assert_allclose(*np.array(took).reshape(-1, 2).T, atol=1e-9)


@pytest.mark.parametrize("case", range(24))
def test_one_queue(case):
    rng = np.random.default_rng([1, case])
    calls, (windows, group) = random_calls(rng, rng.integers(1, 60)), random_windows(rng, rng.integers(1, 7), 1)
    one, pace = np.zeros((1, 1), int), random_pace(rng, int(windows.agent[-1]) + 1, 1) if case % 2 else None
    twin = twin_of(windows, group, one, one, pace=pace)
    twin.run([(*call, 0) for call in zip(calls.arrival_s, calls.handle_s, calls.patience_s, strict=True)])
    alone = serve(calls, windows, None if pace is None else pace[:, 0])
    for served in (alone, serve_skills([calls], windows, group, Routing(one, one), pace=pace)[0][0]):
        same(twin, served, 0)
        np.testing.assert_allclose(served.overrun_s, [person.overrun for person in twin.people], atol=1e-9)


@pytest.mark.parametrize("case", range(36))
def test_several_queues_and_groups(case):
    rng = np.random.default_rng([2, case])
    queues, groups = int(rng.integers(1, 5)), int(rng.integers(1, 6))
    calls = [random_calls(rng, rng.integers(0, 40)) for _ in range(queues)]
    windows, group = random_windows(rng, rng.integers(1, 9), groups)
    known = ranks(rng, queues, groups)
    take = np.where(known >= 0, rng.integers(0, 3, known.shape), -1)
    put_down = tuple(bool(case % 3 == 0 and q % 2 == 0) for q in range(queues))
    calls = [replace(own, patience_s=own.patience_s + 1e9 * down) for own, down in zip(calls, put_down, strict=True)]
    pace = random_pace(rng, int(windows.agent[-1]) + 1, queues) if case % 2 else None
    twin = twin_of(windows, group, known, take, put_down, pace)
    twin.run([
        (*call, q)
        for q, own in enumerate(calls)
        for call in zip(own.arrival_s, own.handle_s, own.patience_s, strict=True)
    ])  # fmt: skip
    served, _ = serve_skills(calls, windows, group, Routing(known, take, put_down), pace=pace)
    for q in range(queues):
        same(twin, served[q], sum(own.arrival_s.size for own in calls[:q]))
    np.testing.assert_allclose(served[0].overrun_s, [person.overrun for person in twin.people], atol=1e-9)
