"""Weeks without calls on any weekday, then calls again: what came before counts. Each case made by hand, its truth
known."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import WEEKDAYS, SiteCalendar
from staffing.domain.demand import ExcludedDays
from staffing.forecast import ForecastOptions, fit
from staffing.forecast.counts import lay_out
from staffing.forecast.day_level.totals import day_totals

DAILY = SiteCalendar(interval_min=1440)
QUICK = ForecastOptions(models=("regression", "second_regression", "smoothing", "weekday_mean"), paths=200)
UNEVEN = np.array([390.0, 330, 300, 300, 330, 150, 90])
SATURDAY, SUNDAY = 5, 6
ABSENT, ZERO = np.nan, 0.0


def history(gap, since, as_what, factor=1.0, level=UNEVEN, weeks=104, seed=0):
    """Poisson days of seven weekday levels; ``gap`` days are ``as_what``, then come ``since`` days, ``factor`` times
    as busy."""
    dates = pd.date_range("2024-01-01", periods=7 * weeks, freq="D")
    back = len(dates) - since
    expected = level[dates.day_of_week] * np.where(np.arange(len(dates)) >= back, factor, 1.0)
    calls = np.random.default_rng(seed).poisson(expected).astype(float)
    calls[back - gap : back] = as_what
    return dates, calls


def rows_of(dates, calls):
    rows = pd.DataFrame({"queue": "voice", "start": dates.tz_localize("UTC"), "calls": calls, "aht_s": np.nan})
    return rows[rows["calls"].notna()]


def made_of(dates, calls, calendar=DAILY, excluded=(), days=7):
    """Calls of the coming days by weekday (or all in a row), mean width of their ranges as a share, notes."""
    model = fit(rows_of(dates, calls), calendar, options=QUICK, excluded=excluded)
    made = model.predict(calendar, (), dates[-1].date() + dt.timedelta(days=1), days)
    table = made.table
    width = float(((table.p90 - table.p10) / table.calls).mean())
    return table.set_index(table.start.dt.day_of_week).calls, width, made.notes


@pytest.mark.parametrize("as_what", [ABSENT, ZERO])
@pytest.mark.parametrize(("gap", "since"), [(9, 2), (13, 3), (20, 5), (24, 3), (30, 10), (60, 3), (60, 28), (400, 14)])
def test_what_came_before_a_gap_tells_the_week(gap, since, as_what):
    calls, width, notes = made_of(*history(gap, since, as_what))
    assert calls.sort_index().to_numpy() == pytest.approx(UNEVEN, rel=0.12)
    assert width < 0.3
    assert len([note for note in notes if "no calls from" in note]) == (gap >= 28)
    assert not any("so far); they are forecast from these" in note for note in notes)


@pytest.mark.parametrize("hours", [{}, dict.fromkeys(WEEKDAYS, "00:00-24:00")])
def test_a_gap_is_said_once_with_its_length_and_what_it_means(hours):
    _, _, notes = made_of(*history(30, 10, ABSENT), SiteCalendar(interval_min=1440, opening=hours))
    (said,) = notes
    assert said.startswith(
        "voice: no calls from 2025-11-19 to 2025-12-18 (30 days, 0 recorded at zero), taken as a gap."
    )
    assert "(10 so far)" in said


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("since", [3, 5, 10, 20])
@pytest.mark.parametrize("factor", [1.5, 0.6])
def test_the_level_is_that_of_the_days_since_on_all_weekdays(factor, since, seed):
    dates, known = history(40, since, ABSENT, factor, np.full(7, 200.0), weeks=60, seed=seed)
    calls, _, notes = made_of(dates, known)
    assert calls.mean() == pytest.approx(known[-since:].mean(), rel=0.1)
    assert calls.max() < 1.12 * calls.min()
    (changed,) = [note for note in notes if "the level changed on" in note]
    lasting, returned = (float(text.split(" ")[0].rstrip(".;")) for text in changed.split("about ")[1:3])
    assert lasting == pytest.approx(known[-since:].mean(), rel=0.1)
    assert returned == pytest.approx(200, rel=0.1)


def test_one_odd_day_after_a_gap_is_no_new_level():
    dates, calls = history(40, 1, ABSENT, 1.6)
    made, _, notes = made_of(dates, calls)
    assert made.sum() == pytest.approx(UNEVEN.sum(), rel=0.15)
    assert not any("the level changed" in note for note in notes)


def test_a_break_does_not_reach_across_a_gap():
    dates, calls = history(60, 2, ABSENT, 2.0)
    calls[-64:-62] *= 2.0
    _, _, notes = made_of(dates, calls)
    assert not any(f"off what was foreseen since {dates[-64].date()}" in note for note in notes)


AMERICAN = SiteCalendar(country="US", interval_min=1440)


@pytest.mark.parametrize("as_what", [ABSENT, ZERO])
@pytest.mark.parametrize("first", ["2025-08-01", "2024-12-10"])
def test_holidays_before_a_gap_are_known_and_those_in_it_were_not_shut(first, as_what):
    dates = pd.date_range("2023-01-02", "2025-12-14", freq="D")
    named = AMERICAN.holidays(dates[0].date(), dates[-1].date())
    holiday = np.array([day.date() in named for day in dates])
    calls = np.random.default_rng(0).poisson(UNEVEN[dates.day_of_week] * np.where(holiday, 0.3, 1.0)).astype(float)
    calls[(dates >= first) & (dates < pd.Timestamp(first) + pd.Timedelta(days=30))] = as_what
    made, _, notes = made_of(dates, calls, AMERICAN, days=21)
    christmas = made.iloc[(pd.Timestamp("2025-12-25") - dates[-1]).days - 1]
    assert christmas == pytest.approx(0.3 * 300, rel=0.25)
    assert not any("Christmas" in note for note in notes)


def test_zeros_of_a_gap_are_no_idle_days():
    totals = day_totals(lay_out("voice", rows_of(*history(40, 30, ZERO)), DAILY))
    assert not totals.idle.any()
    assert not totals.shut.any()


@pytest.mark.parametrize("as_what", [ABSENT, ZERO])
def test_a_weekday_that_closes_or_opens_with_a_gap_is_still_seen(as_what):
    dates, calls = history(40, 28, as_what, level=np.full(7, 200.0))
    sunday, late = dates.day_of_week == SUNDAY, np.arange(len(dates)) >= len(dates) - 28
    closes, opens = np.where(sunday & late, 0.0, calls), np.where(sunday & ~late, as_what, calls)
    assert made_of(dates, closes)[0][SUNDAY] == 0
    made, _, notes = made_of(dates, opens)
    assert made[SUNDAY] == pytest.approx(200, rel=0.12)
    assert any("Sundays have calls since" in note and "(4 so far)" in note for note in notes)


def test_a_weekday_silent_beside_gaps_is_closed():
    """The rows of a gap are no sign that any row may be missing."""
    dates, calls = history(200, 120, ABSENT, level=np.full(7, 200.0))
    calls[(dates.day_of_week == SATURDAY) & (dates > dates[-1] - pd.Timedelta(days=28))] = np.nan
    assert made_of(dates, calls)[0][SATURDAY] == 0


def test_a_desk_that_records_zeros_out_of_season_knows_all_its_seasons():
    dates = pd.date_range("2022-11-01", "2025-11-09", freq="D")
    season = np.isin(dates.month, (11, 12, 1))
    calls = np.random.default_rng(0).poisson(np.where(season, UNEVEN[dates.day_of_week], 0.0)).astype(float)
    made, width, notes = made_of(dates, calls)
    assert made.sort_index().to_numpy() == pytest.approx(UNEVEN, rel=0.12)
    assert width < 0.3
    assert len([note for note in notes if "taken as a gap" in note]) == 1


def test_days_that_were_left_out_are_no_news():
    dates, calls = history(40, 10, ZERO)
    left_out = ExcludedDays(start=dates[-50].date(), end=dates[-11].date(), reason="lost")
    made, _, notes = made_of(dates, calls, excluded=[left_out])
    assert made.sort_index().to_numpy() == pytest.approx(UNEVEN, rel=0.12)
    assert not any("taken as a gap" in note for note in notes)


def test_the_pauses_of_a_queue_with_a_call_now_and_then_are_no_gaps():
    dates = pd.date_range("2024-01-01", periods=700, freq="D")
    rare = np.where(np.arange(700) % 45 == 0, 1.0, 0.0)
    assert not day_totals(lay_out("voice", rows_of(dates, rare), DAILY)).notes
