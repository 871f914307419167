"""What is wrong with a workspace before anything is planned, and what is worth knowing of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

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


def queues_agree(history: History, scenario: Scenario) -> list[str]:
    """Notes on queues that history lacks. Raises InputError for one in history that the scenario lacks."""
    known, recorded = {queue.name for queue in scenario.queues}, set(history.frame["queue"].unique())
    if recorded - known:
        raise InputError(
            f"history has the queue '{min(recorded - known)}', which is not among {', '.join(sorted(known))}.",
            where=Where("workspace.toml", field="queues"),
            remedy="Add it there, or take it out of history.",
        )
    return [f"Queue '{name}' is not in history; nothing is forecast for it." for name in sorted(known - recorded)]


def models_known(history: History, scenario: Scenario, start: dt.date) -> None:
    """Raises InputError where the scenario asks for a model that there is none of."""
    from staffing.planner.stages import Fit

    try:
        Fit.of(history, scenario, start)
    except InputError as wrong:
        raise InputError(
            wrong.what,
            where=Where(f"scenarios/{scenario.name}.toml", field="forecast.models"),
            remedy="Or in workspace.toml, if it is written there.",
        ) from None


def shifts_fit(scenario: Scenario, start: dt.date, past: Callable[[dt.date], pd.DataFrame | None]) -> None:
    """Raises InputError for a shift that fits into no day of the week from ``start``, and for pins, then or later, that
    are no shift or break a rule. ``past`` has the rosters of the weeks before a day."""
    import pandas as pd

    from staffing.roster import inputs_of
    from staffing.roster.inputs.options import catalogue_of, grid_of
    from staffing.roster.inputs.pins import pins_of
    from staffing.roster.rules.pins import broken_by_pins

    pinned = {scenario.site.week_of(pin.day) for pin in scenario.pins if pin.day >= start}
    for week in sorted({start, *pinned}) if scenario.shifts else ():
        inputs = inputs_of(pd.DataFrame(), scenario, start=week, past=past(week))
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


def rule_notes(scenario: Scenario) -> list[str]:
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


def untold(history: History, scenario: Scenario) -> list[str]:
    """What the scenario takes from history that no queue has a figure of, or nothing but zeros."""
    patient = any(queue.patience_from_history for queue in scenario.queues)
    lacking = {
        "Shrinkage is the given shares": _lacking_attendance(history.frame) if scenario.shrinkage.from_history else "",
        "Patience is the given one": _lacking_waits(history.frame) if patient else "",
    }
    return [f"{instead}: {what}" for instead, what in lacking.items() if what]


def _lacking_attendance(frame: pd.DataFrame) -> str:
    told = set(frame.dropna(axis=1, how="all"))
    if "scheduled" not in told or not {"planned_off", "present"} & told:
        return "history lacks the columns 'scheduled', and 'planned_off' or 'present', to learn it from."
    nobody = "history tells nobody 'scheduled' but only zeros, to learn it from."
    return "" if (frame["scheduled"] > 0).any() else nobody


def _lacking_waits(frame: pd.DataFrame) -> str:
    if not set(PATIENCE) <= set(frame.dropna(axis=1, how="all")):
        return "history lacks the columns 'abandoned' and 'wait_seconds' to learn it from."
    zeros = [heading for name, heading in PATIENCE.items() if not (frame[name] > 0).any()]
    return f"history tells only zeros in {', '.join(zeros)} to learn it from." if zeros else ""


def odd_attendance(history: History) -> list[str]:
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
