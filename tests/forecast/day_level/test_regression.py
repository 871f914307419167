"""The calendar regression against textbook linear algebra, and against effects that were put in."""

import datetime as dt

import numpy as np
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast.day_level.days import dates_between, describe
from staffing.forecast.day_level.kernels import day_terms
from staffing.forecast.day_level.recall import recalling
from staffing.forecast.day_level.regression import fit_regression
from staffing.forecast.day_level.shifts import find_shifts
from staffing.forecast.day_level.systems import KEPT

CALENDAR = SiteCalendar(country="US")
POISSON = 1e-4


def made_up(days=160, seed=0, shift_at=None, shift=0.0):
    facts = describe(dates_between(dt.date(2024, 1, 1), days), CALENDAR)
    rng = np.random.default_rng(seed)
    y = 7 + 0.3 * (facts.weekday < 5) - 0.4 * (facts.holiday_offset == 0) + rng.normal(0, 0.03, days)
    if shift_at is not None:
        y[shift_at:] += shift
    return facts, y


def fitted(facts, y):
    return fit_regression(facts, y, np.full(len(y), POISSON), day_terms(len(y), periods=False))


def brute_force(model, y, known, columns):
    """Gaussian-process forecast and its deviation, straight from the formula with a plain inverse."""
    k = model.solved().covariance
    noisy = k[:known, :known] + np.diag((model.noise / model.weights + POISSON)[:known])
    gain = k[columns, :known] @ np.linalg.inv(noisy)
    variance = np.diag(k)[columns] - np.einsum("ij,ij->i", gain, k[columns, :known]) + model.noise + POISSON
    return model.centre + gain @ (y[:known] - model.centre), np.sqrt(variance)


def test_every_past_origin_equals_a_forecast_made_then():
    facts, y = made_up()
    model = fitted(facts, y)
    columns = np.arange(100, 160)
    forward = model.forward(columns)
    mean, deviation = model.means(forward), model.deviations(forward, columns)
    for known in (0, 28, 97, 159):
        expected_mean, expected_deviation = brute_force(model, y, known, columns)
        assert mean[known] == pytest.approx(expected_mean, abs=1e-8)
        assert deviation[known] == pytest.approx(expected_deviation, rel=1e-6)


def test_a_light_regression_has_its_matrices_at_hand_and_makes_the_same_again_later():
    facts, y = made_up()
    model = fitted(facts, y)
    light = model.light()
    assert light.solved() is model.system
    for k in range(KEPT):
        fitted(facts, y + k + 1).light()
    again = light.solved()
    assert again is not model.system
    assert np.array_equal(again.factor, model.system.factor)


def test_a_fit_taken_from_last_weeks_is_the_regression_with_its_weights():
    facts, y = made_up()
    with recalling({}) as first:
        fitted(facts[:153], y[:153])
    y[157] += 1.0  # an odd day among the new ones
    with recalling(first.found):
        model = fitted(facts, y)
    k = model.solved().covariance + np.diag(model.noise / model.weights + POISSON)
    assert model.weights[157] < 0.2
    assert model.solved().factor @ model.solved().factor.T == pytest.approx(k, abs=1e-10)
    assert model.alpha == pytest.approx(np.linalg.solve(k, y - model.centre), rel=1e-6, abs=1e-6)


def test_left_out_equals_refits_without_the_day():
    facts, y = made_up(80)
    model = fitted(facts, y)
    noisy = model.solved().covariance + np.diag(model.noise / model.weights + POISSON)
    surprises = model.left_out()
    for day in (0, 33, 79):
        others = np.delete(np.arange(80), day)
        forecast = noisy[day, others] @ np.linalg.solve(noisy[np.ix_(others, others)], y[others] - model.centre)
        assert surprises[day] == pytest.approx(y[day] - model.centre - forecast, abs=1e-8)


def test_components_sum_to_the_forecast():
    facts, y = made_up()
    model = fitted(facts[:120], y[:120])
    assert model.centre + sum(model.components(facts).values()) == pytest.approx(model.predict(facts))


def test_weekday_and_holiday_effects_are_found():
    facts, y = made_up(400)
    model = fitted(facts[:380], y[:380])
    ahead = facts[380:]
    truth = 7 + 0.3 * (ahead.weekday < 5) - 0.4 * (ahead.holiday_offset == 0)
    assert np.abs(model.predict(ahead) - truth).max() < 0.12
    assert np.abs(model.predict(ahead) - truth)[ahead.holiday_offset != 0].max() < 0.05


def test_an_outage_and_a_spike_lose_their_weight():
    facts, y = made_up()
    y[100], y[120] = y[100] - 2.0, y[120] + 1.5
    model = fitted(facts, y)
    assert model.weights[[100, 120]].max() < 0.1
    assert np.median(model.weights) > 0.8


@pytest.mark.parametrize("shift_at", [80, 150])
def test_a_level_shift_is_found_and_dated(shift_at):
    facts, y = made_up(shift_at=shift_at, shift=0.5)
    assert [round(day - facts.ordinal[0]) for day in find_shifts(fitted(facts, y))] == [shift_at]


def test_no_level_shift_is_found_where_there_is_none():
    assert not any(find_shifts(fitted(*made_up(seed=seed))) for seed in range(5))
