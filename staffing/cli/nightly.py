"""Commands for the clock and what it kept: batch, accuracy."""

from __future__ import annotations

from typing import Annotated

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, ScenarioOption, WorkspaceArgument


@app.command()
def batch(
    workspace: WorkspaceArgument,
    scenario: ScenarioOption = "base",
    horizon: Annotated[str, typer.Option("--horizon", help="How far to look ahead: 28d, 8w.")] = "28d",
    json: JsonOption = False,
) -> int:
    """Forecast every queue of a workspace and keep the result; made for cron and systemd timers.

    The same inputs again do nothing. A queue that fails falls back to its weekday mean and is named.
    Exit codes: 0 done, 1 failed, 2 wrong input or usage, 3 partly failed, 4 already running.
    """
    from staffing.batch import run
    from staffing.store.workspace import Workspace

    days = show.span_days(horizon, "--horizon")
    report = run(
        Workspace.open(workspace),
        scenario=scenario,
        horizon_days=days,
        tell=(lambda text: None) if json else lambda text: typer.echo(text, err=True),
    )
    if json:
        show.as_json(
            {
                "run": report.kept.run,
                "folder": str(report.kept.folder),
                "fresh": report.fresh,
                "queues": {queue.queue: {"method": queue.method, "problem": queue.problem} for queue in report.queues},
            }
        )
    else:
        typer.echo(f"{report.kept.run}: {'kept in' if report.fresh else 'was done before, see'} {report.kept.folder}")
        for queue in report.failed:
            typer.echo(f"  {queue.queue}: {queue.method} instead of a forecast ({queue.problem})", err=True)
    return report.exit_code


@app.command()
def accuracy(workspace: WorkspaceArgument, json: JsonOption = False) -> None:
    """Compare every kept forecast with what came: by queue, horizon, weekday and event day; drift alarms.

    WAPE: absolute errors over contacts. Bias: above 0 means too much was forecast. Coverage: share of intervals
    between p10 and p90, 80 % when the forecast knows how little it knows. Value: WAPE saved over the weekday mean.
    """
    from staffing.evaluation.accuracy import accuracy as compare_with_actuals
    from staffing.history import read_history
    from staffing.store.kept import all_kept
    from staffing.store.workspace import Workspace

    opened = Workspace.open(workspace)
    history = read_history(opened.history_folder, opened.base.site)
    found = compare_with_actuals(all_kept(opened.forecasts_folder), history.frame, opened.base)
    if json:
        tables = {"accuracy": found.table, "events": found.events}
        rows = {name: show.rows(table) for name, table in tables.items()}
        show.as_json({**rows, "alarms": list(found.alarms)})
        return
    if found.table.empty:
        typer.echo("Nothing that was promised has come yet. Run `staffing batch`, import what came, and look again.")
        return
    show.frame(found.table, {"intervals": "{:,.0f}", "calls": "{:,.0f}"}, otherwise="{:.1%}")
    if len(found.events):
        typer.echo("\nEvents: share of contacts promised before they began, and as it came")
        show.frame(found.events, {}, otherwise="{:+.1%}")
    for alarm in found.alarms:
        typer.echo(f"\nDrift: {alarm}")
