"""Clock changes, checked against instants written out by hand in UTC."""

import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputErrors
from staffing.history import read_upload
from tests.history.samples import NEW_YORK, TEHRAN, csv, lines


def utc(history):
    return [f"{start:%m-%d %H:%M}" for start in history.frame["start"].dt.tz_convert("UTC")]


def day(date, minutes, zone):
    """A whole local day as the wall clock shows it: what a phone system prints."""
    start = pd.Timestamp(date).tz_localize(zone, nonexistent="shift_forward", ambiguous=True)
    end = (pd.Timestamp(date) + pd.Timedelta(days=1)).tz_localize(zone, nonexistent="shift_forward", ambiguous=True)
    instants = pd.date_range(start.tz_convert("UTC"), end.tz_convert("UTC"), freq=f"{minutes}min", inclusive="left")
    wall = instants.tz_convert(zone).strftime("%Y-%m-%d %H:%M")
    return instants, pd.DataFrame({"timestamp": wall, "calls": range(len(wall))})


@pytest.mark.parametrize(
    ("date", "site", "hours"),
    [
        ("2022-03-22", TEHRAN, 23),
        ("2022-09-21", TEHRAN, 25),
        ("2023-03-22", TEHRAN, 24),
        ("2024-03-10", NEW_YORK, 23),
        ("2024-11-03", NEW_YORK, 25),
        ("2024-04-07", SiteCalendar(timezone="Australia/Lord_Howe"), 24.5),
    ],
)
@pytest.mark.parametrize("minutes", [15, 30])
def test_days_of_23_and_25_hours_keep_every_interval_in_its_place(date, site, hours, minutes):
    instants, table = day(date, minutes, site.timezone)
    assert len(table) == hours * 60 / minutes
    frame = read_upload("a.csv", csv(table), site).frame
    assert list(frame["start"].dt.tz_convert("UTC")) == list(instants)
    assert frame["calls"].tolist() == table["calls"].tolist()


def test_the_same_day_printed_backwards():
    instants, table = day("2024-11-03", 30, "America/New_York")
    frame = read_upload("a.csv", csv(table[::-1]), NEW_YORK).frame
    assert list(frame["start"].dt.tz_convert("UTC")) == list(instants)
    assert frame["calls"].tolist() == table["calls"].tolist()


def test_a_repeated_hour_is_told_apart_per_queue_and_it_is_said():
    _, table = day("2024-11-03", 30, "America/New_York")
    both = pd.concat([table.assign(queue="a"), table.assign(queue="b")])
    history = read_upload("a.csv", csv(both), NEW_YORK)
    assert history.frame.groupby("queue").size().tolist() == [50, 50]
    assert any("8 rows of an hour that the clock change repeats are told apart" in note for note in history.notes)


def test_a_repeated_hour_that_is_there_once_is_taken_for_the_first():
    rows = [f"2024-11-03 {hour:02d}:00,{hour}" for hour in range(4)]
    history = read_upload("a.csv", lines("timestamp,calls", *rows), NEW_YORK)
    assert utc(history) == ["11-03 04:00", "11-03 05:00", "11-03 06:00", "11-03 07:00", "11-03 08:00"]
    assert history.frame["calls"].isna().tolist() == [False, False, True, False, False]
    assert any("there once and are taken for the first of the two (first: row 3)" in note for note in history.notes)


@pytest.mark.parametrize(
    ("site", "rows", "shown"),
    [
        (NEW_YORK, ["2024-03-10 01:30,5", "2024-03-10 02:00,6", "2024-03-10 03:00,7"], "2024-03-10 02:00"),
        (TEHRAN, ["2022-03-21 23:30,5", "2022-03-22 00:00,6", "2022-03-22 01:00,7"], "2022-03-22 00:00"),
    ],
)
def test_a_local_time_that_never_was_is_named(site, rows, shown):
    message = rf"a.csv, row 3, column 'timestamp': '{shown}' never was: clocks in {site.timezone} skipped it."
    with pytest.raises(InputErrors, match=message):
        read_upload("a.csv", lines("timestamp,calls", *rows), site)


def test_a_skipped_hour_filled_with_zero_is_left_out_and_said():
    rows = ["2024-03-10 01:30,5", "2024-03-10 02:00,0", "2024-03-10 02:30,", "2024-03-10 03:00,7"]
    history = read_upload("a.csv", lines("timestamp,calls", *rows), NEW_YORK)
    assert utc(history) == ["03-10 06:30", "03-10 07:00"]
    assert any("2 empty row(s) at local times that the clock change skipped" in note for note in history.notes)


def test_days_begin_when_the_local_day_does():
    rows = [f"2022-03-{day},{day}" for day in (20, 21, 22, 23)]
    history = read_upload("a.csv", lines("date,calls", *rows), TEHRAN)
    assert history.interval_min == 1440
    assert utc(history) == ["03-19 20:30", "03-20 20:30", "03-21 20:30", "03-22 19:30"]
    assert history.frame["calls"].tolist() == [20, 21, 22, 23]


def test_offsets_in_the_file_are_honoured_and_turned_into_the_sites_zone():
    rows = ["2024-11-03T05:30Z,1", "2024-11-03T01:00-05:00,2", "2024-11-03T06:30+00:00,3"]
    history = read_upload("a.csv", lines("timestamp,calls", *rows), NEW_YORK)
    assert utc(history) == ["11-03 05:30", "11-03 06:00", "11-03 06:30"]
    assert str(history.frame["start"].dt.tz) == "America/New_York"
