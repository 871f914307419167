"""After sick calls, a new forecast or a planner's edit: the roster mended with the fewest changes.

What a free re-solve would reach is worked out first. The published roster is then mended: everybody answers
the shortage left by the rest while each change costs something, pairs answer together, and changes that
are not needed are taken back. How dearly shortage is priced against a change is found by bisection: the mildest
price at which the mended roster is as well covered as the free one, or the best within the changes allowed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.roster.desk.mend import Aim, Mender, Trial
from staffing.roster.engine.problem import Inputs, Problem, SolveLimits, tour_price
from staffing.roster.engine.progress import Progress
from staffing.roster.engine.search import State, cover_cost
from staffing.roster.engine.solver import Solution, Solver
from staffing.roster.inputs.build import build
from staffing.roster.inputs.load import load_table
from staffing.roster.result import Roster, read_back
from staffing.roster.warm import warm_up

CHANGE_HOURS = 0.25  # a change must save this many hours of shortage to be worth making
MOST_CHANGED = 0.05  # of the published shifts, beyond those that could not stay
SHORTAGE_AIM = 0.8  # times the shortage of the free re-solve: two re-solves of one case differ by a tenth and more
HEAVIEST = 16.0  # times its price is the dearest that shortage is taken
TRIALS = 5
FREE_SHARE = 0.5  # of the time goes to the free re-solve


@dataclass(frozen=True)
class Replan:
    """The mended roster, what it changes, and what a free re-solve would reach.

    Attributes
    ----------
    changes : agent, date, before, after (``HH:MM–HH:MM`` or ``off``), forced (the published shift could not
        stay: its agent is away or a rule would break).
    changed_share : share of the published shifts changed beyond the forced ones.
    free : the roster made afresh, as if nothing had been published; its bound holds for both.
    free_changed_share : share of the published shifts that it would move or drop.
    """

    roster: Roster
    changes: pd.DataFrame
    changed_share: float
    free: Roster
    free_changed_share: float


def replan(
    inputs: Inputs,
    published: pd.DataFrame,
    limits: SolveLimits,
    *,
    most_changed: float = MOST_CHANGED,
    progress: Callable[[Progress], None] | None = None,
) -> Replan:
    """Mend `published` for the new `inputs` (granted days off of the sick, new requirements, pins).

    Changes at most the share `most_changed` of the published shifts beyond the forced ones. `progress`
    follows the free re-solve. Raises InputError for what cannot be meant.
    """
    warm_up()
    begun = time.monotonic()
    own = build(inputs)
    free = read_back(inputs, own, Solver(own, replace(limits, seconds=FREE_SHARE * limits.seconds), progress).run())
    change_price = CHANGE_HOURS * inputs.prices.shortage_hour
    problem = build(replace(inputs, published=published, change_price=change_price))
    mender = Mender(problem, load_table(inputs, problem, published, _breaks(problem)), limits.seed)
    aim = Aim(SHORTAGE_AIM * free.short_hours, int(most_changed * mender.planned), begun + limits.seconds)
    trial = _best(mender, aim)
    solution = _solution(own, trial.state, free.bound, time.monotonic() - begun, limits)
    return Replan(
        read_back(inputs, own, solution, even=False),
        _changes(inputs, mender, trial.state),
        trial.changed / mender.planned,
        free,
        _dropped(published, free.table),
    )


def _best(mender: Mender, aim: Aim) -> Trial:
    """The trial with the fewest changes that meets the aim, or else the best covered within the changes."""
    ends: list[Trial] = []
    found = [mender.forced_only()]
    for weight in _weights(ends, aim):
        end, within = mender.mended(weight, aim)
        ends.append(end)
        found += [mender.thinned(trial, aim) for trial in (end, within) if trial is not None]
        if time.monotonic() > aim.deadline:
            break
    allowed = [trial for trial in found if trial.changed <= aim.most_changed]
    met = [trial for trial in allowed if trial.short_hours <= aim.short_hours]
    if met:
        return min(met, key=lambda trial: trial.changed)
    return min(allowed, key=lambda trial: (trial.short_hours, trial.changed))


def _weights(ends: list[Trial], aim: Aim) -> Iterator[float]:
    """Weights to try, by bisection on their logarithm; the last of `ends` answers the weight before."""
    low, high = 0.0, math.log(HEAVIEST)
    yield 1.0
    if ends[-1].short_hours <= aim.short_hours:
        return
    for _ in range(TRIALS - 1):
        middle = (low + high) / 2
        yield math.exp(middle)
        enough = ends[-1].short_hours <= aim.short_hours or ends[-1].changed > aim.most_changed
        low, high = (low, middle) if enough else (middle, high)


def _solution(own: Problem, state: State, bound: float, seconds: float, limits: SolveLimits) -> Solution:
    """The mended state at the prices of the inputs, changes free."""
    prices = [tour_price(own, int(k), tour) for k, tour in zip(own.agent_class, state.tours, strict=True)]
    objective = cover_cost(own.cover, state.counts) + sum(prices)
    status = "time limit" if seconds > limits.seconds else "search finished"
    return Solution(state, objective, min(bound, objective), seconds, status)


def _breaks(problem: Problem) -> int:
    return max(1, int(np.diff(problem.options.break_ptr).max()))


def _dropped(published: pd.DataFrame, table: pd.DataFrame) -> float:
    """Share of the shifts of one roster that another does not have."""
    before, after = (
        set(zip(rows["agent"], rows["start"], rows["end"], strict=True))
        for rows in (published[published["activity"] == "shift"], table[table["activity"] == "shift"])
    )
    return len(before - after) / max(1, len(before))


def _changes(inputs: Inputs, mender: Mender, after: State) -> pd.DataFrame:
    problem, before = mender.problem, mender.published
    agent, day = np.nonzero(before.tours != after.tours)
    rows = [
        (
            problem.agent_names[i],
            inputs.date(int(d)),
            shown(inputs, problem, before.tours[i, d]),
            shown(inputs, problem, after.tours[i, d]),
            bool(mender.forced_days[i, d]),
        )
        for i, d in zip(agent, day, strict=True)
    ]
    return pd.DataFrame(rows, columns=["agent", "date", "before", "after", "forced"])


def shown(inputs: Inputs, problem: Problem, option: int) -> str:
    """A shift as ``HH:MM–HH:MM``, or ``off``."""
    if option < 0:
        return "off"
    start = int(problem.options.start[option])
    ends = problem.grid.instants(np.array([start, start + problem.options.length[option]]), inputs.calendar.zone)
    return f"{ends[0]:%H:%M}–{ends[1]:%H:%M}"
