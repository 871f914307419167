"""The interval is found in the rows; rows of two intervals are refused."""

import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputErrors
from staffing.history import read_upload
from tests.history.samples import TEHRAN, UTC, csv, lines, table


@pytest.mark.parametrize("step_min", [5, 10, 15, 20, 30, 60])
def test_intervals_within_the_day(step_min):
    frame = table("2024-01-01 00:00", rows=3 * 1440 // step_min, step_min=step_min)
    assert read_upload("a.csv", csv(frame), TEHRAN).interval_min == step_min


def test_days():
    days = pd.DataFrame({"date": pd.date_range("2022-01-01", "2022-12-31").strftime("%Y-%m-%d"), "calls": 5})
    history = read_upload("a.csv", csv(days), TEHRAN)
    assert history.interval_min == 1440
    assert len(history.frame) == 365


def test_working_days_are_days():
    days = pd.DataFrame({"date": pd.bdate_range("2024-01-01", periods=30).strftime("%Y-%m-%d"), "calls": 5})
    history = read_upload("a.csv", csv(days), UTC)
    assert history.interval_min == 1440
    assert len(history.frame) == 30


def test_intervals_that_are_left_out_do_not_mislead():
    frame = table("2024-01-01 00:00", rows=480, step_min=15).sample(frac=0.4, random_state=1).sort_index()
    assert read_upload("a.csv", csv(frame), UTC).interval_min == 15


def test_rows_in_any_order():
    frame = table("2024-01-01 00:00", rows=96).sample(frac=1, random_state=1)
    history = read_upload("a.csv", csv(frame), UTC)
    assert history.interval_min == 30
    assert history.frame["start"].is_monotonic_increasing


def test_a_single_row_takes_the_sites_interval_and_says_so():
    history = read_upload("a.csv", lines("timestamp,calls", "2024-01-01 08:15,5"), SiteCalendar(interval_min=15))
    assert history.interval_min == 15
    assert "Too few rows to tell the interval: the site's 15 minutes are taken." in history.notes


HALF_HOURS = table("2024-01-01 00:00", rows=96)
MIXED = {
    "half-hours, then hours": pd.concat([HALF_HOURS, table("2024-01-05 00:00", rows=48, step_min=60)]),
    "hours, then half-hours": pd.concat([table("2024-01-01 00:00", rows=96, step_min=60), HALF_HOURS.assign(
        timestamp=table("2024-01-08 00:00", rows=96)["timestamp"])]),
    "half-hours, then days": pd.concat([HALF_HOURS, table("2024-01-05 00:00", rows=6, step_min=1440)]),
    "one stray row": pd.concat([HALF_HOURS, table("2024-01-02 10:07", rows=1)]),
    "a daily queue among half-hours": pd.concat([
        HALF_HOURS.assign(queue="voice"),
        table("2024-01-01 00:00", rows=5, step_min=1440).assign(queue="email")]),
    "an hourly queue among half-hours": pd.concat([
        HALF_HOURS.assign(queue="voice"),
        table("2024-01-01 00:00", rows=24, step_min=60).assign(queue="email")]),
}  # fmt: skip


@pytest.mark.parametrize("case", MIXED)
def test_mixed_intervals_are_refused(case):
    message = r"a.csv, row \d+: '2024-.*' does not fit the \d+-minute intervals .*intervals are mixed"
    with pytest.raises(InputErrors, match=message):
        read_upload("a.csv", csv(MIXED[case]), UTC)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (table(rows=50, step_min=6), "a.csv, row 2: its intervals are of 6 minutes. Sum them up to one of 5, 10, 15"),
        (table(rows=20, step_min=120), "a.csv, row 2: its intervals are of 120 minutes."),
        (table("2024-01-01", rows=20, step_min=7 * 1440), "a.csv, row 2: its rows are 7 days apart. Export 5, 10, 15"),
        (table("2024-01-01 08:07", rows=1), "a.csv, row 2: its interval cannot be told from so few rows. Give a whole"),
    ],
)
def test_other_intervals_are_refused(rows, said):
    with pytest.raises(InputErrors) as caught:
        read_upload("a.csv", csv(rows), UTC)
    assert str(caught.value.problems[0]).startswith(said)
