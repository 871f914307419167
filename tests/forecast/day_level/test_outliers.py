"""One day far beyond all others in a short history: left out of the weekday mean, and said."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast import forecast
from staffing.forecast.day_level.outliers import outliers

DAILY = SiteCalendar(interval_min=1440)


@pytest.mark.parametrize("days", [8, 14, 20])
def test_one_huge_day_of_a_short_history_counts_for_nothing_and_is_said(days):
    dates = pd.date_range("2025-06-02", periods=days, freq="D")
    calls = np.random.default_rng(days).poisson(200, days).astype(float)
    calls[3] = 200_000
    rows = pd.DataFrame({"queue": "voice", "start": dates.tz_localize("UTC"), "calls": calls, "aht_s": np.nan})
    made = forecast(rows, DAILY, start=dates[-1].date() + dt.timedelta(days=1), days=7)
    assert made.table.calls.between(160, 240).all()
    assert any("200,000 calls on 2025-06-05 are many times those of all other days" in note for note in made.notes)


def test_a_weekday_that_is_always_busy_and_small_queues_have_no_outlier():
    weekday = np.arange(21) % 7
    assert not outliers(np.where(weekday == 0, 1500.0, 100.0), weekday).any()
    assert not outliers(np.where(weekday == 0, 1500.0, 100.0)[:7], weekday[:7]).any()
    assert not outliers(np.random.default_rng(0).poisson(1.0, 21).astype(float), weekday).any()
