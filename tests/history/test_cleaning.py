"""Every way a value can be wrong, with the message a planner reads."""

import numpy as np
import pandas as pd
import pytest

from staffing.errors import InputErrors
from staffing.history import ImportOptions, preview_upload, read_upload
from tests.history.samples import TEHRAN, UTC, csv, lines, table


def message(data, site=UTC, options=None):
    """The first problem of the one report that reading ``data`` raises."""
    with pytest.raises(InputErrors) as caught:
        read_upload("a.csv", data, site, options)
    return str(caught.value.problems[0])


def spoiled(row, column, value):
    """A good table with one bad cell; ``row`` counts as in a spreadsheet."""
    frame = table().assign(answered=3, abandoned=1, aht_seconds=200).astype(object)
    frame.loc[row - 2, column] = value
    return csv(frame)


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        (4, "timestamp", "soon", "a.csv, row 4, column 'timestamp': 'soon' is not a date and time that can be read. "
         "Write it as 2024-01-31 14:30."),
        (4, "timestamp", "", "a.csv, row 4, column 'timestamp': an empty cell is not a date and time that can be read. "
         "Write it as 2024-01-31 14:30."),
        (4, "timestamp", "2024-01-01 09:00:30", "a.csv, row 4, column 'timestamp': '2024-01-01 09:00:30' does not "
         "start on a whole minute. Write it as 2024-01-31 14:30."),
        (5, "calls", "many", "a.csv, row 5, column 'calls': 'many' is not a number. Write digits alone; leave the cell "
         "empty where the value is not known."),
        (5, "calls", "inf", "a.csv, row 5, column 'calls': 'inf' is not a number. Write digits alone; leave the cell "
         "empty where the value is not known."),
        (3, "calls", -1, "a.csv, row 3, column 'calls': '-1' is negative. Correct it, or leave the cell empty."),
        (3, "calls", 5e6, "a.csv, row 3, column 'calls': '5000000.0' is beyond any volume this queue has had. Correct "
         "it, or take the row out if it is a total."),
        (3, "answered", -1, "a.csv, row 3, column 'answered': '-1' is negative. Correct it, or leave the cell empty."),
        (3, "aht_seconds", 14_401, "a.csv, row 3, column 'aht_seconds': '14401' is more than four hours of handle "
         "time. Give seconds per call: total handle time divided by the calls answered."),
        (6, "answered", 90, "a.csv, row 6, column 'answered': '90' together with 'abandoned' is more than the calls of "
         "the interval and of the one before could give. Check which of calls, answered and abandoned is right; calls "
         "are those offered."),
        (3, "timestamp", "2024-01-01 08:00", "a.csv, row 3, column 'timestamp': '2024-01-01 08:00' is there twice for "
         "the same queue (rows 2 and 3 are the first). Keep one of the rows; if they are parts of one interval, answer "
         "repeats=sum."),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named(row, column, value, said):
    assert message(spoiled(row, column, value)) == said
    assert len(preview_upload("a.csv", spoiled(row, column, value), UTC).problems) == 1


def test_a_queue_name_that_is_a_paragraph():
    frame = table().assign(queue="x" * 81)
    assert "column 'queue'" in message(csv(frame))
    assert "is too long. So it is in 8 rows: 2, 3, 4, 5, 6 …. Shorten it." in message(csv(frame))


def test_a_file_of_single_calls_is_told_from_intervals():
    data = lines("timestamp,calls", *(f"2024-01-01 08:{k:02d}:{k + 7:02d},1" for k in range(20)))
    assert "the file seems to list single calls, not intervals. So it is in 20 rows" in message(data)


def test_dates_that_could_be_day_or_month_first_are_asked_about():
    data = lines("date,calls", "03/04/2024,5")
    assert message(data) == (
        "a.csv: row 2, column 'date': '03/04/2024' could be day first or month first. Answer date_order=dmy: day first "
        "('03/04/2024' → 3 April); or date_order=mdy: month first ('03/04/2024' → 4 March)."
    )
    frame = read_upload("a.csv", data, UTC, ImportOptions({"date_order": "dmy"})).frame
    assert frame["start"].iloc[0] == pd.Timestamp("2024-04-03", tz="UTC")


def test_a_column_that_tells_repeats_apart_is_the_queue():
    frame = pd.concat([table().assign(category="red"), table().assign(category="green", calls=3)])
    history = read_upload("a.csv", csv(frame), UTC)
    assert history.frame.groupby("queue")["calls"].sum().to_dict() == {"green": 24, "red": sum(range(5, 13))}
    assert "a.csv: column 'category' tells rows of one time apart and is read as the queue." in history.notes


def test_rows_of_one_queue_and_time_are_asked_about_where_another_column_tells_them_apart():
    frame = pd.concat([table().assign(queue="q", media="chat"), table().assign(queue="q", media="voice", calls=3)])
    assert "Answer repeats=sum: they are parts of one interval and are added up (8 calls)" in message(csv(frame))
    summed = read_upload("a.csv", csv(frame), UTC, ImportOptions({"repeats": "sum"})).frame
    assert summed["calls"].tolist() == [calls + 3 for calls in range(5, 13)]
    parted = read_upload("a.csv", csv(frame), UTC, ImportOptions({"split": "media"})).frame
    assert set(parted["queue"]) == {"q / chat", "q / voice"}


def test_all_bad_cells_are_in_one_report():
    frame = table().astype(object)
    frame.loc[1, "calls"], frame.loc[3, "timestamp"], frame.loc[5, "calls"] = "x", "y", -3
    report = preview_upload("a.csv", csv(frame), UTC)
    assert report.errors["row"].tolist() == [5, 3, 7]
    assert report.good_rows == 5


def test_calls_answered_in_the_next_interval_are_no_error():
    data = lines(
        "timestamp,calls,answered,abandoned",
        "2024-01-01 08:00,50,40,2",
        "2024-01-01 08:30,10,18,0",
        "2024-01-01 09:00,10,11,0",
    )
    assert len(read_upload("a.csv", data, UTC).frame) == 3
    assert "'answered'" in message(data.replace(b"10,18,0", b"10,20,0"))


def test_a_handle_time_of_zero_is_unknown():
    history = read_upload("a.csv", csv(table().assign(aht_seconds=[0, 200] * 4)), UTC)
    assert history.frame["aht_s"].isna().tolist() == [True, False] * 4
    assert "a.csv: a handle time of 0 s is read as not known." in history.notes


def test_handle_times_as_durations():
    history = read_upload("a.csv", csv(table().assign(AHT="0:03:20")), UTC)
    assert set(history.frame["aht_s"]) == {200.0}


def test_one_column_with_decimal_commas_settles_the_others():
    frame = table().assign(calls="1,5", aht_seconds="200,125")
    history = read_upload("a.csv", csv(frame, sep=";"), UTC)
    assert set(history.frame["aht_s"]) == {200.125}
    assert set(history.frame["calls"]) == {1.5}


def test_a_queue_called_total_is_left_out_only_if_it_is_one():
    both = pd.concat([table().assign(queue="voice"), table().assign(queue="Total")])
    history = read_upload("a.csv", csv(both), UTC)
    assert set(history.frame["queue"]) == {"voice"}
    assert "Queue 'Total' is the sum of 'voice' in every interval and is left out." in history.notes
    other = read_upload("a.csv", csv(both.assign(calls=range(16))), UTC)
    assert set(other.frame["queue"]) == {"voice", "Total"}


def test_date_and_time_in_two_columns():
    data = lines("Date;Time;Calls", "1403/01/05;08:00 - 08:30;5", "1403/01/05;0830;6", "۱۴۰۳/۰۱/۰۵;09:00;۷")
    history = read_upload("a.csv", data, TEHRAN)
    assert [f"{start:%Y-%m-%d %H:%M}" for start in history.frame["start"]] == [
        "2024-03-24 08:00",
        "2024-03-24 08:30",
        "2024-03-24 09:00",
    ]
    assert history.frame["calls"].tolist() == [5, 6, 7]


def test_an_export_from_tehran():
    rows = ["۱۴۰۳/۰۱/۰۵ ۰۸:۰۰;فروش;۱۲۰;۲۴۵٫۵", "۱۴۰۳/۰۱/۰۵ ۰۸:۳۰;فروش;۱٬۰۹۰;۱۹۸٫۲۵", "جمع;;۱۲۱۰;"]
    data = "\r\n".join(["تاریخ و ساعت;صف;تماس‌ها;میانگین زمان مکالمه", *rows]).encode("utf-16")
    frame = read_upload("a.csv", data, TEHRAN).frame
    assert frame["calls"].tolist() == [120, 1090]
    assert frame["aht_s"].tolist() == [245.5, 198.25]
    assert set(frame["queue"]) == {"فروش"}


def test_the_doubtful_date_is_named_not_the_plain_ones_before_it():
    said = message(lines("date,calls", "2024-01-31,5", "2024-02-01,5", "03/04/2024,5"))
    assert "row 4, column 'date': '03/04/2024' could be day first" in said


def test_an_empty_queue_cell_takes_the_default_name_and_it_is_said():
    frame = table().assign(queue=["chat"] * 4 + [None] * 4)
    history = read_upload("a.csv", csv(frame), UTC)
    assert set(history.frame["queue"]) == {"chat", "voice"}
    assert "a.csv: 4 rows name no queue (rows 6, 7, 8, 9) and are taken as 'voice'." in history.notes


def test_a_spike_within_reason_is_kept():
    frame = table()
    frame.loc[3, "calls"] = 900
    assert read_upload("a.csv", csv(frame), UTC).frame["calls"].max() == 900
    assert not np.isnan(read_upload("a.csv", csv(frame), UTC).frame["calls"]).any()


def test_dates_may_hold_the_time_that_another_column_lacks():
    rows = ["2024-01-01,08:00,5", "2024-01-01 08:30,,6", "2024-01-01,0900,7", "2024-01-01,08:30,8"]
    found = message(lines("date,time,calls", *rows))
    assert "there twice for the same queue (rows 3 and 5 are the first)" in found
    assert read_upload("a.csv", lines("date,time,calls", *rows[:3]), UTC).frame["calls"].tolist() == [5, 6, 7]


def test_a_large_file_says_the_same_of_a_cell_that_stands_in_many_rows():
    frame = pd.concat([table(rows=8).assign(queue=name, calls="x") for name in ("a", "b")])
    report = preview_upload("a.csv", csv(frame), UTC)
    assert report.errors["row"].tolist() == [2]
    assert report.errors["reason"].tolist() == ["is not a number. So it is in 16 rows: 2, 3, 4, 5, 6 …."]
