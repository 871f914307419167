"""Commands for the clock and what it kept: batch, accuracy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, ScenarioOption, WorkspaceArgument

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from staffing.batch import BatchReport, Upkeep
    from staffing.simulation.calibration import Calibration


@app.command()
def batch(
    workspace: WorkspaceArgument,
    scenario: ScenarioOption = "base",
    horizon: Annotated[str, typer.Option("--horizon", help="How far to look ahead: 28d, 8w.")] = "28d",
    stale_after: Annotated[
        str, typer.Option("--stale-after", help="Name queues without a figure for so long: 3d. Off if left out.")
    ] = "",
    keep: Annotated[
        str, typer.Option("--keep", help="Delete kept runs older than this: 400d. All stay if left out.")
    ] = "",
    workers: Annotated[
        int,
        typer.Option("--workers", min=0, help="Processes side by side; 0 for as many as there are cores."),
    ] = 0,
    limit: Annotated[
        float, typer.Option("--limit", min=1.0, help="Seconds that one queue may take, before it is bridged.")
    ] = 600.0,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Log on the error stream as JSON lines that carry the run's id.")
    ] = False,
    json: JsonOption = False,
) -> int:
    """Forecast every queue of a workspace and keep the result; made for cron and systemd timers.

    The same inputs again do nothing, and a run that broke off goes on where it was. A queue that fails, or whose rows
    are wrong, is bridged by its last good forecast or its weekday mean and named; so is one whose feed has stopped.
    When more than a fifth of the queues fail nothing is published. The rows of a day that is not over are left out.
    Exit codes: 0 done, 1 failed, 2 wrong input or usage, 3 partly failed, 4 already running.
    """
    from functools import partial

    from staffing.batch import run, side_by_side
    from staffing.store.workspace import Workspace

    opened = Workspace.open(workspace)
    days = show.span_days(horizon, "--horizon")
    tell = _json_log if log_json else (lambda _run, text: None if json else typer.echo(text, err=True))
    upkeep = _upkeep(opened.scenario(scenario).site.zone, stale_after, keep)
    engine = partial(side_by_side, workers=workers or None, limit_s=limit)
    report = run(opened, scenario=scenario, horizon_days=days, upkeep=upkeep, tell=tell, engine=engine)
    for text in _told(report):
        tell(report.kept.run, text)
    if json:
        show.as_json(
            {
                "run": report.kept.run,
                "folder": str(report.kept.folder),
                "fresh": report.fresh,
                "queues": {
                    queue.queue: {"method": queue.method, "problem": queue.problem, "fallbacks": queue.fallbacks}
                    for queue in report.queues
                },
                "stale": list(report.stale),
                "forgotten": list(report.forgotten),
            }
        )
    elif not log_json:
        typer.echo(f"{report.kept.run}: {'kept in' if report.fresh else 'was done before, see'} {report.kept.folder}")
    return report.exit_code


def _upkeep(zone: ZoneInfo, stale_after: str, keep: str) -> Upkeep:
    import datetime as dt

    from staffing.batch import Upkeep

    return Upkeep(
        today=dt.datetime.now(zone).date(),
        stale_days=show.span_days(stale_after, "--stale-after") if stale_after else None,
        keep_days=show.span_days(keep, "--keep") if keep else None,
    )


def _json_log(run: str, text: str) -> None:
    import datetime as dt
    import json

    line = {"time": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), "run": run, "message": text}
    typer.echo(json.dumps(line, ensure_ascii=False), err=True)


def _told(report: BatchReport) -> Iterator[str]:
    """What an operator should read in the log of a run."""
    for queue in report.failed:
        again = f", the {queue.fallbacks}th run in a row" if queue.fallbacks > 1 else ""
        yield f"{queue.queue}: {queue.method} instead of a forecast ({queue.problem}){again}"
    for name in report.stale:
        yield f"{name}: its feed has stopped, the history ends too long ago"
    for name in report.forgotten:
        yield f"deleted the old run {name}"


def _print_chances(chances: Calibration) -> None:
    typer.echo(f"Chances of days: {chances.sentence()}")
    if len(chances.bins):
        show.frame(chances.bins, {"days": "{:.0f}"}, otherwise="{:.0%}")
    typer.echo()


@app.command()
def accuracy(workspace: WorkspaceArgument, scenario: ScenarioOption = "base", json: JsonOption = False) -> None:
    """Compare every kept forecast with what came: is it worse than it was, where, since when; by queue, horizon,
    weekday and event day; drift alarms.

    WAPE: absolute errors over contacts. Bias: above 0 means too much was forecast. Coverage: share of intervals
    between p10 and p90, 80 % when the forecast knows how little it knows. Value: WAPE saved over the weekday mean.
    Chances: what was promised of each day when its week was published, against what came (Brier score against that of
    their mean). Events: what was promised before they began, what came, and what the next one like it is now expected
    to add.
    """
    from staffing.evaluation.accuracy import accuracy as compare_with_actuals
    from staffing.evaluation.worsening import sentences
    from staffing.planner import Planner
    from staffing.store.kept import all_kept
    from staffing.store.promised import published_rosters
    from staffing.store.workspace import Workspace

    opened = Workspace.open(workspace)
    chosen = opened.scenario(scenario)
    planner = Planner.open(opened, chosen.site)
    kept = list(all_kept(opened.forecasts_folder))
    fitted = planner.baseline(chosen) if kept and chosen.events else None
    actuals = planner.history.aggregate(chosen.site.interval_min).frame
    found = compare_with_actuals(kept, actuals, chosen, fitted)
    promised = opened.promised.all()
    chances = planner.calibration(chosen, promised, published_rosters(promised, opened.rosters))
    if json:
        tables = {"accuracy": found.table, "events": found.events}
        rows = {name: show.rows(table) for name, table in tables.items()}
        figures = {"brier": chances.brier, "base_brier": chances.base_brier} if len(chances.days) else {}
        told = {"days": len(chances.days), **figures, "enough": chances.enough, "bins": show.rows(chances.bins)}
        show.as_json({"worse": show.rows(found.worse), **rows, "alarms": list(found.alarms), "chances": told})
        return
    _print_chances(chances)
    if found.table.empty:
        typer.echo("Nothing that was promised has come yet. Run `staffing batch`, import what came, and look again.")
        return
    for sentence in sentences(found.worse):
        typer.echo(sentence)
    typer.echo()
    show.frame(found.table, {"intervals": "{:,.0f}", "calls": "{:,.0f}"}, otherwise="{:.1%}")
    if len(found.events):
        typer.echo("\nEvents: share of contacts promised before they began, as it came, and expected of the next")
        show.frame(found.events, {"days": "{:.0f}", "usual_error": "{:.1%}"}, otherwise="{:+.1%}")
    for alarm in found.alarms:
        typer.echo(f"\nDrift: {alarm}")
