"""Who can be compared: for whom unloved shifts are a matter of choice, of need, or out of reach."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from staffing.domain.calendar import DAY_MIN
from staffing.domain.workforce import Agent
from staffing.roster.case import DatedShift
from staffing.roster.given import Inputs
from staffing.roster.inputs.options import dated_shift
from staffing.roster.inputs.people import burden_sorts


def standing(inputs: Inputs) -> NDArray[np.int64]:
    """Per agent (row) and measure whether no shift that can be worked is of the sort (0), some (1) or all are (2)."""
    known: dict[tuple[frozenset[str], int, int, frozenset[bool]], list[int]] = {}
    found = []
    for agent in inputs.agents:
        days = [inputs.date(day) for day in range(7)]
        weekends = frozenset(inputs.calendar.is_weekend(day) for day in days if agent.can_work_on(day))
        key = (inputs.allowed_kinds(agent), agent.earliest, agent.latest, weekends)
        if key not in known:
            shifts = [shift for shift in _shifts(inputs) if shift.template in key[0] and _lies_within(shift, agent)]
            sorts = [burden_sorts(shift, weekend=weekend) for shift in shifts for weekend in weekends]
            known[key] = [any(some) + all(some) for some in zip(*sorts, strict=True)] if sorts else [0] * 4
        found.append([*known[key], 1])
    return np.array(found, np.int64)


def _shifts(inputs: Inputs) -> list[DatedShift]:
    rules = inputs.rules_of(None, 0)
    return [dated_shift(kind, start, rules) for kind in inputs.kinds for start in kind.starts_min]


def _lies_within(shift: DatedShift, agent: Agent) -> bool:
    end = shift.start_min + shift.length_min
    return shift.start_min >= agent.earliest and (agent.latest >= DAY_MIN or end <= agent.latest)
