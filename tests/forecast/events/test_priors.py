"""Rules of thumb for kinds of event that history has no example of."""

import datetime as dt

import numpy as np
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
    assert "rule of thumb" not in notes
