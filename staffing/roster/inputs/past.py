"""What the days before the horizon leave behind: rest still owed, runs of days, shifts still in progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from staffing.domain.workforce import ShiftTemplate
from staffing.roster.case import DatedShift
from staffing.roster.inputs.presence import present

if TYPE_CHECKING:
    import pandas as pd

    from staffing.roster.case import Grid
    from staffing.roster.given import Inputs


@dataclass(frozen=True)
class Past:
    """One agent's days before the horizon, the last one last, and how the last shift ended.

    `end_min` counts minutes from the first midnight of the horizon; `night` says whether it was a night shift.
    """

    days: tuple[DatedShift | None, ...] = ()
    end_min: int = -(10**6)
    night: bool = False


def dated_past(inputs: Inputs) -> Iterator[tuple[str, dt.date, DatedShift]]:
    """Agent, date and shift of everything worked before the horizon."""
    for name, local, end in _past_rows(inputs):
        yield name, local.date(), _dated(inputs, local, end)


def _past_rows(inputs: Inputs) -> Iterator[tuple[str, pd.Timestamp, pd.Timestamp]]:
    if inputs.past is None:
        return
    rows = inputs.past[inputs.past["activity"] == "shift"]
    for name, start, end in zip(rows["agent"], rows["start"], rows["end"], strict=True):
        local = start.tz_convert(inputs.calendar.zone)
        if local.date() < inputs.start:
            yield str(name), local, end


def pasts_of(inputs: Inputs) -> Mapping[str, Past]:
    """The past of every agent; nothing is known of anybody's without a past roster."""
    if inputs.past is None or inputs.past.empty:
        return {agent.name: Past() for agent in inputs.agents}
    found: dict[str, list[tuple[pd.Timestamp, pd.Timestamp]]] = {agent.name: [] for agent in inputs.agents}
    for name, local, end in _past_rows(inputs):
        if name in found:
            found[name].append((local, end))
    return {name: _past(inputs, shifts) for name, shifts in found.items()}


def _past(inputs: Inputs, shifts: list[tuple[pd.Timestamp, pd.Timestamp]]) -> Past:
    by_date = {local.date(): _dated(inputs, local, end) for local, end in shifts}
    dates = [inputs.start - dt.timedelta(days=k) for k in range(inputs.memory_days, 0, -1)]
    days = tuple(by_date.get(date) for date in dates)
    if not shifts:
        return Past(days)
    local, end = max(shifts, key=lambda shift: shift[1])
    end_min = int((end - inputs.calendar.midnight(inputs.start)).total_seconds()) // 60
    return Past(days, end_min, by_date[local.date()].night)


def _dated(inputs: Inputs, local: pd.Timestamp, end: pd.Timestamp) -> DatedShift:
    """A past shift as the rules see it; its template is found by start and length, or has no name."""
    from staffing.roster.inputs.options import dated_shift

    start_min = local.hour * 60 + local.minute
    length = int((end - local).total_seconds()) // 60
    rules = inputs.book.of(None, local.date())
    template = next((t for t in inputs.kinds if t.length_min == length and start_min in t.starts_min), None)
    if template is None:
        template = ShiftTemplate(name="?", length_min=max(60, length), first_start=start_min, last_start=start_min)
        return replace(dated_shift(template, start_min, rules), template="", length_min=length)
    return dated_shift(template, start_min, rules)


def presence(inputs: Inputs, grid: Grid, queues: tuple[str, ...]) -> np.ndarray:
    """Agents (queues, slots) whom shifts begun before the horizon bring into it."""
    if inputs.past is None:
        return np.zeros((len(queues), grid.slots))
    past = inputs.past[inputs.past["end"] > grid.origin]
    begun = past[(past["activity"] == "shift") & (past["start"] < grid.origin)].groupby("agent")["end"].max()
    if begun.empty:
        return np.zeros((len(queues), grid.slots))
    own = past[past["agent"].isin(begun.index)]
    return present(own[own["end"] <= own["agent"].map(begun)], grid, queues)
