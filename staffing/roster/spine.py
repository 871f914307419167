"""Requirements and a scenario in, a named roster with its proven bound out; how it is solved is chosen here."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from staffing.grids import covers
from staffing.roster.case import SolveLimits
from staffing.roster.inputs.of_scenario import inputs_of
from staffing.roster.result import Roster
from staffing.roster.run import solve_apart, telling
from staffing.roster.solving import solve
from staffing.roster.weekly import solve_weekly
from staffing.work import Progress, silent

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario

LONG_S = 15.0  # a solve that may take longer runs in a process of its own


def roster(
    requirements: pd.DataFrame,
    scenario: Scenario,
    *,
    start: dt.date,
    days: int = 7,
    progress: Progress = silent,
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
    other (see ``weekly``). Raises InputError for what cannot be meant, TableError for
    days that the requirement does not cover; a requirement that nobody can meet is not an error but a stated shortage.
    """
    covers(requirements, scenario.site, (start, days), "requirement")
    inputs = inputs_of(requirements, scenario, start=start, days=days, past=past, pinned=pinned, pieces=pieces)
    limits = SolveLimits(scenario.solve.seconds, scenario.solve.gap, scenario.seed, scenario.solve.threads)
    how = solve_weekly if weekly and days > 7 else solve
    if apart and limits.seconds > LONG_S:
        return solve_apart(how, inputs, limits, progress)
    return how(inputs, limits, telling(progress, limits.seconds))
