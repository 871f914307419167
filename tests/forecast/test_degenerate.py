"""Histories that show next to nothing: the forecast says what they show, with a range that is honest about it."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast import ForecastOptions, fit
from staffing.forecast.paths import draw_counts

PATHS = ForecastOptions(paths=200)
RANDOM = np.random.default_rng(0)


def made_of(calls, interval_min, weekdays_only=False, days=7):
    """Days' totals, and the 10 and 90 % quantiles of days, after ``calls`` from a Monday on."""
    index = pd.date_range("2025-01-06", periods=len(calls), freq=f"{interval_min}min", tz="UTC")
    rows = pd.DataFrame({"queue": "voice", "start": index, "calls": np.asarray(calls, float), "aht_s": 300.0})
    rows = rows[index.day_of_week < 5] if weekdays_only else rows
    calendar = SiteCalendar(interval_min=interval_min)
    start = rows.start.max().date() + dt.timedelta(days=1)
    made = fit(rows, calendar, options=PATHS).predict(calendar, (), start, days)
    paths = made.paths["voice"].reshape(PATHS.paths, days, -1).sum(axis=2)
    total = made.table.groupby(made.table.start.dt.date).calls.sum()
    return total.to_numpy(), np.quantile(paths, (0.1, 0.9), axis=0)


@pytest.mark.parametrize(
    ("calls", "interval_min", "weekdays_only", "each"),
    [
        ([10] * 63, 1440, True, 10),
        ([10] * 200, 1440, False, 10),
        ([100_000] * 100, 1440, False, 100_000),
        ([1] * 24 * 49, 60, False, 24),
        ([1] * 24 * 91, 60, False, 24),
        ([1] * 24 * 63, 60, True, 24),
        ([2] * 48 * 70, 30, False, 96),
        (np.tile([0] * 9 + [20] + [0] * 14, 90), 60, False, 20),
    ],
)
def test_calls_that_never_vary_are_forecast_as_they_are(calls, interval_min, weekdays_only, each):
    total, ranges = made_of(calls, interval_min, weekdays_only)
    worked = total > 0
    assert worked.sum() == (5 if weekdays_only else 7)
    assert total[worked] == pytest.approx(each, rel=0.01)
    assert (np.abs(ranges[:, worked] - each) <= 0.1 * each).all()


@pytest.mark.parametrize("days", [1, 2, 3, 6])
def test_a_few_days_are_their_mean(days):
    total, ranges = made_of(np.arange(5, 5 + days), 1440)
    assert total.mean() == pytest.approx(5 + (days - 1) / 2, rel=0.15)
    assert (ranges[1] - ranges[0] > 2).all()


def test_one_row_is_enough():
    assert np.isfinite(made_of([3], 60)[0]).all()


def test_a_mostly_silent_queue_is_forecast_near_its_rate():
    calls = (RANDOM.random(24 * 200) < 0.01).astype(float)
    total, ranges = made_of(calls, 60, days=28)
    assert total.mean() == pytest.approx(24 * calls.mean(), rel=0.5)
    assert ranges[1].max() <= 3


def test_poisson_counts_keep_poissons_range():
    total, ranges = made_of(RANDOM.poisson(10, 120), 1440, days=28)
    assert total.mean() == pytest.approx(10, rel=0.12)
    assert 6.5 < (ranges[1] - ranges[0]).mean() < 11


@pytest.mark.parametrize("dispersion", [0.0, 0.3, 1.0, 2.5])
def test_counts_have_the_mean_and_dispersion_asked_for(dispersion):
    drawn = draw_counts(np.full(200_000, 12.4), dispersion, np.random.default_rng(1)).astype(float)
    assert drawn.mean() == pytest.approx(12.4, rel=0.01)
    assert drawn.var() == pytest.approx(max(12.4 * dispersion, 0.24), rel=0.1)


@pytest.mark.parametrize("freq", ["D", "W", "MS"])
@pytest.mark.parametrize("models", [None, ("prophet",)])
@pytest.mark.parametrize("calls", [400.0 + np.arange(30), 1e7 + np.arange(30), 100.0 * 1.01 ** np.arange(30)])
def test_a_history_without_any_chance_is_forecast_whatever_its_spacing(calls, models, freq):
    start = pd.date_range("2022-08-01", periods=len(calls), freq=freq, tz="UTC").normalize()
    rows = pd.DataFrame({"queue": "voice", "start": start, "calls": calls.round(), "aht_s": 300.0})
    options, calendar = ForecastOptions(paths=20), SiteCalendar(interval_min=1440)
    options = options if models is None else ForecastOptions(paths=20, models=models)
    made = fit(rows, calendar, options=options).predict(calendar, (), start[-1].date() + dt.timedelta(days=1), 14)
    some = made.table.calls[made.table.calls > 0]
    assert some.between(0.7 * calls.min(), 1.6 * calls.max()).all()


@pytest.mark.parametrize("calls", [[196, 0, 0], [0, 0, 196], [0, 0, 0, 0, 0, 40]])
def test_the_only_day_with_calls_is_no_slip(calls):
    total, _ = made_of(calls, 1440)
    by_weekday = np.roll(total, len(calls))  # from Monday on
    assert by_weekday[np.argmax(calls)] == pytest.approx(max(calls))
    assert 0 < total.mean() < max(calls)
