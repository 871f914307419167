"""Dates and times as exports write them."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDateTime

from staffing.history.meaning.times import read_times

FROM, UNTIL = dt.datetime(1985, 1, 1), dt.datetime(2041, 12, 31)


def read(*cells, order=None):
    return read_times(pd.Series(list(cells), dtype="str"), order)


def local(*cells, order=None):
    return [str(stamp)[:16].replace("T", " ") for stamp in read(*cells, order=order).local]


@pytest.mark.parametrize(
    ("cell", "stamp"),
    [
        ("2024-01-05 10:30", "2024-01-05 10:30"),
        ("2024-01-05T10:30:00", "2024-01-05 10:30"),
        ("2024/1/5 8:05", "2024-01-05 08:05"),
        ("20240105 10:30", "2024-01-05 10:30"),
        ("20240105", "2024-01-05 00:00"),
        ("5.1.2024 08:05", "2024-01-05 08:05"),
        ("31/01/2024 1:30 PM", "2024-01-31 13:30"),
        ("01/31/2024 12:15 a.m.", "2024-01-31 00:15"),
        ("01/31/2024 12:15 pm", "2024-01-31 12:15"),
        ("05-Jan-2024 10:30", "2024-01-05 10:30"),
        ("Jan 5, 2024 10:30", "2024-01-05 10:30"),
        ("Friday 2024-01-05", "2024-01-05 00:00"),
        ("2024-01-05 24:00", "2024-01-06 00:00"),
        ("2024-01-05 10:30:00.000", "2024-01-05 10:30"),
        ("45292.5", "2024-01-01 12:00"),
        ("۱۴۰۳/۰۱/۰۱ ۰۸:۳۰", "2024-03-20 08:30"),
        ("1403-12-30 24:00", "2025-03-21 00:00"),
    ],
)
def test_ways_of_writing(cell, stamp):
    assert local(cell) == [stamp]


@pytest.mark.parametrize(
    "cell",
    [
        "2024-02-30", "2023-02-29 10:00", "2024-13-01", "2024-01-01 25:00", "2024-01-01 24:30", "2024-01-01 10:60",
        "2024-01-01 10:00:60", "2024-01-01 13:00 pm", "1402/12/30", "1403/13/01", "24/01/05", "x", "0000-00-00",
        "1403", "9999-12-31", "1066-10-14", "2024-01-05 10:30+99:00", "2024-01-05 10:30 tomorrow",
    ],
)  # fmt: skip
def test_what_is_no_date(cell):
    assert read("2024-01-05 10:30", cell).wrong.tolist() == [False, True]


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("2024-01-05T10:30Z", 0),
        ("2024-01-05 10:30 UTC", 0),
        ("2024-01-05T10:30+03:30", 210),
        ("2024-01-05 10:30-0500", -300),
    ],
)
def test_offsets_are_kept(cell, minutes):
    times = read(cell)
    assert times.offset_min.tolist() == [minutes]
    assert str(times.local[0]) == "2024-01-05T10:30:00"


def test_seconds_since_1970_are_utc():
    times = read("1704067200", "1704069000")
    assert [str(stamp) for stamp in times.local] == ["2024-01-01T00:00:00", "2024-01-01T00:30:00"]
    assert times.offset_min.tolist() == [0, 0]


class TestDayOrMonthFirst:
    def test_one_date_beyond_the_twelfth_decides_the_column(self):
        assert local("03/04/2024", "13/04/2024") == ["2024-04-03 00:00", "2024-04-13 00:00"]
        assert local("03/04/2024", "03/14/2024") == ["2024-03-04 00:00", "2024-03-14 00:00"]

    def test_else_the_reading_in_which_days_follow_each_other(self):
        assert local("03/11/2024", "04/11/2024", "05/11/2024")[-1] == "2024-11-05 00:00"
        assert local("11/03/2024", "11/04/2024", "11/05/2024")[-1] == "2024-11-05 00:00"

    def test_else_nobody_knows(self):
        assert read("03/04/2024").undecided
        assert not read("04/04/2024").undecided

    def test_the_planner_can_say(self):
        assert local("03/04/2024", order="dmy") == ["2024-04-03 00:00"]
        assert local("03/04/2024", order="mdy") == ["2024-03-04 00:00"]

    def test_a_date_against_the_others_is_wrong(self):
        assert read("13/04/2024", "14/04/2024", "04/15/2024").wrong.tolist() == [False, False, True]


def test_typed_columns():
    naive = pd.Series(pd.to_datetime(["2024-01-05 10:30:00.000001", None]))
    times = read_times(naive)
    assert str(times.local[0]) == "2024-01-05T10:30:00"
    assert times.wrong.tolist() == [False, True]
    assert read_times(naive.dt.tz_localize("Asia/Tehran")).offset_min.tolist() == [0, 0]
    assert str(read_times(naive.dt.tz_localize("Asia/Tehran")).local[0]) == "2024-01-05T07:00:00"
    assert str(read_times(pd.Series([20240105, 20240106])).local[1]) == "2024-01-06T00:00:00"
    assert str(read_times(pd.Series([dt.date(2024, 1, 5)])).local[0]) == "2024-01-05T00:00:00"
    assert read_times(pd.Series([True])).wrong.all()
    assert read_times(pd.Series(["2200-01-01"], dtype="datetime64[s]")).wrong.all()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.datetimes(FROM, UNTIL).map(lambda t: t.replace(second=0, microsecond=0)), min_size=1, max_size=12))
def test_every_way_of_writing_gives_the_same_instants(times):
    expected = np.array(times, dtype="datetime64[s]")
    jalali = [JalaliDateTime(t).strftime("%Y/%m/%d %H:%M") for t in times]
    for cells in (
        [f"{t:%Y-%m-%d %H:%M}" for t in times],
        [f"{t:%Y/%m/%d %H:%M:%S}" for t in times],
        [f"{t:%d-%b-%Y %I:%M %p}" for t in times],
        [f"{t:%d.%m.%Y, %H:%M}" for t in times],
        jalali,
        [text.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) for text in jalali],
    ):
        np.testing.assert_array_equal(read(*cells).local, expected)
    for order, form in (("dmy", "%d/%m/%Y %H:%M"), ("mdy", "%m/%d/%Y %H:%M")):
        np.testing.assert_array_equal(read(*(t.strftime(form) for t in times), order=order).local, expected)
