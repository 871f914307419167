"""Requirements and people in, a named roster with its proven bound out."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario
    from staffing.roster.problem import Inputs, SolveLimits
    from staffing.roster.result import Roster
    from staffing.roster.solver import Progress

__all__ = ["Inputs", "Roster", "SolveLimits", "roster", "solve"]

_LATER = {
    "Inputs": "staffing.roster.problem",
    "Roster": "staffing.roster.result",
    "SolveLimits": "staffing.roster.problem",
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
) -> Roster:
    """A roster for the scenario's people from `start`, `days` long (7 to 42, whole weeks).

    `requirements` is the requirements table; cover is counted against ``agents_scheduled`` in agents
    present (breaks are absent). Queues in `pieces` (table SERVICE_PIECES) are held to their service level over
    the day or week instead. Time limit, gap and threads come from ``scenario.solve``, the seed from the
    scenario. `past` is the roster table of the weeks before: rest, runs of days and shifts across midnight
    are carried over. Shifts of the roster table `pinned` are kept as they are. `progress` is told bound,
    best and gap, and the share of the time used; it may raise Cancelled. Raises InputError for what cannot
    be meant; a requirement that nobody can meet is not an error but a stated shortage.
    """
    from staffing.roster.problem import Inputs, SolveLimits

    inputs = Inputs(
        requirements, scenario.agents, scenario.contracts, scenario.shifts, scenario.rules, scenario.prices,
        scenario.site, start, days, tuple(queue.name for queue in scenario.queues), past, pinned,
        rule_changes=scenario.rule_changes, rotations=scenario.rotations, minimums=scenario.minimums,
        sessions=scenario.sessions, pieces=pieces,
    )  # fmt: skip
    limits = SolveLimits(scenario.solve.seconds, scenario.solve.gap, scenario.seed, scenario.solve.threads)

    def tell(state: Progress) -> None:
        if progress is not None:
            progress(str(state), min(1.0, state.seconds / limits.seconds))

    return solve(inputs, limits, tell)


def solve(inputs: Inputs, limits: SolveLimits, progress: Callable[[Progress], None] | None = None) -> Roster:
    """The same from `Inputs` alone, without a scenario; `progress` gets a `Progress`."""
    from staffing.roster.build import build
    from staffing.roster.promise import promises_of, solve_promised
    from staffing.roster.result import read_back
    from staffing.roster.solver import Solver
    from staffing.roster.warm import warm_up

    problem = build(inputs)
    warm_up()
    promises = promises_of(inputs, problem)
    if promises is None:
        return read_back(inputs, problem, Solver(problem, limits, progress).run())
    solution = solve_promised(inputs, problem, promises, limits, progress)
    return read_back(inputs, problem, solution, promises=promises)
