"""Requirements and people in, a named roster with its proven bound out."""

from __future__ import annotations

import datetime as dt
import importlib
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from staffing.domain.scenario import Scenario
    from staffing.roster.engine.problem import Inputs, Problem, SolveLimits
    from staffing.roster.engine.progress import Progress
    from staffing.roster.result import Roster

__all__ = ["Inputs", "Roster", "SolveLimits", "inputs_of", "roster", "solve"]

MENDING_S = 3.8  # a roster is mended in five seconds, loading compiled kernels included
MOST_CHANGED = 0.05  # of the published shifts, beyond those that could not stay
LONG_S = 15.0  # a solve that may take longer runs in a process of its own
READING_BACK_S = 0.00025  # per agent and week
LEAST_SEARCH = 0.5  # of the time limit goes to the search, whatever else takes

_LATER = {
    "Inputs": "staffing.roster.engine.problem",
    "Roster": "staffing.roster.result",
    "SolveLimits": "staffing.roster.engine.problem",
}


def __getattr__(name: str) -> Any:
    """Import what needs a compiler when it is first used."""
    if name not in _LATER:
        raise AttributeError(f"module 'staffing.roster' has no attribute '{name}'")
    return getattr(importlib.import_module(_LATER[name]), name)


def roster(
    requirements: pd.DataFrame,
    scenario: Scenario,
    *,
    start: dt.date,
    days: int = 7,
    progress: Callable[[str, float], None] | None = None,
    past: pd.DataFrame | None = None,
    pinned: pd.DataFrame | None = None,
    pieces: pd.DataFrame | None = None,
    apart: bool = False,
    weekly: bool = False,
) -> Roster:
    """A roster for the scenario's people from `start`, `days` long (7 to 42, whole weeks).

    `requirements` is the requirements table; cover is counted against ``agents_scheduled`` in agents
    present (breaks are absent). Queues in `pieces` (table SERVICE_PIECES) are held to their service level over
    the day or week instead. Time limit, gap and threads come from ``scenario.solve``, the seed from the
    scenario. `past` is the roster table of the weeks before: rest, runs of days and shifts across midnight
    are carried over. Shifts of the roster table `pinned` are kept as they are. `progress` is told bound,
    best and gap, and the share of the time used; it may raise Cancelled. With `apart`, a solve that may take
    long runs in a process of its own (see ``run``); with `weekly`, several weeks are solved one after the
    other (see ``weekly``). Raises InputError for what cannot be meant; a requirement that nobody can meet is
    not an error but a stated shortage.
    """
    from staffing.roster.engine.problem import SolveLimits

    inputs = inputs_of(requirements, scenario, start=start, days=days, past=past, pinned=pinned, pieces=pieces)
    limits = SolveLimits(scenario.solve.seconds, scenario.solve.gap, scenario.seed, scenario.solve.threads)

    def tell(state: Progress) -> None:
        if progress is not None:
            progress(str(state), min(1.0, state.seconds / limits.seconds))

    from staffing.roster.weekly import solve_weekly

    how = solve_weekly if weekly and days > 7 else solve
    if apart and limits.seconds > LONG_S:
        from staffing.roster.run import solve_apart

        return solve_apart(how, inputs, limits, tell)
    return how(inputs, limits, tell)


def inputs_of(
    requirements: pd.DataFrame,
    scenario: Scenario,
    *,
    start: dt.date,
    days: int = 7,
    past: pd.DataFrame | None = None,
    pinned: pd.DataFrame | None = None,
    pieces: pd.DataFrame | None = None,
) -> Inputs:
    """What the scenario gives the roster."""
    from staffing.roster.engine.problem import Inputs
    from staffing.roster.inputs.pins import joined, pinned_rows

    pinned = joined(pinned, pinned_rows(scenario.pins, scenario.site))
    return Inputs(
        requirements, scenario.agents, scenario.contracts, scenario.shifts, scenario.rules, scenario.prices,
        scenario.site, start, days, tuple(queue.name for queue in scenario.queues), past, pinned,
        rule_changes=scenario.rule_changes, rotations=scenario.rotations, minimums=scenario.minimums,
        sessions=scenario.sessions, pieces=pieces,
    )  # fmt: skip


def solve(
    inputs: Inputs,
    limits: SolveLimits,
    progress: Callable[[Progress], None] | None = None,
    hand_over: Callable[[Roster], None] | None = None,
) -> Roster:
    """The same from `Inputs` alone, without a scenario; `progress` gets a `Progress`, `hand_over` rosters on the way.

    Building and reading back count as part of ``limits.seconds``; compiling the kernels does not.
    """
    from staffing.roster.engine.solver import Solver
    from staffing.roster.hand_over import HandOver
    from staffing.roster.inputs.build import build
    from staffing.roster.inputs.sessions import with_times
    from staffing.roster.promise import promises_of, solve_promised
    from staffing.roster.result import read_back
    from staffing.roster.warm import warm_up

    warm_up()
    begun = time.monotonic()
    inputs = with_times(inputs, lambda plain: _slot_prices(plain, limits))
    problem = build(inputs)
    besides_s = time.monotonic() - begun + READING_BACK_S * len(inputs.agents) * inputs.days / 7
    search = replace(limits, seconds=max(limits.seconds - besides_s, LEAST_SEARCH * limits.seconds))
    promises = promises_of(inputs, problem)
    read = partial(read_back, inputs, problem, promises=promises)
    on_the_way = HandOver(read, hand_over) if hand_over is not None else None
    if promises is None:
        solution = Solver(problem, search, progress, on_the_way).run()
    else:
        solution = solve_promised(inputs, problem, promises, search, progress, on_the_way)
    return replace(read(solution), seconds=time.monotonic() - begun)


def _slot_prices(inputs: Inputs, limits: SolveLimits) -> tuple[Problem, NDArray[np.float64]]:
    """What one more agent is worth in each slot, from the bound's prices within a quarter of the time."""
    from staffing.roster.engine.solver import Solver
    from staffing.roster.inputs.build import build

    problem = build(inputs)
    return problem, Solver(problem, replace(limits, seconds=limits.seconds / 4)).slot_prices()
