"""The commands about events, as a planner types them."""

import datetime as dt
import json

import pandas as pd
import pytest

from staffing.cli import main
from staffing.domain.changes import add, move, resize, switch
from staffing.history import read_history
from staffing.planner import Planner
from staffing.store.workspace import Workspace
from tests import small


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return small.make(tmp_path_factory.mktemp("desk"))


def run(capsys, *words):
    with pytest.raises(SystemExit) as end:
        main([str(word) for word in words])
    printed = capsys.readouterr()
    return end.value.code, printed.out, printed.err


def test_learn_lists_kind_queue_and_day(workspace, capsys):
    code, out, _ = run(capsys, "events", "learn", workspace, "--json")
    rows = json.loads(out)
    assert code == 0
    assert {"kind", "queue", "n_past", "size_elasticity", "day", "effect", "low", "high"} <= set(rows[0])
    first = next(row for row in rows if row["day"] == 1)
    assert (first["kind"], first["queue"], first["n_past"]) == ("launch", "voice", 1)
    assert first["low"] < first["effect"] < first["high"]
    assert first["effect"] > 0.05  # +25 % was put in, once
    assert first["size_elasticity"] is None


def test_learn_says_why_there_is_nothing_beside_its_empty_list(tmp_path, capsys):
    events = small.make(tmp_path) / "events.csv"
    events.write_text(events.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    code, out, err = run(capsys, "events", "learn", events.parent, "--json")
    assert (code, json.loads(out)) == (0, [])
    assert "No past event could be learned from" in err


def test_found_says_when_there_is_nothing(workspace, capsys):
    code, out, _ = run(capsys, "events", "found", workspace)
    assert code == 0
    assert out.strip()


def test_launch_dates_rank_and_refuse(workspace, capsys):
    words = ("launch-dates", workspace, "--event", "app-2.0", "--from", "2026-11-30")
    code, out, _ = run(capsys, *words, "--to", "2026-12-01", "--json")
    assert code == 0
    assert len(json.loads(out)["dates"]) == 2
    assert "is best" in run(capsys, *words, "--to", "2026-12-01")[1]
    assert "is best" not in run(capsys, *words, "--to", "2026-11-30")[1]
    code, _, err = run(capsys, *words, "--to", "2026-11-01")
    assert code == 2
    assert "lies before" in err


def test_events_ahead_never_refit(workspace):
    """Moving, resizing, switching and adding: one baseline serves them all."""
    opened = Workspace.open(workspace)
    planner = Planner(read_history(opened.history_folder, opened.base.site))
    launch = opened.base.event("app-2.0")
    another = launch.model_copy(update={"name": "app-2.1", "start": launch.start, "size": 5.0})
    for change in (move("app-2.0", "2026-11-25"), resize("app-2.0", 4.0), switch("app-2.0", False), add(another)):
        scenario = opened.base.with_changes(change)
        planner.forecast(scenario, start=launch.start, days=14)
    assert planner.cache.made.count("baseline") == 1
    assert planner.cache.made.count("forecast") == 4


def test_excluded_days_are_part_of_the_scenario(workspace):
    scenario = Workspace.open(workspace).base.patched(
        {"excluded": [{"start": "2026-10-06", "end": "2026-10-08", "reason": "counted as a launch elsewhere"}]}
    )
    assert type(scenario).from_toml(scenario.to_toml()) == scenario


def test_learn_lists_hours(workspace, capsys):
    code, out, _ = run(capsys, "events", "learn", workspace, "--hours")
    assert code == 0
    assert "hour" in out or "usual course of the day" in out


BAD_ROWS = (
    ("x,launch,2026-11-25,,-1,voice,", "row 2, column 'size': must be greater than or equal to 0 (found '-1')."),
    ("x,launch,2026-11-25,,big,voice,", "row 2, column 'size': must be a number (found 'big')."),
    ("x,launch,2026-11-25,,nan,voice,", "row 2, column 'size': must be a finite number"),
    ("x,launch,2026-11-25,2026-11-24,1,voice,", "row 2, column 'end': event 'x' ends (2026-11-24) before it starts"),
    ("x,launch,2026-11-25,,1,phone,", "row 2, column 'queue': event 'x' names the unknown queue 'phone'. Known: voice"),
    ("x,launch,2026-11-25,,1,voice,-1.5", "row 2, column 'effect': must be greater than -1 (found '-1.5'). Write a"),
    ("x,launch,2026-11-25,,1,voice,lots", "row 2, column 'effect': must be a number (found 'lots'). Write a share"),
    ("x,launch,25.11.2026,,1,voice,", "row 2, column 'start': must be a date such as 2026-12-31 (found '25.11.2026')."),
    ("x,launch,2026-11-25T09:00Z,,1,voice,", "row 2, column 'start': must be a time of the site's own clock"),
    ("x,,2026-11-25,,1,voice,", "row 2, column 'kind': is missing."),
    ("x,launch,2026-11-25,,1,voice,\nx,launch,2026-11-26,,1,voice,", "row 3: the name 'x' stands in row 2 already."),
    ("x,launch,2026-11-25,,1,voice,,,,", "row 2: has more cells than the header."),
)


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """Sixty days of a queue called voice, until 23 November 2026."""
    stamps = [f"{dt.date(2026, 9, 25) + dt.timedelta(days=k)},voice,{90 + k % 7}" for k in range(60)]
    path = tmp_path_factory.mktemp("file") / "calls.csv"
    path.write_text("\n".join(["date,queue,calls", *stamps]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["forecast", "backtest"])
@pytest.mark.parametrize(("rows", "message"), BAD_ROWS)
def test_what_is_wrong_with_an_event_is_named_by_row_and_column(command, rows, message, calls, tmp_path, capsys):
    bad = tmp_path / "events.csv"
    bad.write_text("name,kind,start,end,size,queue,effect\n" + rows + "\n", encoding="utf-8")
    words = ("--cutoff", "2026-11-20") if command == "backtest" else ()
    code, _, err = run(capsys, command, calls, "--events", bad, *words, "--out", tmp_path / "out.csv")
    assert code == 2
    assert f"events.csv, {message}" in err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name;kind;start\nx;launch;2026-11-25\n", "row 1: is not separated by commas."),
        ("name,kind,start\nCafé,launch,2026-11-25\n".encode("latin-1"), "is not UTF-8 text. Save it as CSV UTF-8."),
        ("name,kind,start\nx,launch,2026-11-25\n".encode("utf-16"), "is not UTF-8 text."),
        (b"name,start\nx,2026-11-25\n", "row 1: lacks the column 'kind'."),
        (b"name,kind,start,reach\nx,launch,2026-11-25,4\n", "row 1, column 'reach': is not a known column."),
        (b"", "row 1: lacks the column 'name'. It has: none."),
    ],
)
def test_a_file_that_is_no_events_csv_is_named(content, message, calls, tmp_path, capsys):
    bad = tmp_path / "events.csv"
    bad.write_bytes(content)
    code, _, err = run(capsys, "forecast", calls, "--events", bad, "--out", tmp_path / "out.csv")
    assert code == 2
    assert f"events.csv{',' if message.startswith('row') else ':'} {message}" in err


def test_an_unknown_queue_of_a_workspace_is_named_by_row(tmp_path, capsys):
    desk = small.make(tmp_path / "desk")
    (desk / "events.csv").write_text(small.EVENTS + "x,launch,2026-11-25,,1,phone,\n", encoding="utf-8")
    code, _, err = run(capsys, "events", "learn", desk)
    assert code == 2
    assert "events.csv, row 4, column 'queue': event 'x' names the unknown queue 'phone'." in err


def test_odd_events_that_can_be_answered_are_answered_with_a_note(calls, tmp_path, capsys):
    odd = tmp_path / "events.csv"
    odd.write_text(
        "\ufeffname,kind,start,end,size,queue,effect\n"
        "جمعه سیاه,sale,2026-11-26,,1,,0.30\n"  # no end: one day
        "old,sale,2020-01-01,,1,voice,\n"
        "far,sale,2030-01-01,,1,voice,\n"
        "none,sale,2026-11-27,,0,voice,\n",
        encoding="utf-8",
    )
    out = tmp_path / "out.csv"
    code, said, _ = run(capsys, "forecast", calls, "--events", odd, "--horizon", "1w", "--out", out)
    assert code == 0
    plain = tmp_path / "plain.csv"
    assert run(capsys, "forecast", calls, "--horizon", "1w", "--out", plain)[0] == 0
    lifted = [pd.read_csv(path)["calls"] for path in (out, plain)]
    ratio = (lifted[0] / lifted[1]).tolist()  # means over drawn whole calls
    assert ratio == pytest.approx([1.0, 1.0, 1.3, 1.0, 1.0, 1.0, 1.0], rel=0.005)
    assert "1 event(s) began before the history" in said
    assert "1 event(s) begin after the last day forecast" in said
    assert "event 'none': of size 0, it has no effect." in said
