"""Files that are read together: what one tells of the others."""

from staffing.history import ImportOptions, preview
from tests.history.samples import TEHRAN, UTC


def folder(path, **files):
    for name, text in files.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return preview(path, UTC, ImportOptions())


def test_one_files_dates_settle_those_of_another(tmp_path):
    report = folder(
        tmp_path, march="date,time,calls\n05/03/2025,08:00,5\n05/03/2025,08:30,6\n",
        april="date,time,calls\n14/04/2025,08:00,7\n14/04/2025,08:30,8\n",
    )  # fmt: skip
    assert report.status == "read"
    assert f"{report.history.frame['start'].min():%Y-%m-%d}" == "2025-03-05"
    assert any("march.csv: dates are read day first" in note and "april.csv" in note for note in report.notes)


def test_dates_that_no_file_settles_are_asked_once(tmp_path):
    report = folder(tmp_path, a="timestamp,calls\n05/03/2025 08:00,5\n", b="timestamp,calls\n06/03/2025 08:00,5\n")
    assert [question.option for question in report.questions] == ["date_order"]


def test_files_that_contradict_each_other_are_said_and_asked(tmp_path):
    report = folder(
        tmp_path, a="timestamp,calls\n05/03/2025 08:00,5\n", b="timestamp,calls\n14/03/2025 08:00,5\n",
        c="timestamp,calls\n03/15/2025 08:00,5\n",
    )  # fmt: skip
    assert report.status == "question"
    assert any("different orders" in note for note in report.notes)


def test_repeats_within_a_file_are_not_said_to_be_in_a_later_one(tmp_path):
    rows = "".join(f"2025-03-24 {hour:02d}:00,Sales,{site},{hour}\n" for hour in range(8, 14) for site in ("A", "B"))
    report = folder(tmp_path, a="timestamp,queue,site,calls\n" + rows)
    assert [question.option for question in report.questions] == ["repeats"]
    assert not any("later file" in note for note in report.notes)


def test_files_of_different_names_and_times_are_said_to_be_one_queue(tmp_path):
    report = folder(
        tmp_path, sales="timestamp,calls\n2025-03-24 08:00,5\n2025-03-24 08:30,5\n",
        care="timestamp,calls\n2025-03-25 08:00,50\n2025-03-25 08:30,50\n",
    )  # fmt: skip
    assert any("answer queue_from=file" in note for note in report.notes)


def test_a_column_a_footer_or_two_cells_name_the_zone(tmp_path):
    rows = "".join(f"2025-03-24 {hour:02d}:{minute},{hour}{{}}\n" for hour in range(8, 11) for minute in ("00", "30"))
    for text in (
        "timestamp,calls,Time zone\n" + rows.format(*[",UTC"] * 6),
        "timestamp,calls\n" + rows.format(*[""] * 6) + "Time zone: UTC,\n",
        "Time zone,UTC\n\ntimestamp,calls\n" + rows.format(*[""] * 6),
        "Report\nTime zone: (UTC+00:00) London\n\ntimestamp,calls\n" + rows.format(*[""] * 6),
    ):
        (tmp_path / "a.csv").write_text(text)
        report = preview(tmp_path, TEHRAN, ImportOptions())
        assert report.status == "read", (text, report.problems)
        assert f"{report.history.frame['start'].min():%H:%M}" == "11:30"


def test_several_zones_in_a_column_are_refused(tmp_path):
    rows = "".join(f"2025-03-24 {hour:02d}:00,{hour},{'UTC' if hour % 2 else 'CET'}\n" for hour in range(8, 14))
    assert folder(tmp_path, a="timestamp,calls,Time zone\n" + rows).status == "refused"
