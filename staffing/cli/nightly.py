"""Commands for the clock: batch."""

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
                "run": report.run,
                "folder": str(report.folder),
                "fresh": report.fresh,
                "queues": {queue.queue: {"method": queue.method, "problem": queue.problem} for queue in report.queues},
            }
        )
    else:
        typer.echo(f"{report.run}: {'kept in' if report.fresh else 'was done before, see'} {report.folder}")
        for queue in report.failed:
            typer.echo(f"  {queue.queue}: {queue.method} instead of a forecast ({queue.problem})", err=True)
    return report.exit_code
