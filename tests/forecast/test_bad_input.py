"""What users bring: each case has a clear message and, where one is possible, a sensible forecast."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError
from staffing.forecast import ForecastOptions, forecast
from tests.forecast.conftest import WEEK, make_history

FEW = ForecastOptions(paths=40)
HOURLY = SiteCalendar(interval_min=60)


def after(rows):
    return rows.start.max().date() + dt.timedelta(days=1)


def day_totals(made):
    return made.table.groupby(made.table.start.dt.date).calls.sum()


def test_all_zero_queue_forecasts_zero_and_says_so():
    rows = make_history(days=60).assign(calls=0.0)
    made = forecast(rows, HOURLY, start=after(rows), days=7, options=FEW)
    assert (made.table[["calls", "p90"]] == 0).all().all()
    assert "no calls in the history" in made.notes[0]


@pytest.mark.parametrize("days", [1, 3, 7])
def test_days_of_history_give_a_weekday_mean_with_a_wide_range(days):
    rows = make_history(days=days)
    made = forecast(rows, HOURLY, start=after(rows), days=7, options=FEW)
    totals = day_totals(made)
    assert totals.min() > 0.2 * 2000 * WEEK.min()
    assert totals.max() < 1.2 * 2000 * WEEK.max()
    assert f"only {days} days of history" in made.notes[0]
    busy = made.table.calls > 50
    assert (made.table.p90[busy] / made.table.p10[busy]).median() > 1.3


def test_a_year_of_gaps_still_finds_the_week():
    rows = make_history(days=365)
    dates = rows.start.dt.date
    kept = np.random.default_rng(1).random(365) < 0.3
    rows = rows[kept[(pd.to_datetime(dates) - pd.Timestamp("2024-01-01")).dt.days]]
    made = forecast(rows, HOURLY, start=dt.date(2024, 12, 31), days=7, options=FEW)
    totals = day_totals(made)
    truth = 2000.0 * WEEK[[day.weekday() for day in totals.index]]
    assert np.abs(totals / truth - 1).max() < 0.15
    assert any("taken as missing" in note for note in made.notes)


def test_a_level_break_last_week_is_followed_and_named():
    rows = make_history(days=200)
    broken = rows.start >= rows.start.max() - pd.Timedelta("7D")
    rows.loc[broken, "calls"] = (rows.calls[broken] * 1.6).round()
    made = forecast(rows, HOURLY, start=after(rows), days=7, options=FEW)
    totals = day_totals(made)
    truth = 1.6 * 2000.0 * WEEK[[day.weekday() for day in totals.index]]
    assert abs(totals.sum() / truth.sum() - 1) < 0.12
    assert any("the level changed on 2024-07-1" in note for note in made.notes)


def test_closed_weekdays_are_not_forecast():
    calendar = SiteCalendar(interval_min=60, opening={"monday": "08:00-18:00", "tuesday": "08:00-18:00"})
    rows = make_history(days=90)
    made = forecast(rows, calendar, start=after(rows), days=14, options=FEW)
    assert set(made.table.start.dt.day_of_week) == {0, 1}
    assert made.table.start.dt.hour.between(8, 17).all()
    assert any("outside the opening hours" in note for note in made.notes)


def test_weekdays_without_calls_are_forecast_at_zero():
    rows = make_history(days=90)
    rows = rows[rows.start.dt.day_of_week < 5]
    made = forecast(rows, HOURLY, start=dt.date(2024, 4, 1), days=7, options=FEW)
    totals = day_totals(made)
    assert (totals.to_numpy()[:5] > 1000).all()
    assert (totals.to_numpy()[5:] == 0).all()


def test_negative_counts_are_refused():
    rows = make_history(days=30)
    rows.loc[5, "calls"] = -4.0
    with pytest.raises(InputError, match=r"row 7.*'calls'.*-4"):
        forecast(rows, HOURLY, start=after(rows), days=7)


def test_rows_after_the_first_forecast_day_are_not_used():
    rows = make_history(days=100)
    start = dt.date(2024, 3, 1)
    spoiled = rows.copy()
    spoiled.loc[spoiled.start.dt.date >= start, "calls"] = 1e6
    made = [forecast(frame, HOURLY, start=start, days=7, options=FEW) for frame in (rows, spoiled)]
    assert made[0].table.equals(made[1].table)
    assert any("on or after 2024-03-01 are not used" in note for note in made[0].notes)


def test_two_spacings_are_refused():
    rows = pd.concat([make_history(days=20, interval_min=1440), make_history(days=40, start="2024-01-21")])
    with pytest.raises(InputError, match=r"two spacings.*1440.*60"):
        forecast(rows, HOURLY, start=dt.date(2024, 3, 1), days=7)


@pytest.mark.parametrize("interval_min", [5, 15, 1440])
def test_every_interval_from_five_minutes_to_a_day(interval_min):
    rows = make_history(days=40, interval_min=interval_min)
    calendar = SiteCalendar(interval_min=interval_min)
    made = forecast(rows, calendar, start=after(rows), days=2, options=FEW)
    assert len(made.table) == 2 * 1440 // interval_min
    truth = 2000.0 * WEEK[[day.weekday() for day in day_totals(made).index]]
    assert day_totals(made).to_numpy() == pytest.approx(truth, rel=0.1)


@pytest.mark.parametrize(("start", "hours"), [(dt.date(2024, 3, 31), 23), (dt.date(2024, 10, 27), 25)])
def test_a_clock_change_has_its_own_number_of_hours(start, hours):
    calendar = SiteCalendar(timezone="Europe/Berlin", interval_min=60)
    rows = make_history(days=330, timezone="Europe/Berlin")
    made = forecast(rows[rows.start.dt.date < start], calendar, start=start, days=1, options=FEW)
    assert len(made.table) == hours
    assert made.table.calls.sum() == pytest.approx(2000 * WEEK[6], rel=0.12)


def test_a_horizon_of_no_days_is_refused():
    rows = make_history(days=30)
    with pytest.raises(InputError, match="at least one day"):
        forecast(rows, HOURLY, start=after(rows), days=0)
