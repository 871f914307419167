"""The command that tells a plan in money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, Opened, ScenarioOption, WeekOption, WorkspaceArgument

if TYPE_CHECKING:
    from staffing.api.value import Value

SHOWN = {
    "more": "{:+.0f}",
    "people": "{:.0f}",
    "paid_hours": "{:,.0f}",
    "service_level": "{:.1%}",
    "asa_s": "{:.1f}",
    "occupancy": "{:.0%}",
    "lost_contacts": "{:,.0f}",
    "waited_hours": "{:,.1f}",
    "repeat_contacts": "{:,.0f}",
}


@app.command()
def value(
    workspace: WorkspaceArgument, scenario: ScenarioOption = "base", week: WeekOption = "", json: JsonOption = False
) -> None:
    """What staffing costs beside what understaffing breaks: the week's roster in money, with people more and fewer.

    The roster is the one kept for the week, or else one is made. Each row is simulated with the same callers. Prices
    are those of the workspace ([prices]). Guard-rails are priced too: occupancy ceilings, breaks in full, calls
    listened to, coaching.
    """
    from staffing.api.value import value as worth

    desk = Opened(workspace, week)
    chosen, table = desk.workspace.scenario(scenario), desk.workspace.rosters.at_hand(desk.start)
    made = desk.plan(chosen, json) if table is None else desk.planner.held(chosen, table, start=desk.start)
    with show.progress("value", json) as progress:
        found = worth(made, told=lambda share: progress("people more and fewer", share))
    if json:
        tables = {"frontier": show.rows(found.frontier), "guards": show.rows(found.guards)}
        show.as_json({"week": desk.start, "currency": found.currency, "runs": found.runs, **tables})
        return
    _print(found)


def _print(found: Value) -> None:
    typer.echo(f"Money in {found.currency}; each row simulated {found.runs} times with the same callers.\n")
    left_out = ["abandonment"]
    show.frame(found.frontier.drop(columns=left_out), SHOWN, "{:,.0f}")
    now, best = found.plan, found.cheapest
    fewer, more = (found.frontier.set_index("more").loc[step, "total"] - now["total"] for step in (-1, 1))
    typer.echo(f"\nOne person fewer: {fewer:+,.0f}; one more: {more:+,.0f}. Least in all: {best['more']:+.0f} people.")
    typer.echo(
        "Wages and overrun are what staffing costs; lost, waiting, repeats and leavers what understaffing breaks.\n"
    )
    show.frame(found.guards, {"hours": "{:,.1f}"}, "{:,.0f}")
