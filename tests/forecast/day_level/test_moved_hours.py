"""Hours of the day that move, close by silence, change on one weekday, or are declared. Each case made by hand."""

import datetime as dt
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import WEEKDAYS, SiteCalendar, SpecialDays
from staffing.domain.demand import QueueTotal
from staffing.forecast import ForecastOptions, forecast

OPTIONS = ForecastOptions(models=("regression", "second_regression", "smoothing", "weekday_mean"), paths=60)
HOURS = np.arange(8, 20)
SHAPE = np.exp(-(np.linspace(-1, 1, len(HOURS)) ** 2)) + 0.3
SHAPE = SHAPE / SHAPE.sum()
WEEK = np.array([300, 280, 270, 260, 250, 120, 80])
START, DAYS = dt.date(2025, 10, 6), 280
WEDNESDAY, FRIDAY = 2, 4


def desk(seed):
    """Rows from 8 to 20, each day 6 % off its weekday's level, and how many days before ``START`` each is."""
    rng, frames = np.random.default_rng(seed), []
    for day in pd.date_range(end=pd.Timestamp(START) - pd.Timedelta(days=1), periods=DAYS, freq="D"):
        level = WEEK[day.day_of_week] * np.exp(rng.normal(0, 0.06))
        start = (day + pd.to_timedelta(HOURS, unit="h")).tz_localize("UTC")
        frames.append(pd.DataFrame({"queue": "voice", "start": start, "calls": rng.poisson(level * SHAPE) * 1.0}))
    rows = pd.concat(frames, ignore_index=True).assign(aht_s=np.nan)
    ago = (pd.Timestamp(START, tz="UTC") - rows["start"].dt.normalize()).dt.days.to_numpy()
    return rows, rows["start"].dt.hour.to_numpy(), rows["start"].dt.day_of_week.to_numpy(), ago


def open_from(hours, interval_min=60):
    return SiteCalendar(interval_min=interval_min, opening=dict.fromkeys(WEEKDAYS, hours))


def made_of(rows, calendar=None):
    """Expected calls of two weeks, by weekday × hour of a week, and the notes."""
    made = forecast(rows, calendar or SiteCalendar(interval_min=60), options=OPTIONS, start=START, days=14)
    week = np.zeros((7, 24))
    np.add.at(week, (made.table.start.dt.day_of_week, made.table.start.dt.hour), made.table.calls / 2)
    return week, " ".join(made.notes)


def truth(first, last):
    return SHAPE[(first <= HOURS) & (last > HOURS)].sum()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("since", [2, 5, 20, 90])
@pytest.mark.parametrize(("first", "last"), [(10, 18), (9, 17)])
def test_hours_that_moved_are_forecast_where_they_are(first, last, since, seed):
    rows, hour, _, ago = desk(seed)
    kept = np.where(ago <= since, (hour >= first) & (hour < last), hour < 16)
    week, notes = made_of(rows[kept])
    assert week[:, :first].sum() + week[:, last:].sum() < 1
    assert week.sum() == pytest.approx(WEEK.sum() * truth(first, last), rel=0.06 if since > 2 else 0.1)
    assert week[:, 16:last].sum() == pytest.approx(WEEK.sum() * truth(16, last), rel=0.15 if since > 5 else 0.3)
    day = START - dt.timedelta(days=since)
    assert (f"calls from 16:00 to {last}:00 only since {day}" in notes) == (since < 56)
    assert re.search(f"no (rows|calls) from 08:00 to {first:02d}:00 since {day}", notes)


@pytest.mark.parametrize("seed", range(2))
def test_hours_that_moved_from_morning_to_afternoon_keep_their_days(seed):
    rows, hour, _, ago = desk(seed)
    kept = np.where(ago <= 20, (hour >= 14) & (hour < 18), hour < 12)
    week, notes = made_of(rows[kept])
    assert week[:, :14].sum() + week[:, 18:].sum() < 1
    assert week.sum() == pytest.approx(WEEK.sum() * truth(14, 18), rel=0.15)
    assert "calls from 14:00 to 18:00 only since" in notes


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("since", [10, 60])
def test_hours_without_rows_are_closed_unless_they_are_declared(since, seed):
    rows, hour, _, ago = desk(seed)
    rows = rows[(ago > since) | (hour >= 10)]
    closed, said = made_of(rows)
    held, held_said = made_of(rows, open_from("08:00-20:00"))
    assert closed[:, :10].sum() < 1
    assert f"no rows from 08:00 to 10:00 since {START - dt.timedelta(days=since)}" in said
    assert held[:, 8:10].sum() == pytest.approx(WEEK.sum() * truth(8, 10), rel=0.15)
    assert "though the opening hours say open" in held_said
    assert closed[:, 10:].sum() == pytest.approx(WEEK.sum() * truth(10, 20), rel=0.06)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("gone", [0.0, np.nan])
@pytest.mark.parametrize("weeks", [3, 16])
def test_one_weekday_that_closes_early_is_forecast_until_then(weeks, gone, seed):
    rows, hour, weekday, ago = desk(seed)
    late = (ago <= 7 * weeks) & (weekday == FRIDAY) & (hour >= 14)
    rows.loc[late, "calls"] = gone
    week, notes = made_of(rows.dropna(subset="calls"))
    assert week[FRIDAY, 14:].sum() < 1
    assert week[FRIDAY].sum() == pytest.approx(WEEK[FRIDAY] * truth(8, 14), rel=0.12)
    assert week[:FRIDAY].sum() == pytest.approx(WEEK[:FRIDAY].sum(), rel=0.05)
    assert "on Fridays from 14:00 to 20:00 since" in notes
    assert "Fridays moved by" not in notes


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("weeks", [2, 4, 8])
def test_one_weekday_that_opens_in_the_evening_is_followed(weeks, seed):
    rows, hour, weekday, ago = desk(seed)
    week, notes = made_of(rows[(hour < 18) | ((ago <= 7 * weeks) & (weekday == WEDNESDAY))])
    assert week[WEDNESDAY, 18:].sum() == pytest.approx(WEEK[WEDNESDAY] * truth(18, 20), rel=0.35)
    assert np.delete(week[:, 18:], WEDNESDAY, axis=0).sum() < 1
    assert "calls on Wednesdays from 18:00 to 20:00 only since" in notes


@pytest.mark.parametrize("quiet_evening", [False, True])
@pytest.mark.parametrize("weeks", [2, 3])
def test_an_outage_of_two_afternoons_without_rows_closes_nothing(weeks, quiet_evening):
    rows, hour, weekday, ago = desk(0)
    if quiet_evening:  # so quiet that its missing rows may as well be zeros
        rows.loc[hour >= 18, "calls"] = np.minimum(rows.loc[hour >= 18, "calls"], 2)
    gone = (weekday == FRIDAY) & (hour >= 14) & (ago <= 7 * weeks)
    week, _ = made_of(rows[~gone])
    assert (week[FRIDAY, 14:].sum() > 80) == (weeks == 2)


def test_declared_hours_that_history_never_had_are_guessed_and_said():
    rows, *_ = desk(0)
    week, notes = made_of(rows, open_from("06:00-22:00"))
    assert week[:, 7].sum() == pytest.approx(week[:, 8].sum() / 2, rel=0.1)
    assert week[:, 21].sum() == pytest.approx(week[:, 19].sum() / 4, rel=0.1)
    assert week[:, 8:20].sum() == pytest.approx(WEEK.sum(), rel=0.05)
    assert "the opening hours say open from 06:00 to 08:00, but history has no rows there" in notes


def test_a_total_knows_the_hours_that_its_queues_are_guessed_in():
    rows = pd.concat([desk(seed)[0].assign(queue=name) for seed, name in enumerate(("sales", "voice"))])
    options = replace(OPTIONS, totals=(QueueTotal(name="all"),))
    apart, together = (
        forecast(rows, open_from("06:00-22:00"), options=one, start=START, days=14).table.calls.sum()
        for one in (OPTIONS, options)
    )
    assert together == pytest.approx(apart, rel=0.01)


def test_hours_that_another_queue_works_are_not_guessed():
    rows, *_ = desk(0)
    early = pd.date_range(rows["start"].min().normalize(), periods=24 * DAYS, freq="h")
    early = early[(early.hour >= 6) & (early.hour < 22)]
    other = pd.DataFrame({"queue": "chat", "start": early, "calls": 10.0, "aht_s": np.nan})
    made = forecast(pd.concat([rows, other]), open_from("06:00-22:00"), options=OPTIONS, start=START, days=7)
    voice = made.queue("voice")
    assert voice.calls[voice.start.dt.hour < 8].sum() == 0


def test_calls_outside_the_declared_hours_are_counted_where_they_are_left_out():
    rows, hour, *_ = desk(0)
    lost = rows.calls[(hour < 10) | (hour >= 16)].sum()
    _, notes = made_of(rows, open_from("10:00-16:00"))
    share = lost / rows.calls.sum()
    assert f"voice: {lost:.0f} calls ({share:.0%} of all) outside the opening hours are left out" in notes
    assert "08:00-10:00, 16:00-20:00" in notes


@pytest.mark.parametrize("seed", range(6))
def test_a_tiny_queue_in_small_slots_closes_nothing_by_chance(seed):
    index = pd.date_range("2025-08-07", periods=60 * 288, freq="5min", tz="UTC")
    calls = np.random.default_rng(seed).poisson(14 / 288, len(index)).astype(float)
    rows = pd.DataFrame({"queue": "voice", "start": index, "calls": calls, "aht_s": np.nan})
    _, notes = made_of(rows, SiteCalendar(interval_min=5))
    assert "these hours" not in notes


EVE = dt.date(2025, 12, 24)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("years", [(2023, 2024, 2025), (2024, 2025)])
@pytest.mark.parametrize("told", ["declared holiday", "declared period", "zeros", "no rows"])
def test_a_half_day_is_halved_once(told, years, seed):
    own = {"opening": "08:00-13:00"} if "declared" in told else {}
    kind = "period" if "period" in told else "holiday"
    eves = [SpecialDays(name="Eve", start=dt.date(year, 12, 24), kind=kind, **own) for year in years]
    index = pd.date_range("2023-03-06", "2025-12-14 23:00", freq="h", tz="UTC")
    level = np.where((index.hour >= 8) & (index.hour < 18), 30.0, 0.0)
    calls = np.random.default_rng(seed).poisson(level).astype(float)
    calls[(index.month == 12) & (index.day == 24) & (index.hour >= 13)] = np.nan if told == "no rows" else 0.0
    rows = pd.DataFrame({"queue": "voice", "start": index, "calls": calls, "aht_s": np.nan}).dropna(subset="calls")
    calendar = SiteCalendar(interval_min=60, special_days=eves)
    made = forecast(rows, calendar, options=OPTIONS, start=dt.date(2025, 12, 15), days=14).table
    on_eve = made[made.start.dt.date == EVE]
    assert on_eve.calls.sum() == pytest.approx(150, rel=0.15)
    assert on_eve.calls[on_eve.start.dt.hour >= 13].sum() == 0


@pytest.mark.parametrize("since", [1, 3])
def test_hours_declared_open_that_have_rows_since_lately_are_guessed_on_no_weekday(since):
    rows, hour, _, ago = desk(0)
    week, notes = made_of(rows[(hour < 16) | (ago <= since)], open_from("08:00-20:00"))
    assert week[:, 16:].sum() == pytest.approx(WEEK.sum() * truth(16, 20), rel=0.35)
    assert week.sum() == pytest.approx(WEEK.sum(), rel=0.1)
    assert "calls from 16:00 to 20:00 only since" in notes
    assert "halved with every hour" not in notes


def test_a_last_day_that_ends_in_zeros_counts_among_those_that_close_hours():
    rows, hour, weekday, ago = desk(0)
    rows = rows.assign(calls=rows.calls.where((hour < 16) | (ago > 7), 0.0))[weekday < 5]
    made = forecast(rows, open_from("08:00-20:00"), options=OPTIONS, start=START, days=7)
    assert made.table.calls[made.table.start.dt.hour >= 16].sum() < 1
    assert "no calls from 16:00 to 20:00 since" in " ".join(made.notes)
