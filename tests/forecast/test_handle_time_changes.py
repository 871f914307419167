"""Lasting changes and steady trends of handle time, against worlds whose truth is known."""

import re

import numpy as np
import pytest

from tests.forecast.test_handle_time import DAYS, OPTIONS, made_of, world

AGO = np.arange(DAYS) - DAYS  # −1 = the last day; worlds are open on four weekdays of seven


def since(days, size):
    return np.where(-days <= AGO, np.log1p(size), 0.0)


def told(log_level, seed=0, days=28, per_call=0.5):
    """Forecast ÷ the handle time without the change, by week, and the notes on it."""
    made, ratio = made_of(world(log_level, per_call=per_call, seed=seed), days=days)
    week = (made.table.start - made.table.start.iloc[0]).dt.days // 7
    return np.array([ratio[week == k].mean() for k in range(4)]), [n for n in made.notes if "handle time" in n], made


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("days", "size"), [(10, 0.25), (28, 0.25), (56, 0.25), (21, -0.3)])
def test_a_lasting_change_is_followed_for_four_weeks_and_said(days, size, seed):
    weeks, notes, _ = told(since(days, size), seed)
    assert weeks == pytest.approx(1.0 + size, rel=0.015)
    by, now, before = map(float, re.search(r"by ([+-]\d+)%.* about (\d+) s; .* about (\d+) s", notes[0]).groups())
    assert by == pytest.approx(100 * size, abs=1.5)
    assert (now, before) == pytest.approx((300 * (1 + size), 300), rel=0.015)


@pytest.mark.parametrize("seed", range(3))
def test_a_change_of_the_last_days_is_followed_with_doubt(seed):
    weeks, notes, made = told(since(5, 0.25), seed)  # three of the last five days are open
    assert weeks == pytest.approx(1.25, rel=0.04)
    assert "if it returns" in notes[0]
    last = made.aht_paths["voice"][:, -10:].mean(axis=1)
    assert np.quantile(last, 0.1) < 330 < 375 < np.quantile(last, 0.95)


def test_two_changes_and_one_that_went_back_are_each_told():
    weeks, notes, _ = told(since(60, 0.2) + since(20, 0.12))
    assert weeks == pytest.approx(1.2 * 1.12, rel=0.015)
    assert re.search(r"by \+(19|20|21)%, \+1[123]% on ", notes[0])
    weeks, notes, _ = told(since(60, 0.3) - since(40, 0.3))
    assert weeks == pytest.approx(1.0, abs=0.015)
    assert "if it returns, about 39" in notes[0] or "if it returns, about 38" in notes[0]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("weekly", "weeks"), [(0.01, 20), (0.005, 40), (-0.01, 20)])
def test_a_steady_trend_goes_on(weekly, weeks, seed):
    trend = np.log1p(weekly) * np.maximum(AGO + 7 * weeks, 0) / 7
    forecast, notes, _ = told(trend, seed)
    truth = np.exp(trend[-1] + np.log1p(weekly) * (np.arange(4) + 0.6))
    assert forecast == pytest.approx(truth, rel=0.015)
    assert ("rises" if weekly > 0 else "falls") in notes[0]


def test_how_far_a_trend_goes_is_in_doubt():
    _, _, made = told(np.log1p(0.01) * np.maximum(AGO + 140, 0) / 7)
    aht_s = made.aht_paths["voice"]
    first, last = (np.std(aht_s[:, at].mean(axis=1)) for at in (slice(0, 10), slice(-10, None)))
    assert last > first + 2


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("per_call", [0.5, 3.0])
def test_nothing_is_said_where_nothing_changed(seed, per_call):
    assert not told(np.zeros(DAYS), seed + 50, per_call=per_call)[1]


def test_paths_still_average_to_the_forecast():
    _, _, made = told(since(10, 0.25))
    assert made.aht_paths["voice"].shape[0] == OPTIONS.paths
    assert made.aht_paths["voice"].mean(axis=0) == pytest.approx(made.table.aht_s.to_numpy(), rel=1e-3)
