"""Commands for the clock: many queues of many workspaces forecast overnight, and what became of it."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from staffing.cli import app, show
from staffing.cli.exporting import LanguageOption
from staffing.cli.planning import JsonOption, ScenarioOption, WorkspaceArgument
from staffing.errors import AlreadyRunning, InputError, StaffingError, Where

if TYPE_CHECKING:
    from collections.abc import Callable

    from staffing.batch import BatchReport, Line, Upkeep
    from staffing.batch.config import Config
    from staffing.store.workspace import Workspace

batch = typer.Typer(help="The nightly run: take in, forecast, report; made for cron and systemd.", no_args_is_help=True)
app.add_typer(batch, name="batch")

RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="A run, the beginning of its name, or 'last'.")]
LogOption = Annotated[
    bool, typer.Option("--log-json", help="Log on the error stream as JSON lines that carry run, level and queue.")
]
InboxOption = Annotated[
    str, typer.Option("--inbox", help="Folder or URL (s3://…) of new files; the workspace's inbox/ if left out.")
]
PARTLY, LOCKED = 3, 4


@batch.command("run")
def run_batch(
    places: Annotated[
        list[str], typer.Argument(metavar="CONFIG.toml|WORKSPACE…", help="Workspaces, or a file that names them.")
    ],
    scenario: ScenarioOption = "base",
    horizon: Annotated[str, typer.Option("--horizon", help="How far to look ahead: 28d, 8w.")] = "28d",
    stale_after: Annotated[
        str, typer.Option("--stale-after", help="Name queues without a figure for so long: 3d. Off if left out.")
    ] = "",
    keep: Annotated[
        str, typer.Option("--keep", help="Delete kept runs older than this: 400d. All stay if left out.")
    ] = "",
    inbox: Annotated[
        str,
        typer.Option(
            "--inbox", help="Folder or URL (s3://…) to take new files from; the workspace's inbox/ if left out."
        ),
    ] = "",
    engine: Annotated[str, typer.Option("--engine", help="local: processes here; dask: workers anywhere.")] = "local",
    workers: Annotated[
        int,
        typer.Option("--workers", min=0, help="Processes side by side; 0 for as many as there are cores."),
    ] = 0,
    scheduler: Annotated[str, typer.Option("--scheduler", help="Address of a Dask scheduler: tcp://host:8786.")] = "",
    limit: Annotated[
        float, typer.Option("--limit", min=1.0, help="Seconds that one queue may take, before it is bridged.")
    ] = 600.0,
    metrics: Annotated[
        str, typer.Option("--metrics", help="Write figures for Prometheus' textfile collector to this file.")
    ] = "",
    refit: Annotated[
        bool, typer.Option("--refit", help="Fit every queue in full, none from last night's fit.")
    ] = False,
    language: LanguageOption = "en",
    log_json: LogOption = False,
    json: JsonOption = False,
) -> int:
    """Take in what came, forecast every queue and keep the result, with a report; for cron and systemd timers.

    The same inputs again do nothing, and a run that broke off goes on where it was. A queue that fails, or whose rows
    are wrong, is bridged by its last good forecast or its weekday mean and named; so is one whose feed has stopped.
    When more than a fifth of the queues fail nothing is published. The rows of a day that is not over are left out.
    A workspace that fails does not stop the others.
    Exit codes: 0 done, 1 failed, 2 wrong input or usage, 3 partly failed, 4 already running.
    """
    from staffing.batch.config import Config

    asked = Config(
        tuple(places), scenario, horizon, stale_after, keep, inbox,
        engine, workers, scheduler, limit, metrics, refit, language,
    )  # fmt: skip
    if len(places) == 1 and places[0].endswith(".toml"):
        asked = Config.read(Path(places[0]))
    return _each(asked, _teller(log_json, json), json, log_json)


def _each(asked: Config, tell: Callable[[Line], None], json: bool, quiet: bool) -> int:
    """Every workspace, the one after the other; one that fails is told and passed over, where there are others."""
    from staffing.batch import BatchReport, Line
    from staffing.batch.metrics import write_metrics

    codes, told, reports, took_s = list[int](), list[dict[str, Any]](), dict[str, BatchReport](), dict[str, float]()
    for place in asked.workspaces:
        began = time.monotonic()
        try:
            report = _one(asked, place, tell)
        except StaffingError as error:
            if len(asked.workspaces) == 1 and not quiet:
                raise
            tell(Line("", f"{place}: {error}", "error"))
            codes.append(LOCKED if isinstance(error, AlreadyRunning) else error.exit_code)
            continue
        codes.append(report.exit_code)
        told.append(_as_plain(report))
        name = Path(place).name
        reports[name], took_s[name] = report, time.monotonic() - began if report.fresh else 0.0
        if not json and not quiet:
            typer.echo(
                f"{report.kept.run}: {'kept in' if report.fresh else 'was done before, see'} {report.kept.folder}"
            )
    if asked.metrics and reports:
        write_metrics(Path(asked.metrics), reports, time.time(), took_s)
    if json:
        show.as_json(told[0] if len(asked.workspaces) == 1 and told else told)
    return codes[0] if len(set(codes)) == 1 else PARTLY


def _one(asked: Config, place: str, tell: Callable[[Line], None]) -> BatchReport:
    from staffing.batch import run
    from staffing.batch.engines import engine_of
    from staffing.batch.report import write_report
    from staffing.language.texts import known, speaking
    from staffing.store.workspace import Workspace

    opened, language = Workspace.open(place), known(asked.language)
    days = show.span_days(asked.horizon, "--horizon")
    engine = engine_of(asked.engine, asked.workers, asked.scheduler, asked.limit)
    report = run(
        opened, scenario=asked.scenario, horizon_days=days, upkeep=_upkeep(opened, asked), tell=tell, engine=engine
    )
    if report.fresh:
        with speaking(language.code):
            write_report(report, opened.scenario(asked.scenario).site)
    for line in report.lines():
        tell(line)
    return report


def _upkeep(opened: Workspace, asked: Config) -> Upkeep:
    from staffing.batch import Upkeep

    zone = opened.scenario(asked.scenario).site.zone
    return Upkeep(
        today=dt.datetime.now(zone).date(),
        stale_days=show.span_days(asked.stale_after, "--stale-after") if asked.stale_after else None,
        keep_days=show.span_days(asked.keep, "--keep") if asked.keep else None,
        inbox=asked.inbox.replace("{name}", opened.folder.name) or None,
        refit=asked.refit,
    )


def _as_plain(report: BatchReport) -> dict[str, Any]:
    return {
        "run": report.kept.run,
        "folder": str(report.kept.folder),
        "fresh": report.fresh,
        "queues": {
            queue.queue: {"method": queue.method, "problem": queue.problem, "fallbacks": queue.fallbacks}
            for queue in report.queues
        },
        "stale": list(report.stale),
        "alerts": list(report.alerts),
        "forgotten": list(report.forgotten),
    }


def _teller(log_json: bool, quiet: bool) -> Callable[[Line], None]:
    def as_json(line: Line) -> None:
        import json

        told = {"time": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), "level": line.level, "run": line.run}
        told |= {"queue": line.queue} if line.queue else {}
        typer.echo(json.dumps({**told, "message": line.text}, ensure_ascii=False), err=True)

    def plainly(line: Line) -> None:
        if not quiet:
            typer.echo(line.text, err=True)

    return as_json if log_json else plainly


@batch.command("status")
def status_of(workspace: WorkspaceArgument, json: JsonOption = False) -> int:
    """What is at work, what the last run did, and what broke off. Exit code 3 where the last run needs a look."""
    from staffing.batch.kept_runs import status
    from staffing.store.workspace import Workspace

    told = status(Workspace.open(workspace).shelf)
    if json:
        show.as_json(told)
    else:
        if told["at_work"]:
            typer.echo(f"{told['at_work']}.")
        typer.echo(f"Last run: {told['last']}, made at {told['made_at']}." if told["last"] else "There is no run yet.")
        if told["last"]:
            failed = ", ".join(told["failed"]) or "none"
            typer.echo(f"Queues: {told['queues']}; without a forecast of their own: {failed}.")
        for text in told["alerts"]:
            typer.echo(f"- {text}")
        for one in told["broken_off"]:
            typer.echo(
                f"Not done: {one['run']}, {one['done']} of {one['queues']} queues. Go on with: staffing batch resume"
            )
    return PARTLY if told["failed"] or told["alerts"] or told["broken_off"] else 0


@batch.command("resume")
def resume(workspace: WorkspaceArgument, log_json: LogOption = False, json: JsonOption = False) -> int:
    """Go on with the run that broke off last; queues that are done are not done again."""
    from staffing.batch.config import Config
    from staffing.batch.kept_runs import broken_off
    from staffing.store.workspace import Workspace

    found = broken_off(Workspace.open(workspace).shelf)
    if not found:
        typer.echo("No run has broken off.", err=True)
        return 0
    asked = Config((str(workspace),), found[-1].scenario, f"{found[-1].horizon_days}d")
    return _each(asked, _teller(log_json, json), json, log_json)


@batch.command("show")
def show_run(workspace: WorkspaceArgument, run: RunArgument = "last", json: JsonOption = False) -> None:
    """What a run did: every queue with its method, contacts, agents, last night's error and problem."""
    from staffing.batch import BatchReport
    from staffing.batch.kept_runs import named
    from staffing.batch.report import as_plain, queue_rows
    from staffing.store.workspace import Workspace

    report = BatchReport(named(Workspace.open(workspace).shelf, run), False)
    rows = queue_rows(report)
    if json:
        show.as_json(as_plain(report, rows))
        return
    typer.echo(f"{report.kept.run}: {report.kept.horizon_days} days from {report.kept.history_until}")
    formats = {"contacts next week": "{:,.0f}", "most agents": "{:,.1f}", "wape last night": "{:.1%}"}
    show.frame(rows.drop(columns="stale"), formats, otherwise="{}")
    for text in report.alerts:
        typer.echo(f"- {text}")


@batch.command("prune")
def prune(
    workspace: WorkspaceArgument,
    keep: Annotated[str, typer.Option("--keep", help="Keep runs of so long before the newest: 400d.")],
) -> None:
    """Delete old runs, and what runs that broke off have left. The newest run always stays."""
    from staffing.batch.kept_runs import prune as let_go
    from staffing.store.workspace import Workspace

    gone = let_go(Workspace.open(workspace).shelf, show.span_days(keep, "--keep"))
    typer.echo(f"Deleted {len(gone)} runs{': ' if gone else ''}{', '.join(gone)}.")


@batch.command("ingest")
def ingest_files(
    workspace: WorkspaceArgument,
    inbox: Annotated[
        str, typer.Option("--inbox", help="Folder or URL (s3://…); the workspace's inbox/ if left out.")
    ] = "",
    scenario: ScenarioOption = "base",
) -> int:
    """Take new files into the archive, without a forecast; corrected ones replace what they overlap."""
    from staffing.batch import Line, Upkeep
    from staffing.batch.nightly import INBOX, take_in
    from staffing.store.lock import held
    from staffing.store.workspace import Workspace

    opened, lines = Workspace.open(workspace), list[Line]()
    if not inbox and not (opened.folder / INBOX).is_dir():
        raise InputError(
            "has no inbox.", where=Where(str(workspace)), remedy="Make the folder, or name one by --inbox."
        )
    with held(opened.shelf.folder / ".lock", who="staffing batch", wait_s=0.0):
        take_in(opened, opened.scenario(scenario), Upkeep(inbox=inbox or None), lines.append)
    for line in lines:
        typer.echo(line.text)
    if not lines:
        typer.echo("Nothing is new.")
    return PARTLY if any(line.level != "info" for line in lines) else 0
