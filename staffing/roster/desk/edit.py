"""A planner's edit: one person's day changed, checked against every rule at once, its effect on cover shown."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, WEEKDAYS, clock_minutes
from staffing.domain.workforce import Agent, ShiftTemplate
from staffing.errors import InputError
from staffing.roster.case import Grid
from staffing.roster.given import Inputs
from staffing.roster.inputs.options import grid_of, requirement_slots
from staffing.roster.inputs.past import presence
from staffing.roster.inputs.presence import present
from staffing.roster.result import Roster, short_by_hour
from staffing.roster.rules import Violation, check
from staffing.roster.rules.people import people_of
from staffing.tables import ROSTER

OFF = "off"
_SPAN = re.compile(r"\s*(?:(.+?)\s+)?(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})\s*")


@dataclass(frozen=True)
class Edit:
    """What a planner wants of one person's day: ``09:00–17:30``, with the kind of shift before it where two kinds
    have these hours, or ``off``."""

    agent: str
    date: dt.date
    shift: str


@dataclass(frozen=True)
class Effect:
    """What an edit does.

    broken, mended : rules that the edit breaks, and broken ones that it mends.
    short_hours, excess_hours, paid_hours : differences, agent-hours; positive means more.
    intervals : queue, start, required, before, after (agents) of every slot whose presence changes.
    """

    broken: tuple[Violation, ...]
    mended: tuple[Violation, ...]
    short_hours: float
    excess_hours: float
    paid_hours: float
    intervals: pd.DataFrame

    @property
    def allowed(self) -> bool:
        """Whether no rule is broken anew."""
        return not self.broken

    def __str__(self) -> str:
        cover = f"short {self.short_hours:+.1f} h, over {self.excess_hours:+.1f} h, paid {self.paid_hours:+.1f} h"
        return "\n".join([cover, *(f"breaks a rule: {fault}" for fault in self.broken)])


def edited(inputs: Inputs, table: pd.DataFrame, edit: Edit) -> pd.DataFrame:
    """The roster with the edit made; breaks lie where they cost least cover.

    Raises InputError for an unknown person, a day outside the roster or a shift of no template.
    """
    agent = next((one for one in inputs.agents if one.name == edit.agent), None)
    if agent is None:
        raise InputError(f"there is no agent '{edit.agent}'.", remedy="Add or correct the name.")
    if not 0 <= (edit.date - inputs.start).days < inputs.days:
        raise InputError(f"{edit.date} is not a day of this roster.", remedy=f"It begins on {inputs.start}.")
    rest = without(inputs, table, edit)
    if edit.shift.strip().casefold() in (OFF, "", "·"):
        return ROSTER.check(rest)
    start_min, template = _template(inputs, agent, edit)
    rows = _shift_rows(inputs, rest, agent, edit.date, (start_min, template))
    return ROSTER.check(pd.concat([rest, rows], ignore_index=True))


def without(inputs: Inputs, table: pd.DataFrame, edit: Edit) -> pd.DataFrame:
    """The roster without the shift that the person begins on the day, and all that lies inside it."""
    own = table["agent"] == edit.agent
    begins = table["start"].dt.tz_convert(inputs.calendar.zone).dt.date
    shift = table[own & (table["activity"] == "shift") & (begins == edit.date)]
    gone = pd.Series(False, index=table.index)
    for row in shift.itertuples():
        gone |= own & (table["start"] >= row.start) & (table["end"] <= row.end)
    return table[~gone].reset_index(drop=True)


@dataclass(frozen=True)
class Held:
    """What a roster table holds up against the requirement: slots of the grid by queue, and agent-hours."""

    grid: Grid
    queues: tuple[str, ...]
    need: np.ndarray
    wanted: np.ndarray
    there: np.ndarray

    @property
    def short(self) -> np.ndarray:
        """Agent-hours missing (queues, slots)."""
        return np.where(self.wanted, np.maximum(self.need - self.there, 0), 0.0) * self.grid.slot_min / 60

    @property
    def over(self) -> np.ndarray:
        """Agent-hours beyond the need (queues, slots)."""
        return np.where(self.wanted, np.maximum(self.there - self.need, 0), 0.0) * self.grid.slot_min / 60


def held(inputs: Inputs, table: pd.DataFrame) -> Held:
    """The cover that a roster table gives, shifts begun before the horizon counted in."""
    grid = grid_of(inputs)
    queues = tuple(sorted(set(inputs.requirements["queue"])))
    need, wanted = requirement_slots(inputs, grid, queues)
    return Held(grid, queues, need, wanted, present(table, grid, queues) + presence(inputs, grid, queues))


def judge(inputs: Inputs, before: pd.DataFrame, after: pd.DataFrame) -> Effect:
    """Every rule and the cover, before and after."""
    old, new = held(inputs, before), held(inputs, after)
    faults = [check(table, inputs) for table in (before, after)]
    return Effect(
        tuple(fault for fault in faults[1] if fault not in faults[0]),
        tuple(fault for fault in faults[0] if fault not in faults[1]),
        float(new.short.sum() - old.short.sum()),
        float(new.over.sum() - old.over.sum()),
        paid_hours(inputs, after) - paid_hours(inputs, before),
        _changed_slots(inputs, old, new),
    )


def as_roster(inputs: Inputs, table: pd.DataFrame) -> Roster:
    """A roster table that no solver made: its hours are counted, objective and bound are undefined (NaN)."""
    found, unknown = held(inputs, table), float("nan")
    hours = paid_hours(inputs, table), float(found.short.sum()), float(found.over.sum())
    gaps = short_by_hour(found.grid, inputs, found.short, found.queues, "queue")
    people = pd.DataFrame({"agent": [agent.name for agent in inputs.agents]})
    return Roster(table, unknown, unknown, unknown, 0.0, "kept", *hours, gaps, people)


def paid_hours(inputs: Inputs, table: pd.DataFrame) -> float:
    """Paid hours of the roster's shifts."""
    return sum(shift.paid_min for person in people_of(table, inputs) for shift in person.shifts) / 60


def _changed_slots(inputs: Inputs, old: Held, new: Held) -> pd.DataFrame:
    q, slot = np.nonzero(old.there != new.there)
    return pd.DataFrame(
        {
            "queue": np.array(new.queues, dtype=object)[q],
            "start": new.grid.instants(slot, inputs.calendar.zone),
            "required": new.need[q, slot],
            "before": old.there[q, slot],
            "after": new.there[q, slot],
        }
    )


def _template(inputs: Inputs, agent: Agent, edit: Edit) -> tuple[int, ShiftTemplate]:
    """Start (minutes after midnight) and kind of the shift asked for.

    Of several kinds those go first that the person may work on the day; where more than one is left, it is asked.
    """
    match = _SPAN.fullmatch(edit.shift)
    try:
        start, end = (clock_minutes(text) for text in (match.groups()[1:] if match else ()))
    except ValueError:
        raise InputError(f"'{edit.shift}' is no shift.", remedy="Write it as 09:00-17:30, or off.") from None
    named = (match.group(1) or "").strip() if match else ""
    fits = inputs.known_shifts.fitting(start, (end - start) % DAY_MIN or DAY_MIN, named)
    if not fits:
        lengths = ", ".join(f"{shift.name} of {shift.length_min / 60:g} h" for shift in inputs.kinds)
        raise InputError(f"there is no shift {edit.shift.strip()}.", remedy=f"There are: {lengths}; mind their starts.")
    allowed = inputs.allowed_kinds(agent)
    own = [shift for shift in fits if shift.name in allowed and not _off_day(shift, edit.date)]
    if len(own) > 1:
        hours = edit.shift.strip()
        names = " or ".join(f"'{shift.name}'" for shift in own)
        raise InputError(
            f"{hours} of {agent.name} can be {names}.", remedy=f"Name the kind before it: {own[0].name} {hours}"
        )
    return start, (own or fits)[0]


def _off_day(shift: ShiftTemplate, date: dt.date) -> bool:
    return bool(shift.weekdays) and WEEKDAYS[date.weekday()] not in shift.weekdays


def _shift_rows(
    inputs: Inputs, rest: pd.DataFrame, agent: Agent, date: dt.date, chosen: tuple[int, ShiftTemplate]
) -> pd.DataFrame:
    """Rows of a new shift: on the queue of the agent's that misses most, breaks where least is lost."""
    start_min, template = chosen
    grid = grid_of(inputs)
    wall = pd.Timestamp(date) + pd.Timedelta(minutes=start_min)
    start = wall.tz_localize(inputs.calendar.zone, ambiguous=True, nonexistent="shift_forward")
    queue, missing = _needed_most(inputs, grid, rest, agent, (start, template.length_min))
    rows: list[tuple[str, Any, Any, str, str | None, str | None]] = [
        (agent.name, start, _later(start, template.length_min), "shift", queue, template.name)
    ]
    ready_min = 0
    for rule in sorted(template.breaks, key=lambda rule: rule.earliest_min):
        places = range(max(rule.earliest_min, ready_min), rule.latest_min + 1, grid.slot_min)
        offset = min(places, key=lambda at: _lost(missing, at // grid.slot_min, rule.minutes // grid.slot_min),
                     default=rule.latest_min)  # fmt: skip
        begin = _later(start, offset)
        rows.append((agent.name, begin, _later(begin, rule.minutes), rule.name, None, None))
        ready_min = offset + rule.minutes + inputs.rules.break_gap_min
    return pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "queue", "kind"])


def _needed_most(
    inputs: Inputs, grid: Grid, rest: pd.DataFrame, agent: Agent, span: tuple[pd.Timestamp, int]
) -> tuple[str, np.ndarray]:
    """The agent's queue that misses most during a span of minutes, and how many agents by slot."""
    every = tuple(sorted(set(inputs.requirements["queue"])))
    own = [name for name in every if not agent.skills or name in agent.skills] or list(agent.skills)
    first = int(grid.slot(pd.DatetimeIndex([span[0]]))[0])
    slots = slice(first, first + span[1] // grid.slot_min)
    missing = (requirement_slots(inputs, grid, every)[0] - present(rest, grid, every))[:, slots]
    lack = {name: missing[every.index(name)] if name in every else np.zeros(slots.stop - first) for name in own}
    worst = max(own, key=lambda name: float(np.maximum(lack[name], 0).sum()))
    return worst, lack[worst]


def _lost(missing: np.ndarray, first: int, slots: int) -> float:
    return float(missing[first : first + slots].sum())


def _later(start: pd.Timestamp, minutes: int) -> pd.Timestamp:
    """So many minutes later by the clock that never jumps."""
    return (start.tz_convert("UTC") + pd.Timedelta(minutes=minutes)).tz_convert(start.tz)
