"""Last night's fit: what it may be taken from, and how near it comes to a fit in full."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.forecast import fit
from staffing.forecast.last_fit import LastFit, fitted, history_until, its_day
from staffing.forecast.written import from_bytes, to_bytes

SITE = SiteCalendar(country="US", interval_min=60)
FIRST, DAYS = dt.date(2023, 1, 2), 420
DAY_WITHIN, MEAN_WITHIN, WIDTH_WITHIN = 0.02, 0.005, 0.05  # of a fit in full: any day, all days, their ranges


@pytest.fixture(scope="module")
def frame():
    rng, hour = np.random.default_rng(3), np.arange(24)
    shape = 0.1 + np.exp(-(((hour - 11) / 3.0) ** 2)) + 0.6 * np.exp(-(((hour - 16) / 2.0) ** 2))
    level = 60 * np.exp(np.cumsum(rng.normal(0, 0.01, DAYS)) + rng.normal(0, 0.05, DAYS))
    week = np.array([1.2, 1.0, 1.0, 1.0, 0.9, 0.5, 0.3])[np.arange(DAYS) % 7]
    stamps = pd.date_range(FIRST, periods=DAYS * 24, freq="h", tz="UTC")
    calls = rng.poisson((level * week)[:, None] * shape).ravel().astype(float)
    return pd.DataFrame({"queue": "voice", "start": stamps, "calls": calls, "aht_s": 300.0})


def until(frame, start):
    return frame[frame["start"] < pd.Timestamp(start, tz="UTC")]


def learn(frame, start, last=None):
    known = until(frame, start)
    return fitted(
        lambda: fit(known, SITE), last, lambda found: LastFit("this", start, history_until(known, start), found)
    )


def test_a_week_of_nights_stays_near_fits_in_full(frame):
    start = FIRST + dt.timedelta(days=DAYS - 6)
    _, first = learn(frame, start)
    last = from_bytes(to_bytes(first))
    for later in (1, 6):
        night = start + dt.timedelta(days=later)
        made, kept = learn(frame, night, last)
        assert kept is last
        mine, full = (one.predict(SITE, (), night, 28).table for one in (made, learn(frame, night)[0]))
        by_day = [table.groupby(table["start"].dt.date)["calls"].sum() for table in (mine, full)]
        apart = (by_day[0] / by_day[1] - 1).abs()
        assert 0 < apart.max() < DAY_WITHIN
        assert apart.mean() < MEAN_WITHIN
        width = [(table["p90"] - table["p10"]).sum() for table in (mine, full)]
        assert width[0] == pytest.approx(width[1], rel=WIDTH_WITHIN)


def test_a_fit_that_goes_another_way_is_made_in_full(frame):
    start = FIRST + dt.timedelta(days=150)
    _, last = learn(frame, start)
    shorter = replace(last, found=dict(list(last.found.items())[:-1]))
    made, kept = learn(frame, start + dt.timedelta(days=1), shorter)
    assert kept.start == start + dt.timedelta(days=1)
    full = learn(frame, start + dt.timedelta(days=1))[0]
    mine, whole = (one.predict(SITE, (), kept.start, 7).table["calls"].tolist() for one in (made, full))
    assert mine == whole


def test_it_holds_for_grown_history_and_nothing_else(frame):
    start = FIRST + dt.timedelta(days=100)
    last = LastFit("this", start, history_until(until(frame, start), start), {})
    nights = [start + dt.timedelta(days=later) for later in range(1, 7)]
    held = [night for night in nights if last.holds("voice", until(frame, night), "this", night)]
    assert held == [night for night in nights if not its_day("voice", night)]
    night = held[0]
    assert not last.holds("voice", until(frame, night), "that", night)
    corrected = until(frame, night).copy()
    corrected.loc[30, "calls"] += 1
    assert not last.holds("voice", corrected, "this", night)
    late = start + dt.timedelta(days=7)
    assert not last.holds("voice", until(frame, late), "this", late)


def test_a_seventh_of_the_queues_is_fitted_in_full_each_night():
    days = [FIRST + dt.timedelta(days=k) for k in range(7)]
    counts = [sum(its_day(f"q{k}", day) for k in range(700)) for day in days]
    assert sum(counts) == 700
    assert min(counts) > 60
