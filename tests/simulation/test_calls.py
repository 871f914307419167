"""The call simulator: hand-made calls, steady state, and windows that end."""

from __future__ import annotations

import numpy as np
import pytest

from staffing.queueing import measures
from staffing.simulation.calls import Calls, Windows, serve


def calls(*rows: tuple[float, float, float]) -> Calls:
    return Calls(*(np.array(column, dtype=float) for column in zip(*rows, strict=True)))


def windows(*rows: tuple[int, float, float]) -> Windows:
    who, start, end = zip(*rows, strict=True)
    return Windows(np.array(who), np.array(start, dtype=float), np.array(end, dtype=float))


def test_second_caller_waits_and_third_hangs_up():
    served = serve(calls((0, 100, 50), (10, 100, 200), (20, 100, 30)), windows((0, 0, 1000)))
    assert served.wait_s.tolist() == [0, 90, 30]
    assert served.answered.tolist() == [True, True, False]
    assert served.agent.tolist() == [0, 0, -1]


def test_call_in_hand_is_finished_after_the_shift():
    served = serve(calls((90, 100, 50), (150, 10, 500)), windows((0, 0, 100), (1, 300, 400)))
    assert served.overrun_s.tolist() == [90, 0]
    assert served.wait_s.tolist() == [0, 150]
    assert served.agent.tolist() == [0, 1]


def test_agent_returns_from_a_break():
    served = serve(calls((50, 10, 500), (120, 10, 500)), windows((0, 0, 100), (0, 200, 300)))
    assert served.wait_s.tolist() == [0, 80]


def test_without_agents_everybody_hangs_up():
    served = serve(calls((0, 10, 5)), Windows.of_headcounts(np.array([0]), 1800))
    assert served.answered.tolist() == [False]
    assert served.wait_s.tolist() == [5]


def test_headcounts_become_windows():
    found = Windows.of_headcounts(np.array([1, 2, 0, 1]), 100.0)
    rows = sorted(zip(found.agent.tolist(), found.start_s.tolist(), found.end_s.tolist(), strict=True))
    assert rows == [(0, 0.0, 200.0), (0, 300.0, 400.0), (1, 100.0, 200.0)]


@pytest.mark.parametrize(("load", "agents", "patience_s"), [(5, 5, 120.0), (48, 50, 120.0), (20, 24, 1e9)])
def test_steady_state_is_erlang(load, agents, patience_s):
    rng, size = np.random.default_rng(7), 400_000
    arrival = np.cumsum(rng.exponential(300 / load, size))
    many = Calls(arrival, rng.exponential(300, size), rng.exponential(patience_s, size))
    served = serve(many, Windows(np.arange(agents), np.zeros(agents), np.full(agents, 1e12)))
    exact = measures(arrival_rate_per_s=load / 300, aht_s=300, agents=agents, patience_s=patience_s)
    assert np.mean(served.answered & (served.wait_s <= 20)) == pytest.approx(exact.service_level, abs=0.01)
    assert np.mean(~served.answered) == pytest.approx(exact.abandonment, abs=0.005)
    assert served.wait_s[served.answered].mean() == pytest.approx(exact.asa_s, rel=0.06)
