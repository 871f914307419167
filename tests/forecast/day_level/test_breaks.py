"""Planted breaks in the last days: said, and both readings in the range; none where days only stray."""

import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar, SpecialDays
from staffing.domain.demand import Event
from staffing.forecast import ForecastOptions, forecast
from staffing.forecast.day_level.breaks import NO_BREAK, Break

DAILY = SiteCalendar(interval_min=1440)
OPTIONS = ForecastOptions(models=("regression", "second_regression", "smoothing", "weekday_mean"), paths=300)
WEEK = np.array([300, 280, 270, 260, 250, 120, 80.0])
DATES = pd.date_range("2024-09-02", periods=399, freq="D")  # until a Sunday
AGE = len(DATES) - 1 - np.arange(len(DATES))
START = DATES[-1].date() + dt.timedelta(days=1)


def made_of(factor, seed, calendar=DAILY, events=()):
    rng = np.random.default_rng(seed)
    calls = rng.poisson(WEEK[DATES.day_of_week] * factor * np.exp(rng.normal(0, 0.06, len(DATES)))).astype(float)
    rows = pd.DataFrame({"queue": "voice", "start": DATES.tz_localize("UTC"), "calls": calls, "aht_s": np.nan})
    return forecast(rows, calendar, events, options=OPTIONS, start=START, days=14)


def weeks(made):
    """Mean, 10 and 90 % of both weeks' sums."""
    paths, calls = made.paths["voice"], made.table.calls.to_numpy()
    spans = (slice(0, 7), slice(7, 14))
    return [(calls[span].sum(), *np.quantile(paths[:, span].sum(axis=1), (0.1, 0.9))) for span in spans]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("factor", "days"), [(2.0, 3), (0.6, 3), (1.5, 5)])
def test_a_break_in_the_last_days_is_said_with_both_readings_and_the_range_holds_both(factor, days, seed):
    made = made_of(np.where(days > AGE, factor, 1.0), seed)
    (note,) = (note for note in made.notes if "no known cause" in note)
    assert f"since {DATES[-days].date()} (days so far: {days})" in note
    day, in_a_week = START, START + dt.timedelta(days=6)
    assert re.search(rf"in \d+% of cases on {day}, in \d+% on {in_a_week}\.$", note)
    lasting, passing = (float(part.split(" ")[0].rstrip(".").replace(",", "")) for part in note.split("about ")[1:3])
    assert passing == pytest.approx(WEEK.mean(), rel=0.07)
    assert lasting == pytest.approx(factor * WEEK.mean(), rel=0.2)
    (mean, low, high), (later, low_later, high_later) = weeks(made)
    for bottom, top in ((low, high), (low_later, high_later)):
        assert bottom < 1.1 * min(1.0, factor) * WEEK.sum()
        assert top > 0.9 * max(1.0, factor) * WEEK.sum()
    assert abs(mean - WEEK.sum()) > abs(later - WEEK.sum())
    assert made.paths["voice"].sum(axis=1).mean() == pytest.approx(made.table.calls.sum(), rel=0.02)


def test_days_that_only_stray_are_no_break_and_an_old_break_is_none():
    for seed in range(8):
        assert "no known cause" not in " ".join(made_of(np.ones(len(DATES)), seed).notes)
    assert "no known cause" not in " ".join(made_of(np.where((AGE >= 40) & (AGE < 43), 2.0, 1.0), 1).notes)


def test_what_a_holiday_or_an_event_explains_is_no_break():
    last = np.where(AGE < 1, 0.4, 1.0)
    holiday = SiteCalendar(interval_min=1440, special_days=[SpecialDays(name="closing", start=DATES[-1].date())])
    event = Event(name="outage", kind="outage", start=DATES[-1].date())
    assert "no known cause" in " ".join(made_of(last, 0).notes)
    assert "no known cause" not in " ".join(made_of(last, 0, calendar=holiday).notes)
    assert "no known cause" not in " ".join(made_of(last, 0, events=[event]).notes)


def test_more_days_last_longer_and_the_mean_is_what_the_shares_make_it():
    one, four, ahead = Break(0.0, 0.0, 1, 0.5, 0.1), Break(0.0, 0.0, 4, 0.5, 0.1), np.arange(1.0, 29.0)
    assert (np.diff(four.share(ahead)) < 0).all()
    assert (four.share(ahead) > 2 * one.share(ahead)).all()
    normal, places = np.random.default_rng(1).standard_normal(20_000), (np.arange(20_000) + 0.5) / 20_000
    paths = np.exp(four.going_on(ahead, places, normal))
    assert np.exp(four.expected(ahead)) == pytest.approx(paths.mean(axis=0), rel=5e-3)
    assert not NO_BREAK.expected(ahead).any()


def planted(week, changed, seed, days=28):
    """Weeks of a forecast after sixty weeks of ``week``, whose last days (1 = the last) are as ``changed`` says."""
    dates = pd.date_range("2024-09-02", periods=420, freq="D")
    calls = np.random.default_rng(seed).poisson(np.asarray(week, dtype=float)[dates.day_of_week]).astype(float)
    for back, value in changed.items():
        calls[-back] = value
    rows = pd.DataFrame({"queue": "voice", "start": dates.tz_localize("UTC"), "calls": calls, "aht_s": np.nan})
    start = dates[-1].date() + dt.timedelta(days=1)
    return forecast(rows, DAILY, options=OPTIONS, start=start, days=days)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("week", "changed"),
    [
        ([300] * 5 + [0.1] * 2, {1: 2, 2: 0}),
        ([1000] * 5 + [1.0] * 2, {1: 6, 2: 5}),
        ([60] * 5 + [1.0] * 2, {1: 5, 2: 0}),
        ([40] * 5 + [0.0] * 2, {1: 8, 2: 8}),
    ],
)
def test_a_few_calls_on_quiet_days_say_nothing_of_busy_ones(week, changed, seed):
    made = planted(week, changed, seed, days=5)
    assert made.table.calls.to_numpy() == pytest.approx(np.full(5, week[0]), rel=0.2)
    assert made.table.calls.sum() == pytest.approx(5 * week[0], rel=0.16)
    assert "no known cause" not in " ".join(made.notes)


@pytest.mark.parametrize("seed", range(2))
def test_a_weekend_far_off_tells_half_as_much_of_working_days(seed):
    calls = planted([300] * 5 + [200] * 2, {1: 80, 2: 80}, seed, days=7).table.calls.to_numpy()
    assert 0.85 < calls[:5].sum() / 1500 < 0.97
    assert calls[5:].sum() / 400 < 0.93


@pytest.mark.parametrize("seed", range(2))
def test_the_further_off_a_single_day_the_less_of_it_goes_on(seed):
    sums = [planted([100] * 7, {1: 100 * times}, seed, days=7).table.calls.sum() / 700 for times in (3, 10, 1000)]
    assert 1.02 < sums[0] < 1.25
    assert 0.97 < sums[2] < sums[1] + 0.02 < sums[0] + 0.02


@pytest.mark.parametrize("over", [2, 3, 5, 8])
@pytest.mark.parametrize("surge", [14, 28])
def test_days_at_the_level_that_was_left_end_the_change(surge, over):
    week = np.array([300, 280, 270, 260, 250, 120, 80.0])
    dates = pd.date_range("2024-09-02", periods=420, freq="D")
    until, since = over + 1, over + surge
    changed = {back: 1.8 * week[dates[-back].day_of_week] for back in range(until, since + 1)}
    made = planted(week, changed, 1)
    assert made.table.calls.to_numpy().reshape(4, 7).sum(axis=1) == pytest.approx(np.full(4, week.sum()), rel=0.08)
    assert "has come back; the forecast takes that as over" in " ".join(made.notes)


def test_one_day_back_at_the_level_that_was_left_may_be_either():
    week = np.array([300, 280, 270, 260, 250, 120, 80.0])
    dates = pd.date_range("2024-09-02", periods=420, freq="D")
    made = planted(week, {back: 1.8 * week[dates[-back].day_of_week] for back in range(2, 23)}, 1)
    low, high = np.quantile(made.paths["voice"].sum(axis=1), (0.1, 0.9)) / (4 * week.sum())
    assert low < 1.1
    assert high > 1.7
    assert 1.25 < made.table.calls.sum() / (4 * week.sum()) < 1.55
