import configparser
import json
import shlex
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock

from staffing.batch import run
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
    for text in (unit["Service"]["ExecStart"], cron.split("&&")[1].split(">>")[0]):
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
