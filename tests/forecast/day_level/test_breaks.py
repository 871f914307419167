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
    one, four, ahead = Break(0.0, 0.0, 1, 0.5, 0.1), Break(0.0, 3.0, 4, 0.5, 0.1), np.arange(1.0, 29.0)
    assert (np.diff(four.share(ahead)) < 0).all()
    assert (four.share(ahead) > 2 * one.share(ahead)).all()
    normal, places = np.random.default_rng(1).standard_normal(20_000), (np.arange(20_000) + 0.5) / 20_000
    paths = np.exp(four.going_on(ahead, places, normal))
    assert np.exp(four.expected(ahead)) == pytest.approx(paths.mean(axis=0), rel=5e-3)
    assert not NO_BREAK.expected(ahead).any()
