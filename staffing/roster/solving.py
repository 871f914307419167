"""From what the planner gives to a roster in one go: build the case, search, read back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from staffing.roster.case import Case, SolveLimits
from staffing.roster.engine.progress import SolveProgress
from staffing.roster.engine.solver import bound_case, solve_case
from staffing.roster.given import Inputs
from staffing.roster.hand_over import HandOver
from staffing.roster.inputs.build import build
from staffing.roster.inputs.sessions import with_times
from staffing.roster.promise import promises_of, solve_promised
from staffing.roster.result import Roster, read_back
from staffing.roster.warm import warm_up

READING_BACK_S = 0.00025  # per agent and week
LEAST_SEARCH = 0.5  # of the time limit goes to the search, whatever else takes


def solve(
    inputs: Inputs,
    limits: SolveLimits,
    progress: Callable[[SolveProgress], None] | None = None,
    hand_over: Callable[[Roster], None] | None = None,
) -> Roster:
    """A roster from `Inputs` alone; `progress` gets a `SolveProgress`, `hand_over` rosters on the way.

    Building and reading back count as part of ``limits.seconds``; compiling the kernels does not.
    """
    warm_up()
    begun = time.monotonic()
    inputs = with_times(inputs, lambda plain: _slot_prices(plain, limits))
    case = build(inputs)
    besides_s = time.monotonic() - begun + READING_BACK_S * len(inputs.agents) * inputs.days / 7
    search = replace(limits, seconds=max(limits.seconds - besides_s, LEAST_SEARCH * limits.seconds))
    promises = promises_of(inputs, case)
    read = partial(read_back, inputs, case, promises=promises)
    on_the_way = HandOver(read, hand_over) if hand_over is not None else None
    if promises is None:
        solution = solve_case(case, search, progress, on_the_way)
    else:
        solution = solve_promised(inputs, case, promises, search, progress, on_the_way)
    return replace(read(solution), seconds=time.monotonic() - begun)


def _slot_prices(inputs: Inputs, limits: SolveLimits) -> tuple[Case, NDArray[np.float64]]:
    """What one more agent is worth in each slot, from the bound's prices within a quarter of the time."""
    case = build(inputs)
    return case, bound_case(case, replace(limits, seconds=limits.seconds / 4)).worth
