"""The dry run: what would be read, as text and as JSON, with its exit code."""

import json

import pytest

from staffing.cli import main

ROWS = [f"2025-01-20 {hour:02d}:{minute:02d},{hour},{hour - 1},240" for hour in range(8, 18) for minute in (0, 30)]
GOOD = "\n".join(["timestamp,calls,answered,aht_seconds", *ROWS]) + "\n"


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        main(["history", *map(str, arguments)])
    return stopped.value.code, capsys.readouterr()


def test_json_of_a_file_that_can_be_read(tmp_path, capsys):
    (tmp_path / "a.csv").write_text(GOOD)
    code, said = run(capsys, tmp_path / "a.csv", "--json", "--timezone", "Europe/Berlin")
    told = json.loads(said.out)
    assert code == 0
    assert told["status"] == "read"
    assert told["interval_min"] == 30
    assert told["queues"]["voice"] == {
        "rows": 20, "calls": 250.0, "answered": 230.0, "abandoned": None, "aht_s": 240.0, "wait_s": None,
        "first": "2025-01-20T08:00:00", "last": "2025-01-20T17:30:00",
    }  # fmt: skip
    assert {"notes", "guesses", "questions", "problems", "unread"} <= set(told)


def test_json_of_a_question_and_its_answer(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("timestamp,calls\n05/03/2025 08:00,5\n05/03/2025 08:30,5\n")
    code, said = run(capsys, tmp_path, "--json")
    told = json.loads(said.out)
    assert (code, told["status"], told["interval_min"]) == (2, "question", None)
    assert [each["answer"] for each in told["questions"][0]["readings"]] == ["dmy", "mdy"]
    code, said = run(capsys, tmp_path, "--json", "--set", "date_order=dmy", "--keep")
    assert (code, json.loads(said.out)["queues"]["voice"]["first"]) == (0, "2025-03-05T08:00:00")
    code, said = run(capsys, tmp_path, "--json")  # kept for tomorrow
    assert code == 0


def test_json_of_a_file_that_is_refused_and_of_one_beside_it_that_is_not_read(tmp_path, capsys):
    (tmp_path / "a.csv").write_text(GOOD.replace(",8,7,", ",eight,7,"))
    (tmp_path / "b.json").write_text("[]")
    code, said = run(capsys, tmp_path, "--json")
    told = json.loads(said.out)
    assert (code, told["status"], told["queues"]) == (2, "refused", {})
    assert {key: told["problems"][0][key] for key in ("file", "row", "column", "value")} == {
        "file": "a.csv", "row": 2, "column": "calls", "value": "eight",
    }  # fmt: skip
    assert told["unread"] == [{"what": "b.json", "why": "it holds no records."}]


def test_text_says_the_same(tmp_path, capsys):
    (tmp_path / "a.csv").write_text(GOOD + "Total,250,230,\n")
    code, said = run(capsys, tmp_path)
    assert code == 0
    assert "note: a.csv: row 22 is a total and is left out ('Total 250 230')." in said.out
    assert "voice: 20 rows, calls 250, answered 230, aht_s 240, 2025-01-20T08:00:00 to 2025-01-20T17:30:00" in said.out


@pytest.mark.parametrize("wrong", [["--timezone", "Mars"], ["--set", "x=y"], ["--set", "absent"]])
def test_wrong_options_end_with_code_2(tmp_path, capsys, wrong):
    (tmp_path / "a.csv").write_text(GOOD)
    code, said = run(capsys, tmp_path, *wrong)
    assert code == 2
    assert "Traceback" not in said.err


def test_a_path_that_is_not_there(tmp_path, capsys):
    code, said = run(capsys, tmp_path / "gone.csv", "--json")
    assert (code, json.loads(said.out)["status"]) == (2, "refused")
