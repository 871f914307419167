"""Widths in the light of what past ranges held, on days whose spread is known."""

import datetime as dt

import numpy as np
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast.day_level.calendar import calendar_regression
from staffing.forecast.day_level.days import dates_between, describe
from staffing.forecast.day_level.models import MODELS
from staffing.forecast.day_level.recall import recalling
from staffing.forecast.past_ranges import FITTED, held_to_past, width_scale
from staffing.forecast.paths import NO_NOISE, DayNoise

DAYS = 300
KNOWN = describe(dates_between(dt.date(2021, 1, 3), DAYS), SiteCalendar())
WEEK = np.log([1.2, 1.1, 1.0, 1.0, 0.9, 0.5, 0.4])
POISSON = np.full(DAYS, 1e-4)
BOTH = [MODELS[name] for name in FITTED]
NOISE = DayNoise(np.ones((8, 28)), np.ones(8), np.full(28, 1.5))


def days_that_stray(spread, seed):
    """Log totals about 10,000 calls whose days stray by ``spread``, one for each or one for all."""
    return np.log(1e4) + WEEK[KNOWN.weekday] + np.random.default_rng(seed).normal(size=DAYS) * spread


def scale(came, last=DAYS):
    return width_scale(KNOWN[:last], came[:last], POISSON[:last], BOTH, 1.0)


def changing(size):
    """Days that stray by 8 % at first, and ``size`` times that in the last fourteen weeks."""
    return np.where(np.arange(DAYS) < DAYS - 98, 0.08, 0.08 * size)


def test_widths_stay_where_past_ranges_held():
    scales = [scale(days_that_stray(0.08, seed)) for seed in range(6)]
    assert np.mean(scales) == pytest.approx(1.0, abs=0.08)
    assert max(scales) < 1.25
    assert min(scales) > 0.8


def test_widths_widen_where_days_came_to_stray_more_and_narrow_where_less():
    narrowed, kept, widened = (
        np.mean([scale(days_that_stray(changing(size), seed)) for seed in range(3)]) for size in (0.3, 1.0, 3.0)
    )
    assert narrowed < 0.85 * kept
    assert widened > 1.15 * kept


def test_the_level_of_calls_matters_nothing():
    came = days_that_stray(0.08, 5)
    assert scale(came + 2.0) == pytest.approx(scale(came), rel=0.02)


def test_an_outage_moves_widths_little():
    came = days_that_stray(0.08, 6)
    plain = scale(came)
    came[DAYS - 40] -= 9.0
    assert scale(came) == pytest.approx(plain, rel=0.1)


def test_a_level_that_changed_is_met_as_it_came():
    """A step that no fit could foresee: past ranges failed by it, and widths say so, as far as one error may count."""
    came = days_that_stray(0.05, 7)
    came[DAYS - 50 :] += 0.5
    assert 1.2 < scale(came) < 3.0


@pytest.mark.parametrize("days", [21, 28, 40, 55])
def test_a_short_past_tells_nothing(days):
    assert scale(days_that_stray(0.08, 8), days) == 1.0


@pytest.mark.parametrize("came", [np.full(DAYS, np.log(10.5)), np.tile(np.log([0.5, 20.5]), DAYS // 2)])
def test_calls_that_never_or_always_jump_have_a_scale(came):
    """Ten a day, every day; nothing and twenty in turn."""
    poisson = np.full(DAYS, 0.1)
    assert 0.3 < width_scale(KNOWN, came, poisson, BOTH, 0.0) < 2.0


def _held(models, noise=NOISE):
    came = days_that_stray(changing(0.3), 9)
    calendar, _ = calendar_regression(KNOWN, came, POISSON, ())
    return held_to_past(noise, calendar, (), models, 1.0)


def test_only_widths_are_scaled():
    held = _held(list(MODELS.values()))
    assert held.surprises is NOISE.surprises
    assert held.factors == pytest.approx(NOISE.factors * held.factors[0] / NOISE.factors[0])
    assert held.factors[0] < NOISE.factors[0]


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_model_chosen_alone_keeps_its_own_widths(name):
    assert _held([MODELS[name]]) is NOISE


def test_without_past_errors_there_is_nothing_to_scale():
    assert _held(BOTH, NO_NOISE) is NO_NOISE


def test_the_night_after_keeps_to_the_last_full_fit():
    """And what its past fits found stays theirs: a fit of today takes nothing from them."""
    with recalling({}) as full:
        first = _held(BOTH)
    assert [key for key in full.found if key.startswith("width scale")] == ["width scale 0"]
    with recalling({**full.found, "width scale 0": 2.0}) as night:
        held = _held(BOTH)
    assert night.same
    assert held.factors == pytest.approx(2.0 * NOISE.factors)
    assert first.factors[0] != held.factors[0]
