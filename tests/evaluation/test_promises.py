"""Promises over days and weeks, counted by hand from the intervals of an evaluation."""

import pandas as pd
import pytest

from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.domain.service import ServiceTarget
from staffing.evaluation.promises import promised

STARTS = pd.DatetimeIndex(["2026-11-22 22:30", "2026-11-22 23:00", "2026-11-23 12:00"], tz="UTC")  # two local days
INTERVALS = pd.DataFrame({"queue": "voice", "start": STARTS, "in_time": [8.0, 5.0, 9.0], "base": [10.0, 10.0, 10.0]})


def counted(over: str, intervals: pd.DataFrame = INTERVALS) -> list[list]:
    target = ServiceTarget(service_level=0.8, over=over)
    scenario = Scenario(
        queues=(Queue(name="voice"), Queue(name="mail", channel="email")),
        site={"timezone": "Europe/Berlin", "interval_min": 30, "week_start": "sunday"},
        service=target,
    )
    rows = promised(intervals, scenario)
    numbers = rows[["wanted", "kept", "lacking"]].to_numpy(dtype=float).tolist()
    return [[f"{day:%m-%d}", *cells] for day, cells in zip(rows["first"], numbers, strict=True)]


def test_each_local_day_stands_by_itself():
    assert counted("day") == [["11-22", 8.0, 8.0, 0.0], ["11-23", 16.0, 14.0, pytest.approx(2.0)]]


def test_the_week_begins_on_the_sites_first_weekday():
    assert counted("week") == [["11-22", pytest.approx(24.0), 22.0, pytest.approx(2.0)]]


def test_without_contacts_or_such_a_promise_there_is_nothing_to_keep():
    assert counted("interval") == []
    assert counted("day", INTERVALS.assign(base=0.0, in_time=0.0)) == []
