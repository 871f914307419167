"""The day models together: what the mix learns of its own past."""

import datetime as dt

import numpy as np
import pytest
from scipy.signal import lfilter

from staffing.domain.calendar import SiteCalendar
from staffing.forecast.day_level.days import dates_between, describe
from staffing.forecast.day_level.kernels import day_terms
from staffing.forecast.day_level.known import KnownDays
from staffing.forecast.day_level.mixture import fit_days
from staffing.forecast.day_level.models import MODELS
from staffing.forecast.day_level.recall import recalling
from staffing.forecast.day_level.regression import fit_regression

QUICK = ("regression", "second_regression", "smoothing", "weekday_mean")
DAYS = 300


@pytest.fixture(scope="module")
def regression():
    """Weekdays, and an error of each day that lasts into the next to a half."""
    facts = describe(dates_between(dt.date(2024, 1, 1), DAYS), SiteCalendar())
    lasting = lfilter([1.0], [1.0, -0.5], np.random.default_rng(4).normal(0.0, 0.1, DAYS))
    terms = day_terms(DAYS, periods=False)
    return fit_regression(facts, 7 + 0.3 * (facts.weekday < 5) + lasting, np.full(DAYS, 1e-4), terms)


def test_evenings_before_are_the_forecasts_one_known_day_ahead(regression):
    known = KnownDays.of(regression)
    assert known.calendar_past.evening == pytest.approx(regression.foreseen(known.past.days, 1))


def test_what_is_carried_moves_the_next_day_and_fades(regression):
    days = fit_days(regression, (), [MODELS[name] for name in QUICK])
    ahead = describe(dates_between(dt.date(2024, 1, 1) + dt.timedelta(days=DAYS), 30), SiteCalendar())
    effect = days.carry.effect(np.array(DAYS), np.arange(1, 31))
    assert 0.0 <= days.carry.share < 0.5
    other = np.sum(list(days.told(ahead).causes.values()), axis=0)
    without = fit_days(regression, (), [MODELS[name] for name in QUICK])
    without.carry.errors[:] = 0.0
    plain = np.sum(list(without.told(ahead).causes.values()), axis=0)
    assert other - plain == pytest.approx(effect)


def test_past_surprises_are_smaller_by_what_was_carried(regression):
    days = fit_days(regression, (), [MODELS[name] for name in QUICK])
    known = np.arange(DAYS - 50, DAYS)
    carried = days.carry.effect(known, np.ones(50))
    made = days.past_surprises(50, 1)
    days.carry.errors[:] = 0.0
    assert days.past_surprises(50, 1) - made == pytest.approx(carried)


def test_the_night_after_slow_models_keep_their_past_errors_and_quick_ones_are_replayed(regression):
    chosen = [MODELS[name] for name in (*QUICK, "prophet")]
    with recalling({}) as full:
        first = fit_days(regression, (), chosen)
    with recalling(full.found) as warm:
        again = fit_days(regression, (), chosen)
    assert warm.same
    told = [days.weights.ratios[:, list(days.fitted).index("prophet")] for days in (first, again)]
    assert told[0].tolist() == told[1].tolist()
    assert (told[0] != 1.0).any()
    assert again.weights.shares == pytest.approx(first.weights.shares)
