"""Opening hours that change in the middle of history."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast import ForecastOptions, fit

HOURLY = SiteCalendar(interval_min=60)
OPTIONS = ForecastOptions(models=("regression", "second_regression", "smoothing", "weekday_mean"), paths=60)
DAYS = 160
INDEX = pd.date_range("2025-01-06", periods=24 * DAYS, freq="h", tz="UTC")
DAY = np.repeat(np.arange(DAYS), 24)


def made_of(level, seed=0):
    """Expected calls of a coming week by day and hour, and the notes."""
    calls = np.random.default_rng(seed).poisson(level).astype(float)
    rows = pd.DataFrame({"queue": "voice", "start": INDEX, "calls": calls, "aht_s": np.nan})
    start = INDEX[-1].date() + dt.timedelta(days=1)
    made = fit(rows, HOURLY, options=OPTIONS).predict(HOURLY, (), start, 7)
    return made.table.calls.to_numpy().reshape(7, 24), " ".join(made.notes)


def open_at(first, last):
    return np.where((INDEX.hour >= first) & (INDEX.hour < last), 40.0, 0.0)


@pytest.mark.parametrize("since", [1, 2, 14, 40])
def test_hours_that_opened_are_forecast_as_busy_as_they_are(since):
    made, notes = made_of(np.where(DAYS - since <= DAY, open_at(8, 21), open_at(8, 18)))
    assert made[:, 18:21].mean() == pytest.approx(40, rel=0.1 if since > 2 else 0.35)  # what came on one day
    assert made[:, 8:18].mean() == pytest.approx(40, rel=0.05)
    assert f"calls from 18:00 to 21:00 only since {INDEX[24 * (DAYS - since)].date()}" in notes
    assert "the level changed" not in notes


@pytest.mark.parametrize("since", [5, 7, 14, 40])
def test_hours_that_closed_stay_closed(since):
    made, notes = made_of(np.where(DAYS - since <= DAY, open_at(8, 18), open_at(8, 21)))
    assert made[:, 18:21].max() < 0.5
    assert made[:, 8:18].mean() == pytest.approx(40, rel=0.05)
    assert f"no calls from 18:00 to 21:00 since {INDEX[24 * (DAYS - since)].date()}" in notes


@pytest.mark.parametrize("since", [1, 2])
def test_a_day_that_moved_yesterday_stays_as_long(since):
    made, notes = made_of(np.where(DAYS - since <= DAY, open_at(11, 21), open_at(8, 18)))
    assert made[:, 18:21].mean() == pytest.approx(40, rel=0.35)
    assert made[:, :11].max() < 0.5
    assert made.sum() == pytest.approx(7 * 400, rel=0.1)
    assert "calls from 18:00 to 21:00 only since" in notes
    assert "no calls from 08:00 to 11:00 since" in notes


def test_quiet_hours_are_neither_opened_nor_closed_by_chance():
    night = np.where(INDEX.hour < 8, 0.05, 0.0)
    for seed in range(5):
        _, notes = made_of(open_at(8, 18) + night, seed=seed)
        assert "calls from" not in notes


def test_a_busy_hour_of_one_last_night_opens_none():
    level = open_at(8, 18)
    level[-24 + 4] = 20.0
    made, notes = made_of(level)
    assert "calls from" not in notes
    assert made[:, 8:18].mean() == pytest.approx(40, rel=0.05)
