"""A published roster table back into the arrays of the engine."""

from __future__ import annotations

import pandas as pd

from staffing.roster.case import Case
from staffing.roster.engine.search import State, empty_state, put_in
from staffing.roster.given import Inputs
from staffing.roster.inputs.options import catalogue_of
from staffing.roster.inputs.pins import pins_of

WORK = ("shift", "work")


def load_table(inputs: Inputs, case: Case, table: pd.DataFrame, breaks: int) -> State:
    """State of the agents as published: tours, breaks, queues served and counts.

    Shifts of people who are not among the agents are left out. Raises InputError for a shift that no
    template describes.
    """
    state = empty_state(case.agent_class, case.days, breaks, case.people.group, case.cover)
    known = table[table["agent"].isin(case.agent_names)]
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
        inside = sorted(part for part in parts if start <= part[0] and part[1] <= end and part[2] not in WORK)
        for activity in WORK:
            for first, last, _, queue in (part for part in parts if part[2] == activity and part[0] >= start):
                if last <= end:
                    state.served[i, first:last] = queues.get(queue, 0)
        for j, (first, last, *_) in enumerate(inside):
            state.served[i, first:last] = -1
            state.offsets[i, day, j] = first - start
