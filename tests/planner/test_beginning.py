"""What a first file tells of a site, by hand-made histories."""

import datetime as dt

import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.starting import even_breaks, shift_kinds
from staffing.history import read_history
from staffing.planner.beginning import first_opening, first_queues, people_by_workload, planning_interval

FIRST = dt.date(2026, 3, 2)  # a Monday


def history(hours, *, queue="voice", minutes=60, calls=10):
    """Four weeks; ``hours`` gives the open hours of a weekday (0 is Monday)."""
    rows = [
        {"timestamp": pd.Timestamp(day) + pd.Timedelta(minutes=minute), "queue": queue, "calls": calls, "aht_s": 360}
        for day in (FIRST + dt.timedelta(days=k) for k in range(28))
        for minute in range(0, 1440, minutes)
        if minute // 60 in hours(day.weekday())
    ]
    return read_history(pd.DataFrame(rows), SiteCalendar())


def test_opening_hours_are_those_in_which_contacts_come():
    found = first_opening(history(lambda day: range(8, 18) if day < 5 else range(9, 12) if day == 5 else ()))
    assert {day: [str(span) for span in spans] for day, spans in found.items()} == {
        **{day: ["08:00-18:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")},
        "saturday": ["09:00-12:00"],
    }


def test_a_long_pause_splits_the_day_and_a_short_one_does_not():
    found = first_opening(history(lambda day: [*range(8, 12), *range(16, 20)] if day < 5 else [8, 9, 11, 12]))
    assert [str(span) for span in found["monday"]] == ["08:00-12:00", "16:00-20:00"]
    assert [str(span) for span in found["sunday"]] == ["08:00-13:00"]


def test_where_contacts_always_come_the_site_is_always_open():
    assert first_opening(history(lambda _: range(24))) == {}


@pytest.mark.parametrize(
    ("name", "channel"),
    [("Voice DE", "voice"), ("web-chat", "chat"), ("ایمیل", "email"), ("Call-back", "callback"), ("sales", "voice")],
)
def test_a_queue_is_known_by_its_name_and_its_handle_time_by_the_file(name, channel):
    (queue,) = first_queues(history(lambda _: range(8, 18), queue=name))
    assert (queue["name"], queue["channel"], queue["aht_s"]) == (name, channel, 360.0)


def test_work_of_a_week_in_people():
    made = history(lambda day: range(8, 18) if day < 5 else (), calls=40)
    # 5 days × 10 h × 40 calls × 0.1 h = 200 h of work; 40 h a week, 80 % there, 85 % busy
    assert people_by_workload(made, {"voice": 360.0}, 40.0, lost=0.2) == pytest.approx(200 / 40 / 0.8 / 0.85)


@pytest.mark.parametrize(("own", "planned"), [(60, 60), (30, 30), (15, 15), (5, 15), (10, 20)])
def test_the_planning_interval_is_no_finer_than_a_quarter_of_an_hour(own, planned):
    assert planning_interval(history(lambda _: range(8, 18), minutes=own)) == planned


@pytest.mark.parametrize("spans", [{"monday": ("07:00-21:00",)}, {"monday": ("09:00-11:00",)}, {}])
def test_shifts_to_start_from_lie_within_the_opening_hours(spans):
    site = SiteCalendar(opening=spans)
    ends = [span.end_min for day in site.opening.values() for span in day] or [1440]
    begins = [span.start_min for day in site.opening.values() for span in day] or [0]
    for shift in shift_kinds(site.opening):
        assert shift.first_start >= begins[0]
        assert shift.undesired or shift.last_start + shift.length_min <= ends[0]


def test_breaks_lie_evenly_and_inside():
    first, lunch, last = even_breaks(510, 30, 2)
    assert (first.name, lunch.name, last.name) == ("break", "lunch", "break")
    assert first.latest_min + first.minutes <= lunch.earliest_min
    assert lunch.latest_min + lunch.minutes <= last.earliest_min
    assert last.latest_min + last.minutes <= 510
    assert even_breaks(240, 0, 0) == ()
