"""The hours after the last midnight of the horizon: what shifts that begin on the last day are worth in them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.calendar import DAY_MIN, WEEKDAYS
from staffing.roster.case import Grid
from staffing.roster.given import Inputs
from staffing.roster.inputs.options import Catalogue

WEEK = pd.Timedelta(days=7)


def after_midnight(
    inputs: Inputs, grid: Grid, catalogue: Catalogue, queues: tuple[str, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Agents wanted in the hours that shifts of the last day reach into, and the price of one lacking for an hour.

    Both are (queues, slots), 0 elsewhere. Wanted is what the requirements say of the day after the horizon, or else
    what they say of a week before. An agent is worth the price of shortage until the first shift of that day may
    begin; from then on that shift could do it, and an agent is worth the pay of an hour. Hours short in the roster do
    not count these hours: they belong to the week after.
    """
    need, price = np.zeros((len(queues), grid.slots)), np.zeros((len(queues), grid.slots))
    last_day = catalogue.day_ptr[inputs.days - 1]
    ends = (catalogue.start + catalogue.length)[last_day:]
    midnight = inputs.calendar.midnight(inputs.date(inputs.days))
    first = int(grid.slot(pd.DatetimeIndex([midnight]))[0])
    tail = np.arange(first, min(int(ends.max(initial=0)), grid.slots))
    if inputs.pieces is not None or not len(tail):  # a queue that keeps its promise over a day counts whole days alone
        return need, price
    need[:, tail] = _wanted(inputs, grid, queues, tail)
    minute = (tail - first) * grid.slot_min
    pay = min(inputs.prices.agent_hour, inputs.prices.shortage_hour)
    price[:, tail] = np.where(minute < _first_start(inputs), inputs.prices.shortage_hour, pay)
    return need, price * (need > 0)


def _wanted(inputs: Inputs, grid: Grid, queues: tuple[str, ...], tail: NDArray[np.int64]) -> NDArray[np.float64]:
    zone = inputs.calendar.zone
    naive = grid.instants(tail, zone).tz_localize(None) - WEEK
    before = naive.tz_localize(zone, ambiguous=np.ones(len(tail), bool), nonexistent="shift_forward")
    table, width = inputs.requirements, inputs.calendar.interval_min // grid.slot_min
    starts = grid.slot(pd.DatetimeIndex(table["start"]))
    row = np.array([queues.index(name) for name in table["queue"]], int)
    values = table["agents_scheduled"].to_numpy(float)
    known = {(int(q), int(s) + k): v for q, s, v in zip(row, starts, values, strict=True) for k in range(width)}
    week_ago = grid.slot(before)
    told = bool(len(starts)) and int(starts.max()) >= int(tail[0])
    at = tail if told else week_ago
    return np.array([[known.get((q, int(slot)), 0.0) for slot in at] for q in range(len(queues))])


def _first_start(inputs: Inputs) -> int:
    """Minutes after midnight at which the first shift of the day after the horizon may begin."""
    weekday = WEEKDAYS[inputs.date(inputs.days).weekday()]
    return min(
        (shift.first_start for shift in inputs.shifts if not shift.weekdays or weekday in shift.weekdays),
        default=DAY_MIN,
    )
