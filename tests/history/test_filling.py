"""Missing is not zero, closed is not missing."""

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputErrors
from staffing.history import ImportOptions, read_upload
from tests.history.samples import UTC, csv, lines, table

NINE_TO_FIVE = SiteCalendar(
    opening=dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-17:00")
)


def without(frame, *stamps):
    return frame[~frame["timestamp"].isin(stamps)]


def missing(history):
    return [f"{start:%Y-%m-%d %H:%M}" for start in history.frame["start"][history.frame["calls"].isna()]]


def test_an_absent_open_interval_is_missing_and_said():
    history = read_upload("a.csv", csv(without(table(), "2024-01-01 09:00")), UTC)
    assert missing(history) == ["2024-01-01 09:00"]
    assert (
        "Queue 'voice': 1 of 8 open intervals have no calls figure; they stay missing, not zero "
        "(first: 2024-01-01 09:00)." in history.notes
    )


def test_it_is_zero_where_the_export_leaves_out_intervals_without_calls():
    data = csv(without(table(), "2024-01-01 09:00"))
    history = read_upload("a.csv", data, UTC, ImportOptions({"absent": "zero"}))
    assert missing(history) == []
    assert history.frame["calls"].tolist() == [5, 6, 0, 8, 9, 10, 11, 12]
    assert "1 open intervals without a row are taken for intervals without calls." in history.notes


def test_a_blank_cell_is_missing_even_then():
    data = lines("timestamp,calls", "2024-01-01 08:00,5", "2024-01-01 08:30,", "2024-01-01 09:30,5")
    history = read_upload("a.csv", data, UTC, ImportOptions({"absent": "zero"}))
    assert missing(history) == ["2024-01-01 08:30"]


def test_an_export_that_seems_to_leave_out_zeros_is_pointed_out():
    frame = table("2024-01-01 00:00", rows=96).assign(calls=1).iloc[[*range(0, 40), *range(50, 60), *range(70, 96)]]
    assert any("answer absent=zero" in note for note in read_upload("a.csv", csv(frame), UTC).notes)


def test_closed_hours_and_days_are_not_missing():
    week = table("2024-01-01 00:00", rows=7 * 48)
    history = read_upload("a.csv", csv(week), NINE_TO_FIVE)
    assert len(history.frame) == 5 * 16
    assert missing(history) == []


def test_calls_outside_opening_hours_are_left_out_and_said():
    history = read_upload("a.csv", csv(table("2024-01-01 08:00", rows=4)), NINE_TO_FIVE)
    assert history.frame["calls"].tolist() == [7, 8]
    assert (
        "11 calls (42.3%) in 2 intervals outside opening hours are left out (first: 2024-01-01 08:00, a.csv row 2). "
        "Widen the opening hours if they are to be planned." in history.notes
    )


def test_zeros_outside_opening_hours_are_left_out_without_a_word():
    frame = table("2024-01-01 08:00", rows=4)
    frame.loc[:1, "calls"] = 0
    assert read_upload("a.csv", csv(frame), NINE_TO_FIVE).notes == ()


def test_an_hour_that_opens_at_half_past_is_open():
    site = SiteCalendar(opening={"monday": "08:30-11:15"})
    assert len(read_upload("a.csv", csv(table(rows=4, step_min=60)), site).frame) == 4


def test_closed_dates_and_closed_weekdays_of_a_daily_history():
    site = SiteCalendar(interval_min=30, opening=NINE_TO_FIVE.opening, closed_dates=("2024-01-03",))
    days = pd.DataFrame({"date": pd.date_range("2024-01-01", periods=14).strftime("%Y-%m-%d"), "calls": 5})
    history = read_upload("a.csv", csv(days), site)
    assert len(history.frame) == 9
    assert missing(history) == []


class TestWithoutDeclaredHours:
    office = pd.concat([table(f"2024-01-{day:02d} 08:00", rows=16) for day in (*range(1, 6), *range(8, 13))])

    def test_nights_and_weekends_count_as_closed(self):
        history = read_upload("a.csv", csv(self.office), UTC)
        assert len(history.frame) == 10 * 16
        assert missing(history) == []

    def test_a_gap_within_the_day_is_missing(self):
        history = read_upload("a.csv", csv(without(self.office, "2024-01-09 10:00", "2024-01-02 10:00")), UTC)
        assert missing(history) == ["2024-01-02 10:00", "2024-01-09 10:00"]

    def test_a_day_that_is_usually_there_is_missing(self):
        days = [day for day in range(1, 61) if day % 7 not in (6, 0) and day != 17]
        frame = pd.concat([
            table(str(pd.Timestamp("2024-01-01 08:00") + pd.Timedelta(days=day - 1)), rows=16) for day in days
        ])  # fmt: skip
        assert len(missing(read_upload("a.csv", csv(frame), UTC))) == 16

    def test_one_odd_sunday_does_not_open_all_sundays(self):
        weeks = [
            table(f"{day:%Y-%m-%d} 08:00", rows=4)
            for day in pd.date_range("2024-01-01", periods=70)
            if day.day_of_week < 6 or day.day == 7
        ]
        assert missing(read_upload("a.csv", csv(pd.concat(weeks)), UTC)) == []


def test_each_queue_has_its_own_first_and_last_interval():
    both = pd.concat([table(rows=8).assign(queue="a"), table("2024-01-01 09:00", rows=2).assign(queue="b")])
    assert read_upload("a.csv", csv(both), UTC).frame.groupby("queue").size().tolist() == [8, 2]


def test_a_mistyped_year_is_found_before_memory_is():
    data = csv(pd.concat([table(rows=96), table("2099-01-01 08:00", rows=1)]))
    with pytest.raises(
        InputErrors, match=r"a.csv, row 98: the dates span .* 2024-01-01 to 2099.*Look for a mistyped year"
    ):
        read_upload("a.csv", data, UTC, ImportOptions(max_rows=1_000_000))


def test_more_than_memory_holds_is_shown_the_archive():
    rows = table(rows=960)
    data = csv(rows[rows.index % 30 != 1])
    with pytest.raises(InputErrors, match=r"the dates span .* intervals.*staffing batch ingest"):
        read_upload("a.csv", data, UTC, ImportOptions(max_rows=940))


def test_a_few_days_years_away_are_a_mistyped_year():
    data = csv(pd.concat([table(rows=960), table("2032-01-01 08:00", rows=9)]))
    with pytest.raises(InputErrors, match=r"a.csv, row 962: '2032-01-01 08:00' lies years away.*mistyped year"):
        read_upload("a.csv", data, UTC)
    data = csv(pd.concat([table(rows=960), table("2032-01-01 08:00", rows=960)]))
    assert read_upload("a.csv", data, UTC).frame["start"].max().year == 2032


def test_days_that_have_no_figures_yet_are_left_out():
    frame = table(rows=96)
    frame["calls"] = frame["calls"].where(np.arange(96) < 30)
    history = read_upload("a.csv", csv(frame), UTC)
    assert history.frame["start"].max() == pd.Timestamp("2024-01-01 23:30", tz="UTC")
    assert any("after 2024-01-01, the last day with a figure of calls, are left out" in note for note in history.notes)


def test_a_file_wholly_outside_opening_hours_is_refused():
    with pytest.raises(InputErrors, match=r"no row falls into opening hours. Check the site's time zone and opening"):
        read_upload("a.csv", csv(table("2024-01-06 09:00")), NINE_TO_FIVE)
