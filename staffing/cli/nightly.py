"""What kept forecasts were worth: accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, ScenarioOption, WorkspaceArgument

if TYPE_CHECKING:
    from staffing.simulation.calibration import Calibration

ALARM = 3


def _print_chances(chances: Calibration) -> None:
    typer.echo(f"\nChances of days: {chances.sentence()}")
    if len(chances.bins):
        show.frame(chances.bins, {"days": "{:.0f}"}, otherwise="{:.0%}")


@app.command()
def accuracy(workspace: WorkspaceArgument, scenario: ScenarioOption = "base", json: JsonOption = False) -> int:
    """Compare every kept forecast with what came: is it worse than it was, where, since when; by queue, horizon,
    week, weekday and event day; drift alarms. Of a night that was run again only the last run counts.

    WAPE: absolute errors over contacts. Bias: above 0 means too much was forecast. Coverage: share of intervals
    between p10 and p90, 80 % when the forecast knows how little it knows. Value: WAPE saved over the weekday mean.
    Exit code 3 where there is a drift alarm.
    Chances: what was promised of each day when its week was published, against what came (Brier score against that of
    their mean). Events: what was promised before they began, what came, and what the next one like it is now
    expected to add.
    """
    from staffing.evaluation.accuracy import accuracy as compare_with_actuals
    from staffing.evaluation.worsening import sentences
    from staffing.planner import Planner
    from staffing.store.promised import published_rosters
    from staffing.store.workspace import Workspace

    opened = Workspace.open(workspace)
    chosen = opened.scenario(scenario)
    planner = Planner.open(opened, chosen.site)
    kept = list(opened.forecasts.all())
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
        answer = {"worse": show.rows(found.worse), **rows, "alarms": list(found.alarms), "chances": told}
        show.as_json(answer, as_told=True)
        return ALARM if found.alarms else 0
    if found.table.empty:
        typer.echo("Nothing that was promised has come yet. Run `staffing batch`, import what came, and look again.")
        _print_chances(chances)
        return 0
    for sentence in sentences(found.worse):
        typer.echo(sentence)
    typer.echo()
    show.frame(found.table, {"intervals": "{:,.0f}", "calls": "{:,.0f}"}, otherwise="{:.1%}")
    if len(found.events):
        typer.echo("\nEvents: share of contacts promised before they began, as it came, and expected of the next")
        show.frame(found.events, {"days": "{:.0f}", "usual_error": "{:.1%}"}, otherwise="{:+.1%}")
    for alarm in found.alarms:
        typer.echo(f"\nDrift: {alarm}")
    _print_chances(chances)
    return ALARM if found.alarms else 0
