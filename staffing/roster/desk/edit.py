"""A planner's edit of one person's day: the shift that is meant, and the rows of a roster that it becomes."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, WEEKDAYS, clock_minutes
from staffing.domain.shift_clock import begun_on
from staffing.domain.workforce import Agent, ShiftTemplate
from staffing.errors import InputError
from staffing.roster.desk.cover import Held
from staffing.roster.given import Inputs

OFF = "off"
_SPAN = re.compile(r"\s*(?:(.+?)\s+)?(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})\s*")


@dataclass(frozen=True)
class Edit:
    """What a planner wants of one person's day: ``09:00–17:30``, with the kind of shift before it where two kinds
    have these hours, or ``off``."""

    agent: str
    date: dt.date
    shift: str


def without(inputs: Inputs, own: pd.DataFrame, date: dt.date) -> pd.DataFrame:
    """A person's rows without the shift begun on the day, and all that lies inside it."""
    midnight = inputs.calendar.midnight
    start, end = own["start"].array, own["end"].array
    begun = (own["activity"].to_numpy() == "shift") & (start >= midnight(date))
    begun &= start < midnight(date + dt.timedelta(days=1))
    stays = np.ones(len(own), dtype=bool)
    for row in np.flatnonzero(begun):
        stays &= (start < start[row]) | (end > end[row])
    return own[stays].reset_index(drop=True)


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
    length_min = (end - start) % DAY_MIN or DAY_MIN
    passes = length_min if inputs.calendar.shift_clock == "wall" else _elapsed_min(inputs, edit.date, start, length_min)
    fits = inputs.known_shifts.fitting(start, passes, named)
    fits = fits or inputs.known_shifts.fitting(start, length_min, named)
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


def _elapsed_min(inputs: Inputs, date: dt.date, start_min: int, length_min: int) -> int:
    """Minutes that pass while the wall clock goes on by `length_min`: others where clocks change."""
    start, end = (
        (pd.Timestamp(date) + pd.Timedelta(minutes=minutes)).tz_localize(
            inputs.calendar.zone, ambiguous=True, nonexistent="shift_forward"
        )
        for minutes in (start_min, start_min + length_min)
    )
    return int((end - start).total_seconds()) // 60


def _off_day(shift: ShiftTemplate, date: dt.date) -> bool:
    return bool(shift.weekdays) and WEEKDAYS[date.weekday()] not in shift.weekdays


def shift_rows(inputs: Inputs, agent: Agent, edit: Edit, around: tuple[Held, np.ndarray]) -> pd.DataFrame | None:
    """Rows of the shift that an edit asks for, None for a day off.

    It lies on the queue of the agent's that misses most beside the others, its breaks where least is lost; `around`
    is what the roster holds and how many agents are missing without the person (queues, slots).
    """
    if edit.shift.strip().casefold() in (OFF, "", "·"):
        return None
    start, end, template = begun_at(inputs, agent, edit)
    slot_min = around[0].grid.slot_min
    queue, missing = _needed_most(agent, around, (start, int((end - start).total_seconds()) // 60))
    rows: list[tuple[str, Any, Any, str, str | None, str | None]] = [
        (agent.name, start, end, "shift", queue, template.name)
    ]
    ready_min = 0
    for rule in template.ordered_breaks:
        places = range(max(rule.earliest_min, ready_min), rule.latest_min + 1, slot_min)
        offset = min(places, key=lambda at: _lost(missing, at // slot_min, rule.minutes // slot_min),
                     default=rule.latest_min)  # fmt: skip
        begin = _later(start, offset)
        rows.append((agent.name, begin, _later(begin, rule.minutes), rule.name, None, None))
        ready_min = offset + rule.minutes + inputs.rules.break_gap_min
    return pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "queue", "kind"])


def begun_at(inputs: Inputs, agent: Agent, edit: Edit) -> tuple[pd.Timestamp, pd.Timestamp, ShiftTemplate]:
    """First and last instant of the shift of an edit, and its kind."""
    start_min, template = _template(inputs, agent, edit)
    return *begun_on(inputs.calendar, edit.date, start_min, template.length_min), template


def _needed_most(
    agent: Agent, around: tuple[Held, np.ndarray], span: tuple[pd.Timestamp, int]
) -> tuple[str, np.ndarray]:
    """The agent's queue that misses most during a span of minutes, and how many agents by slot."""
    held, missing = around
    own = [name for name in held.queues if agent.has_skill(name)] or list(agent.skills)
    first = int(held.grid.slot(pd.DatetimeIndex([span[0]]))[0])
    slots = slice(first, first + span[1] // held.grid.slot_min)
    nothing = np.zeros(slots.stop - first)
    lack = {name: missing[held.queues.index(name), slots] if name in held.queues else nothing for name in own}
    worst = max(own, key=lambda name: float(np.maximum(lack[name], 0).sum()))
    return worst, lack[worst]


def _lost(missing: np.ndarray, first: int, slots: int) -> float:
    return float(missing[first : first + slots].sum())


def _later(start: pd.Timestamp, minutes: int) -> pd.Timestamp:
    """So many minutes later by the clock that never jumps."""
    return (start.tz_convert("UTC") + pd.Timedelta(minutes=minutes)).tz_convert(start.tz)
