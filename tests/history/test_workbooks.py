"""xlsx: cells of any type, titles and totals, and archives that mean harm."""

import datetime as dt
import io
import zipfile

import pytest

from staffing.errors import InputErrors
from staffing.history import ImportOptions, preview_upload, read_upload
from tests.history.samples import HERE, UTC, xlsx

HEADINGS = ["timestamp", "calls"]
ROWS = [[dt.datetime(2024, 1, 1, 8), 5], [dt.datetime(2024, 1, 1, 8, 30), 6]]


def message(data, options=None):
    with pytest.raises(InputErrors) as caught:
        read_upload("a.xlsx", data, UTC, options or HERE)
    return str(caught.value.problems[0])


def packed(parts, **how):
    """An archive with these parts, each a (name, bytes) pair."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **how) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return buffer.getvalue()


def with_part(data, name, content):
    """``data`` with one part of the archive replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed([(each, content if each == name else archive.read(each)) for each in archive.namelist()])


def test_the_sheet_that_has_the_calls_is_found_below_its_title():
    table = [["Calls of January"], [], ["Date", "Time", "Queue", "Calls", "AHT"]]
    table += [
        [dt.datetime(2024, 1, 1), dt.time(k // 2, 30 * (k % 2)), 101, k, dt.timedelta(seconds=245)]
        for k in range(16, 20)
    ]
    table += [["Total", None, None, 70, None]]
    report = preview_upload("a.xlsx", xlsx(("Notes", [["hello"]]), ("January", table)), UTC, HERE)
    history = report.history
    assert [(each.what, each.why) for each in report.unread] == [
        ("a.xlsx[Notes]", "has no headings that can be read (found: hello).")
    ]
    assert history.frame["calls"].tolist() == [16, 17, 18, 19]
    assert set(history.frame["queue"]) == {"101"}
    assert set(history.frame["aht_s"]) == {245.0}
    assert "a.xlsx[January]: row 8 is a total and is left out ('Total 70')." in history.notes


def test_rows_are_counted_as_the_spreadsheet_counts_them():
    report = preview_upload(
        "a.xlsx", xlsx(("a", [["Title"], [], HEADINGS, *ROWS, ["2024-01-01 09:00", "x"]])), UTC, HERE
    )
    assert report.errors[["row", "column", "value"]].to_numpy().tolist() == [[6, "calls", "x"]]


def test_times_a_hair_before_the_minute_are_rounded():
    rows = [[dt.datetime(2024, 1, 1, 8) + dt.timedelta(minutes=30 * k, microseconds=-3), 5] for k in range(4)]
    assert len(read_upload("a.xlsx", xlsx(("a", [HEADINGS, *rows])), UTC, HERE).frame) == 4


def test_dates_without_a_date_format_are_serial_numbers():
    report = preview_upload("a.xlsx", xlsx(("a", [HEADINGS, [45292.5, 5], [45292.5 + 1 / 48, 6]])), UTC, HERE)
    assert [f"{start:%Y-%m-%d %H:%M}" for start in report.history.frame["start"]] == [
        "2024-01-01 12:00",
        "2024-01-01 12:30",
    ]
    assert report.guesses["a.xlsx: dates"] == "Excel serial dates"


def test_text_cells_and_empty_cells():
    rows = [["۱۴۰۳/۰۱/۰۵ ۰۸:۰۰", "۱۲"], ["۱۴۰۳/۰۱/۰۵ ۰۸:۳۰", None], [None, None], ["۱۴۰۳/۰۱/۰۵ ۰۹:۰۰", 3]]
    history = read_upload("a.xlsx", xlsx(("a", [HEADINGS, *rows])), UTC, HERE)
    assert history.frame["calls"].fillna(-1).tolist() == [12, -1, 3]


def test_a_sheet_without_calls_says_what_is_missing():
    assert message(xlsx(("a", [["timestamp", "number"], *ROWS]))).startswith("a.xlsx, row 1: lacks the column 'calls'")
    assert "a.xlsx" in message(xlsx(("a", [])))


def test_more_rows_than_allowed():
    data = xlsx(("a", [HEADINGS, *ROWS * 20]))
    assert "a.xlsx: has 40 rows; at most 10 are read. Split it by year or by queue." in message(
        data, ImportOptions(max_rows=10)
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 and then nothing", "a.xlsx: is not a workbook that can be read ("),
        (
            packed([("hello.bin", b"hello")]),
            "a.xlsx: holds no history. Put CSV, xlsx or Parquet files into it.",
        ),
        (packed([("xl/workbook.xml", b"<workbook")]), "a.xlsx: is not a workbook that can be read ("),
        (xlsx(("a", [HEADINGS, *ROWS]))[:-200], "a.xlsx: is not a workbook that can be read ("),
        (packed([(f"part{k}", b"") for k in range(2_001)]), "a.xlsx: holds more than 400 files"),
    ],
)
def test_damaged_files_say_so(data, said):
    assert message(data).startswith(said)


def test_an_archive_that_unpacks_to_far_more_than_it_is():
    bomb = packed([("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", b" " * 50_000_000)])
    assert len(bomb) < 100_000
    assert message(bomb) == "a.xlsx: unpacks from 0.0 to 50 MB. Save it as CSV or Parquet."


def test_an_archive_that_lies_about_its_sizes():
    bomb = bytearray(packed([("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", b"<a>" * 10_000_000)]))
    true, claimed = (30_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    assert bomb.count(true) == 2
    assert message(bytes(bomb.replace(true, claimed))).startswith(
        "a.xlsx: is not a workbook that can be read (Bad CRC-32"
    )


@pytest.mark.parametrize("place", ['"XFD1048576"', '"A99999999"', '"ZZZZ1000"', "'xfd1048576'"])
def test_one_far_cell_does_not_make_a_table_of_billions(place):
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r={place}><v>2</v></c></row>'
        "</sheetData></worksheet>"
    )
    data = with_part(xlsx(("a", [HEADINGS, *ROWS])), "xl/worksheets/sheet1.xml", sheet.encode())
    assert message(data).startswith("a.xlsx: reaches to row ")
    assert message(data).endswith("too far for a table of calls. Copy the table to a new sheet, or save it as CSV.")


def test_a_far_cell_across_the_border_of_two_reads_is_seen():
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    for shift in range(0, 24, 3):
        padding = b" " * ((1 << 20) - len(head) - shift)
        sheet = head + padding + b'<row r="2"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>'
        data = with_part(xlsx(("a", [HEADINGS, *ROWS])), "xl/worksheets/sheet1.xml", sheet)
        assert "row 1,048,576 and column 16,384" in message(data)
