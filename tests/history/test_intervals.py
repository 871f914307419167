"""Summing to coarser intervals, the summary, one queue alone."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError
from staffing.history import aggregate, read_upload
from staffing.tables import HISTORY
from tests.history.samples import TEHRAN, UTC, csv, lines, table

QUARTERS = lines(
    "timestamp,calls,answered,abandoned,aht_seconds",
    "2024-01-01 08:00,10,9,1,100",
    "2024-01-01 08:15,30,20,5,200",
    "2024-01-01 08:30,5,5,0,300",
    "2024-01-01 08:45,,,,",
)


def test_counts_add_up_and_handle_time_is_weighted_by_the_calls_answered():
    half = read_upload("a.csv", QUARTERS, UTC).aggregate(30).frame
    assert half.iloc[0][["calls", "answered", "abandoned", "aht_s"]].tolist() == [40, 29, 6, (9 * 100 + 20 * 200) / 29]


def test_a_missing_part_makes_the_sum_missing_not_less():
    half = read_upload("a.csv", QUARTERS, UTC).aggregate(30).frame
    assert half.iloc[1][["calls", "answered", "abandoned"]].isna().all()


def test_days_of_23_and_25_hours_are_one_day():
    for date, hours in (("2022-03-22", 23), ("2022-09-21", 25)):
        grid = TEHRAN.grid(dt.date.fromisoformat(date), 1)
        frame = pd.DataFrame({"queue": "voice", "start": grid, "calls": 1.0, "answered": 1.0})
        frame = frame.assign(abandoned=np.nan, aht_s=200.0)
        day = aggregate(frame, 1440)
        assert day["calls"].tolist() == [2 * hours]
        assert day["start"].iloc[0] == TEHRAN.midnight(dt.date.fromisoformat(date))


def test_a_repeated_hour_keeps_its_two_readings():
    zone = SiteCalendar(timezone="America/New_York")
    frame = pd.DataFrame({"queue": "voice", "start": zone.grid(dt.date(2024, 11, 3), 1), "calls": 1.0})
    hours = aggregate(frame.assign(answered=1.0, abandoned=0.0, aht_s=1.0), 60)
    assert len(hours) == 25
    assert set(hours["calls"]) == {2.0}


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 50)), min_size=12, max_size=48),
    st.sampled_from([(5, 15), (5, 30), (10, 20), (10, 60), (15, 60), (30, 1440)]),
)
def test_aggregation_against_a_plain_loop(calls, steps):
    fine, coarse = steps
    start = pd.date_range("2024-01-01", periods=len(calls), freq=f"{fine}min", tz="Asia/Tehran")
    frame = pd.DataFrame({"queue": "voice", "start": start, "calls": pd.Series(calls, dtype=float)})
    frame = frame.assign(answered=np.nan, abandoned=np.nan, aht_s=[100.0 + k for k in range(len(calls))])
    result = aggregate(frame, coarse)
    ratio = coarse // fine
    groups = [range(k, min(k + ratio, len(calls))) for k in range(0, len(calls), ratio)]
    for group, (_, row) in zip(groups, result.iterrows(), strict=True):
        part = [calls[k] for k in group]
        if None in part:
            assert np.isnan(row["calls"])
        else:
            assert row["calls"] == sum(part)
            if sum(part):
                assert row["aht_s"] == pytest.approx(sum(calls[k] * (100 + k) for k in group) / sum(part))


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (15, "the history has intervals of 30 minutes and cannot be cut into 15. Plan in multiples of 30 minutes, or"),
        (45, "45 minutes is no planning interval. Choose one of 5, 10, 15, 20, 30, 60, 1440."),
    ],
)
def test_finer_or_odd_intervals_are_refused(to, said):
    with pytest.raises(InputError) as caught:
        read_upload("a.csv", csv(table()), UTC).aggregate(to)
    assert said in str(caught.value)
    with pytest.raises(InputError):
        aggregate(read_upload("a.csv", csv(table()), UTC).frame, to)


def test_the_result_is_a_history_table_again():
    history = read_upload("a.csv", csv(table("2024-01-01 00:00", rows=96)), UTC)
    hours = history.aggregate(60)
    assert hours.interval_min == 60
    assert list(hours.frame.columns) == list(history.frame.columns)
    assert HISTORY.check(hours.frame).equals(hours.frame)
    assert hours.notes[-1] == "Intervals of 30 minutes are summed to 60 minutes."
    assert history.aggregate(30) is history


def test_the_summary():
    rows = table("2024-01-01 08:00", rows=16)
    both = pd.concat([
        rows.assign(queue="voice"), table("2024-01-02 08:00", rows=16).assign(queue="voice"),
        rows.drop(index=3).assign(queue="chat"),
    ])  # fmt: skip
    summary = read_upload("a.csv", csv(both), UTC).summary().set_index("queue")
    assert summary.loc["chat"].tolist() == [dt.date(2024, 1, 1), dt.date(2024, 1, 1), 16, 200 - 8, 1, 0]
    assert summary.loc["voice", ["first_day", "last_day", "intervals", "calls", "missing"]].tolist() == [
        dt.date(2024, 1, 1), dt.date(2024, 1, 2), 32, 400, 0,
    ]  # fmt: skip
    assert summary.loc["voice", "closed"] == pytest.approx(1 - 32 / 64)


def test_the_summary_of_days_counts_local_days():
    days = pd.DataFrame({"date": pd.bdate_range("2022-03-01", "2022-03-31").strftime("%Y-%m-%d"), "calls": 5})
    summary = read_upload("a.csv", csv(days), TEHRAN).summary()
    assert summary["closed"].iloc[0] == pytest.approx(8 / 31)


def test_one_queue_alone():
    both = pd.concat([table().assign(queue="voice"), table().assign(queue="chat")])
    history = read_upload("a.csv", csv(both), UTC)
    assert set(history.only("chat").frame["queue"]) == {"chat"}
    with pytest.raises(InputError, match=r"no queue 'mail'. It has: chat, voice."):
        history.only("mail")
