"""The command that reads everything in a workspace and says what is wrong: check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from staffing.cli import app, show
from staffing.cli.planning import AnswerOption, JsonOption, KeepOption, Opened, WorkspaceArgument
from staffing.errors import InputError, InputErrors, Where

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario
    from staffing.history import History
    from staffing.roster.rules import Violation

PATIENCE = {"abandoned": "'abandoned'", "wait_s": "'wait_seconds'"}
#: Columns of attendance, what their agents were, and how more of them than were scheduled are taken.
BEYOND_SCHEDULED = (
    ("present", "present", "they count as nobody missing"),
    ("planned_off", "away as planned", "they count as all of the scheduled"),
)


@app.command()
def check(
    workspace: WorkspaceArgument,
    set_: AnswerOption = [],  # noqa: B006
    keep: KeepOption = False,
    json: JsonOption = False,
) -> None:
    """Read everything in a workspace and say what is wrong, or that all is well."""
    from staffing.history import keep_answers, settings

    answers = settings(set_)
    desk = Opened(workspace, answers=answers)
    if keep and answers:
        keep_answers(desk.workspace.history_folder, answers)
    scenarios = [desk.workspace.scenario(name) for name in desk.workspace.scenario_names]
    base = desk.workspace.base
    known, recorded = {queue.name for queue in base.queues}, set(desk.history.frame["queue"].unique())
    if recorded - known:
        raise InputError(
            f"history has the queue '{min(recorded - known)}', which is not among {', '.join(sorted(known))}.",
            where=Where("workspace.toml", field="queues"),
            remedy="Add it there, or take it out of history.",
        )
    desk.history.aggregate(desk.site.interval_min)
    notes = [f"Queue '{name}' is not in history; nothing is forecast for it." for name in sorted(known - recorded)]
    notes += [*_untold(desk.history, base), *_attendance(desk.history)]
    for scenario in scenarios:
        _models_known(desk, scenario)
        _shifts_fit(desk, scenario)
        notes += [note for note in _rules(scenario) if note not in notes]
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


def _models_known(desk: Opened, scenario: Scenario) -> None:
    """Raises InputError where the scenario asks for a model that there is none of."""
    from staffing.planner.stages import Fit

    try:
        Fit.of(desk.history, scenario, desk.start)
    except InputError as wrong:
        raise InputError(
            wrong.what,
            where=Where(f"scenarios/{scenario.name}.toml", field="forecast.models"),
            remedy="Or in workspace.toml, if it is written there.",
        ) from None


def _shifts_fit(desk: Opened, scenario: Scenario) -> None:
    """Raises InputError for a shift that fits into no day of the coming week, and for pins, then or later, that are no
    shift or break a rule."""
    import pandas as pd

    from staffing.roster import inputs_of
    from staffing.roster.inputs.options import catalogue_of, grid_of
    from staffing.roster.inputs.pins import pins_of
    from staffing.roster.rules.pins import broken_by_pins

    pinned = {desk.site.week_of(pin.day) for pin in scenario.pins if pin.day >= desk.start}
    for week in sorted({desk.start, *pinned}) if scenario.shifts else ():
        past = desk.workspace.rosters.before(week)
        inputs = inputs_of(pd.DataFrame(), scenario, start=week, past=past)
        grid = grid_of(inputs)
        pins_of(inputs, inputs.pinned, catalogue_of(inputs, grid), grid)
        if broken := [_broken_pin(fault) for fault in broken_by_pins(inputs)]:
            raise InputErrors(broken)


def _broken_pin(fault: Violation) -> InputError:
    loosen = f", or give {fault.field} a price in [rules]" if fault.field else ""
    return InputError(
        f"the pin of '{fault.agent}' on {fault.date} breaks a rule: {fault.what} ({fault.rule}).",
        where=Where("workspace.toml", field="pins"),
        remedy=f"Take the pin off or move it{loosen}.",
    )


def _rules(scenario: Scenario) -> list[str]:
    """Rules that are laid over each other, and prices and changes that nothing comes of."""
    from staffing.domain.labour import RuleBook

    book = RuleBook(scenario.rules, scenario.rule_changes)
    return [*book.overlaps(scenario.agents), *book.idle(), *_leave(scenario)]


def _leave(scenario: Scenario) -> list[str]:
    """Spans of time off that overlap."""
    return [
        f"Time off of {agent.name} overlaps on {', '.join(map(str, days))}: each day counts once."
        for agent in scenario.agents
        if (days := agent.overlapping_leave)
    ]


def _untold(history: History, scenario: Scenario) -> list[str]:
    """What the scenario takes from history that no queue has a figure of, or nothing but zeros."""
    patient = any(queue.patience_from_history for queue in scenario.queues)
    lacking = {
        "Shrinkage is the given shares": _lacking_attendance(history.frame) if scenario.shrinkage.from_history else "",
        "Patience is the given one": _lacking_waits(history.frame) if patient else "",
    }
    return [f"{instead}: history {what} to learn it from." for instead, what in lacking.items() if what]


def _lacking_attendance(frame: pd.DataFrame) -> str:
    told = set(frame.dropna(axis=1, how="all"))
    if "scheduled" not in told or not {"planned_off", "present"} & told:
        return "lacks the columns 'scheduled', and 'planned_off' or 'present',"
    return "" if (frame["scheduled"] > 0).any() else "tells nobody 'scheduled' but only zeros,"


def _lacking_waits(frame: pd.DataFrame) -> str:
    if not set(PATIENCE) <= set(frame.dropna(axis=1, how="all")):
        return "lacks the columns 'abandoned' and 'wait_seconds'"
    zeros = [heading for name, heading in PATIENCE.items() if not (frame[name] > 0).any()]
    return f"tells only zeros in {' and '.join(zeros)}" if zeros else ""


def _attendance(history: History) -> list[str]:
    """Where history tells more agents there, or away as planned, than were scheduled."""
    frame, notes = history.frame, []
    for column, what, taken in BEYOND_SCHEDULED:
        if not {column, "scheduled"} <= set(frame):
            continue
        rows = frame[frame[column] > frame["scheduled"]]
        if len(rows):
            first = rows.iloc[0]
            notes.append(
                f"In {len(rows):,} intervals more agents were {what} than scheduled (first: '{first['queue']}', "
                f"{first['start']:%Y-%m-%d %H:%M}: {first[column]:g} of {first['scheduled']:g}); {taken}."
            )
    return notes
