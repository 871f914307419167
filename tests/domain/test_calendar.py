import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.domain.calendar import SiteCalendar, SpecialDays, clock_minutes
from staffing.errors import InputErrors

TEHRAN = SiteCalendar(timezone="Asia/Tehran", country="IR", week_start="saturday", weekend=("friday",))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Asia/Tehran", dt.date(2022, 3, 22), 23),  # Iran's clocks went from 00:00 to 01:00
        ("Asia/Tehran", dt.date(2022, 9, 21), 25),
        ("America/New_York", dt.date(2026, 3, 8), 23),
        ("America/New_York", dt.date(2026, 11, 1), 25),
        ("Asia/Tehran", dt.date(2026, 3, 22), 24),  # no daylight saving since 2022
    ],
)
def test_a_planning_day_is_the_local_day(zone, day, hours):
    site = SiteCalendar(timezone=zone, interval_min=30)
    assert len(site.grid(day, 1)) == hours * 2
    assert site.grid(day, 1)[-1] + pd.Timedelta(minutes=30) == site.grid(day + dt.timedelta(days=1), 1)[0]


def test_daily_intervals_begin_at_local_midnight_across_a_clock_change():
    grid = SiteCalendar(timezone="America/New_York", interval_min=1440).grid(dt.date(2026, 3, 7), 3)
    assert [str(start)[:16] for start in grid] == ["2026-03-07 00:00", "2026-03-08 00:00", "2026-03-09 00:00"]


def test_opening_hours_and_closed_dates():
    site = SiteCalendar(
        interval_min=60,
        opening={"monday": "07:00-21:00", "friday": ["08:00-12:00", "22:00-24:00"]},
        closed_dates=(dt.date(2026, 11, 30),),
    )
    monday, friday = site.open_grid(dt.date(2026, 11, 23), 1), site.open_grid(dt.date(2026, 11, 27), 1)
    assert (len(monday), monday[0].hour, monday[-1].hour) == (14, 7, 20)
    assert list(friday.hour) == [8, 9, 10, 11, 22, 23]
    assert len(site.open_grid(dt.date(2026, 11, 24), 3)) == 0
    assert len(site.open_grid(dt.date(2026, 11, 30), 1)) == 0
    assert not site.is_open_day(dt.date(2026, 11, 30))


def test_the_week_begins_on_the_sites_day():
    assert TEHRAN.week_of(dt.date(2026, 11, 22)) == dt.date(2026, 11, 21)
    assert TEHRAN.week_of(dt.date(2026, 11, 21)) == dt.date(2026, 11, 21)
    assert TEHRAN.is_weekend(dt.date(2026, 11, 27))


@given(st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1)), st.sampled_from(["saturday", "sunday", "monday"]))
def test_every_day_lies_in_its_week(day, week_start):
    site = SiteCalendar(week_start=week_start)
    first = site.week_of(day)
    assert 0 <= (day - first).days < 7
    assert first.strftime("%A").lower() == week_start


@settings(max_examples=40)
@given(
    st.sampled_from(["Asia/Tehran", "America/New_York", "Australia/Lord_Howe", "Europe/Berlin"]),
    st.dates(dt.date(2015, 1, 1), dt.date(2027, 1, 1)),
    st.integers(1, 10),
    st.sampled_from([5, 15, 30, 60]),
)
def test_grids_join_without_gap_or_overlap(zone, start, days, interval_min):
    site = SiteCalendar(timezone=zone, interval_min=interval_min)
    grid = site.grid(start, days + 1)
    joined = site.grid(start, days).append(site.grid(start + dt.timedelta(days=days), 1))
    assert grid.is_unique
    if zone != "Australia/Lord_Howe" or interval_min != 60:  # half-hour clock changes cut hourly grids
        assert grid.equals(joined)
        assert (np.diff(grid.asi8) == np.diff(grid.asi8)[0]).all()


def test_holidays_keep_one_name_over_the_years():
    found = TEHRAN.holidays(dt.date(2026, 3, 1), dt.date(2027, 4, 30))
    assert "Nowruz" in found[dt.date(2026, 3, 21)]
    assert not any("estimated" in name for name in found.values())


def test_the_sites_own_days_add_to_the_country():
    site = SiteCalendar(
        special_days=(
            SpecialDays(name="Founders' day", start=dt.date(2026, 5, 5)),
            SpecialDays(name="Ramadan", start=dt.date(2026, 2, 18), end=dt.date(2026, 3, 19), kind="period"),
        )
    )
    assert site.holidays(dt.date(2026, 1, 1), dt.date(2026, 12, 31)) == {dt.date(2026, 5, 5): "Founders' day"}
    assert [(period.name, len(period.dates())) for period in site.periods()] == [("Ramadan", 30)]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"timezone": "Mars/Olympus"}, "field 'timezone': is not a known time zone"),
        ({"interval_min": 7}, "field 'interval_min': must be one of 5, 10, 15"),
        ({"country": "XX"}, "no holiday table for 'XX'"),
        ({"opening": {"monday": "21:00-07:00"}}, "opening hours must end after they start"),
        ({"opening": {"monday": "7-21"}}, "'7' is not a time of day; write HH:MM"),
        ({"opening": {"someday": "07:00-21:00"}}, "field 'opening.someday"),
        ({"time_zone": "UTC"}, "field 'time_zone': is not a known field"),
        ({"special_days": [{"name": "x", "start": "2026-02-02", "end": "2026-02-01"}]}, "'x' ends before it starts"),
    ],
)
def test_what_is_wrong_is_named(data, says):
    with pytest.raises(InputErrors) as caught:
        SiteCalendar.parse(data)
    assert says in str(caught.value)


def test_clock_minutes():
    assert [clock_minutes(text) for text in ("00:00", "7:30", "24:00")] == [0, 450, 1440]
    for text in ("24:01", "12:60", "noon"):
        with pytest.raises(ValueError, match="not a time of day"):
            clock_minutes(text)
