"""What the days before the horizon leave behind: rest still owed, runs of days, shifts still in progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from staffing.roster.automaton import DatedShift
from staffing.roster.presence import present

if TYPE_CHECKING:
    import pandas as pd

    from staffing.roster.problem import Grid, Inputs

MEMORY_DAYS = 14


@dataclass(frozen=True)
class Past:
    """One agent's days before the horizon, the last one last, and when the agent is rested again.

    `ready_min` counts minutes from the first midnight of the horizon.
    """

    days: tuple[DatedShift | None, ...] = ()
    ready_min: int = -(10**6)


def pasts_of(inputs: Inputs) -> Mapping[str, Past]:
    """The past of every agent that the past roster names; unknown agents have none."""
    if inputs.past is None or inputs.past.empty:
        return {}
    shifts = inputs.past[inputs.past["activity"] == "shift"]
    return {str(name): _past(inputs, rows) for name, rows in shifts.groupby("agent", sort=True)}


def _past(inputs: Inputs, rows: pd.DataFrame) -> Past:
    zone = inputs.calendar.zone
    midnight = inputs.calendar.midnight(inputs.start)
    by_date: dict[dt.date, DatedShift] = {}
    last_end = None
    for start, end in zip(rows["start"], rows["end"], strict=True):
        local = start.tz_convert(zone)
        if local.date() >= inputs.start:
            continue
        by_date[local.date()] = _dated(inputs, local, end)
        last_end = end if last_end is None else max(last_end, end)
    if last_end is None:
        return Past()
    dates = [inputs.start - dt.timedelta(days=k) for k in range(MEMORY_DAYS, 0, -1)]
    ready = (last_end - midnight).total_seconds() / 60 + inputs.rules.min_rest_h * 60
    return Past(tuple(by_date.get(date) for date in dates), max(0, int(ready)))


def _dated(inputs: Inputs, local: pd.Timestamp, end: pd.Timestamp) -> DatedShift:
    """A past shift as the rules see it; its template is found by start and length, or has no name."""
    from staffing.roster.options import touches_night

    start_min = local.hour * 60 + local.minute
    length = int((end - local).total_seconds()) // 60
    template = next((t for t in inputs.shifts if t.length_min == length and start_min in t.starts_min), None)
    night = touches_night(start_min, start_min + length, inputs.rules)
    if template is None:
        return DatedShift("", start_min, length, night, False)
    return DatedShift(template.name, start_min, template.paid_min, night, template.undesired)


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
