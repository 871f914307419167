"""Errors of the evening before that last into the next day, and errors that do not."""

import numpy as np
import pytest
from scipy.signal import lfilter

from staffing.forecast.day_level.carry import MOST, Carry, learn_carry

DAYS = 800


def errors_lasting(share, seed=1):
    """An autoregression, by a filter of its shocks."""
    return lfilter([1.0], [1.0, -share], np.random.default_rng(seed).normal(0.0, 0.1, DAYS))


@pytest.mark.parametrize("share", [0.0, 0.2, 0.4])
def test_the_share_that_lasts_is_found(share):
    assert learn_carry(np.arange(DAYS), errors_lasting(share)).share == pytest.approx(share, abs=0.1)


def test_only_days_that_follow_each_other_tell():
    every_other = 2.0 * np.arange(DAYS)
    assert learn_carry(every_other, errors_lasting(0.4)).share == 0.0


def test_a_few_days_tell_little_and_the_share_is_limited():
    few = learn_carry(np.arange(20), errors_lasting(0.9)[:20]).share
    assert 0.0 <= few < 0.45
    assert learn_carry(np.arange(DAYS), errors_lasting(0.95)).share == MOST
    assert learn_carry(np.arange(DAYS), errors_lasting(-0.5)).share == 0.0


def test_an_outage_on_the_last_day_counts_as_three_usual_errors():
    errors = errors_lasting(0.3)
    errors[-1] = -4.0
    usual = 1.4826 * np.median(np.abs(errors))
    assert learn_carry(np.arange(DAYS), errors).errors[-1] == pytest.approx(-3 * usual)


def test_days_without_a_forecast_carry_nothing():
    errors = np.full(DAYS, np.nan)
    nothing = learn_carry(np.arange(DAYS), errors)
    assert nothing.share == 0.0
    assert not nothing.effect(np.array([3, DAYS]), np.array([1, 1])).any()


def test_an_error_fades_by_the_calendar_day():
    carry = Carry(0.5, np.array([0.1, 0.4]))
    assert carry.effect(np.array(2), np.array([1, 2, 3])) == pytest.approx([0.2, 0.1, 0.05])
    assert carry.effect(np.array([1, 2]), np.array([1, 1])) == pytest.approx([0.05, 0.2])
