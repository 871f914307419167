"""After sick calls, a new forecast or a planner's edit: the roster mended with the fewest changes.

What a free re-solve would reach is worked out first. The published roster is then mended, shortage priced ever
higher: everybody answers the shortage left by the rest while each change costs something, pairs answer together, and
changes that are not needed are taken back. As long as more stays short than before the sick calls, or than the free
roster suggests, the best mix of all weeks tried so far is picked within the changes allowed (see ``recombine``), and
whole days of the best one are chosen again.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.roster.case import Case, SolveLimits
from staffing.roster.desk import MOST_CHANGED
from staffing.roster.desk.mend import Aim, Mender, Trial, short_hours
from staffing.roster.desk.promised import holding
from staffing.roster.engine.price import tour_price
from staffing.roster.engine.progress import Progress
from staffing.roster.engine.run import Solution
from staffing.roster.engine.search import State, cover_cost
from staffing.roster.engine.solver import solve_case
from staffing.roster.given import Inputs
from staffing.roster.inputs.build import build
from staffing.roster.inputs.load import load_table
from staffing.roster.promise import Promises, promises_of, solve_promised
from staffing.roster.result import Roster, read_back
from staffing.roster.warm import warm_up

CHANGE_HOURS = 0.25  # a change must save this many hours of shortage to be worth making
SHORTAGE_AIM = 0.7  # times the shortage of the free re-solve, which in its short time leaves up to a third too much
WEIGHTS = (1.0, 2.0, 4.0, 8.0)  # times its price shortage is taken, one turn after the other
MOST_TURNS = 36
FREE_SHARE = 0.2  # of the time goes to the free re-solve
BREAKS_SHARE = 0.06  # of the time is kept for the last placing of breaks


@dataclass(frozen=True)
class Replan:
    """The mended roster, what it changes, and what a free re-solve would reach.

    Attributes
    ----------
    changes : agent, date, before, after (``HH:MM–HH:MM`` or ``off``), forced (the published shift could not
        stay: its agent is away or a rule would break).
    changed_share : share of the published shifts changed beyond the forced ones.
    breaks_moved : shifts that stay, but whose breaks lie elsewhere.
    free : the roster made afresh, as if nothing had been published; its bound holds for both.
    free_changed_share : share of the published shifts that it would move or drop.
    """

    roster: Roster
    changes: pd.DataFrame
    changed_share: float
    breaks_moved: int
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
    promises = promises_of(inputs, own)
    fresh = _made_afresh(inputs, own, promises, replace(limits, seconds=FREE_SHARE * limits.seconds), progress)
    free = read_back(inputs, own, fresh, promises=promises)
    change_price = CHANGE_HOURS * inputs.prices.shortage_hour
    case = build(replace(inputs, published=published, change_price=change_price))
    before = load_table(inputs, case, published, _breaks(case))
    if promises is not None:
        case = holding(case, promises, (before, fresh.state))
    mender = Mender(case, before, limits.seed)
    search_s = (1 - BREAKS_SHARE) * limits.seconds
    reached = min(SHORTAGE_AIM * free.short_hours, short_hours(case, before.counts))
    aim = Aim(reached, int(most_changed * mender.planned), begun + search_s)
    as_is = mender.forced_only()
    keeps = not mender.forced.any() and as_is.short_hours <= free.short_hours
    trial = as_is if keeps else _best(mender, aim)
    if not keeps and trial.short_hours > aim.short_hours:
        trial = mender.breaks_placed(trial, BREAKS_SHARE * limits.seconds)
    seconds = time.monotonic() - begun
    solution = _solution(own, promises, trial, free.bound)
    solution = replace(solution, seconds=seconds, status="time limit" if seconds > limits.seconds else solution.status)
    return Replan(
        read_back(inputs, own, solution, even=False, promises=promises),
        _changes(inputs, mender, trial.state),
        trial.changed / mender.planned,
        mender.breaks_moved(trial),
        free,
        _dropped(published, free.table),
    )


def _best(mender: Mender, aim: Aim) -> Trial:
    """The roster with the fewest changes that meets the aim, or else the best covered within the changes.

    The published roster is mended at every weight, which brings in fresh weeks; then the best so far again and again.
    """
    found: list[Trial] = []
    for trials in _ways(mender, aim, found):
        found += trials
        if _over(found, aim):
            break
    return _chosen(found, aim)


def _ways(mender: Mender, aim: Aim, found: list[Trial]) -> Iterator[list[Trial]]:
    """Rosters of one way after the other; `found` holds all so far."""
    yield [mender.forced_only()]
    for weight in WEIGHTS:
        yield mender.mended(weight, aim)
    for weight in itertools.islice(itertools.cycle(WEIGHTS), MOST_TURNS):
        yield mender.mixed(aim)
        yield mender.days_chosen(_chosen(found, aim), aim)
        yield mender.mended(weight, aim, begun=_chosen(found, aim))


def _over(found: list[Trial], aim: Aim) -> bool:
    return time.monotonic() > aim.deadline or _chosen(found, aim).short_hours <= aim.short_hours


def _chosen(found: list[Trial], aim: Aim) -> Trial:
    met = [trial for trial in found if trial.short_hours <= aim.short_hours]
    if met:
        return min(met, key=lambda trial: trial.changed)
    return min(found, key=lambda trial: (trial.short_hours, trial.changed))


def _made_afresh(inputs: Inputs, own: Case, promises: Promises | None, limits: SolveLimits,
                 progress: Callable[[Progress], None] | None) -> Solution:  # fmt: skip
    if promises is None:
        return solve_case(own, limits, progress)
    return solve_promised(inputs, own, promises, limits, progress)


def _solution(own: Case, promises: Promises | None, trial: Trial, bound: float) -> Solution:
    """The mended state at the prices of the inputs, changes free."""
    state = trial.state
    cost = sum(tour_price(own, int(k), tour) for k, tour in zip(own.agent_class, state.tours, strict=True))
    cost += cover_cost(own.cover, state.counts) if promises is None else promises.cost(own, state.counts)
    return Solution(state, cost, min(bound, cost), 0.0, "search finished")


def _breaks(case: Case) -> int:
    return max(1, int(np.diff(case.options.break_ptr).max()))


def _dropped(published: pd.DataFrame, table: pd.DataFrame) -> float:
    """Share of the shifts of one roster that another does not have."""
    before, after = (
        set(zip(rows["agent"], rows["start"], rows["end"], strict=True))
        for rows in (published[published["activity"] == "shift"], table[table["activity"] == "shift"])
    )
    return len(before - after) / max(1, len(before))


def _changes(inputs: Inputs, mender: Mender, after: State) -> pd.DataFrame:
    case, before = mender.case, mender.published
    agent, day = np.nonzero(before.tours != after.tours)
    rows = [
        (
            case.agent_names[i],
            inputs.date(int(d)),
            shown(inputs, case, before.tours[i, d]),
            shown(inputs, case, after.tours[i, d]),
            bool(mender.forced_days[i, d]),
        )
        for i, d in zip(agent, day, strict=True)
    ]
    return pd.DataFrame(rows, columns=["agent", "date", "before", "after", "forced"])


def shown(inputs: Inputs, case: Case, option: int) -> str:
    """A shift as ``HH:MM–HH:MM``, or ``off``."""
    if option < 0:
        return "off"
    start = int(case.options.start[option])
    ends = case.grid.instants(np.array([start, start + case.options.length[option]]), inputs.calendar.zone)
    return f"{ends[0]:%H:%M}–{ends[1]:%H:%M}"
