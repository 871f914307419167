"""Days at zero that come and go."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast import forecast
from staffing.forecast.day_level.idle_days import idle_shares


def daily(calls):
    starts = pd.date_range("2024-01-01", periods=len(calls), tz="UTC")
    history = pd.DataFrame({"queue": "q", "start": starts, "calls": calls, "aht_s": np.nan})
    return forecast(history, SiteCalendar(interval_min=1440), start=starts[-1].date() + dt.timedelta(days=1), days=14)


def test_alternating_tens_and_zeros_are_forecast_at_five_with_zero_in_range():
    made = daily(np.where(np.arange(63) % 2 == 0, 10.0, 0.0))
    assert made.table.calls.to_numpy() == pytest.approx(5.0, abs=1.2)
    drawn = made.paths["q"]
    assert (drawn == 0).mean() == pytest.approx(0.5, abs=0.1)
    assert drawn.mean() == pytest.approx(5.0, abs=0.6)
    assert any("come and go" in note for note in made.notes)


def test_every_other_saturday_is_in_doubt_and_the_other_days_are_not():
    days = np.arange(140)
    made = daily(np.where((days % 7 == 5) & (days // 7 % 2 == 0), 0.0, 100.0)).table.calls.to_numpy()
    assert made[5] == pytest.approx(50.0, abs=10.0)
    assert np.delete(made, [5, 12]) == pytest.approx(100.0, rel=0.05)


def test_an_outage_in_a_row_and_a_rare_one_leave_no_doubt():
    weekday, days = np.tile(np.arange(7), 12), np.arange(84)
    outage = (days >= 40) & (days < 61)
    assert not idle_shares(weekday, outage, ~outage).any()
    rare = np.isin(days, [14, 49])
    assert not idle_shares(weekday, rare, ~rare).any()
