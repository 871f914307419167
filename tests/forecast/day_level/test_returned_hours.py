"""Hours that are shut for a season and come back, every year, and days with hours of their own. Made by hand."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import WEEKDAYS, SiteCalendar, SpecialDays
from staffing.forecast import ForecastOptions, forecast

OPTIONS = ForecastOptions(models=("regression", "second_regression", "smoothing", "weekday_mean"), paths=60)
WEEKDAY = np.array([300, 280, 270, 260, 250, 0, 0])
HOURS = np.arange(8, 19)
RAMADAN = [(dt.date(2024, 3, 11), dt.date(2024, 4, 9)), (dt.date(2025, 3, 1), dt.date(2025, 3, 30))]
PERIODS = [
    SpecialDays(name="Ramadan", start=first, end=last, kind="period", opening="09:00-14:00") for first, last in RAMADAN
]
SHARE = {"morning": 1 / len(HOURS), "afternoon": 4 / len(HOURS)}


def desk(first, start, open_hour, seed):
    """Rows of the hours that ``open_hour(day, hours)`` has open, on working days from ``first`` to before ``start``."""
    rng, frames = np.random.default_rng(seed), []
    for day in pd.date_range(first, start - dt.timedelta(days=1), freq="D"):
        level = WEEKDAY[day.day_of_week] * np.exp(rng.normal(0, 0.06))
        open_hours = HOURS[open_hour(day, HOURS)] if level else HOURS[:0]
        at = (day + pd.to_timedelta(open_hours, unit="h")).tz_localize("UTC")
        calls = rng.poisson(level / len(HOURS), len(at)) * 1.0
        frames.append(pd.DataFrame({"queue": "voice", "start": at, "calls": calls, "aht_s": np.nan}))
    return pd.concat(frames, ignore_index=True)


def in_summer(day, hours):
    """Without afternoons from June to August."""
    return (hours < 15) | (not 6 <= day.month <= 8)


def in_ramadan(day, hours):
    return (hours >= 9) & (hours < 14) | (not any(first <= day.date() <= last for first, last in RAMADAN))


def made_of(rows, start, calendar=None, days=14):
    """Expected calls of a week by hour, and the notes."""
    made = forecast(rows, calendar or SiteCalendar(interval_min=60), options=OPTIONS, start=start, days=days)
    hours = made.table.start.dt.hour
    return np.bincount(hours, made.table.calls / (days / 7), 24), " ".join(made.notes)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("start", [dt.date(2025, 5, 19), dt.date(2024, 12, 2)])
def test_hours_that_were_there_before_the_summer_are_not_new(start, seed):
    week, notes = made_of(desk(dt.date(2023, 9, 1), start, in_summer, seed), start)
    assert week[15:].sum() == pytest.approx(WEEKDAY.sum() * SHARE["afternoon"], rel=0.08)
    assert "only since" not in notes
    assert "are back since" not in notes


@pytest.mark.parametrize("seed", range(3))
def test_hours_that_came_back_lately_are_said_to_be_back(seed):
    start = dt.date(2024, 9, 16)
    week, notes = made_of(desk(dt.date(2023, 9, 1), start, in_summer, seed), start)
    assert week[15:].sum() == pytest.approx(WEEKDAY.sum() * SHARE["afternoon"], rel=0.08)
    assert week.sum() == pytest.approx(WEEKDAY.sum(), rel=0.05)
    assert "15:00 to 19:00 are back since 2024-09-02, after none since 2024-06-03" in notes
    assert "only since" not in notes


@pytest.mark.parametrize("seed", range(3))
def test_older_days_of_hours_that_came_back_count(seed):
    """One week back tells little of how busy afternoons are on Fridays; the year before does."""

    def rows_of(day, hours):
        quiet = day.day_of_week == 4
        return in_summer(day, hours) & ((hours < 15) | (hours >= 18) | (not quiet))

    start = dt.date(2024, 9, 9)
    made = forecast(
        desk(dt.date(2023, 9, 1), start, rows_of, seed),
        SiteCalendar(interval_min=60),
        options=OPTIONS,
        start=start,
        days=7,
    ).table
    friday = made[made.start.dt.day_of_week == 4]
    late = friday.calls[friday.start.dt.hour >= 15].sum()
    assert late == pytest.approx(WEEKDAY[4] / len(HOURS), rel=0.2)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("start", [dt.date(2025, 6, 20), dt.date(2025, 7, 15)])
def test_hours_that_closed_again_are_closed_and_not_said_to_have_opened(start, seed):
    week, notes = made_of(desk(dt.date(2023, 9, 1), start, in_summer, seed), start)
    assert week[15:].sum() < 1
    assert week.sum() == pytest.approx(WEEKDAY.sum() * (1 - SHARE["afternoon"]), rel=0.06)
    assert "15:00 to 19:00 since 2025-06-02" in notes
    assert "only since" not in notes
    assert "are back since" not in notes


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("weeks", [3, 10])
def test_hours_that_opened_once_and_closed_again_are_not_said_to_have_opened(weeks, seed):
    opened = pd.Timestamp(2025, 3, 3)
    over = opened + pd.Timedelta(weeks=weeks)
    start = (over + pd.Timedelta(weeks=3)).date()
    rows = desk(dt.date(2024, 3, 1), start, lambda day, hours: (hours < 15) | (opened <= day < over), seed)
    week, notes = made_of(rows, start)
    assert week[15:].sum() < 1
    assert "only since" not in notes


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("weeks", [6, 12])
def test_hours_that_opened_are_news_for_eight_weeks(weeks, seed):
    opened = pd.Timestamp(2025, 3, 3)
    start = (opened + pd.Timedelta(weeks=weeks)).date()
    week, notes = made_of(
        desk(dt.date(2024, 3, 1), start, lambda day, hours: (hours < 15) | (day >= opened), seed), start
    )
    assert week[15:].sum() == pytest.approx(WEEKDAY.sum() * SHARE["afternoon"], rel=0.08)
    assert ("only since 2025-03-03" in notes) == (weeks == 6)


@pytest.mark.parametrize("seed", range(3))
def test_hours_closed_for_good_empty_older_days_though_they_once_came_back(seed):
    start = dt.date(2025, 7, 15)
    rows = desk(dt.date(2023, 9, 1), start, in_summer, seed)
    rows = rows[(rows.start < "2025-04-01") | (rows.start.dt.hour < 15)]
    week, notes = made_of(rows, start)
    assert week[15:].sum() < 1
    assert "15:00 to 19:00 since 2025-04-01" in notes


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("start", [dt.date(2025, 3, 31), dt.date(2025, 4, 10), dt.date(2025, 12, 1)])
@pytest.mark.parametrize("declared", [False, True])
def test_a_period_with_hours_of_its_own_changes_none(declared, start, seed):
    rows = desk(dt.date(2024, 1, 1), start, in_ramadan, seed)
    opening = dict.fromkeys(WEEKDAYS[:5], "08:00-19:00") if declared else {}
    week, notes = made_of(rows, start, SiteCalendar(interval_min=60, opening=opening, special_days=PERIODS))
    assert week.sum() == pytest.approx(WEEKDAY.sum(), rel=0.06)
    assert week[14:].sum() == pytest.approx(WEEKDAY.sum() * 5 / len(HOURS), rel=0.08)
    assert week[8] == pytest.approx(WEEKDAY.sum() * SHARE["morning"], rel=0.12)
    assert "hours" not in notes
    assert "since" not in notes


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("start", [dt.date(2024, 12, 2), dt.date(2025, 6, 2), dt.date(2025, 12, 1)])
def test_ramadan_hours_that_nobody_declared_are_long_over(start, seed):
    week, notes = made_of(desk(dt.date(2024, 1, 1), start, in_ramadan, seed), start)
    assert week.sum() == pytest.approx(WEEKDAY.sum(), rel=0.06)
    assert week[14:].sum() == pytest.approx(WEEKDAY.sum() * 5 / len(HOURS), rel=0.08)
    assert "since" not in notes


@pytest.mark.parametrize("seed", range(3))
def test_a_change_of_hours_is_seen_beyond_a_period_with_its_own(seed):
    closed = pd.Timestamp(2025, 2, 17)
    start = dt.date(2025, 4, 14)
    rows = desk(
        dt.date(2024, 1, 1), start, lambda day, hours: in_ramadan(day, hours) & ((hours < 17) | (day < closed)), seed
    )
    week, notes = made_of(rows, start, SiteCalendar(interval_min=60, special_days=PERIODS))
    assert week[17:].sum() < 1
    assert week[14:17].sum() == pytest.approx(WEEKDAY.sum() * 3 / len(HOURS), rel=0.1)
    assert "no rows from 17:00 to 19:00 since 2025-02-17" in notes


@pytest.mark.parametrize("seed", range(2))
def test_a_holiday_in_a_period_with_hours_of_its_own_is_no_half_day(seed):
    feasts = [
        SpecialDays(name="Feast", start=day)
        for day in (dt.date(2024, 3, 20), dt.date(2025, 3, 20), dt.date(2026, 3, 18))
    ]
    calendar = SiteCalendar(interval_min=60, special_days=[*PERIODS, *feasts])
    start = dt.date(2026, 3, 16)
    week, notes = made_of(desk(dt.date(2024, 1, 1), start, in_ramadan, seed), start, calendar, days=7)
    assert week.sum() == pytest.approx(WEEKDAY.sum(), rel=0.08)
    assert "part of the day" not in notes


@pytest.mark.parametrize("silent", [4, 8, 14, 21, 60])
@pytest.mark.parametrize("back", [1, 3])
def test_hours_are_back_on_the_first_day_on_which_they_are_busy_again(silent, back):
    start = dt.date(2025, 3, 14)
    working = pd.bdate_range(end=pd.Timestamp(start) - pd.Timedelta(days=1), periods=silent + back)
    shut = set(working[:silent])
    week, notes = made_of(
        desk(dt.date(2024, 3, 1), start, lambda day, hours: (hours < 15) | (day not in shut), 5), start
    )
    assert week[15:].sum() == pytest.approx(WEEKDAY.sum() * SHARE["afternoon"], rel=0.08)
    assert week.sum() == pytest.approx(WEEKDAY.sum(), rel=0.06)
    assert f"15:00 to 19:00 are back since {working[silent]:%Y-%m-%d}" in notes


@pytest.mark.parametrize("seed", range(2))
def test_afternoons_off_every_week_are_no_silence(seed):
    start = dt.date(2025, 3, 14)  # Wednesday to Friday without afternoons
    rows = desk(dt.date(2024, 3, 1), start, lambda day, hours: (hours < 15) | (day.day_of_week < 2), seed)
    week, notes = made_of(rows, start)
    assert week[15:].sum() == pytest.approx(WEEKDAY[:2].sum() * SHARE["afternoon"], rel=0.08)
    assert "are back" not in notes


@pytest.mark.parametrize("seed", range(2))
def test_one_busy_afternoon_a_month_is_no_return(seed):
    start = dt.date(2025, 3, 5)
    rows = desk(dt.date(2024, 3, 1), start, lambda day, hours: (hours < 15) | (day.day == 4), seed)
    week, notes = made_of(rows, start)
    assert week[15:].sum() < 0.1 * WEEKDAY.sum() * SHARE["afternoon"]
    assert "are back" not in notes
