"""What the days before the horizon leave behind: rest still owed, runs of days, shifts still in progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from staffing.domain.shift_clock import kind_minutes
from staffing.domain.workforce import ShiftTemplate
from staffing.roster.case import DatedShift
from staffing.roster.inputs.presence import present

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.workforce import Agent
    from staffing.roster.case import Grid
    from staffing.roster.given import Inputs


NEAR_DAYS = 4  # no rest reaches further


@dataclass(frozen=True)
class PastShifts:
    """One agent's days before the horizon, the last one last, and how the last shift ended.

    `end_min` counts minutes from the first midnight of the horizon; `night` says whether it was a night shift.
    """

    days: tuple[DatedShift | None, ...] = ()
    end_min: int = -(10**6)
    night: bool = False


def dated_past(inputs: Inputs) -> Iterator[tuple[str, dt.date, DatedShift]]:
    """Agent, date and shift of everything worked before the horizon."""
    allowed = {agent.name: inputs.allowed_kinds(agent) for agent in inputs.agents}
    for name, shift in _past_rows(inputs):
        if name in allowed:
            yield name, shift.start.date(), _dated(inputs, shift, allowed[name])


class _Shift(NamedTuple):
    """A past shift in local time; `kind` is empty where the roster does not name it."""

    start: pd.Timestamp
    end: pd.Timestamp
    kind: str


def _past_rows(inputs: Inputs) -> Iterator[tuple[str, _Shift]]:
    if inputs.past is None:
        return
    rows = inputs.past[inputs.past["activity"] == "shift"]
    kinds = rows["kind"].where(rows["kind"].notna(), "") if "kind" in rows else [""] * len(rows)
    for name, start, end, kind in zip(rows["agent"], rows["start"], rows["end"], kinds, strict=True):
        local = start.tz_convert(inputs.calendar.zone)
        if local.date() < inputs.start:
            yield str(name), _Shift(local, end, kind)


def pasts_of(inputs: Inputs) -> Mapping[str, PastShifts]:
    """The past of every agent; nothing is known of anybody's without a past roster."""
    if inputs.past is None or inputs.past.empty:
        return {agent.name: PastShifts() for agent in inputs.agents}
    found: dict[str, list[_Shift]] = {agent.name: [] for agent in inputs.agents}
    for name, shift in _past_rows(inputs):
        if name in found:
            found[name].append(shift)
    return {agent.name: _past(inputs, found[agent.name], agent) for agent in inputs.agents}


def _past(inputs: Inputs, shifts: list[_Shift], agent: Agent) -> PastShifts:
    allowed = inputs.allowed_kinds(agent)
    by_date = {shift.start.date(): _dated(inputs, shift, allowed) for shift in shifts}
    dates = [inputs.start - dt.timedelta(days=k) for k in range(inputs.memory_days, 0, -1)]
    days = tuple(by_date.get(date) or dated_elsewhere(inputs, agent, date) for date in dates)
    if not shifts:
        return PastShifts(days)
    last = max(shifts, key=lambda shift: shift.end)
    end_min = int((last.end - inputs.calendar.midnight(inputs.start)).total_seconds()) // 60
    return PastShifts(days, end_min, by_date[last.start.date()].night)


def _dated(inputs: Inputs, shift: _Shift, allowed: frozenset[str]) -> DatedShift:
    """A past shift as the rules see it; one of a kind that the site no longer has is of none."""
    from staffing.roster.inputs.options import dated_shift

    start_min = shift.start.hour * 60 + shift.start.minute
    length = kind_minutes(inputs.calendar, shift.start, shift.end)
    rules = inputs.book.of(None, shift.start.date())
    template = inputs.known_shifts.kind_of(start_min, length, named=shift.kind, allowed=allowed)
    if template is None:
        return _of_no_kind(inputs, start_min, length, shift.start.date())
    return dated_shift(template, start_min, rules)


def dated_elsewhere(inputs: Inputs, agent: Agent, date: dt.date) -> DatedShift | None:
    """What a person works on a day for another site, as the rules see it: a shift of no kind."""
    work = agent.elsewhere_on(date)
    return None if work is None else _of_no_kind(inputs, work.from_min, work.length_min, date)


def busy_elsewhere(inputs: Inputs, agent: Agent) -> tuple[tuple[int, int, bool], ...]:
    """Work elsewhere about the horizon in elapsed minutes after its first midnight, and whether it is by night."""
    found: list[tuple[int, int, bool]] = []
    first = inputs.calendar.midnight(inputs.start)
    for work in agent.elsewhere:
        if -NEAR_DAYS <= (work.day - inputs.start).days <= inputs.days + NEAR_DAYS:
            start, end = inputs.elsewhere_span(work)
            night = _of_no_kind(inputs, work.from_min, work.length_min, work.day).night
            begins, ends = (int((one - first).total_seconds()) // 60 for one in (start, end))
            found.append((begins, ends, night))
    return tuple(found)


def _of_no_kind(inputs: Inputs, start_min: int, length_min: int, date: dt.date) -> DatedShift:
    from staffing.roster.inputs.options import dated_shift

    template = ShiftTemplate(name="?", length_min=max(60, length_min), first_start=start_min, last_start=start_min)
    dated = dated_shift(template, start_min, inputs.book.of(None, date))
    return replace(dated, template="", length_min=length_min, paid_min=length_min)


def presence(inputs: Inputs, grid: Grid, queues: tuple[str, ...]) -> np.ndarray:
    """Agents (queues, slots) whom shifts begun before the horizon, and people not planned anew, bring into it."""
    there = _from_before(inputs, grid, queues)
    return there if inputs.standing is None else there + present(inputs.standing, grid, queues, inputs.agents)


def _from_before(inputs: Inputs, grid: Grid, queues: tuple[str, ...]) -> np.ndarray:
    if inputs.past is None:
        return np.zeros((len(queues), grid.slots))
    past = inputs.past[inputs.past["end"] > grid.origin]
    begun = past[(past["activity"] == "shift") & (past["start"] < grid.origin)].groupby("agent")["end"].max()
    if begun.empty:
        return np.zeros((len(queues), grid.slots))
    own = past[past["agent"].isin(begun.index)]
    return present(own[own["end"] <= own["agent"].map(begun)], grid, queues, inputs.agents)
