"""Rules of thumb for kinds of event that history has no example of."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event
from staffing.forecast import ForecastOptions, fit
from tests.forecast.conftest import WEEK, make_history

DAILY = SiteCalendar(interval_min=1440)
DAYS = 120
START = dt.date(2024, 1, 1) + dt.timedelta(days=DAYS)
OPTIONS = ForecastOptions(models=("regression", "weekday_mean"), paths=400)


@pytest.fixture(scope="module")
def baseline():
    return fit(make_history(days=DAYS, interval_min=1440), DAILY, options=OPTIONS)


def added(baseline, event):
    """Calls that the event adds on each of three weeks' days, the notes, and what paths of the first day stray by."""
    plain, moved = (baseline.predict(DAILY, events, START, 21) for events in ((), (event,)))
    spread = [made.paths["voice"][:, 0].std() for made in (plain, moved)]
    return (moved.table.calls - plain.table.calls).to_numpy(), " ".join(moved.notes), spread[1] / spread[0]


def test_an_email_brings_some_of_those_written_to_within_two_days(baseline):
    calls, notes, wider = added(baseline, Event(name="news", kind="email", start=START, size=20_000))
    assert 0.01 * 20_000 < calls.sum() < 0.05 * 20_000
    assert calls[0] > calls[1] > 0
    assert np.abs(calls[2:]).max() < 1
    assert wider > 1.3
    assert "1.0% to 5.0% of the 20,000 written to" in notes
    assert "no study behind it" in notes
    assert "Type an effect to override it" in notes


def test_letters_take_their_time(baseline):
    calls, _, _ = added(baseline, Event(name="bills", kind="letter", start=START, size=20_000))
    assert 0.005 * 20_000 < calls.sum() < 0.02 * 20_000
    assert calls[7:12].sum() > 0.2 * calls.sum()


def test_a_release_lasts_a_week(baseline):
    calls, _, _ = added(baseline, Event(name="app 3", kind="Release", start=START, size=2.0))
    usual = 2000.0 * WEEK[[(START + dt.timedelta(days=k)).weekday() for k in range(21)]]
    assert (calls[:7] / usual[:7] > 0.03).all()
    assert (calls[:7] / usual[:7] < 0.15).all()
    assert np.abs(calls[7:]).max() < 1


@pytest.mark.parametrize(
    "event",
    [
        Event(name="typed", kind="email", start=START, size=20_000, effect=0.0),
        Event(name="no size", kind="email", start=START),
        Event(name="nobody", kind="release", start=START, size=0),
        Event(name="strike", kind="strike", start=START, size=20_000),
        Event(name="spot", kind="tv", start=START, size=20_000),
    ],
)
def test_a_typed_effect_a_missing_size_and_other_kinds_stand_for_themselves(baseline, event):
    calls, notes, _ = added(baseline, event)
    assert np.abs(calls).max() < 1e-6
    assert "stands in" not in notes


@pytest.fixture(scope="module")
def hourly():
    """Open 08:00 to 18:00 but on Saturdays; a Wednesday a week ahead is closed."""
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "sunday")
    opening = dict.fromkeys(days, "08:00-18:00")
    calendar = SiteCalendar(interval_min=60, opening=opening, closed_dates=(START + dt.timedelta(days=8),))
    return calendar, fit(make_history(days=DAYS), calendar, options=OPTIONS)


def by_hour(hourly, **told):
    """Calls that an e-mail to 20,000 adds, by day from ``START`` (a Tuesday) and hour."""
    calendar, fitted = hourly
    event = Event(name="news", **{"kind": "email", "size": 20_000} | told)
    plain, moved = (fitted.predict(calendar, events, START, 14).table for events in ((), (event,)))
    local = plain.start.dt.tz_convert(calendar.zone)
    days = (local.dt.tz_localize(None).dt.normalize() - pd.Timestamp(START)).dt.days
    grid = np.zeros((14, 24))
    grid[days, local.dt.hour] = moved.calls - plain.calls
    return grid


def test_an_email_sent_at_night_is_answered_the_days_after(hourly):
    night = by_hour(hourly, start=START, start_time=dt.time(23))
    morrow = by_hour(hourly, start=START + dt.timedelta(days=1))
    assert night[0] == pytest.approx(np.zeros(24), abs=0.5)
    assert night.sum(axis=1) == pytest.approx(morrow.sum(axis=1), abs=2)


def test_an_email_sent_at_noon_brings_nobody_before(hourly):
    noon = by_hour(hourly, start=START, start_time=dt.time(12))
    assert np.abs(noon[0, :12]).max() < 0.1 * noon[0, 12:].max()
    assert noon[0].sum() > 100
    assert noon[1].sum() > 100
    assert noon[3:] == pytest.approx(np.zeros((11, 24)), abs=0.5)


@pytest.mark.parametrize(("sent", "open_day"), [(4, 5), (8, 9)], ids=["Saturday", "closed date"])
def test_what_falls_on_a_closed_day_moves_on(hourly, sent, open_day):
    closed = by_hour(hourly, start=START + dt.timedelta(days=sent)).sum(axis=1)
    plain = by_hour(hourly, start=START + dt.timedelta(days=1)).sum()
    assert closed.sum() == pytest.approx(plain, rel=0.05)
    assert closed[open_day] > 0.95 * plain
    friday = by_hour(hourly, start=START + dt.timedelta(days=sent - 1)).sum(axis=1)
    assert friday[[sent - 1, open_day]] == pytest.approx([0.65 * plain, 0.35 * plain], rel=0.05)


@pytest.mark.parametrize("kind", ["E-mail campaign", "newsletter", "email_blast", "Emailing"])
def test_kinds_are_known_by_their_other_names(baseline, kind):
    calls, _, _ = added(baseline, Event(name="news", kind=kind, start=START, size=20_000))
    assert 0.01 * 20_000 < calls.sum() < 0.05 * 20_000


def test_what_a_figure_needs_is_said(baseline):
    _, unsized, _ = added(baseline, Event(name="news", kind="e-mail", start=START))
    assert "until its size tells how many are written to, of whom 1.0% to 5.0% call within 2 days" in unsized
    _, spot, _ = added(baseline, Event(name="spot", kind="TV spot", start=START, size=20_000))
    assert "60% to 70% of its contacts within 6 hours" in spot
    assert "Type an effect, and its hours" in spot
