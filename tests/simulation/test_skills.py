"""Several queues and groups: another library, formulas for callers who come again, and what can never happen."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.errors import InputError
from staffing.queueing.retrials import Callers, all_calls
from staffing.simulation.calls import Calls, Windows, serve
from staffing.simulation.skills import Again, Routing, serve_skills
from tests.simulation import simpy_centre
from tests.simulation.centre import FIVE_BY_EIGHT, KNOWN, day, staggered

ONE = np.zeros((1, 1), np.int64)


def listed(calls: list[Calls]) -> list[list[simpy_centre.Call]]:
    number = itertools.count()
    columns = [(own.arrival_s.tolist(), own.handle_s.tolist(), own.patience_s.tolist()) for own in calls]
    return [[(*call, q, next(number)) for call in zip(*own, strict=True)] for q, own in enumerate(columns)]


def rows_of(windows: Windows, group: np.ndarray) -> list[list[tuple[float, float, int, bool]]]:
    rows = list(zip(windows.start_s, windows.end_s, group.tolist(), windows.whole.tolist(), strict=True))
    first = windows.first
    return [rows[a:b] for a, b in itertools.pairwise(first)]


@pytest.mark.parametrize("whole", [True, False])
def test_simpy_agrees_within_three_standard_errors(whole):
    """Other calls, so that nothing but the model is shared: 40 days here, 8 days there."""
    windows, group = staggered(48, whole=whole)
    ours, theirs = [], []
    for seed in range(40):
        rng = np.random.default_rng([3, seed])
        served, _ = serve_skills([day(rng, 70) for _ in range(5)], windows, group, FIVE_BY_EIGHT)
        ours.append([np.mean(one.answered & (one.wait_s <= 20)) for one in served])
    for seed in range(8):
        rng = np.random.default_rng([4, seed])
        calls = listed([day(rng, 70) for _ in range(5)])
        waits = simpy_centre.simulate(calls, rows_of(windows, group), KNOWN.tolist(), KNOWN.tolist())
        good = [[n in waits and waits[n][1] and waits[n][0] <= 20 for *_, n in own] for own in calls]
        theirs.append([np.mean(own) for own in good])
    error = np.hypot(np.std(ours, axis=0) / np.sqrt(40), np.std(theirs, axis=0, ddof=1) / np.sqrt(8))
    assert np.all(np.abs(np.mean(ours, axis=0) - np.mean(theirs, axis=0)) <= 3 * error)


def test_callers_who_come_again_are_as_many_as_the_formula_says():
    rng, size, agents = np.random.default_rng(5), 300_000, 22
    arrival = np.cumsum(rng.exponential(300 / 20, size))
    calls = Calls(arrival, rng.exponential(300, size), rng.exponential(120, size))
    redial = np.where(rng.random(size) < 0.4, rng.exponential(3600, size), np.inf)
    repeat = np.where(rng.random(size) < 0.1, rng.exponential(3600, size), np.inf)
    windows = Windows(np.arange(agents), np.zeros(agents), np.full(agents, 1e12))
    _, later = serve_skills([calls], windows, np.zeros(agents, int), Routing(ONE, ONE), [Again(redial, repeat)])
    callers = Callers(120.0, 0.4, 0.9, repeat_share=1.0)
    expected = float(all_calls(callers, np.array([240.0]), np.array([300.0]), np.array([agents]))[0]) / 240
    assert (size + later[0].arrival_s.size) / size == pytest.approx(expected, rel=0.01)


def test_a_caller_who_hangs_up_calls_again_and_is_answered():
    calls = Calls(np.array([0.0, 10.0]), np.array([100.0, 50.0]), np.array([5.0, 30.0]))
    again = Again(np.array([np.inf, 200.0]), np.array([np.inf, np.inf]))
    windows = Windows(np.array([0]), np.array([0.0]), np.array([1000.0]))
    served, later = serve_skills([calls], windows, np.array([0]), Routing(ONE, ONE), [again])
    assert later[0].arrival_s.tolist() == [240.0]
    assert served[0].answered.tolist() == [True, False, True]
    assert later[0].handle_s.tolist() == [50.0]


def test_callers_who_never_stop_are_refused():
    calls = Calls(np.array([0.0]), np.array([1.0]), np.array([1.0]))
    windows = Windows(np.array([0]), np.array([0.0]), np.array([1e12]))
    with pytest.raises(InputError, match="without end"):
        serve_skills([calls], windows, np.array([0]), Routing(ONE, ONE), [Again(np.array([1.0]), np.array([1.0]))])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 14))
def test_nobody_speaks_with_two_callers_or_takes_one_off_the_phone(seed, agents):
    rng = np.random.default_rng(seed)
    windows, group = staggered(agents)
    calls = [day(rng, 8) for _ in range(5)]
    served, _ = serve_skills(calls, windows, group, FIVE_BY_EIGHT)
    begin = np.concatenate([own.arrival_s + one.wait_s for own, one in zip(calls, served, strict=True)])
    end = begin + np.concatenate([own.handle_s for own in calls])
    by = np.concatenate([one.agent for one in served])
    for agent in range(agents):
        own = np.flatnonzero(by == agent)
        own = own[np.argsort(begin[own])]
        assert np.all(begin[own][1:] >= end[own][:-1] - 1e-6)
        inside = [(windows.start_s <= t + 1e-6) & (t < windows.end_s) & (windows.agent == agent) for t in begin[own]]
        assert all(found.any() for found in inside)


def test_one_group_is_one_pool():
    rng = np.random.default_rng(9)
    calls, (windows, group) = day(rng, 300), staggered(23)
    alone = serve(calls, windows)
    served, _ = serve_skills([calls], windows, np.zeros_like(group), Routing(ONE, ONE))
    assert np.mean(alone.wait_s) == pytest.approx(np.mean(served[0].wait_s), rel=1e-3)
    assert alone.overrun_s.sum() == pytest.approx(served[0].overrun_s.sum(), rel=0.05)
