"""Files that lie, grow, hide, protect themselves or are far too large: refused, or said, never a traceback."""

import io
import os
import zipfile

import openpyxl
import pytest

from staffing.errors import InputErrors
from staffing.history import ImportOptions, preview, preview_upload, read_history
from staffing.history.files import source, workbook
from tests.history.samples import HERE, UTC, csv, lines, table, xlsx

ROWS = [["timestamp", "calls"], *([f"2025-03-24 09:{k:02d}", k] for k in (0, 30))]


def reason(data, name="a.csv", options=HERE):
    report = preview_upload(name, data, UTC, options)
    assert report.status == "refused"
    return report.problems[0].reason


def test_a_file_that_grows_while_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "calls.csv"
    path.write_bytes(csv(table()))
    read = source.Source._read

    def slowly(self):
        data = read(self)
        path.write_bytes(data + b"2024-01-02 08:00,5\n")
        return data

    monkeypatch.setattr(source.Source, "_read", slowly)
    with pytest.raises(InputErrors, match=r"calls.csv: grew while it was read. Wait until its export is done"):
        read_history(path, UTC)


def test_headings_alone():
    assert reason(b"timestamp,calls\n") == "has headings but no rows."
    assert reason(xlsx(("a", ROWS[:1])), "a.xlsx") == "has headings but no rows."


@pytest.mark.parametrize("rows", [0, 3])
def test_a_million_columns(rows):
    wide = ",".join(f"c{k}" for k in range(1_000_000)).encode()
    assert "at most 5,000 columns are read" in reason(b"\n".join([wide, *[b"1" + b",1" * 999_999] * rows]) + b"\n")
    few = ",".join(f"c{k}" for k in range(6_000)).encode()
    assert reason(few + b"\n") == "has 6,000 columns; at most 5,000 columns are read."


@pytest.mark.parametrize("where", ["heading", "cell", "quoted"])
def test_a_cell_of_131_073_characters(where):
    long = "x" * 131_073
    heading = f"timestamp,calls,{long}" if where == "heading" else "timestamp,calls,note"
    cell = f'"{long}"' if where == "quoted" else long if where == "cell" else "y"
    report = preview_upload("a.csv", f"{heading}\n2025-03-24 09:00,5,{cell}\n2025-03-24 09:30,6,z\n".encode(), UTC)
    assert report.status == "refused"
    assert "a cell of more than 131,072 characters" in report.problems[0].reason
    assert len(str(report.problems[0].as_error())) < 500


def test_an_encoding_that_lies():
    text = csv(table().assign(queue="پشتیبانی فروش")).decode().encode()
    assert "is not readable as utf-8 (byte" in reason(text.replace("پ".encode(), b"\xff", 1))
    assert "is not readable as utf-8-sig" in reason(b"\xef\xbb\xbf" + "Verkäufe,calls\n".encode("cp1252"))


def test_formulas_instead_of_values():
    assert "is not a number" in reason(lines("timestamp,calls", "2025-03-24 09:00,=B3+1", "2025-03-24 09:30,5"))
    book = openpyxl.Workbook()
    for row in [["timestamp", "calls"], ["2025-03-24 09:00", "=2+3"], ["2025-03-24 09:30", "=4+3"]]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    assert "holds formulas without their values" in reason(buffer.getvalue(), "a.xlsx")


def test_a_workbook_with_a_password():
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(4_000)
    assert reason(data, "a.xlsx") == "is protected by a password."


def test_a_workbook_that_counts_days_from_1904():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for k, row in enumerate(ROWS):
        book.active.append(row if k == 0 else [openpyxl.utils.datetime.from_excel(45_740 + k / 48), row[1]])
    buffer = io.BytesIO()
    book.save(buffer)
    starts = preview_upload("a.xlsx", buffer.getvalue(), UTC, HERE).history.frame["start"]
    assert [f"{start:%Y-%m-%d %H:%M}" for start in starts] == ["2025-03-24 00:30", "2025-03-24 01:00"]


def test_a_hidden_sheet_is_named_and_read_only_when_chosen():
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    hidden = book.create_sheet("Old")
    for row in [["timestamp", "calls"], ["2024-03-24 09:00", 50], ["2024-03-24 09:30", 50]]:
        hidden.append(row)
    hidden.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    report = preview_upload("a.xlsx", buffer.getvalue(), UTC, HERE)
    assert report.history.frame["calls"].sum() == 30
    assert [(each.what, each.why) for each in report.unread] == [
        ("a.xlsx[Old]", "its owner has hidden it; choose it with sheet=Old.")
    ]
    chosen = preview_upload("a.xlsx", buffer.getvalue(), UTC, ImportOptions({"sheet": "Old"}))
    assert chosen.history.frame["calls"].sum() == 100


def test_a_workbook_of_millions_of_texts(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_TEXTS", 20)
    rows = [["timestamp", "calls", "note"], *([f"2025-03-24 {k:02d}:00", 5, f"note {k}"] for k in range(24))]
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(("a", rows)))) as whole, zipfile.ZipFile(buffer, "w") as archive:
        for name in whole.namelist():
            archive.writestr(name, whole.read(name))
    assert "holds more than 20 texts" in reason(buffer.getvalue(), "a.xlsx")


class TestFolders:
    def test_every_file_is_read_or_named(self, tmp_path):
        (tmp_path / "a.csv").write_bytes(csv(table()))
        (tmp_path / "b.csv.gz").write_bytes(_gzip(csv(table("2024-01-02 08:00"))))
        with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
            archive.writestr("inner.csv", csv(table("2024-01-03 08:00")))
            archive.writestr("notes.docx", b"x")
        (tmp_path / "d.json").write_text('[{"timestamp": "2024-01-04 08:00", "calls": 5}]')
        (tmp_path / "e.xls").write_text(
            "<html><table><tr><th>timestamp</th><th>calls</th></tr>"
            "<tr><td>2024-01-05 08:00</td><td>5</td></tr></table></html>"
        )
        (tmp_path / "f.pdf").write_bytes(b"%PDF")
        (tmp_path / "old").mkdir()
        (tmp_path / "old" / "g.csv").write_bytes(csv(table("2024-01-06 08:00")))
        report = preview(tmp_path, UTC)
        assert report.history.frame["calls"].sum() == 3 * sum(range(5, 13)) + 10
        assert [each.what for each in report.unread] == ["f.pdf", "old/", "c.zip[notes.docx]"]
        below = preview(tmp_path, UTC, ImportOptions({"subfolders": "read"}))
        assert below.history.frame["calls"].sum() == 4 * sum(range(5, 13)) + 10

    def test_a_broken_file_of_a_seldom_kind_does_not_stop_the_others(self, tmp_path):
        (tmp_path / "a.csv").write_bytes(csv(table()))
        (tmp_path / "b.gz").write_bytes(b"\x1f\x8b broken")
        (tmp_path / "c.ods").write_bytes(b"x")
        report = preview(tmp_path, UTC)
        assert report.status == "read"
        assert [each.what for each in report.unread] == ["b.gz", "c.ods"]
        assert any("b.gz is not read" in note for note in report.history.notes)

    def test_archives_that_unpack_to_too_much(self, tmp_path):
        bomb = _gzip(b"timestamp,calls\n" + b"0" * 40_000_000)
        assert "unpacks to more than" in reason(bomb, "a.csv.gz", ImportOptions(max_bytes=1_000_000))
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", b"0" * 40_000_000)
        assert "unpacks to more than" in reason(buffer.getvalue(), "a.zip", ImportOptions(max_bytes=1_000_000))


def _gzip(data):
    import gzip

    return gzip.compress(data)


def test_what_is_no_ordinary_file_is_left_and_never_waited_for(tmp_path):
    (tmp_path / "a.csv").write_bytes(lines("timestamp,calls", "2025-03-24 08:00,5", "2025-03-24 08:30,5"))
    os.mkfifo(tmp_path / "pipe.csv")
    report = preview(tmp_path, UTC)
    assert report.status == "read"
    assert [each.what for each in report.unread] == ["pipe.csv"]
    assert preview(tmp_path / "pipe.csv", UTC).problems[0].reason == "is no ordinary file."


def test_answers_that_name_what_is_not_there():
    data = lines("timestamp,calls", "2025-03-24 08:00,5", "2025-03-24 08:30,5")
    report = preview_upload("a.csv", data, UTC, ImportOptions({"column.calls": "Offered"}))
    assert "column.calls=Offered names a column that no table has." in report.problems[0].reason
    book = xlsx(
        ("Data", [("timestamp", "calls"), ("2025-03-24 08:00", 5), ("2025-03-24 08:30", 5)]), ("Other", [("x",)])
    )
    report = preview_upload("a.xlsx", book, UTC, ImportOptions({"sheet": "May"}))
    assert report.problems[0].reason == "has no sheet 'May'."
