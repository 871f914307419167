"""After sick calls, a new forecast or a planner's edit: the roster mended with the fewest changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.roster.build import build
from staffing.roster.load import load_table
from staffing.roster.problem import Inputs, Problem, SolveLimits
from staffing.roster.result import Roster, read_back
from staffing.roster.search import State
from staffing.roster.solver import Solver

CHANGE_HOURS = 0.25  # a change must save this many hours of shortage to be worth making


@dataclass(frozen=True)
class Replan:
    """The mended roster and what it changes.

    Attributes
    ----------
    changes : agent, date, before, after (``HH:MM–HH:MM`` or ``off``), forced (the published shift could not
        stay: its agent is away or a rule would break).
    changed_share : share of the published shifts changed beyond the forced ones.
    """

    roster: Roster
    changes: pd.DataFrame
    changed_share: float


def replan(
    inputs: Inputs, published: pd.DataFrame, limits: SolveLimits, *, change_price: float | None = None
) -> Replan:
    """Mend `published` for the new `inputs` (granted days off of the sick, new requirements, pins).

    Every published shift moved, dropped or added costs `change_price`; by default what a quarter hour of
    shortage costs. Only the people whom a gap touches are asked. The bound is that of a free re-solve.
    """
    price = CHANGE_HOURS * inputs.prices.shortage_hour if change_price is None else change_price
    problem = build(replace(inputs, published=published, change_price=price))
    solver = Solver(problem, limits)
    before = load_table(inputs, problem, published, solver.state.offsets.shape[2])
    forced = solver.mend(before)
    solver.bound = Solver(build(inputs), limits).prove()
    made = read_back(inputs, problem, solver.solution(), even=False)
    changes = _changes(inputs, problem, before, solver.best_state, forced)
    planned = max(1, int((before.tours >= 0).sum()))
    return Replan(made, changes, float((~changes["forced"]).sum()) / planned if len(changes) else 0.0)


def _changes(inputs: Inputs, problem: Problem, before: State, after: State, forced: np.ndarray) -> pd.DataFrame:
    agent, day = np.nonzero(before.tours != after.tours)
    rows = [
        (
            problem.agent_names[i],
            inputs.date(int(d)),
            _shown(problem, inputs, before.tours[i, d]),
            _shown(problem, inputs, after.tours[i, d]),
            bool(forced[i]),
        )
        for i, d in zip(agent, day, strict=True)
    ]
    return pd.DataFrame(rows, columns=["agent", "date", "before", "after", "forced"])


def _shown(problem: Problem, inputs: Inputs, option: int) -> str:
    if option < 0:
        return "off"
    start = int(problem.options.start[option])
    ends = problem.grid.instants(np.array([start, start + problem.options.length[option]]), inputs.calendar.zone)
    return f"{ends[0]:%H:%M}–{ends[1]:%H:%M}"
