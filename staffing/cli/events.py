"""Commands about events: what past ones taught, what history shows unannounced, when a launch is best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, Opened, ScenarioOption, WorkspaceArgument
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    import pandas as pd

events = typer.Typer(help="What past events taught, and what history shows unannounced.", no_args_is_help=True)
app.add_typer(events, name="events")


@events.command("learn")
def learn(
    workspace: WorkspaceArgument,
    scenario: ScenarioOption = "base",
    hours: Annotated[bool, typer.Option("--hours", help="List the hours of the first day instead of days.")] = False,
    json: JsonOption = False,
) -> None:
    """Learn what each kind of event does to each queue, day by day, for an event of its usual size.

    Day 1 is the first day of the event, -1 the day before. The range holds 80 % of such events. With --hours: which
    hours of the first day a kind loads, counted since its start where past events name a clock time.
    """
    from staffing.forecast.events.report import hour_table, learned_table

    desk = Opened(workspace)
    fitted = desk.planner.baseline(desk.workspace.scenario(scenario))
    table = hour_table(fitted) if hours else learned_table(fitted)
    if table.empty:
        nothing = "No past event could be learned from: events.csv names none that began within history."
        typer.echo("No kind of event bends the usual course of the day." if hours else nothing, err=json)
    if json:
        show.as_json([{k: None if v != v else v for k, v in row.items()} for row in table.to_dict("records")])
    elif table.empty:
        return
    elif hours:
        _print_hours(table)
    else:
        _print_days(table)


def _print_hours(table: pd.DataFrame) -> None:
    header = ["kind", "queue", "past days", "hour", "effect", "80 % range"]
    rows = [
        [
            row.kind,
            row.queue,
            str(row.n_days),
            f"{row.hour:02d}:00" if row.hours == "clock" else f"start +{row.hour} h",
            f"{row.effect:+.1%}",
            f"[{row.low:+.1%}, {row.high:+.1%}]",
        ]
        for row in table.itertuples()
    ]
    show.table(rows, header)


def _print_days(table: pd.DataFrame) -> None:
    header = ["kind", "queue", "past", "elasticity", "day", "effect", "80 % range"]
    rows = [
        [
            row.kind,
            row.queue,
            str(row.n_past),
            "–" if row.size_elasticity != row.size_elasticity else f"{row.size_elasticity:.2f}",
            str(row.day),
            f"{row.effect:+.1%}",
            f"[{row.low:+.1%}, {row.high:+.1%}]",
        ]
        for row in table.itertuples()
    ]
    show.table(rows, header)


@events.command("found")
def found(workspace: WorkspaceArgument, scenario: ScenarioOption = "base", json: JsonOption = False) -> None:
    """List spikes, dips and level shifts in history that no event explains: name them, or exclude them."""
    desk = Opened(workspace)
    table = desk.planner.found_events(desk.workspace.scenario(scenario))
    if json:
        show.as_json(table.to_dict("records"))
    elif table.empty:
        typer.echo("Nothing unannounced was found.")
    else:
        rows = [[row.queue, str(row.start), str(row.days), row.change, row.evidence] for row in table.itertuples()]
        show.table(rows, ["queue", "from", "days", "change", "evidence"])


@app.command("launch-dates")
def launch_dates(
    workspace: WorkspaceArgument,
    event: Annotated[str, typer.Option("--event", help="The event to place.")],
    first: Annotated[str, typer.Option("--from", help="First candidate date, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="Last candidate date, YYYY-MM-DD.")],
    scenario: ScenarioOption = "base",
    json: JsonOption = False,
) -> None:
    """Rank candidate dates for an event by what they ask of the team: hours, shortage, wait and cost.

    Every date is planned anew up to the cover that the contracts allow (a bound, no named roster).
    """
    from staffing.advice import launch_dates as advise

    desk = Opened(workspace)
    start, end = show.day(first, "--from"), show.day(last, "--to")
    if end < start:
        raise InputError(f"{last} lies before {first}.", where=Where(field="--to"), remedy="Give a later date.")
    plan = desk.workspace.scenario(scenario)
    with show.progress(event, json) as progress:
        advice = advise(desk.planner, plan, event, (start, end), progress=progress)
    if json:
        show.as_json(advice.as_dict())
        return
    header = ["date", "site", "cost", "extra hours", "short hours", "mean wait s"]
    rows = [
        [
            f"{row.date:%a %Y-%m-%d}",
            "open" if row.open else "closed",
            f"{row.cost:,.0f}",
            f"{row.extra_hours:,.1f}",
            f"{row.shortage_hours:,.1f}",
            f"{row.wait_s:,.1f}",
        ]
        for row in advice.table.itertuples()
    ]
    show.table(rows, header)
    if len(rows) > 1:
        typer.echo(f"\n{advice.why_best}\n{advice.why_worst}")
