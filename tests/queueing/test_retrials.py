"""Redials and repeats: the fixed point balances, and a simulation of callers who return agrees."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.errors import InputError
from staffing.queueing import Targets, measures
from staffing.queueing.retrials import Callers, smallest_agents_with_repeats, with_repeats


@settings(deadline=None, max_examples=40)
@given(
    redial=st.floats(0, 0.9), resolution=st.floats(0, 1), repeat=st.floats(0, 0.9), share=st.floats(0.5, 1.5),
    load=st.floats(0.5, 300),
)  # fmt: skip
def test_calls_balance(redial, resolution, repeat, share, load):
    callers = Callers(patience_s=120, redial_share=redial, resolution=resolution, repeat_share=repeat)
    found = with_repeats(callers, first_calls_per_hour=load * 12, aht_s=300, agents=max(1, round(load * share)))
    lost = found.measures.abandonment
    again = redial * lost + (1 - resolution) * repeat * (1 - lost)
    assert found.calls_per_hour * (1 - again) == pytest.approx(load * 12, rel=1e-10)


def test_nobody_returns_is_erlang_a():
    found = with_repeats(Callers(patience_s=120), first_calls_per_hour=2880, aht_s=60, agents=50)
    assert found.measures == measures(calls_per_hour=2880, aht_s=60, agents=50, patience_s=120)


def test_better_resolution_saves_calls():
    poor, good = (Callers(resolution=r, repeat_share=0.6) for r in (0.7, 0.8))
    assert poor.calls_per_matter() == pytest.approx(1 / (1 - 0.18))
    assert good.calls_per_matter() < poor.calls_per_matter()


def test_callers_simulated_with_late_redials_agree():
    rng = np.random.default_rng(4)
    agents, aht, patience, redial, rate = 9, 300.0, 120.0, 0.6, 11 / 300
    events = [(float(t), True) for t in np.cumsum(rng.exponential(1 / rate, 60_000))]
    heapq.heapify(events)
    free, offered, in_time = [0.0] * agents, 0, 0
    while events:
        now, _ = heapq.heappop(events)
        offered += 1
        wait = max(free[0] - now, 0.0)
        if wait <= (limit := rng.exponential(patience)):
            in_time += wait <= 20
            heapq.heapreplace(free, now + wait + rng.exponential(aht))
        elif rng.random() < redial:
            heapq.heappush(events, (now + limit + rng.exponential(3 * 3600), False))
    callers = Callers(patience_s=patience, redial_share=redial)
    exact = with_repeats(callers, first_calls_per_hour=rate * 3600, aht_s=aht, agents=agents)
    assert offered / 60_000 == pytest.approx(exact.calls_per_hour / (rate * 3600), rel=0.01)
    assert in_time / offered == pytest.approx(exact.measures.service_level, abs=0.01)


def test_smallest_agents_count_the_calls_that_return():
    callers, targets = Callers(120, 0.5, 0.8, 0.7), Targets(service_level=0.8)
    found = smallest_agents_with_repeats(callers, targets, first_calls_per_hour=2880, aht_s=60)

    def kept(agents):
        return targets.kept_by(with_repeats(callers, first_calls_per_hour=2880, aht_s=60, agents=agents).measures)

    assert kept(found)
    assert not kept(found - 1)
    patient = Callers(resolution=0.8, repeat_share=0.7)
    assert smallest_agents_with_repeats(patient, targets, first_calls_per_hour=2880, aht_s=60) > 2880 / 60 / 0.86


def test_no_calls_stay_no_calls():
    found = with_repeats(Callers(120, 0.5), first_calls_per_hour=0, aht_s=60, agents=3)
    assert found.calls_per_hour == 0
    assert math.isnan(found.measures.service_level)


def test_impossible_and_bad_input():
    with pytest.raises(InputError, match="agents"):
        with_repeats(Callers(resolution=0.5, repeat_share=0.5), first_calls_per_hour=60, aht_s=60, agents=1)
    for wrong in ({"redial_share": 1.0}, {"resolution": 1.1}, {"repeat_share": -0.1}, {"patience_s": 0}):
        with pytest.raises(InputError):
            Callers(**wrong)
