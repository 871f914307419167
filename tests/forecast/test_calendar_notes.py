"""Calendars that say something a planner hardly meant: a message each, and a forecast all the same."""

import datetime as dt

import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event
from staffing.forecast import ForecastOptions, fit
from tests.forecast.conftest import make_history

OPTIONS = ForecastOptions(models=("regression", "weekday_mean"), paths=40)
START = dt.date(2024, 4, 30)  # a Tuesday
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def notes_of(calendar, events=()):
    made = fit(make_history(days=120), calendar, options=OPTIONS).predict(calendar, events, START, 14)
    assert made.table.calls.sum() > 10_000
    return " ".join(made.notes)


def test_an_event_on_closed_days_is_said_to_fall_on_them():
    calendar = SiteCalendar(interval_min=60, opening=dict.fromkeys(WEEKDAYS, "08:00-18:00"))
    saturday = Event(name="sale", kind="campaign", start=dt.date(2024, 5, 4), end=dt.date(2024, 5, 5), effect=0.5)
    assert "event 'sale' falls on closed days only (2024-05-04 to 2024-05-05)" in notes_of(calendar, (saturday,))
    assert "closed days" not in notes_of(calendar, (saturday.moved(dt.date(2024, 5, 3)),))


def test_an_event_on_a_closed_date_outside_the_hours_or_in_no_queue_is_said():
    hours = dict.fromkeys(WEEKDAYS, "08:00-18:00")
    calendar = SiteCalendar(interval_min=60, opening=hours, closed_dates=(dt.date(2024, 5, 1),))
    inventory = Event(name="inventory", kind="promo", start=dt.date(2024, 5, 1), effect=0.5)
    late = {"start": dt.date(2024, 5, 2), "start_time": dt.time(22), "end_time": dt.time(23)}
    night = Event(name="night", kind="promo", effect=0.5, **late)
    nobody = Event(name="nobody", kind="promo", start=dt.date(2024, 5, 2), effect=0.5, queues=("voise",))
    said = notes_of(calendar, (inventory, night, nobody))
    assert "event 'inventory' falls on closed days only (2024-05-01)" in said
    assert "event 'night': no calls come to voice in its hours" in said
    assert "event 'nobody' names a queue 'voise' that history does not have" in said
    evening = night.model_copy(update={"start_time": dt.time(17), "queues": ("voice",)})
    assert "event 'night'" not in notes_of(calendar, (evening,))


def test_two_overlapping_periods_that_differ_in_case_are_asked_about():
    periods = [
        {"name": name, "start": "2024-02-01", "end": "2024-02-20", "kind": "period"} for name in ("School", "school ")
    ]
    assert "'School' and 'school" in notes_of(SiteCalendar(interval_min=60, special_days=periods))


@pytest.mark.parametrize(("year", "said"), [(2042, True), (2024, False)])
def test_a_special_day_far_beyond_the_horizon_is_asked_about(year, said):
    calendar = SiteCalendar(interval_min=60, special_days=[{"name": "Fair", "start": f"{year}-09-01"}])
    assert ("special day 'Fair' on 2042-09-01 lies far beyond" in notes_of(calendar)) == said


def test_two_overlapping_periods_of_one_name_count_once_and_are_said():
    fast = [("2024-02-01", "2024-02-20"), ("2024-02-15", "2024-03-01"), ("2025-02-01", "2025-02-20")]
    periods = [{"name": "Fast", "start": a, "end": b, "kind": "period"} for a, b in fast]
    notes = notes_of(SiteCalendar(interval_min=60, special_days=periods))
    assert notes.count("two periods named 'Fast' overlap from 2024-02-15 to 2024-02-20; these days count once") == 1


@pytest.mark.parametrize(("between", "said"), [(0, False), (14, False), (28, False), (29, True), (400, True)])
def test_a_start_long_after_history_is_said_with_the_days_between(between, said):
    calendar = SiteCalendar(interval_min=60)
    start = START + dt.timedelta(days=between)
    made = fit(make_history(days=120), calendar, options=OPTIONS).predict(calendar, (), start, 7)
    found = f"{between} days lie between the last day of history, 2024-04-29, and the first one forecast, {start}."
    assert any(found in note for note in made.notes) == said
