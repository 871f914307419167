"""Levels that go back to the year's mean, and levels that move on."""

import numpy as np
import pytest

from staffing.forecast.day_level.level_return import FURTHEST, NEAREST, LevelReturn, gaps, learn_return, way

DAYS, STEPS = 900, 60
AHEAD = np.tile(np.arange(1.0, STEPS + 1), (40, 1))
AGE = 9.0 * np.arange(40)[::-1]


def errors_of(share, noise, seed=1):
    """Gaps of forty origins, and errors of forecasts that kept the level, had ``share`` of the gap closed."""
    rng = np.random.default_rng(seed)
    gap = rng.normal(0.0, 0.2, 40)
    return gap, share * gap[:, None] * way(AHEAD) + rng.normal(0.0, noise, AHEAD.shape)


def test_gaps_are_the_means_of_the_year_and_the_last_weeks_by_date():
    rng = np.random.default_rng(2)
    ordinal = np.flatnonzero(rng.random(DAYS) < 0.8).astype(float)
    log_total = rng.normal(5.0, 0.3, len(ordinal))
    known = np.array([10, 400, len(ordinal)])
    made = gaps(ordinal, log_total, known)
    assert np.isnan(made[0])
    for k, gap in zip(known[1:], made[1:], strict=True):
        age = ordinal[k - 1] - ordinal[:k]
        assert gap == pytest.approx(log_total[:k][age < 364].mean() - log_total[:k][age < 28].mean())


@pytest.mark.parametrize("share", [-0.2, 0.0, 0.4])
def test_the_share_that_closed_is_found(share):
    gap, errors = errors_of(share, noise=0.02)
    assert learn_return(errors, AHEAD, gap, AGE) == pytest.approx(share, abs=0.05)


def test_noisy_errors_say_little_and_the_share_is_limited():
    gap, errors = errors_of(0.4, noise=0.5)
    assert 0.0 < learn_return(errors, AHEAD, gap, AGE) < 0.2
    for share, limit in ((3.0, NEAREST), (-3.0, FURTHEST)):
        gap, errors = errors_of(share, noise=0.01)
        assert learn_return(errors, AHEAD, gap, AGE) == limit


def test_without_a_year_nothing_is_learned():
    assert learn_return(np.ones((40, STEPS)), AHEAD, np.full(40, np.nan), AGE) == 0.0


def test_a_level_goes_back_bit_by_bit():
    effect = LevelReturn(share=0.5, gap=-0.2).effect(np.array([1, 45, 10_000]))
    assert effect == pytest.approx([-0.1 * (1 - 0.5 ** (1 / 45)), -0.05, -0.1])
