"""Holidays that a queue meets for the first time, and days that people keep without being free. The truth is known."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import WEEKDAYS, SiteCalendar
from staffing.forecast import ForecastOptions, fit
from staffing.forecast.day_level.days import describe
from staffing.forecast.day_level.first_holidays import rule_of_first_holidays

AMERICAN = SiteCalendar(country="US", interval_min=1440)
QUICK = ForecastOptions(models=("regression", "second_regression", "smoothing", "weekday_mean"), paths=60)
LABOR_DAY = dt.date(2025, 9, 1)


def history(first, last, week, days=None, seed=0):
    """Poisson days of seven weekday levels; ``days`` multiplies single dates."""
    dates = pd.date_range(first, last, freq="D")
    level = np.array(week, dtype=float)[dates.day_of_week]
    level *= [(days or {}).get(day.date(), 1.0) for day in dates]
    calls = np.random.default_rng(seed).poisson(level).astype(float)
    return pd.DataFrame({"queue": "voice", "start": dates.tz_localize("UTC"), "calls": calls, "aht_s": np.nan})


def made_of(rows, start, days=1, calendar=AMERICAN, models=None):
    options = ForecastOptions(models=models, paths=60) if models else QUICK
    made = fit(rows, calendar, options=options).predict(calendar, (), start, days)
    return made.table.set_index(made.table.start.dt.date).calls, " ".join(made.notes)


OPEN = [400] * 5 + [200, 100]


def test_the_first_holiday_lies_between_its_weekday_and_the_weekend_and_is_said_to_be_a_guess():
    rows = history("2025-02-20", "2025-05-24", OPEN)
    calls, notes = made_of(rows, dt.date(2025, 5, 25), 3)
    assert 200 < calls[dt.date(2025, 5, 26)] < 290  # 400 on the way to the root of 200 x 100, by 0.6 in logs
    assert calls[dt.date(2025, 5, 27)] == pytest.approx(400, rel=0.08)
    assert "voice: Memorial Day (2025-05-26) never met before, guessed between its weekday and the weekend." in notes


def test_what_holidays_did_soon_counts_more_than_the_rule():
    without_effect = history("2023-01-01", "2025-08-30", OPEN)
    calls, notes = made_of(without_effect, LABOR_DAY)
    assert calls[LABOR_DAY] == pytest.approx(400, rel=0.1)
    assert "guessed" not in notes


def test_a_desk_whose_weekend_is_like_its_week_has_its_holidays_alike():
    calls, notes = made_of(history("2025-02-20", "2025-05-24", [300] * 7), dt.date(2025, 5, 26))
    assert calls.iloc[0] == pytest.approx(300, rel=0.06)
    assert "never met" not in notes


def test_the_rule_says_nothing_of_ordinary_days_and_nothing_where_no_weekend_is_known():
    facts = describe(np.arange("2025-03-01", "2025-05-20", dtype="datetime64[D]"), AMERICAN)
    rule = rule_of_first_holidays(facts, np.log(np.array(OPEN))[facts.weekday])
    coming = describe(np.arange("2025-05-24", "2025-05-28", dtype="datetime64[D]"), AMERICAN)
    assert rule.offset(coming) == pytest.approx([0, 0, 0.6 * np.log(np.sqrt(200 * 100) / 400), 0])
    working = facts[facts.weekday < 5]
    assert not rule_of_first_holidays(working, np.log(np.array(OPEN))[working.weekday]).gaps.any()


OFFICE = [400] * 5 + [0, 0]
SHUT = dict.fromkeys([dt.date(2025, 1, 20), dt.date(2025, 5, 26), dt.date(2025, 6, 19), dt.date(2025, 7, 4)], 0.0)


def test_who_was_shut_on_four_holidays_is_shut_on_the_next_unless_it_is_declared_open():
    rows = history("2025-01-13", "2025-08-30", OFFICE, SHUT | {dt.date(2025, 2, 17): 0.0})
    calls, notes = made_of(rows, dt.date(2025, 8, 31), 3)
    assert calls[LABOR_DAY] == 0
    assert "voice: Labor Day (2025-09-01) never met before, taken as closed like the holidays before." in notes
    worked = [{"name": "Labor Day", "start": LABOR_DAY, "opening": "08:00-18:00"}]
    open_then = SiteCalendar(country="US", interval_min=1440, special_days=worked)
    calls, notes = made_of(rows, dt.date(2025, 8, 31), 3, open_then)
    assert calls[LABOR_DAY] == pytest.approx(400, rel=0.1)
    assert "taken as closed" not in notes


@pytest.mark.parametrize("shut", [dict(list(SHUT.items())[1:3]), SHUT])  # two of two, or four of five
def test_an_open_day_is_not_planned_as_closed_for_less_and_that_it_may_be_is_said(shut):
    first = "2025-03-01" if len(shut) == 2 else "2025-01-13"
    rows = history(first, "2025-07-03" if len(shut) == 2 else "2025-08-30", OFFICE, shut)
    day = dt.date(2025, 7, 4) if len(shut) == 2 else LABOR_DAY
    calls, notes = made_of(rows, day)
    assert calls[day] == pytest.approx(400, rel=0.12)
    assert f"({day}) never met before, taken as worked, though holidays before were closed. If it is not" in notes


MOTHERS_DAYS = [dt.date(2023, 5, 14), dt.date(2024, 5, 12), dt.date(2025, 5, 11)]


@pytest.mark.parametrize("models", [None, ("prophet",)])
def test_a_day_that_people_keep_is_learned_by_name_though_its_date_moves(models):
    kept = dict.fromkeys(MOTHERS_DAYS, 0.6)
    rows = history("2022-06-01", "2025-05-03", [400] * 5 + [300, 300], kept)
    calls, _ = made_of(rows, dt.date(2025, 5, 4), 9, models=models)
    assert calls[MOTHERS_DAYS[2]] == pytest.approx(180, rel=0.15)
    assert calls[MOTHERS_DAYS[2] - dt.timedelta(days=7)] == pytest.approx(300, rel=0.1)
    assert calls[MOTHERS_DAYS[2] + dt.timedelta(days=1)] == pytest.approx(400, rel=0.1)


IRANIAN = SiteCalendar(country="IR", interval_min=1440, weekend=("thursday", "friday"))
IRANIAN_WEEK = [400, 400, 400, 300, 150, 420, 400]
YALDA = [dt.date(2022, 12, 21), dt.date(2023, 12, 21), dt.date(2024, 12, 20), dt.date(2025, 12, 21)]


@pytest.mark.parametrize("seed", range(3))
def test_a_custom_is_learned_from_its_own_past_and_is_an_ordinary_day_without_one(seed):
    nowruz = {dt.date(year, 3, 25) + dt.timedelta(days=k): 0.55 for year in (2023, 2024, 2025) for k in range(7)}
    busy = nowruz | dict.fromkeys(YALDA, 1.5)
    calls, _ = made_of(history("2022-04-01", "2025-12-18", IRANIAN_WEEK, busy, seed), dt.date(2025, 12, 19), 5, IRANIAN)
    assert calls[YALDA[3]] == pytest.approx(600, rel=0.1)
    assert calls[YALDA[3] + dt.timedelta(days=1)] == pytest.approx(400, rel=0.05)
    rest = {dt.date(2025, 3, 25) + dt.timedelta(days=k): 0.55 for k in range(7)}  # of another custom, seen once
    rows = history("2025-01-01", "2025-12-18", IRANIAN_WEEK, rest, seed)
    calls, _ = made_of(rows, dt.date(2025, 12, 19), 5, IRANIAN)
    assert calls[YALDA[3]] == pytest.approx(400, rel=0.1)


def test_the_fortnight_of_nowruz_is_learned_though_offices_are_open():
    first = [dt.date(2024, 3, 24), dt.date(2025, 3, 25), dt.date(2026, 3, 25)]
    rest = {day + dt.timedelta(days=k): 0.55 for day in first for k in range(7)}
    calls, _ = made_of(history("2023-04-01", "2026-03-10", IRANIAN_WEEK, rest), dt.date(2026, 3, 14), 24, IRANIAN)
    usual = np.array([IRANIAN_WEEK[day.weekday()] for day in calls.index])
    share = (calls / usual)[[first[2] + dt.timedelta(days=k) for k in range(7)]]
    assert share.mean() == pytest.approx(0.55, abs=0.08)


def test_kept_days_come_from_the_countrys_table_and_are_never_public_holidays_nor_the_sites_own():
    year = (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    kept = AMERICAN.kept_days(*year)
    assert kept[dt.date(2025, 5, 11)] == "Mother's Day"
    assert kept[dt.date(2025, 12, 24)] == "Christmas Eve"
    assert not set(kept) & set(AMERICAN.holidays(*year))
    own = SiteCalendar(country="US", special_days=[{"name": "Brunch", "start": "2025-05-11"}])
    assert dt.date(2025, 5, 11) not in own.kept_days(*year)
    assert dt.date(1999, 4, 4) in SiteCalendar(country="IL").kept_days(dt.date(1999, 4, 1), dt.date(1999, 4, 10))
    assert SiteCalendar().kept_days(*year) == {}
    assert all(SiteCalendar(country=country).kept_days(*year) == {} for country in ("DE", "FR"))
    assert AMERICAN.kept_days(dt.date(2025, 5, 12), dt.date(2025, 5, 20)) == {}


def test_a_closed_weekday_that_a_special_day_opens_is_forecast_like_the_others():
    index = pd.date_range("2025-01-06", "2025-08-31 23:00", freq="h", tz="UTC")
    open_then = (index.day_of_week < 5) & (index.hour >= 8) & (index.hour < 18)
    calls = np.random.default_rng(0).poisson(np.where(open_then, 40.0, 0.0)).astype(float)
    rows = pd.DataFrame({"queue": "voice", "start": index, "calls": calls, "aht_s": np.nan})
    fair = [{"name": "Fair", "start": "2025-09-06", "opening": "10:00-14:00"}]
    week = dict.fromkeys(WEEKDAYS[:5], "08:00-18:00")
    calendar = SiteCalendar(interval_min=60, opening=week, special_days=fair)
    made = fit(rows, calendar, options=QUICK).predict(calendar, (), dt.date(2025, 9, 1), 7)
    on_fair = made.table[made.table.start.dt.date == dt.date(2025, 9, 6)]
    assert list(on_fair.start.dt.hour) == [10, 11, 12, 13]
    assert on_fair.calls.to_numpy() == pytest.approx(40, rel=0.3)
