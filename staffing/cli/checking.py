"""The command that reads everything in a workspace and says what is wrong: check."""

from __future__ import annotations

import typer

from staffing.cli import app, show
from staffing.cli.planning import AnswerOption, JsonOption, KeepOption, Opened, WorkspaceArgument


@app.command()
def check(
    workspace: WorkspaceArgument,
    set_: AnswerOption = [],  # noqa: B006
    keep: KeepOption = False,
    json: JsonOption = False,
) -> None:
    """Read everything in a workspace and say what is wrong, or that all is well."""
    from staffing.history import keep_answers, settings
    from staffing.planner.checking import models_known, odd_attendance, queues_agree, rule_notes, shifts_fit, untold

    answers = settings(set_)
    desk = Opened(workspace, answers=answers)
    if keep and answers:
        with desk.workspace.ground.bulk_change():
            keep_answers(desk.workspace.history_folder, answers)
    scenarios = [desk.workspace.scenario(name) for name in desk.workspace.scenario_names]
    base = desk.workspace.base
    notes = queues_agree(desk.history, base)
    desk.history.aggregate(desk.site.interval_min)
    notes += [*untold(desk.history, base), *odd_attendance(desk.history)]
    for scenario in scenarios:
        models_known(desk.history, scenario, desk.start)
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
