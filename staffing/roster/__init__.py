"""Requirements and people in, a named roster with its proven bound out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.calendar import SiteCalendar
    from staffing.domain.scenario import Prices
    from staffing.domain.workforce import Agent, Contract, LabourRules, ShiftTemplate
    from staffing.roster.problem import SolveLimits
    from staffing.roster.result import Roster
    from staffing.roster.solve import Progress

__all__ = ["roster"]


def roster(
    requirements: pd.DataFrame,
    agents: tuple[Agent, ...],
    contracts: tuple[Contract, ...],
    shifts: tuple[ShiftTemplate, ...],
    rules: LabourRules,
    prices: Prices,
    calendar: SiteCalendar,
    *,
    start: dt.date,
    days: int = 7,
    options: SolveLimits | None = None,
    progress: Callable[[Progress], None] | None = None,
    past: pd.DataFrame | None = None,
    pinned: pd.DataFrame | None = None,
) -> Roster:
    """A roster for named agents from `start`, `days` long (7 to 42, whole weeks).

    `requirements` is the requirements table; cover is counted against ``agents_scheduled`` in agents
    present (breaks are absent). `options` holds wall seconds, gap, seed and threads. `past` is the roster
    table of the weeks before: rest, runs of days and shifts across midnight are carried over. Shifts of
    the roster table `pinned` are kept as they are. Raises InputError for what cannot be meant; a
    requirement that nobody can meet is not an error but a stated shortage.
    """
    from staffing.roster.build import build
    from staffing.roster.problem import Inputs, SolveLimits
    from staffing.roster.result import read_back
    from staffing.roster.solve import Solver

    inputs = Inputs(
        requirements, agents, contracts, shifts, rules, prices, calendar, start, days, past=past, pinned=pinned
    )
    problem = build(inputs)
    return read_back(inputs, problem, Solver(problem, options or SolveLimits(), progress).run())
