"""Columns that are called calls and count none: shares, rates, running totals, other years; rows of days and agents."""

from itertools import accumulate

import pytest

from tests.history.samples import lines
from tests.history.test_kinds import CALLS, DAYS, HALF_HOURS, asked, noted, read, rows, total


def refused(report, *words):
    assert report.status == "refused"
    assert all(word in report.problems[0].reason for word in words), report.problems


def test_shares_of_a_day_are_no_calls():
    refused(
        read(lines("Date,Time,Calls", *rows(lambda day, time, calls: f"{day},{time},{calls / 500:.4f}"))), "a share"
    )


def test_a_rate_under_abandoned():
    data = lines("Date,Time,Offered,Abandoned", *rows(lambda day, time, calls: f"{day},{time},{calls},0.0{calls % 9}"))
    refused(read(data), "a share")


def test_averages_are_said():
    data = lines("Date,Time,Calls", *rows(lambda day, time, calls: f"{day},{time},{calls}.25"))
    assert noted(read(data), "not whole")


def test_calls_added_up_through_each_day():
    table = [
        f"{day},{time},{sofar + k}"
        for k, day in enumerate(DAYS)
        for time, sofar in zip(HALF_HOURS, accumulate(CALLS), strict=True)
    ]
    refused(read(lines("Date,Time,Calls", *table)), "added up")


def test_mornings_that_only_rise_are_no_running_totals():
    table = [f"{day},{time},{5 + k}" for day in DAYS for k, time in enumerate(HALF_HOURS)]
    assert read(lines("Date,Time,Calls", *table)).status == "read"


@pytest.mark.parametrize(
    "heading",
    [
        "Calls last year",
        "Soll Anrufe",
        "Target Calls",
        "Previous Calls",
        "Anrufe Vorjahr",
        "Median calls",
        "Cumulative Calls",
    ],
)
def test_columns_of_other_times_and_of_plans_are_no_queues(heading):
    before = rows(lambda day, time, calls: f"{day},{time},{calls + 9},{calls}")
    behind = rows(lambda day, time, calls: f"{day},{time},{calls},{calls + 9}")
    for headings, table in ((f"{heading},Calls", before), (f"Ist Anrufe,{heading}", behind)):
        report = read(lines(f"Date,Time,{headings}", *table))
        assert total(report) == sum(CALLS) * len(DAYS)
        assert set(report.history.frame["queue"]) == {"voice"}


def test_one_row_a_day_at_opening_time():
    table = [f"2025-03-{day:02d} 08:00,2025-03-{day:02d} 18:00,{100 + day}" for day in range(1, 20)]
    refused(read(lines("Start,End,Calls", *table)), "one row a day, at 08:00")


def test_agents_are_no_queues():
    table = [row for each in rows() for row in (f"{each},Ann", f"{each},Bob")]
    assert asked(read(lines("Date,Time,Calls,Agent", *table))) == ["repeats"]
    assert total(read(lines("Date,Time,Calls,Agent", *table), repeats="sum")) == 2 * sum(CALLS) * len(DAYS)


def test_years_of_the_islamic_calendar_are_no_persian_ones():
    table = [f"1446/09/{day:02d},{100 + day}" for day in range(1, 29)]
    refused(read(lines("date,calls", *table)), "not a date")


def test_ratios_and_minutes_of_the_hour_are_no_queues():
    table = rows(lambda day, time, calls: f"{day},{time},{calls / 5},5")
    assert read(lines("Date,Time,Calls per agent,Agents", *table)).status == "refused"
    table = rows(lambda day, time, calls: f"{day},{int(time[:2])},{time[3:]},{calls}")
    assert read(lines("Date,Hour,Minute,Calls", *table)).status == "refused"


@pytest.mark.parametrize(
    ("talk", "wrap"), [("Talk time (min)", "ACW (sec)"), ("Average talk (sec)", "Average ACW (min)")]
)
def test_parts_of_handle_time_in_units_of_their_own(talk, wrap):
    cells = "3.5,30" if "min" in talk else "210,0.5"
    frame = read(lines(f"Date,Time,Calls,{talk},{wrap}", *(f"{each},{cells}" for each in rows()))).history.frame
    assert set(frame["aht_s"]) == {240.0}
