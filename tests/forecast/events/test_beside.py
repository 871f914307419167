"""A level that moves in the days of an event and stays is told, with the event as one explanation."""

import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event
from staffing.forecast import ForecastOptions, forecast

DAILY = SiteCalendar(interval_min=1440)
OPTIONS = ForecastOptions(models=("regression", "second_regression", "smoothing", "weekday_mean"), paths=60)
WEEK = np.array([300, 280, 270, 260, 250, 120, 80.0])
DATES = pd.date_range("2024-09-02", periods=399, freq="D")  # until a Sunday
AGE = len(DATES) - 1 - np.arange(len(DATES))
START = DATES[-1].date() + dt.timedelta(days=1)


def event(name, ago, days, kind="sale"):
    """An event of so many days that began so many days before the first day forecast."""
    first = START - dt.timedelta(days=ago)
    return Event(name=name, kind=kind, start=first, end=first + dt.timedelta(days=days - 1))


def notes_of(factor, *events, seed=0):
    rng = np.random.default_rng(seed)
    calls = rng.poisson(WEEK[DATES.day_of_week] * factor * np.exp(rng.normal(0, 0.05, len(DATES)))).astype(float)
    rows = pd.DataFrame({"queue": "voice", "start": DATES.tz_localize("UTC"), "calls": calls, "aht_s": np.nan})
    return [
        note for note in forecast(rows, DAILY, events, options=OPTIONS, start=START, days=14).notes if "level" in note
    ]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("factor", "since", "ago", "length"), [(1.6, 3, 7, 7), (1.4, 18, 21, 7), (0.6, 30, 30, 3)])
def test_a_level_that_moves_in_an_events_days_is_told_with_the_event(factor, since, ago, length, seed):
    (note,) = notes_of(np.where(since > AGE, factor, 1.0), event("spring", ago, length), seed=seed)
    assert "in the days of event 'spring', and is taken as its doing" in note
    day, size, now, without = re.search(
        r"on (\S+) by ([+-]\d+)% .* about ([\d,]+) a day now, about ([\d,]+) ", note
    ).groups()
    assert abs((dt.date.fromisoformat(day) - DATES[-since].date()).days) <= 1
    assert float(size) / 100 == pytest.approx(factor - 1, abs=0.15)
    assert float(without) == pytest.approx(WEEK.mean(), rel=0.08)
    assert float(now) == pytest.approx(factor * WEEK.mean(), rel=0.1)


def test_an_event_that_passes_or_does_what_its_kind_does_is_no_change():
    assert notes_of(np.where((AGE < 60) & (AGE >= 53), 1.4, 1.0), event("spring", 60, 7)) == []
    assert notes_of(1.0, event("spring", 5, 5)) == []
    before = [event(f"sale {k}", 5 * k + 5, 5) for k in (20, 30, 40, 50)]
    moved = np.where(np.isin(AGE // 5, (0, 20, 30, 40, 50)), 1.6, 1.0)
    assert notes_of(moved, event("spring", 5, 5), *before) == []


def test_what_goes_beyond_its_kind_is_told():
    before = [event(f"sale {k}", 5 * k + 5, 5) for k in (20, 30, 40, 50)]
    moved = np.select([AGE < 3, np.isin(AGE // 5, (20, 30, 40, 50))], [1.9, 1.2], 1.0)
    (note,) = notes_of(moved, event("spring", 5, 5), *before)
    assert "in the days of event 'spring'" in note


def test_the_same_change_far_from_any_event_is_told_as_a_change_alone():
    (note,) = notes_of(np.where(AGE < 28, 1.4, 1.0), event("spring", 90, 3))
    assert "takes it as lasting" in note
