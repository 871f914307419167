import json
import shutil

import openpyxl
import pandas as pd
import pytest

from tests.small import NEXT_WEEK


def test_a_week_is_planned_and_written(run, planned_workspace, tmp_path):
    code, out, _ = run("plan", planned_workspace, "--scenario", "launch", "--week", NEXT_WEEK, "--out", tmp_path)
    assert code == 0
    assert "promised: 90 % answered within 20 s ÷ all offered, in every interval" in out
    assert {path.name for path in tmp_path.iterdir()} == {
        "forecast.parquet",
        "requirements.parquet",
        "roster.parquet",
        "paths.parquet",
        "aht_paths.parquet",
        "shapes.parquet",
        "roster.xlsx",
        "scenario.toml",
        "summary.json",
    }
    columns = {name: list(pd.read_parquet(tmp_path / f"{name}.parquet").columns) for name in ("forecast", "roster")}
    assert columns["forecast"] == ["queue", "start", "calls", "aht_s", "p10", "p50", "p90"]
    assert columns["roster"] == ["agent", "start", "end", "activity", "queue", "kind"]
    requirements = pd.read_parquet(tmp_path / "requirements.parquet")
    assert list(requirements.columns) == ["queue", "start", "agents", "agents_scheduled"]
    assert len(requirements) == 5 * 10
    assert openpyxl.load_workbook(tmp_path / "roster.xlsx").sheetnames


def test_the_same_inputs_give_the_same_bytes(run, small_workspace, tmp_path):
    for folder in ("one", "two"):
        assert run("plan", small_workspace, "--out", tmp_path / folder)[0] == 0
        shutil.rmtree(small_workspace / ".staffing", ignore_errors=True)
    for name in ("forecast.parquet", "requirements.parquet", "roster.parquet", "roster.xlsx"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_json_is_for_machines(run, planned_workspace, tmp_path):
    code, out, _ = run("plan", planned_workspace, "--out", tmp_path, "--json")
    assert code == 0
    assert json.loads(out) == json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))


def test_scenarios_stand_side_by_side(run, planned_workspace):
    code, out, _ = run("compare", planned_workspace, "base", "launch")
    assert code == 0
    for measure in (
        "contacts",
        "handle time",
        "service level",
        "asa",
        "abandonment",
        "occupancy",
        "paid hours",
        "cost",
        "gap",
    ):
        assert measure in out.lower(), measure
    code, out, _ = run("compare", planned_workspace, "base", "launch", "--json")
    assert code == 0
    assert json.loads(out)


def test_requirements_alone_need_no_people(run, small_workspace, tmp_path):
    (small_workspace / "agents.csv").unlink()
    code, out, _ = run("requirements", small_workspace, "--out", tmp_path / "r.parquet", "--json")
    assert code == 0
    assert json.loads(out)["queues"]["voice"]["hours"] > 40
    code, _, err = run("plan", small_workspace, "--out", tmp_path)
    assert code == 1
    assert "there are no agents (agents.csv) to roster" in err


def test_the_roster_reports_its_bound(run, planned_workspace, tmp_path):
    words = ("roster", planned_workspace, "--seconds", 5, "--gap", 0.05, "--out", tmp_path, "--json")
    code, out, _ = run(*words)
    assert code == 0
    figures = json.loads(out)
    names = ("paid_hours", "short_hours", "excess_hours", "objective", "bound", "gap", "seconds", "status")
    assert set(names) <= set(figures)
    assert figures["bound"] <= figures["objective"] + 1e-6


@pytest.mark.parametrize("name", ["roster.xlsx", "roster.csv"])
def test_export_never_writes_a_formula(run, planned_workspace, tmp_path, name):
    assert run("export", planned_workspace, "--out", tmp_path / name)[0] == 0
    if name.endswith("csv"):
        assert ",=Bob" not in (tmp_path / name).read_text(encoding="utf-8")
    else:
        book = openpyxl.load_workbook(tmp_path / name)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert "=Bob()" in {cell.value for cell in cells}
        assert not [cell for cell in cells if cell.data_type == "f"]


def test_check_says_what_there_is(run, planned_workspace):
    code, out, _ = run("check", planned_workspace)
    assert code == 0
    assert "All is well." in out
    assert "scenarios: base, launch" in out


def test_check_refuses_a_model_that_there_is_none_of(run, small_workspace):
    with (small_workspace / "workspace.toml").open("a", encoding="utf-8") as file:
        file.write('\n[forecast]\nmodels = ["oracle"]\n')
    code, _, err = run("check", small_workspace)
    assert code == 2
    assert "forecast.models" in err
    assert "not oracle" in err


def test_check_says_what_history_cannot_give(run, small_workspace):
    settings = small_workspace / "workspace.toml"
    text = settings.read_text(encoding="utf-8")
    asked = text.replace("[shrinkage]", "[shrinkage]\nfrom_history = true")
    asked = asked.replace('name = "voice"', 'name = "voice"\npatience_from_history = true')
    settings.write_text(asked, encoding="utf-8")
    out = run("check", small_workspace)[1]
    assert "history lacks the columns 'scheduled', and 'planned_off' or 'present'," in out
    assert "history lacks the columns 'abandoned' and 'wait_seconds' to learn it from" in out
    calls = small_workspace / "history" / "calls.csv"
    known = pd.read_csv(calls).assign(scheduled=5, present=4, abandoned=1, wait_seconds=9)
    known.to_csv(calls, index=False)
    assert "to learn it from" not in run("check", small_workspace)[1]
    known.assign(scheduled=0, abandoned=0, wait_seconds=0).to_csv(calls, index=False)
    out = run("check", small_workspace)[1]
    assert "Shrinkage is the given shares: history tells nobody 'scheduled' but only zeros, to learn it from." in out
    assert "history tells only zeros in 'abandoned', 'wait_seconds' to learn it from." in out
    known.assign(planned_off=6, present=7).to_csv(calls, index=False)
    out = run("check", small_workspace)[1]
    assert "more agents were present than scheduled (first: 'voice', 2026-09-07 08:00: 7 of 5); they count as" in out
    assert "more agents were away as planned than scheduled (first: 'voice', 2026-09-07 08:00: 6 of 5)" in out
    settings.write_text(text.replace("interval_min = 60", "interval_min = 30"), encoding="utf-8")
    code, _, err = run("check", small_workspace)
    assert (code, "cannot be cut into 30" in err) == (2, True)


def test_queues_of_workspace_and_history_are_held_against_each_other(run, small_workspace):
    settings = small_workspace / "workspace.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[service]", '[[queues]]\nname = "mail"\n[service]'), encoding="utf-8")
    code, out, _ = run("check", small_workspace)
    assert code == 0
    assert "Queue 'mail' is not in history" in out
    history = small_workspace / "history" / "calls.csv"
    history.write_text(history.read_text(encoding="utf-8").replace("voice", "chat"), encoding="utf-8")
    code, _, err = run("check", small_workspace)
    assert code == 2
    assert "workspace.toml, field 'queues': history has the queue 'chat'" in err


def test_a_plan_says_what_its_forecast_could_not_know(run, planned_workspace, tmp_path):
    assert "Note: voice: 55 days of history" in run("plan", planned_workspace, "--out", tmp_path)[1]
    notes = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))["notes"]
    assert any("the typed +20% overrides it once a reason is given" in note for note in notes)


def test_a_group_without_a_command_shows_its_help(run):
    code, _, err = run("events")
    assert code == 2
    assert err.startswith("Usage: ")
    assert "unannounced." in err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("plan", "nowhere"), 2, "nowhere: is not a workspace"),
        (("plan", "DESK", "--scenario", "boom"), 2, "there is no scenario 'boom'. Known: base, launch"),
        (("plan", "DESK", "--week", "next"), 2, "field '--week': 'next' is not a date. Write it as YYYY-MM-DD."),
        (("plan", "DESK", "--week", "1999-01-01"), 2, "more than two years from the end of history"),
        (("plan", "DESK", "--week", "2026-03-02"), 2, "the week of 2026-03-02 begins before history does (2026-09-07)"),
        (("compare", "DESK", "base", "base"), 2, "the scenario 'base' is named twice"),
        (("forecast", "DESK", "--horizon", "99999d"), 2, "'99999d' is too long. Write at most 3650d"),
        (("forecast", "DESK", "--queue", "fax"), 2, "there is no queue 'fax'. Known: voice."),
        (("forecast", "DESK", "--country", "DE"), 2, "field '--country': is for a history file alone"),
        (("requirements", "DESK", "--out", "folder.csv"), 2, "folder.csv: is a folder. Choose the name of a file."),
        (("erlang", "gone.csv"), 2, "gone.csv: cannot be read (No such file or directory)"),
        (("export", "DESK", "--out", "roster.doc"), 2, "field '--out': '.doc' cannot be written"),
        (("roster", "DESK", "--seconds", "0"), 2, "--seconds"),
        (("roster", "DESK", "--gap", "2"), 2, "--gap"),
        (("batch", "run", "DESK", "--horizon", "soon"), 2, "'soon' is not a span of days. Write 28d or 4w."),
        (("plan",), 2, "Missing argument 'WORKSPACE'"),
        (("dance",), 2, "No such command 'dance'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(run, planned_workspace, words, code, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    found, _, err = run(*[str(planned_workspace) if word == "DESK" else word for word in words])
    assert found == code
    assert says in err
    assert "Traceback" not in err


def test_a_traceback_is_shown_on_request(run):
    assert "Traceback" in run("plan", "nowhere", "--debug")[2]


@pytest.mark.parametrize(
    "command", ["plan", "forecast", "requirements", "roster", "compare", "export", "check", "batch", "erlang"]
)
def test_every_command_has_help(run, command):
    code, out, _ = run(command, "--help")
    assert code == 0
    assert len(out) > 200


def test_requirements_share_agents_on_request(run, planned_workspace, tmp_path):
    code, out, _ = run("requirements", planned_workspace, "--out", tmp_path / "a.csv", "--shared", tmp_path / "s.csv")
    assert code == 0
    assert "with agents shared" in out
    shared = pd.read_csv(tmp_path / "s.csv")
    assert {"start", "group", "pool", "agents", "apart", "shared", "bound", "missing"} == set(shared.columns)
    assert (shared["bound"] <= shared["shared"]).all()


def test_requirements_say_what_history_was_asked_for_in_vain(run, small_workspace, tmp_path):
    settings = small_workspace / "workspace.toml"
    text = settings.read_text(encoding="utf-8").replace("[shrinkage]", "[shrinkage]\nfrom_history = true")
    text = text.replace("patience_s = 120.0", "patience_s = 120.0\npatience_from_history = true")
    settings.write_text(text, encoding="utf-8")
    code, out, _ = run("requirements", small_workspace, "--out", tmp_path / "needed.csv")
    assert code == 0
    assert "Note: voice: shrinkage is the given shares; history lacks the agents 'scheduled'" in out
    assert "Note: voice: patience is the given one; history lacks 'abandoned' contacts" in out
