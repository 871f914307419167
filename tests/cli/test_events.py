"""The commands about events, as a planner types them."""

import json

import pytest

from staffing.cli import main
from staffing.domain.changes import add, move, resize, switch
from staffing.history import read_history
from staffing.plan import forecast
from staffing.store.cache import StageCache
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


def test_found_says_when_there_is_nothing(workspace, capsys):
    code, out, _ = run(capsys, "events", "found", workspace)
    assert code == 0
    assert out.strip()


def test_launch_dates_rank_and_refuse(workspace, capsys):
    words = ("launch-dates", workspace, "--event", "app-2.0", "--from", "2026-11-30")
    code, out, _ = run(capsys, *words, "--to", "2026-12-01", "--json")
    assert code == 0
    assert len(json.loads(out)["dates"]) == 2
    code, _, err = run(capsys, *words, "--to", "2026-11-01")
    assert code == 2
    assert "lies before" in err


def test_events_ahead_never_refit(workspace):
    """Moving, resizing, switching and adding: one baseline serves them all."""
    opened = Workspace.open(workspace)
    history, cache = read_history(opened.history_folder, opened.base.site), StageCache()
    launch = opened.base.event("app-2.0")
    another = launch.model_copy(update={"name": "app-2.1", "start": launch.start, "size": 5.0})
    for change in (move("app-2.0", "2026-11-25"), resize("app-2.0", 4.0), switch("app-2.0", False), add(another)):
        scenario = opened.base.with_changes(change)
        forecast(history, scenario, start=launch.start, days=14, cache=cache)
    assert cache.made.count("baseline") == 1
    assert cache.made.count("forecast") == 4


def test_excluded_days_are_part_of_the_scenario(workspace):
    scenario = Workspace.open(workspace).base.patched(
        {"excluded": [{"start": "2026-10-06", "end": "2026-10-08", "reason": "counted as a launch elsewhere"}]}
    )
    assert type(scenario).from_toml(scenario.to_toml()) == scenario


def test_learn_lists_hours(workspace, capsys):
    code, out, _ = run(capsys, "events", "learn", workspace, "--hours")
    assert code == 0
    assert "hour" in out or "usual course of the day" in out
