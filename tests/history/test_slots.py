"""Intervals told by their numbers: read where a day has all of them, else asked; never taken for hours."""

import pytest

from staffing.history import preview_upload
from tests.history.samples import HERE, TEHRAN, UTC, lines
from tests.history.test_kinds import asked, read

DAYS = ("2025-03-24", "2025-03-25", "2025-03-26")


def numbered(heading, numbers):
    return lines(f"Date,{heading},Calls", *(f"{day},{number},{7 + number % 3}" for day in DAYS for number in numbers))


def first_and_interval(report):
    assert report.status == "read", (report.problems, report.questions)
    return f"{report.history.frame['start'].min():%H:%M}", report.history.interval_min


@pytest.mark.parametrize("heading", ["Slot", "Interval", "Period", "Time"])
@pytest.mark.parametrize(("first", "parts"), [(0, 48), (1, 48), (0, 96), (1, 96)])
def test_all_of_a_day(heading, first, parts):
    report = read(numbered(heading, range(first, first + parts)))
    assert first_and_interval(report) == ("00:00", 1440 // parts)


@pytest.mark.parametrize("numbers", [range(17, 37), range(1, 21), range(9, 25), [17, 18, 19, 21, 22, 23, 24, 26]])
def test_a_part_of_a_day_is_asked(numbers):
    data = numbered("Slot", numbers)
    assert asked(read(data)) == ["slots"]
    minutes = (numbers[0] - 1) * 30
    told = preview_upload("a.csv", data, UTC, HERE, {"slots": "1-48"})
    assert first_and_interval(told) == (f"{minutes // 60:02d}:{minutes % 60:02d}", 30)
    if numbers[-1] <= 23:
        told = preview_upload("a.csv", data, UTC, HERE, {"slots": "0-23"})
        assert first_and_interval(told) == (f"{numbers[0]:02d}:00", 60)


def test_hours_are_hours_where_the_heading_says_so():
    assert first_and_interval(read(numbered("Hour", range(9, 18)))) == ("09:00", 60)
    assert first_and_interval(read(numbered("Stunde", range(0, 24)))) == ("00:00", 60)
    assert first_and_interval(read(numbered("Time", [800, 830, 900, 930, 1000, 1030]))) == ("08:00", 30)


def test_hours_of_utc_where_the_site_lies_half_an_hour_beside():
    hours = [f"2025-03-24T{hour:02d}:00:00Z,{hour + 5}" for hour in range(24)]
    report = preview_upload("a.csv", lines("timestamp,calls", *hours), TEHRAN, HERE)
    assert report.status == "refused"
    assert "begin 30 minutes late on the clock of Asia/Tehran" in report.problems[0].reason
    halves = [f"2025-03-24T{hour:02d}:{minute}:00Z,{hour + 5}" for hour in range(24) for minute in ("00", "30")]
    report = preview_upload("a.csv", lines("timestamp,calls", *halves), TEHRAN, HERE)
    assert first_and_interval(report) == ("03:30", 30)
