"""Answers: checked, kept per folder, and the same everywhere."""

import ast
import re
from pathlib import Path

import pandas as pd
import pytest

import staffing
from staffing.errors import InputError, InputErrors
from staffing.history import ImportOptions, keep_answers, kept_answers, preview, preview_upload, read_history, settings
from staffing.history.options import ANSWERS, COLUMNS
from tests.history.samples import HERE, UTC, lines

DOUBTFUL = lines("timestamp,calls", "05/03/2025 08:00,5", "05/03/2025 08:30,6")


def test_pairs_of_the_command_line_become_answers():
    assert settings(["date_order=dmy", " unit.aht = min"]) == {"date_order": "dmy", "unit.aht": "min"}


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("date_order", "field 'set': 'date_order' is not an answer. Write KEY=VALUE"),
        ("colour=red", "field 'colour': is no question of an import. Answer one of absent, calls"),
        ("absent=never", "field 'absent': 'never' is not known. Choose 'missing' or 'zero'."),
        ("queue=", "field 'queue': is empty."),
        ("timezone=Mars/Base", "field 'timezone': 'Mars/Base' is not a known time zone. Write one as Asia/Tehran."),
        ("column.weather=x", "field 'column.weather': is no question of an import."),
    ],
)
def test_wrong_answers_are_named(pair, said):
    with pytest.raises(InputError) as caught:
        settings([pair])
    assert str(caught.value).startswith(said)


def test_kept_answers_hold_for_every_file_of_the_folder(tmp_path):
    (tmp_path / "monday.csv").write_bytes(DOUBTFUL)
    assert preview(tmp_path, UTC).status == "question"
    keep_answers(tmp_path, {"date_order": "mdy"})
    keep_answers(tmp_path, {"unit.aht": "min"})
    assert kept_answers(tmp_path) == {"date_order": "mdy", "unit.aht": "min"}
    assert f"{read_history(tmp_path, UTC).frame['start'].iloc[0]:%Y-%m-%d}" == "2025-05-03"
    assert f"{read_history(tmp_path / 'monday.csv', UTC).frame['start'].iloc[0]:%Y-%m-%d}" == "2025-05-03"


def test_an_answer_given_wins_over_one_that_is_kept(tmp_path):
    (tmp_path / "monday.csv").write_bytes(DOUBTFUL)
    keep_answers(tmp_path, {"date_order": "mdy"})
    history = preview(tmp_path, UTC, ImportOptions({"date_order": "dmy"})).history
    assert f"{history.frame['start'].iloc[0]:%Y-%m-%d}" == "2025-03-05"


@pytest.mark.parametrize("text", ["date_order = [", "date_order = 'year'", "colour = 'red'", "\x00"])
def test_kept_answers_that_are_wrong_are_a_problem_of_that_file(tmp_path, text):
    (tmp_path / "monday.csv").write_bytes(DOUBTFUL)
    (tmp_path / "reading.toml").write_text(text)
    with pytest.raises(InputErrors, match=r"reading.toml"):
        read_history(tmp_path, UTC)


def test_a_question_is_an_error_that_says_how_to_answer_it(tmp_path):
    (tmp_path / "monday.csv").write_bytes(DOUBTFUL)
    with pytest.raises(InputErrors, match=r"Answer date_order=dmy: day first .* or date_order=mdy: month first"):
        read_history(tmp_path, UTC)


def named_options():
    """Every KEY=VALUE that a message of the import or of its commands and pages may name, with where it stands."""
    root = Path(staffing.__file__).parent
    for path in sorted([*(root / "history").rglob("*.py"), root / "cli" / "history.py", root / "ui" / "imports.py"]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                for key, value in re.findall(r"(?:[Aa]nswer|[Ww]ith) ([a-z_]+(?:\.[a-z]+)?)=(\w*)", node.value):
                    yield path.name, key, value
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Question", "Reading"):
                first = node.args[0]
                if node.func.id == "Question" and isinstance(first, ast.Constant):
                    yield path.name, first.value, ""


def test_every_option_that_a_message_names_exists():
    named = list(named_options())
    assert {"repeats", "labels", "clock", "absent", "sheet", "subfolders", "zeros", "sums", "queue_from"} <= {
        key for _, key, _ in named
    }
    for where, key, value in named:
        group, _, column = key.partition(".")
        assert key in ANSWERS or group in ("column", "unit"), (where, key)
        if column:
            assert group == "unit" or column in COLUMNS, (where, key)
        allowed = ANSWERS.get(key)
        if allowed and value and value.islower():
            assert value in allowed, (where, key, value)


def test_every_reading_that_is_offered_is_an_answer_that_is_taken():
    """One file for each kind of question: each of its readings settles it."""
    doubtful = {
        "date_order": "timestamp,calls\n05/03/2025 08:00,5\n05/03/2025 08:30,6\n",
        "decimal": "date;calls;aht\n2025-03-03;100;1.204\n2025-03-04;101;1.304\n",
        "unit.aht": "timestamp,calls,AHT\n2025-03-03 08:00,10,5\n2025-03-03 08:30,11,4\n",
        "labels": "timestamp,calls\n" + "".join(f"2025-03-0{3 + h // 24} {h % 24:02d}:00,5\n" for h in range(1, 25)),
        "clock": "date,time,calls\n" + "".join(f"2025-03-03,{h}:00,5\n" for h in (1, 2, 3, 4, 8, 9, 10, 11, 12)),
    }
    for option, text in doubtful.items():
        report = preview_upload("a.csv", text.encode(), UTC, HERE)
        question = next(each for each in report.questions if each.option == option)
        assert len(question.readings) >= 2
        for reading in question.readings:
            again = preview_upload("a.csv", text.encode(), UTC, HERE, {option: reading.answer})
            assert option not in [each.option for each in again.questions]


def test_what_is_kept_for_exports_leaves_the_planners_own_tables_alone(tmp_path):
    """A page adds rows as Parquet to the folder whose exports name ends and minutes."""
    times = pd.date_range("2025-03-24 08:00", periods=20, freq="30min", tz="UTC")
    pd.DataFrame({"timestamp": times, "calls": 5.0, "aht_seconds": 240.0}).to_parquet(tmp_path / "import-1.parquet")
    keep_answers(tmp_path, {"labels": "end", "unit.aht": "min", "date_order": "mdy"})
    history = read_history(tmp_path, UTC)
    assert f"{history.frame['start'].iloc[0]:%H:%M}" == "08:00"
    assert (history.frame["aht_s"] == 240).all()
    given = read_history(tmp_path, UTC, answers={"labels": "end"})
    assert f"{given.frame['start'].iloc[0]:%H:%M}" == "07:30"
