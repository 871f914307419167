"""Patience and handle time: estimates recover what made the data, and their intervals cover it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from staffing.errors import InputError
from staffing.queueing import measures
from staffing.queueing.fit import (
    exponential_patience,
    handle_time,
    handle_time_from_intervals,
    kaplan_meier,
    largest_gap,
    patience_from_intervals,
)


def censored(rng: np.random.Generator, size: int, patience_s: float, offered_s: float):
    patience, offered = rng.exponential(patience_s, size), rng.exponential(offered_s, size)
    return np.minimum(patience, offered), patience < offered


def test_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(3)
    found = [exponential_patience(*censored(rng, 200, 180.0, 40.0)) for _ in range(400)]
    covered = np.mean([estimate.low <= 180 <= estimate.high for estimate in found])
    assert 0.92 <= covered <= 0.99
    assert np.mean([1 / estimate.value for estimate in found]) == pytest.approx(1 / 180, rel=0.03)


def test_leaving_out_the_answered_would_be_far_off():
    wait, gone = censored(np.random.default_rng(1), 5000, 180.0, 20.0)
    assert wait[gone].mean() < 30
    assert exponential_patience(wait, gone).value == pytest.approx(180, rel=0.1)


def test_kaplan_meier_by_hand():
    """Five calls: hang up at 2, answered at 3, hang up at 4 (two of them), answered at 9."""
    found = kaplan_meier([4, 2, 3, 9, 4], [True, True, False, False, True])
    assert found.time_s.tolist() == [2, 3, 4, 9]
    assert found.share == pytest.approx([0.8, 0.8, 0.8 / 3, 0.8 / 3])
    assert found.at([0, 2, 3.5, 8]).tolist() == pytest.approx([1, 0.8, 0.8, 0.8 / 3])
    assert math.isnan(float(found.at(10)))
    assert (found.low <= found.share).all()
    assert (found.share <= found.high).all()


def test_survival_tells_exponential_patience_from_another():
    rng = np.random.default_rng(2)
    wait, gone = censored(rng, 20_000, 120.0, 100.0)
    assert largest_gap(kaplan_meier(wait, gone), exponential_patience(wait, gone).value) < 0.03
    patience, offered = rng.uniform(50, 70, 5000), rng.exponential(100, 5000)
    wait, gone = np.minimum(patience, offered), patience < offered
    assert largest_gap(kaplan_meier(wait, gone), exponential_patience(wait, gone).value) > 0.3


def test_interval_exports_recover_the_patience_of_the_queue():
    rng = np.random.default_rng(5)
    volume = rng.uniform(50, 400, 300)
    agents = np.maximum(np.round(volume / 3600 * 300 * rng.uniform(0.85, 1.1, 300)), 1)
    true = measures(calls_per_hour=volume, aht_s=300, agents=agents, patience_s=150)
    abandoned = rng.poisson(volume * true.abandonment)
    found = patience_from_intervals(abandoned, volume * true.mean_wait_s)
    assert found.low < 150 < found.high
    assert found.value == pytest.approx(150, rel=0.05)


def test_handle_time_from_calls_and_from_intervals():
    rng = np.random.default_rng(6)
    calls = rng.lognormal(math.log(240) - 0.32, 0.8, 20_000)
    found = handle_time(calls)
    assert found.mean_s.low < 240 < found.mean_s.high
    assert found.log_deviation == pytest.approx(0.8, rel=0.02)
    assert found.variation == pytest.approx(math.sqrt(math.exp(0.64) - 1), rel=0.1)
    groups = calls.reshape(200, 100)
    export = handle_time_from_intervals(np.full(200, 100), groups.mean(axis=1))
    assert export.value == pytest.approx(found.mean_s.value)
    assert export.high - export.low == pytest.approx(found.mean_s.high - found.mean_s.low, rel=0.15)


def test_empty_intervals_do_not_count():
    assert handle_time_from_intervals([10, 0, 30], [100, 0, 200]).value == pytest.approx(175)


def test_what_cannot_be_seen_is_said():
    nobody = exponential_patience([10, 20], [False, False])
    assert math.isinf(nobody.value)
    assert 0 < nobody.low < 30
    for call in (
        lambda: exponential_patience([0, 0], [False, False]),
        lambda: exponential_patience([], []),
        lambda: exponential_patience([1, -1], [True, True]),
        lambda: exponential_patience([1, 2], [True]),
        lambda: kaplan_meier([1, 2], [False, False]),
        lambda: handle_time([100.0]),
        lambda: handle_time([100.0, 0.0]),
        lambda: handle_time_from_intervals([0], [100]),
    ):
        with pytest.raises(InputError):
            call()
