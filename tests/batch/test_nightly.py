import configparser
import datetime as dt
import json
import shlex
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock

from staffing.batch import Upkeep, run
from staffing.cli import main
from staffing.errors import AlreadyRunning
from staffing.store.workspace import Workspace

NIGHTLY = Path(__file__).parents[2] / "docs" / "nightly"


def test_every_queue_is_forecast_and_kept_once(small_workspace):
    workspace = Workspace.open(small_workspace)
    first = run(workspace, horizon_days=14)
    assert (first.exit_code, first.fresh, [queue.method for queue in first.queues]) == (0, True, ["forecast"])
    kept = pd.read_parquet(first.kept.folder / "forecast.parquet")
    assert kept["start"].dt.date.nunique() == 10
    assert kept["start"].min().date() > first.kept.history_until
    again = run(workspace, horizon_days=14)
    assert (again.fresh, again.kept.run) == (False, first.kept.run)
    other = run(workspace, horizon_days=7)
    assert other.kept.run != first.kept.run


def test_a_queue_that_fails_is_named_and_bridged(small_workspace, monkeypatch):
    def broken(*_arguments, **_options):
        raise ValueError("no luck")

    monkeypatch.setattr("staffing.forecast.fit", broken)
    report = run(Workspace.open(small_workspace), horizon_days=7)
    assert (report.exit_code, report.queues[0].method) == (3, "weekday mean")
    assert "no luck" in report.queues[0].problem
    kept = pd.read_parquet(report.kept.folder / "forecast.parquet").set_index("start")["calls"]
    history = pd.read_csv(small_workspace / "history" / "calls.csv", parse_dates=["timestamp"])
    recent = history[history["timestamp"] >= history["timestamp"].max() - pd.Timedelta(weeks=8)]
    monday_noon = recent[(recent["timestamp"].dt.day_of_week == 0) & (recent["timestamp"].dt.hour == 12)]
    assert kept.loc["2026-11-23 12:00+01:00"] == pytest.approx(monday_noon["calls"].mean())


def test_a_second_run_is_refused_while_one_is_at_work(small_workspace, capsys):
    (small_workspace / "forecasts").mkdir()
    with FileLock(small_workspace / "forecasts" / ".lock"):
        with pytest.raises(AlreadyRunning, match="Another run is at work"):
            run(Workspace.open(small_workspace))
        with pytest.raises(SystemExit) as ended:
            main(["batch", str(small_workspace)])
    assert ended.value.code == 4
    assert "Another run is at work" in capsys.readouterr().err


def test_a_run_that_broke_off_is_done_again(small_workspace):
    workspace = Workspace.open(small_workspace)
    first = run(workspace, horizon_days=7)
    (first.kept.folder / "manifest.json").unlink()
    assert run(workspace, horizon_days=7).fresh


def test_the_examples_call_the_command_as_it_is(capsys):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(NIGHTLY / "staffing-batch.service")
    cron = (NIGHTLY / "crontab").read_text().splitlines()[-1]
    assert len(cron.split()[:5]) == 5
    timer = configparser.ConfigParser()
    timer.read(NIGHTLY / "staffing-batch.timer")
    assert timer["Timer"]["OnCalendar"]
    assert unit["Service"]["SuccessExitStatus"] == "3"
    for text in (unit["Service"]["ExecStart"], cron.split("&&")[1].split("2>>")[0]):
        words = shlex.split(text)
        assert words[0].endswith(".venv/bin/staffing")
        with pytest.raises(SystemExit) as ended:
            main([*words[1:], "--help"])
        assert ended.value.code == 0
        assert "batch" in capsys.readouterr().out


def test_json_names_each_queue(small_workspace, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["batch", str(small_workspace), "--horizon", "1w", "--json"])
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["queues"] == {"voice": {"method": "forecast", "problem": ""}}


def test_a_feed_that_stopped_is_named(small_workspace):
    workspace = Workspace.open(small_workspace)
    fresh = run(workspace, horizon_days=7, upkeep=Upkeep(dt.date(2026, 11, 23), stale_days=3))
    assert (fresh.stale, fresh.exit_code) == ((), 0)
    late = run(workspace, horizon_days=7, upkeep=Upkeep(dt.date(2026, 11, 24), stale_days=3))
    assert (late.fresh, late.stale, late.exit_code) == (False, ("voice",), 1)


def test_old_runs_are_deleted_when_asked(small_workspace):
    workspace = Workspace.open(small_workspace)
    path = small_workspace / "history" / "calls.csv"
    whole = path.read_text()
    path.write_text(
        "".join(line for line in whole.splitlines(keepends=True) if line[:10] <= "2026-11-06" or "q" in line)
    )
    old = run(workspace, horizon_days=7)
    path.write_text(whole)
    today = dt.date(2026, 11, 21)
    assert run(workspace, horizon_days=7, upkeep=Upkeep(today, keep_days=14)).forgotten == ()
    assert run(workspace, horizon_days=7, upkeep=Upkeep(today, keep_days=13)).forgotten == (old.kept.run,)
    assert not old.kept.folder.exists()


def test_a_day_that_is_not_over_is_forecast_not_learned_from(small_workspace):
    """At 12:00 on the last day its morning stands in the history already."""
    path = small_workspace / "history" / "calls.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not ("2026-11-20 12" <= line < "2026-11-21")))
    workspace = Workspace.open(small_workspace)
    begun = run(workspace, horizon_days=7, upkeep=Upkeep(dt.date(2026, 11, 20)))
    assert begun.kept.history_until == dt.date(2026, 11, 19)
    assert begun.kept.forecast()["start"].min().date() == dt.date(2026, 11, 20)
    later = run(workspace, horizon_days=7, upkeep=Upkeep(dt.date(2026, 11, 21)))
    assert later.kept.history_until == dt.date(2026, 11, 20)


def test_the_log_is_json_that_carries_the_run(small_workspace, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["batch", str(small_workspace), "--horizon", "1w", "--log-json", "--stale-after", "3d"])
    said = capsys.readouterr()
    lines = [json.loads(line) for line in said.err.splitlines()]
    (kept,) = (small_workspace / "forecasts").glob("*/")
    assert said.out == ""
    assert {line["run"] for line in lines} == {kept.name}
    assert lines[0]["message"] == "forecasting voice"
    assert ended.value.code == (1 if any("feed has stopped" in line["message"] for line in lines) else 0)
