"""Whole files and folders in, a history on the site's grid out."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.errors import InputError, InputErrors
from staffing.history import ImportOptions, preview, preview_upload, read_history, read_upload
from tests.history.samples import TEHRAN, UTC, csv, lines, parquet, table, xlsx


def write(folder, data, name="calls.csv"):
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_plain_file_becomes_the_history_table(tmp_path):
    data = lines("timestamp,calls", "2024-01-01 08:00,5", "2024-01-01 08:30,0", "2024-01-01 09:00,7")
    history = read_history(write(tmp_path, data), TEHRAN)
    assert history.interval_min == 30
    assert list(history.frame.columns) == ["queue", "start", "calls"]  # nothing else is told
    assert history.frame["calls"].tolist() == [5.0, 0.0, 7.0]
    assert history.frame["start"].iloc[0] == pd.Timestamp("2024-01-01 04:30", tz="UTC")
    assert str(history.frame["start"].dt.tz) == "Asia/Tehran"
    assert set(history.frame["queue"]) == {"voice"}


def test_one_table_reads_alike_from_csv_parquet_and_xlsx():
    frame = table().assign(queue="voice", aht_seconds=245.5)
    typed = frame.assign(timestamp=pd.to_datetime(frame["timestamp"]))
    rows = [typed.columns, *typed.assign(timestamp=typed["timestamp"].dt.to_pydatetime()).itertuples(index=False)]
    hashes = {
        read_upload(name, data, UTC).sha256
        for name, data in (("a.csv", csv(frame)), ("a.parquet", parquet(typed)), ("a.xlsx", xlsx(("Calls", rows))))
    }
    assert len(hashes) == 1


@pytest.mark.parametrize("heading", ["timestamp", "date", "start", "Timestamp", " START ", "Date/Time"])
def test_the_time_column_goes_by_several_names(heading):
    assert len(read_upload("a.csv", csv(table().rename(columns={"timestamp": heading})), UTC).frame) == 8


def test_optional_columns_arrive():
    data = lines(
        "timestamp,queue,calls,answered,abandoned,aht_seconds",
        "2024-01-01 08:00,chat,5,4,1,300.5",
        "2024-01-01 08:30,chat,6,,,",
    )
    frame = read_upload("a.csv", data, UTC).frame
    assert frame.iloc[0][["answered", "abandoned", "aht_s"]].tolist() == [4.0, 1.0, 300.5]
    assert frame.iloc[1][["answered", "abandoned", "aht_s"]].isna().all()


def test_rows_without_a_queue_take_the_name_that_is_given(tmp_path):
    assert set(read_history(write(tmp_path, csv(table())), UTC, queue="chat").frame["queue"]) == {"chat"}


def test_columns_that_are_not_known_are_said():
    notes = read_upload("a.csv", csv(table().assign(weather="fine")), UTC).notes
    assert "a.csv: columns that are not read: weather." in notes


def test_without_a_site_the_zone_taken_is_said():
    assert any("times are taken as UTC" in note for note in read_upload("a.csv", csv(table())).notes)


class TestFolder:
    def test_files_are_put_together(self, tmp_path):
        write(tmp_path, csv(table("2024-01-01 08:00")), "1.csv")
        write(tmp_path, csv(table("2024-01-01 12:00")), "2.csv")
        write(tmp_path, b"not a history", "README.md")
        assert len(read_history(tmp_path, UTC).frame) == 16

    def test_where_files_overlap_the_later_name_wins_and_it_is_said(self, tmp_path):
        write(tmp_path, csv(table()), "2024-01.csv")
        write(tmp_path, csv(table().assign(calls=50).tail(2)), "2024-02.csv")
        history = read_history(tmp_path, UTC)
        assert history.frame["calls"].tolist() == [5, 6, 7, 8, 9, 10, 50, 50]
        assert (
            "2 rows of 2024-01.csv are there again in a later file, whose rows are kept; 2 of them differ: 23 "
            "calls there, "
            "100 in the later."
        ) in history.notes

    def test_files_of_different_intervals_are_refused(self, tmp_path):
        write(tmp_path, csv(table(rows=96)), "half-hours.csv")
        write(tmp_path, csv(table("2024-01-05 00:00", rows=48, step_min=60)), "hours.csv")
        with pytest.raises(InputErrors, match=r"hours.csv, row \d+.*intervals are mixed"):
            read_history(tmp_path, UTC)

    def test_a_folder_without_histories_says_what_belongs_there(self, tmp_path):
        with pytest.raises(InputErrors, match=r"holds no history.*csv.*parquet.*xlsx"):
            read_history(tmp_path, UTC)

    def test_problems_of_all_files_are_in_one_report(self, tmp_path):
        write(tmp_path, lines("timestamp,calls", "2024-01-01,x"), "1.csv")
        write(tmp_path, lines("when,calls", "2024-01-01,5"), "2.csv")
        with pytest.raises(InputErrors) as caught:
            read_history(tmp_path, UTC)
        assert [problem.where.file for problem in caught.value.problems] == ["1.csv", "2.csv"]


class TestPreview:
    def test_a_bad_row_is_named_with_its_column_value_and_remedy(self):
        report = preview_upload("calls.csv", lines("timestamp,calls", "2024-01-01 08:00,5", "2024-01-01 08:30,x"), UTC)
        assert not report.ok
        assert report.good_rows == 1
        assert report.errors.iloc[0].to_dict() == {
            "file": "calls.csv",
            "row": 3,
            "column": "calls",
            "value": "x",
            "reason": "is not a number.",
            "remedy": "Write digits alone; leave the cell empty where the value is not known.",
        }

    def test_a_good_file_has_a_history_and_its_formats(self, tmp_path):
        report = preview(write(tmp_path, csv(table(), sep=";")), UTC)
        assert report.ok
        assert report.errors.empty
        assert report.guesses == {"calls.csv: encoding": "utf-8", "calls.csv: separator": "semicolon"}

    def test_it_never_raises_and_reading_raises_the_same(self, tmp_path):
        path = write(tmp_path, csv(table().assign(calls=-1)))
        report = preview(path, UTC)
        with pytest.raises(InputErrors) as caught:
            read_history(path, UTC)
        assert [str(problem.as_error()) for problem in report.problems] == [str(each) for each in caught.value.problems]

    def test_thousands_of_bad_rows_are_counted_not_listed(self):
        data = csv(pd.DataFrame({"timestamp": pd.date_range("2024-01-01", periods=5000, freq="30min"), "calls": "x"}))
        report = preview_upload("a.csv", data, UTC)
        assert len(report.errors) == 1
        assert report.errors["reason"].iloc[0] == "is not a number. So it is in 5,000 rows: 2, 3, 4, 5, 6 …."

    def test_a_file_that_is_not_there_is_a_problem_too(self, tmp_path):
        assert "cannot be read: no such file" in preview(tmp_path / "gone.csv", UTC).errors["reason"].iloc[0]


def test_reading_changes_nothing_on_disk(tmp_path):
    path = write(tmp_path, csv(table().assign(calls="x")))
    before = path.read_bytes(), path.stat().st_mtime_ns, sorted(tmp_path.iterdir())
    with pytest.raises(InputErrors):
        read_history(path, UTC)
    assert (path.read_bytes(), path.stat().st_mtime_ns, sorted(tmp_path.iterdir())) == before


def test_dates_after_today_are_refused(tmp_path):
    path = write(tmp_path, lines("date,calls", "2024-01-01,5", "2024-01-02,6", "2024-01-03,7"))
    assert len(read_history(path, UTC, today=dt.date(2024, 1, 3)).frame) == 3
    with pytest.raises(InputErrors, match=r"row 4, column 'date': '2024-01-03' is after today \(2024-01-02\)"):
        read_history(path, UTC, today=dt.date(2024, 1, 2))


def test_options_are_checked():
    with pytest.raises(InputError, match=r"field 'absent': 'never' is not known. Choose 'missing' or 'zero'."):
        ImportOptions({"absent": "never"})
    with pytest.raises(InputError, match=r"field 'date_order': 'year' is not known. Choose 'dmy' or 'mdy'."):
        ImportOptions({"date_order": "year"})
    with pytest.raises(InputError, match=r"field 'queue': is empty. Give the queue a name."):
        ImportOptions(queue=" ")


def test_equal_histories_have_equal_hashes_and_others_have_not():
    plain = read_upload("a.csv", csv(table()), UTC)
    assert plain.sha256 == read_upload("b.csv", csv(table(), sep=";"), UTC).sha256
    assert plain.sha256 != read_upload("a.csv", csv(table().assign(calls=1)), UTC).sha256
    assert plain.sha256 != read_upload("a.csv", csv(table()), TEHRAN).sha256
    assert len(plain.sha256) == 64


def test_blank_cells_stay_missing():
    frame = read_upload("a.csv", csv(table().astype({"calls": float}).assign(calls=[5, np.nan] * 4)), UTC).frame
    assert frame["calls"].isna().tolist() == [False, True] * 4
