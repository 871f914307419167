"""Changes put into quiet history are found; what is excluded no longer bends the forecast."""

import datetime as dt

import numpy as np
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event, ExcludedDays
from staffing.forecast import ForecastOptions, fit
from staffing.forecast.events.found import found_events
from tests.forecast.conftest import make_history

CALENDAR = SiteCalendar(interval_min=1440)
FEW = ForecastOptions(paths=20, models=("regression", "weekday_mean"))
SPIKE, DIP, SHIFT = dt.date(2024, 3, 5), dt.date(2024, 5, 20), dt.date(2024, 9, 10)


def quiet(days=340, seed=3):
    rows = make_history(days=days, level=1500.0, interval_min=1440)
    rows["calls"] = np.round(rows["calls"] * np.exp(np.random.default_rng(seed).normal(0, 0.05, days)))
    return rows


def changed(rows, first, last, factor):
    days = rows["start"].dt.tz_localize(None).dt.date
    return rows.assign(calls=rows["calls"].where((days < first) | (days > last), np.round(rows["calls"] * factor)))


@pytest.fixture(scope="module")
def odd():
    rows = changed(quiet(), SPIKE, SPIKE, 1.5)
    rows = changed(rows, DIP, DIP + dt.timedelta(days=3), 0.75)
    return changed(rows, SHIFT, dt.date(2025, 12, 31), 1.25)


def test_spike_dip_and_shift_are_found_with_date_length_and_size(odd):
    found = found_events(odd, CALENDAR).set_index("change")
    assert sorted(found.index) == ["dip", "level shift", "spike"]
    assert (found.loc["spike", "start"], found.loc["spike", "days"]) == (SPIKE, 1)
    assert found.loc["spike", "effect"] == pytest.approx(0.5, abs=0.12)
    assert (found.loc["dip", "start"], found.loc["dip", "days"]) == (DIP, 4)
    assert found.loc["dip", "effect"] == pytest.approx(-0.25, abs=0.06)
    assert abs((found.loc["level shift", "start"] - SHIFT).days) <= 2
    assert found.loc["level shift", "effect"] == pytest.approx(0.25, abs=0.08)
    assert found.loc["dip", "low"] < found.loc["dip", "effect"] < found.loc["dip", "high"]


def test_quiet_history_holds_nothing():
    assert found_events(quiet(), CALENDAR).empty


def test_what_was_named_is_not_found_again(odd):
    named = [
        Event(name="dip", kind="strike", start=DIP, end=DIP + dt.timedelta(days=3)),
        Event(name="spike", kind="outage", start=SPIKE),
        Event(name="shift", kind="merger", start=SHIFT),
    ]
    assert found_events(odd, CALENDAR, named).empty


def test_excluded_days_do_not_bend_the_forecast():
    start = dt.date(2024, 1, 1) + dt.timedelta(days=340)
    clean = quiet()
    spoilt = changed(clean, start - dt.timedelta(days=6), start - dt.timedelta(days=1), 0.3)
    span = ExcludedDays(start=start - dt.timedelta(days=6), end=start - dt.timedelta(days=1), reason="strike")
    expected, bent, mended = (
        fit(rows, CALENDAR, (), FEW, excluded=spans).predict(CALENDAR, (), start, 14).table["calls"].sum()
        for rows, spans in ((clean, ()), (spoilt, ()), (spoilt, (span,)))
    )
    assert mended == pytest.approx(expected, rel=0.03)
    assert abs(bent / expected - 1) > abs(mended / expected - 1)


def test_days_are_excluded_for_their_own_queue_only():
    rows = quiet()
    spans = (ExcludedDays(queue="chat", start=dt.date(2024, 6, 1), end=dt.date(2024, 6, 30), reason="export"),)
    start = dt.date(2024, 1, 1) + dt.timedelta(days=340)
    made = [fit(rows, CALENDAR, (), FEW, excluded=e).predict(CALENDAR, (), start, 7).table for e in ((), spans)]
    assert made[0].equals(made[1])
