"""A published roster table back into the arrays of the engine."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.activities import ABSENT, AT_WORK, SHIFT, WORK
from staffing.roster.case import Case
from staffing.roster.engine.search import State, empty_state, put_in
from staffing.roster.given import Inputs
from staffing.roster.inputs.options import catalogue_of
from staffing.roster.inputs.pins import pins_of
from staffing.roster.inputs.planned import without_overtime


def load_table(inputs: Inputs, case: Case, table: pd.DataFrame, breaks: int) -> State:
    """State of the agents as published: tours, breaks, queues served and counts. Who is absent on the day serves
    nobody meanwhile; overtime is no part of a tour.

    Shifts of people who are not among the agents are left out. Raises InputError for a shift that no
    template describes.
    """
    state = empty_state(case.agent_class, case.days, breaks, case.people.group, case.cover)
    known = without_overtime(table[table["agent"].isin(case.agent_names)])
    tours = pins_of(inputs, known, catalogue_of(inputs, case.grid), case.grid)
    spans = known.assign(
        first=case.grid.slot(pd.DatetimeIndex(known["start"])),
        last=case.grid.slot(pd.DatetimeIndex(known["end"])),
    )
    by_agent = {str(name): rows for name, rows in spans.groupby("agent", sort=True)}
    for i, name in enumerate(case.agent_names):
        for day, option in tours.get(name, ()):
            state.tours[i, day] = option
        if name in by_agent:
            _load_agent(i, by_agent[name], case, state)
            put_in(i, state)
    return state


def _load_agent(i: int, rows: pd.DataFrame, case: Case, state: State) -> None:
    queues = {name: q for q, name in enumerate(case.queue_names)}
    options = case.options
    parts = list(zip(rows["first"], rows["last"], rows["activity"], rows["queue"], strict=True))
    for day, option in enumerate(state.tours[i]):
        if option < 0:
            continue
        start = int(options.start[option])
        end = start + int(options.length[option])
        within = [part for part in parts if start <= part[0] and part[1] <= end]
        for activity in (SHIFT, WORK):
            for first, last, _, queue in (part for part in within if part[2] == activity):
                state.served[i, first:last] = queues.get(queue, 0)
        for first, last, activity, _ in within:
            if activity not in AT_WORK:
                state.served[i, first:last] = -1
        _load_breaks(state.offsets[i, day], case, option, sorted(p for p in within if p[2] not in (*AT_WORK, *ABSENT)))


def _load_breaks(
    offsets: NDArray[np.int32], case: Case, option: int, taken: list[tuple[int, int, str, str | None]]
) -> None:
    """Fill in where the breaks of a shift begin; one that is not taken stands where it may begin first."""
    options, left = case.options, list(taken)
    template = options.template[option]
    for j, name in enumerate(case.break_names[template]):
        own = next((part for part in left if part[2] == name), None)
        offsets[j] = options.break_lo[options.break_ptr[template] + j]
        if own is not None:
            left.remove(own)
            offsets[j] = own[0] - options.start[option]
