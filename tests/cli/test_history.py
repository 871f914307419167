"""The dry run: what would be read, as text and as JSON, with its exit code."""

import json

import pytest

from staffing.cli import main
from tests import small

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


@pytest.fixture
def doubtful(tmp_path):
    """A workspace whose history can be read in two ways."""
    folder = small.make(tmp_path / "desk")
    for file in (folder / "history").iterdir():
        file.unlink()
    days = [f"0{month}/0{day}/2025" for month in range(1, 10) for day in range(1, 10)]
    rows = [f"{day} {hour:02d}:{minute:02d},{5 + hour}" for day in days for hour in range(9, 12) for minute in (0, 30)]
    (folder / "history" / "a.csv").write_text("\n".join(["timestamp,calls", *rows]))
    return folder


def checked(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        main(["check", *map(str, arguments)])
    return stopped.value.code, capsys.readouterr()


def test_check_asks_in_the_same_words_and_takes_the_same_answers(doubtful, capsys):
    _, shown = run(capsys, doubtful)
    question = next(line for line in shown.out.splitlines() if line.startswith("question: ")).removeprefix("question: ")
    code, said = checked(capsys, doubtful)
    assert code != 0
    assert question in said.err + said.out
    assert checked(capsys, doubtful, "--set", "date_order=dmy")[0] == 0
    assert checked(capsys, doubtful)[0] != 0


def test_what_is_kept_holds_for_every_command(doubtful, capsys):
    from staffing.planner import Planner
    from staffing.store.workspace import Workspace

    assert checked(capsys, doubtful, "--set", "date_order=mdy", "--keep")[0] == 0
    assert checked(capsys, doubtful)[0] == 0
    history = Planner.open(Workspace.open(doubtful)).history  # what plan, forecast and the pages start from
    assert f"{history.frame['start'].iloc[0]:%Y-%m-%d}" == "2025-01-01"
    assert f"{history.frame['start'].iloc[-1]:%Y-%m-%d}" == "2025-09-09"
    assert run(capsys, doubtful, "--json")[0] == 0


def test_shape_of_the_json(tmp_path, capsys):
    (tmp_path / "a.csv").write_text(GOOD.replace(",8,7,", ",eight,7,"))
    (tmp_path / "b.pdf").write_text("x")
    told = json.loads(run(capsys, tmp_path, "--json")[1].out)
    assert set(told) == {"status", "interval_min", "queues", "notes", "guesses", "questions", "problems", "unread"}
    assert set(told["problems"][0]) == {"file", "row", "column", "value", "reason", "remedy"}
    assert set(told["unread"][0]) == {"what", "why"}
    (tmp_path / "a.csv").write_text("timestamp,calls\n05/03/2025 08:00,5\n")
    asked = json.loads(run(capsys, tmp_path, "--json")[1].out)["questions"][0]
    assert {"option", "readings"} <= set(asked)
    assert {"answer", "means", "sample"} == set(asked["readings"][0])


def test_means_of_the_json_are_weighted_and_its_times_local(tmp_path, capsys):
    rows = ["2025-01-20T07:00:00Z,10,5,5,200,30", "2025-01-20T07:30:00Z,30,15,15,400,10"]
    rows += [f"2025-01-20T{hour:02d}:{minute}:00Z,0,0,0,," for hour in range(8, 12) for minute in ("00", "30")]
    head = "timestamp,calls,answered,abandoned,aht_seconds,wait_seconds"
    (tmp_path / "a.csv").write_text("\n".join([head, *rows]))
    code, said = run(capsys, tmp_path / "a.csv", "--json", "--timezone", "Europe/Berlin")
    assert code == 0
    assert json.loads(said.out)["queues"] == {"voice": {
        "rows": 10, "calls": 40, "answered": 20, "abandoned": 20, "aht_s": (5 * 200 + 15 * 400) / 20,
        "wait_s": (10 * 30 + 30 * 10) / 40, "first": "2025-01-20T08:00:00", "last": "2025-01-20T12:30:00",
    }}  # fmt: skip
