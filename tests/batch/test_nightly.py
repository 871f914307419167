import datetime as dt
import json
import shutil

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock

from staffing.batch import Upkeep, run
from staffing.cli import main
from staffing.errors import AlreadyRunning, PlanError, StaffingError
from staffing.forecast.last_fit import its_day
from staffing.planner import Planner
from staffing.store.workspace import Workspace
from staffing.threads import one_thread


def here(tasks):
    """The tasks in this process, one after the other: an engine that tests can look into."""
    for task in tasks:
        try:
            with one_thread():  # as a process of its own has it
                made = task(Line())
        except StaffingError as error:
            made = error
        yield task, made


class Line:
    """Whoever a task talks to."""

    def ready(self):
        pass


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
    report = run(Workspace.open(small_workspace), horizon_days=7, engine=here)
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
            main(["batch", "run", str(small_workspace)])
    assert ended.value.code == 4
    assert "Another run is at work" in capsys.readouterr().err


def test_a_run_that_broke_off_is_done_again(small_workspace):
    workspace = Workspace.open(small_workspace)
    first = run(workspace, horizon_days=7)
    (first.kept.folder / "manifest.json").unlink()
    assert run(workspace, horizon_days=7).fresh


def test_json_names_each_queue(small_workspace, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["batch", "run", str(small_workspace), "--horizon", "1w", "--json"])
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["queues"] == {
        "voice": {"method": "forecast", "problem": "", "fallbacks": 0}
    }


def test_a_feed_that_stopped_is_named(small_workspace):
    workspace = Workspace.open(small_workspace)
    fresh = run(workspace, horizon_days=7, upkeep=Upkeep(dt.date(2026, 11, 23), stale_days=3))
    assert (fresh.stale, fresh.exit_code) == ((), 0)
    late = run(workspace, horizon_days=7, upkeep=Upkeep(dt.date(2026, 11, 24), stale_days=3))
    assert (late.fresh, late.stale, late.exit_code) == (False, ("voice",), 3)


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
        main(["batch", "run", str(small_workspace), "--horizon", "1w", "--log-json", "--stale-after", "3d"])
    said = capsys.readouterr()
    lines = [json.loads(line) for line in said.err.splitlines()]
    (kept,) = (small_workspace / "forecasts").glob("*/")
    assert said.out == ""
    assert {line["run"] for line in lines} == {kept.name}
    assert lines[0]["message"] == "forecast voice"
    assert ended.value.code == (3 if any("feed has stopped" in line["message"] for line in lines) else 0)


def several(folder, names=("voice", "chat", "mail", "desk", "fax", "app")):
    """The small workspace with the same calls for several queues."""
    path = folder / "history" / "calls.csv"
    calls = pd.read_csv(path, dtype=str)
    pd.concat([calls.assign(queue=name) for name in names]).to_csv(path, index=False)
    settings = (folder / "workspace.toml").read_text()
    more = "".join(f'\n[[queues]]\nname = "{name}"\n' for name in names if name != "voice")
    (folder / "workspace.toml").write_text(settings + more)
    return path


def spoil(path, queue, column="calls", text="x7"):
    rows = pd.read_csv(path, dtype=str)
    rows.loc[rows.index[rows["queue"] == queue][5], column] = text
    rows.to_csv(path, index=False)


def test_one_bad_cell_stops_only_its_queue_which_is_carried_on(small_workspace):
    path, workspace = several(small_workspace), Workspace.open(small_workspace)
    first = run(workspace, horizon_days=14, engine=here)
    assert first.exit_code == 0
    spoil(path, "chat")
    second = run(workspace, horizon_days=21, engine=here)
    fared = {queue.queue: queue for queue in second.queues}
    assert (second.exit_code, fared["chat"].method) == (3, "last good forecast")
    assert "column 'calls': 'x7' is not a number" in fared["chat"].problem
    assert {queue.method for name, queue in fared.items() if name != "chat"} == {"forecast"}
    told, carried = (report.kept.forecast().query("queue == 'chat'") for report in (first, second))
    assert carried["start"].dt.date.nunique() == 15
    assert carried["calls"].iloc[: len(told)].tolist() == told["calls"].tolist()
    assert carried["calls"].iloc[-5:].tolist() == told["calls"].iloc[-5:].tolist()
    third = run(workspace, horizon_days=7, engine=here)
    assert next(queue.fallbacks for queue in third.queues if queue.queue == "chat") == 2


def test_an_empty_file_stops_nothing_but_itself(small_workspace):
    (small_workspace / "history" / "fresh.csv").write_text("")
    report = run(Workspace.open(small_workspace), horizon_days=7, engine=here)
    assert [(queue.queue, queue.method) for queue in report.queues] == [("fresh.csv", "none"), ("voice", "forecast")]
    assert report.exit_code == 3


def test_a_declared_queue_without_history_is_in_the_report(small_workspace):
    settings = small_workspace / "workspace.toml"
    settings.write_text(settings.read_text() + '\n[[queues]]\nname = "fax"\n')
    report = run(Workspace.open(small_workspace), horizon_days=7, engine=here)
    assert [(queue.queue, queue.method, queue.problem) for queue in report.failed] == [
        ("fax", "none", "its history has no rows.")
    ]


def test_when_too_many_fail_nothing_is_published_and_what_was_done_is_not_done_again(small_workspace):
    path, workspace = several(small_workspace), Workspace.open(small_workspace)
    for name in ("chat", "mail"):
        spoil(path, name)
    with pytest.raises(PlanError, match=r"2 of 6 queues failed: nothing was published") as stopped:
        run(workspace, horizon_days=7, engine=here)
    assert stopped.value.exit_code == 1
    assert not list(small_workspace.glob("forecasts/*/manifest.json"))
    with pytest.raises(PlanError, match="nothing was published"):
        run(workspace, horizon_days=7, engine=lambda tasks: pytest.fail(f"again: {tasks}"))


def test_a_run_that_breaks_off_goes_on_with_what_is_left_and_keeps_the_same_bytes(small_workspace, tmp_path):
    several(small_workspace)
    other = shutil.copytree(small_workspace, tmp_path / "other")

    def breaking(tasks):
        for number, came in enumerate(here(tasks)):
            if number == 3:
                raise KeyboardInterrupt
            yield came

    workspace = Workspace.open(small_workspace)
    with pytest.raises(KeyboardInterrupt):
        run(workspace, horizon_days=7, engine=breaking)
    (part, *_) = sorted(small_workspace.glob("forecasts/*/queues/*.part"))
    part.write_bytes(part.read_bytes()[:-9])
    done = []
    report = run(workspace, horizon_days=7, engine=lambda tasks: (done.append(len(tasks)), here(tasks))[1])
    assert done == [6 - 4 + 1]  # four were done, half of one was lost
    whole = run(Workspace.open(other), horizon_days=7, engine=here)
    for name in ("forecast.parquet", "causes.parquet"):
        assert (report.kept.folder / name).read_bytes() == (whole.kept.folder / name).read_bytes()
    assert not list(report.kept.folder.glob("queues"))


def test_a_clock_set_back_changes_nothing(small_workspace):
    workspace = Workspace.open(small_workspace)
    first = run(workspace, horizon_days=7, upkeep=Upkeep(dt.date(2026, 11, 21)), engine=here)
    back = run(workspace, horizon_days=7, upkeep=Upkeep(dt.date(2026, 11, 3), stale_days=3), engine=here)
    assert (back.fresh, back.kept.run, back.stale) == (False, first.kept.run, ())


def test_what_rests_is_forecast_as_what_lies_in_files(small_workspace, tmp_path):
    """The run reads one queue at a time, and never the archive of another."""
    several(small_workspace, ("voice", "chat"))
    other = shutil.copytree(small_workspace, tmp_path / "other")
    (other / "history").rename(other / "inbox")
    (other / "history").mkdir()
    lying = run(Workspace.open(small_workspace), horizon_days=7, engine=here)
    resting = run(Workspace.open(other), horizon_days=7, engine=here)
    for name in ("forecast.parquet", "causes.parquet", "requirements.parquet"):
        assert (resting.kept.folder / name).read_bytes() == (lying.kept.folder / name).read_bytes()
    (part,) = (other / "history" / "archive" / "queue=chat" / "month=2026-11").iterdir()
    part.write_bytes(b"no Parquet")
    spoiled = run(Workspace.open(other), horizon_days=14, engine=here)
    methods = {queue.queue: queue.method for queue in spoiled.queues}
    assert methods == {"chat": "last good forecast", "voice": "forecast"}
    assert "is missing or damaged" in spoiled.failed[0].problem
    assert len(pd.read_parquet(spoiled.kept.folder / "forecast.parquet")["queue"].unique()) == 2


LEARNED = """\
name,kind,start
letter 1,letter,2026-09-02
letter 2,letter,2026-10-07 10:00
letter 3,letter,2026-11-24
"""


@pytest.mark.parametrize("events", ["", LEARNED], ids=["nothing to learn", "events"])
def test_the_night_says_what_the_page_says_to_the_last_byte(small_workspace, events):
    """Queues borrow from each other, learn from each other's events, and have ended where others go on, whoever
    forecasts them."""
    path, rng = several(small_workspace, ("voice", "chat", "new", "old")), np.random.default_rng(1)
    stamps = pd.Series(pd.date_range("2026-01-05", "2026-11-20 17:00", freq="h"))
    stamps = stamps[(stamps.dt.day_of_week < 5) & stamps.dt.hour.between(8, 17)]
    struck = np.where(stamps.dt.date.isin([dt.date(2026, 9, 2), dt.date(2026, 10, 7)]), 1.8, 1.0)
    usual = (20 + 5 * np.sin(stamps.dt.hour)) * struck
    calls = pd.concat(
        [
            pd.DataFrame({"timestamp": stamps, "queue": name, "calls": rng.poisson(size * usual), "aht": 300})
            for name, size in (("voice", 1.0), ("chat", 2.0), ("new", 0.5), ("old", 0.8))
        ]
    )
    unborn = (calls["queue"] == "new") & (calls["timestamp"] < "2026-10-20")
    ended = (calls["queue"] == "old") & (calls["timestamp"] >= "2026-10-05")
    calls[~unborn & ~ended].to_csv(path, index=False)
    if events:
        (small_workspace / "events.csv").write_text(events)
    workspace = Workspace.open(small_workspace)
    kept = run(workspace, horizon_days=7, engine=here).kept
    together = Planner.open(workspace).forecast(workspace.base, start=dt.date(2026, 11, 21), days=7)
    assert any("borrowed from" in note for note in together.notes)
    assert any("old: no rows since 2026-10-03" in note and "taken as ended" in note for note in together.notes)
    assert (kept.forecast().query("queue == 'old'")["calls"] == 0).all()
    for mine, theirs in ((kept.forecast(), together.table), (kept.causes(), together.days)):
        by = list(theirs.columns[:2])
        mine, theirs = (one.sort_values([*by, *theirs.columns[2:3]], ignore_index=True) for one in (mine, theirs))
        for name in theirs.columns:
            assert mine[name].tolist() == theirs[name].tolist(), name


def test_the_night_after_takes_last_nights_fit_unless_asked(small_workspace):
    path = small_workspace / "history" / "calls.csv"
    whole = path.read_text().splitlines(keepends=True)
    told = lambda day: path.write_text("".join(line for line in whole if line[:10] <= day or "q" in line))  # noqa: E731
    full = list[bool]()

    def watched(tasks):
        for task, made in here(tasks):
            full.append(task.done().full)
            yield task, made

    def night(day, *, refit=False):
        told(day)
        return run(Workspace.open(small_workspace), horizon_days=7, upkeep=Upkeep(refit=refit), engine=watched).kept

    nights = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"]
    first = night(nights[0])
    fits = first.folder / "fits"
    assert [path.suffix for path in fits.iterdir()] == [".fit"]
    runs = [night(day) for day in nights[1:]]
    starts = [dt.date.fromisoformat(day) + dt.timedelta(days=1) for day in nights]
    assert full == [True, *(its_day("voice", start) for start in starts[1:])]
    assert not fits.exists()
    assert (runs[-1].folder / "fits").is_dir()
    night("2026-11-20", refit=True)
    assert full[-1]
