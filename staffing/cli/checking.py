"""The command that reads everything in a workspace and says what is wrong: check."""

from __future__ import annotations

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, Opened, WorkspaceArgument


@app.command()
def check(workspace: WorkspaceArgument, json: JsonOption = False) -> None:
    """Read everything in a workspace and say what is wrong, or that all is well."""
    from staffing.planner.checking import odd_attendance, queues_agree, rule_notes, shifts_fit, untold

    desk = Opened(workspace)
    scenarios = [desk.workspace.scenario(name) for name in desk.workspace.scenario_names]
    base = desk.workspace.base
    notes = queues_agree(desk.history, base)
    desk.history.aggregate(desk.site.interval_min)
    notes += [*untold(desk.history, base), *odd_attendance(desk.history)]
    for scenario in scenarios:
        shifts_fit(scenario, desk.start, desk.workspace.rosters.before)
        notes += [note for note in rule_notes(scenario) if note not in notes]
    facts = {
        "workspace": str(workspace),
        "history_intervals": len(desk.history.frame),
        "interval_min": desk.history.interval_min,
        "notes": [*desk.history.notes, *notes],
        "queues": [queue.name for queue in base.queues],
        "events": len(base.events),
        "agents": len(base.agents),
        "scenarios": [scenario.name for scenario in scenarios],
        "next_week": str(desk.start),
    }
    if json:
        show.as_json(facts)
        return
    for key, value in facts.items():
        between = " " if key == "notes" else ", "
        typer.echo(f"{key.replace('_', ' ')}: {between.join(value) if isinstance(value, list) else value}".rstrip())
    typer.echo("All is well.")
