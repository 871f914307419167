"""One day far beyond all others in a short history: left out of the weekday mean, and said."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar, SpecialDays
from staffing.forecast import forecast
from staffing.forecast.day_level.outliers import outliers, slips

DAILY = SiteCalendar(interval_min=1440)
WEEKS = {
    "every day": [100.0] * 7,
    "closed at weekends": [300.0] * 5 + [0.0] * 2,
    "quiet weekends": [300.0] * 5 + [150.0] * 2,
}
NAMED = "are many times those of all other days"


def history(week, days=420, seed=1):
    dates = pd.date_range("2025-01-06", periods=days, freq="D", tz="UTC")
    calls = np.random.default_rng(seed).poisson(np.array(week)[dates.day_of_week]).astype(float)
    return pd.DataFrame({"queue": "voice", "start": dates, "calls": calls, "aht_s": np.nan})


def ahead(rows, calendar=DAILY, days=14):
    return forecast(rows, calendar, start=rows.start.max().date() + dt.timedelta(days=1), days=days)


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


@pytest.mark.parametrize("week", WEEKS)
@pytest.mark.parametrize(("times", "ago"), [(6, 4), (6, 11), (20, 11), (200, 18)])
def test_ranges_stay_about_the_mean_after_one_wild_day_of_a_long_history(week, times, ago):
    """As scaling keeps the mean of paths, one path that met the wild day pushed all others far below it."""
    rows = history(WEEKS[week])
    usual = ahead(rows).table
    rows.loc[len(rows) - ago, "calls"] *= times
    made, open_days = ahead(rows), usual.calls > 1
    table = made.table
    for column in ("calls", "p10", "p50", "p90"):
        assert (table[column] / usual[column])[open_days].between(0.9, 1.1).all()
    assert (table.p10 < table.calls)[open_days].all()
    assert (table.calls < table.p90)[open_days].all()
    assert made.paths["voice"].max() < 3 * usual.calls.max()
    assert any(NAMED in note for note in made.notes) == (times > 8)


def test_a_slip_is_said_for_eight_weeks_and_is_no_missing_day():
    rows = history(WEEKS["every day"])
    rows.loc[len(rows) - 20, "calls"] = 50_000.0
    slip = rows.start.dt.date.iloc[-20]
    assert [note for note in ahead(rows).notes if NAMED in note] == [
        f"voice: 50,000 calls on {slip} are many times those of all other days and count for nothing; correct them if "
        "they are a slip."
    ]
    assert not any("taken as missing" in note for note in ahead(rows).notes)
    rows.loc[len(rows) - 20, "calls"], rows.loc[len(rows) - 70, "calls"] = 100.0, 50_000.0
    made = ahead(rows)
    assert not any(NAMED in note for note in made.notes)
    assert made.table.p50.between(85, 115).all()


def test_a_huge_day_that_the_calendar_explains_is_no_slip():
    rows = history(WEEKS["every day"])
    rows.loc[len(rows) - 20, "calls"] = 1_500.0
    day = rows.start.dt.date.iloc[-20]
    known = SiteCalendar(interval_min=1440, special_days=[SpecialDays(name="Sale", start=day, kind="holiday")])
    assert any(NAMED in note for note in ahead(rows).notes)
    assert not any(NAMED in note for note in ahead(rows, known).notes)


def test_a_slip_stands_alone():
    """Days as far that come again and again, surges of days, growth and weekdays busy by nature are none."""
    weekday, plain = np.arange(420) % 7, np.random.default_rng(2).poisson(100.0, 420).astype(float)

    def found(calls):
        return np.flatnonzero(slips(calls, weekday)).tolist()

    alone, last, pair, often = plain.copy(), plain.copy(), plain.copy(), plain.copy()
    alone[400] *= 20
    last[-1] *= 20
    pair[400:402] *= 20
    often[::60] *= 20
    mondays, moved = np.where(weekday == 0, 15.0, 1.0), np.where(np.arange(420) >= 300, 15.0, 1.0)
    assert found(alone) == [400]
    for calls in (plain, last, pair, often, mondays * plain, np.exp(np.arange(420) / 100) * plain, moved * plain):
        assert found(calls) == []
