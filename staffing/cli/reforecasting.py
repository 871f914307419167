"""Commands for the day itself: reforecast."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, ScenarioOption, WorkspaceArgument
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.calendar import SiteCalendar
    from staffing.evaluation.today import Today

FIGURES = {"morning": "{:,.1f}", "calls": "{:,.1f}", "p10": "{:,.1f}", "p90": "{:,.1f}"}


@app.command()
def reforecast(
    workspace: WorkspaceArgument,
    now: Annotated[
        str, typer.Option("--now", help='Site time as "YYYY-MM-DD HH:MM": history up to then is what came.')
    ],
    scenario: ScenarioOption = "base",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Also write the updated forecast: .parquet or .csv.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Update the rest of the day and the next day by what came until now, and say what it does to the agents."""
    from staffing.export import write_table
    from staffing.planner import Planner
    from staffing.store.workspace import Workspace

    opened = Workspace.open(workspace)
    chosen = opened.scenario(scenario)
    made = Planner.open(opened, chosen.site).reforecast(chosen, now=instant(now, chosen.site))
    if out:
        write_table(out, made.updated.table)
    if json:
        show.as_json(_summary(made))
    else:
        _print(made, out)


def instant(text: str, site: SiteCalendar, option: str = "--now") -> pd.Timestamp:
    """The instant of a wall-clock time at the site. Raises InputError."""
    import datetime as dt

    import pandas as pd

    try:
        local = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        local = None
    if local is None or local.tzinfo is not None or len(text.strip()) <= len("YYYY-MM-DD"):
        raise InputError(
            f"'{text}' is not a time of the site.", where=Where(field=option), remedy='Write it as "2026-11-30 12:00".'
        )
    return pd.Timestamp(local).tz_localize(site.zone, ambiguous=True, nonexistent="shift_forward")


def _summary(made: Today) -> dict[str, object]:
    intervals = made.intervals.assign(start=made.intervals["start"].map(lambda start: start.isoformat()))
    return {
        "now": made.now.isoformat(),
        "spans": show.rows(made.spans),
        "intervals": show.rows(intervals),
        "notes": list(made.updated.notes),
    }


def _print(made: Today, out: Path | None) -> None:
    typer.echo(f"{made.now:%A %Y-%m-%d %H:%M} · contacts by the morning's forecast, and as expected now\n")
    rest = made.intervals[made.intervals["span"] == "rest of day"].drop(columns="span")
    rest = rest.assign(start=rest["start"].dt.tz_convert(made.now.tz).dt.strftime("%H:%M"))
    if len(rest):
        show.frame(rest, FIGURES, otherwise="{:,.0f}")
        typer.echo("")
    show.frame(made.spans, FIGURES, otherwise="{:,.1f}")
    typer.echo("")
    for note in made.updated.notes:
        typer.echo(note)
    if out:
        typer.echo(f"\nWritten: {out}")
