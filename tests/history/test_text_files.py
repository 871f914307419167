"""Encodings, separators, headings on one row or two, totals, ragged rows."""

import codecs

import pytest

from staffing.errors import InputErrors
from staffing.history import preview_upload, read_upload
from tests.history.samples import UTC, csv, lines, table

GOOD = csv(table().assign(queue="صف فروش")).decode()


def calls(data):
    return read_upload("a.csv", data, UTC).frame["calls"].tolist()


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (GOOD.encode(), "utf-8"),
        (codecs.BOM_UTF8 + GOOD.encode(), "utf-8-sig"),
        (GOOD.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + GOOD.encode("utf-16-be"), "utf-16"),
        (csv(table()).decode().encode("utf-16-le"), "utf-16-le"),
        (csv(table()).decode().encode("utf-16-be"), "utf-16-be"),
        (GOOD.replace("ی", "ي").encode("cp1256"), "cp1256"),
        (GOOD.replace("صف فروش", "Verkäufe").encode("cp1252"), "cp1252"),
    ],
)
def test_encodings_are_recognised(data, encoding):
    report = preview_upload("a.csv", data, UTC)
    assert report.guesses["a.csv: encoding"] == encoding
    assert report.history.frame["calls"].tolist() == [5, 6, 7, 8, 9, 10, 11, 12]


def test_queue_names_survive_their_encoding():
    arabic = GOOD.encode("cp1256")
    assert set(read_upload("a.csv", arabic, UTC).frame["queue"]) == {"صف فروش"}
    german = GOOD.replace("صف فروش", "Verkäufe").encode("cp1252")
    assert set(read_upload("a.csv", german, UTC).frame["queue"]) == {"Verkäufe"}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_recognised(separator):
    assert calls(csv(table(), sep=separator)) == [5, 6, 7, 8, 9, 10, 11, 12]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_of_all_machines(ending):
    assert calls(csv(table(), lineterminator=ending)) == [5, 6, 7, 8, 9, 10, 11, 12]


def test_a_leading_sep_line_is_obeyed():
    assert len(calls(b"sep=;\r\n" + csv(table(), sep=";"))) == 8


def test_titles_above_the_headings_are_passed_over_and_rows_still_count_from_the_top():
    data = b"Report of calls\n\n" + csv(table().assign(calls="x"))
    assert preview_upload("a.csv", data, UTC).errors["row"].iloc[0] == 4


def test_headings_on_two_rows():
    grouped = lines("Interval,Calls,,Time", "timestamp,offered,answered,AHT", "2024-01-01 08:00,5,4,200")
    stacked = lines("timestamp,calls,answered", ",,", "2024-01-01 08:00,5,4")
    units = lines("timestamp,calls,aht_seconds", "local time,number,seconds", "2024-01-01 08:00,5,200")
    for data in (grouped, stacked, units):
        assert calls(data) == [5.0]
    assert (
        "a.csv: row 2 is a second row of headings and is left out ('local time number seconds')."
        in read_upload("a.csv", units, UTC).notes
    )


def test_rows_that_end_in_a_separator():
    assert calls(lines("timestamp;calls", "2024-01-01 08:00;5;", "2024-01-01 08:30;6;")) == [5, 6]


def test_blank_rows_are_passed_over_and_counted():
    data = lines("timestamp,calls", "2024-01-01 08:00,5", "", ",", "2024-01-01 08:30,x")
    assert preview_upload("a.csv", data, UTC).errors["row"].tolist() == [5]


@pytest.mark.parametrize("total", ["Total,99", "Grand total,99", "جمع کل,99", "Summe,99", "Total", "TOTAL,99,12"])
def test_totals_are_left_out_and_said(total):
    history = read_upload("a.csv", csv(table()) + total.encode() + b"\n", UTC)
    assert history.frame["calls"].sum() == sum(range(5, 13))
    assert any("row 10" in note and "left out" in note for note in history.notes)


def test_headings_that_come_again_on_each_page_are_left_out():
    history = read_upload("a.csv", csv(table()) + csv(table("2024-01-02 08:00")), UTC)
    assert history.frame["calls"].notna().sum() == 16
    assert "a.csv: row 10 is a repeated heading and is left out ('timestamp calls')." in history.notes


def test_a_line_under_the_table_is_left_out():
    history = read_upload("a.csv", csv(table()) + b"Printed by the night shift\n", UTC)
    assert any("row 10 ('Printed by the night shift') is not an interval" in note for note in history.notes)


def test_a_row_with_a_cell_too_many_is_named():
    data = lines("timestamp,calls", "2024-01-01 08:00,5", "2024-01-01 08:30,12,5", "2024-01-01 09:00,5")
    with pytest.raises(
        InputErrors, match=r"a.csv, row 3: '2024-01-01 08:30,12,5' has 3 cells where the headings have 2"
    ):
        read_upload("a.csv", data, UTC)


def test_quoted_cells_may_hold_separators_and_line_breaks():
    data = b'timestamp,queue,calls\n2024-01-01 08:00,"a, b\nc",5\n2024-01-01 08:30,"a, b\nc",x\n'
    assert preview_upload("a.csv", data, UTC).errors["row"].tolist() == [3]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a.csv: is empty. Export it again with its rows."),
        (b"\n \n", "a.csv: is empty."),
        (b"timestamp,calls\n", "a.csv: has headings but no rows."),
        (b"timestamp,number\n2024-01-01,5\n", r"a.csv, row 1: lacks the column 'calls' \(found: timestamp, number\)."),
        (b"when,calls\n2024-01-01,5\n", r"a.csv, row 1: lacks the column 'timestamp' \(found: when, calls\)."),
        (b"hello\nworld\n", r"a.csv, row 1: has no headings that can be read \(found: hello\)."),
        (b"timestamp,calls,Calls\n2024-01-01,5,6\n", "a.csv, row 1: has the heading 'calls' twice."),
        (b"timestamp,calls\n\x00\x01\x02,5\n", "a.csv: is not a text file. Export it as CSV, xlsx or Parquet."),
        (codecs.BOM_UTF8 + b"timestamp,calls\n\xff\xfe,5\n", r"a.csv: is not readable as utf-8-sig \(byte \d+\)."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old Excel", "a.csv: is not a workbook that can be read"),
        (b"\x1f\x8b\x08 packed", "a.csv: cannot be unpacked"),
        (b"\x80\x04\x95 pickled", "a.csv: is not a CSV, xlsx or Parquet file."),
    ],
)
def test_files_that_cannot_be_read_say_why(data, message):
    with pytest.raises(InputErrors, match=message):
        read_upload("a.csv", data, UTC)


def test_an_unclosed_quotation_mark_is_an_error():
    report = preview_upload("a.csv", csv(table()).replace(b",6", b',"6'), UTC)
    assert report.errors["row"].tolist() == [3]
    assert report.errors["value"].iloc[0].startswith("6 2024-01-01 09:00,7")
