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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.roster.case import Case, SolveLimits
from staffing.roster.desk import MOST_CHANGED
from staffing.roster.desk.begun import Begun
from staffing.roster.desk.breaks import breaks_kept, breaks_placed
from staffing.roster.desk.changes import begun_days, changes_between, days_of, moves_between
from staffing.roster.desk.cover import as_roster
from staffing.roster.desk.led import led
from staffing.roster.desk.mend import Aim, Mender, Trial, short_hours
from staffing.roster.desk.promised import holding
from staffing.roster.engine.price import tour_price
from staffing.roster.engine.progress import SolveProgress
from staffing.roster.engine.run import Solution
from staffing.roster.engine.solver import solve_case
from staffing.roster.engine.worth import cover_cost
from staffing.roster.given import Inputs
from staffing.roster.inputs.build import build
from staffing.roster.inputs.load import load_table
from staffing.roster.inputs.people import first_free_slot
from staffing.roster.inputs.sessions import with_published_times
from staffing.roster.promise import Promises, promises_of, solve_promised
from staffing.roster.result import Roster, read_back
from staffing.roster.warm import warm_up
from staffing.store.roster_days import AgentDate
from staffing.tables import on_the_clock

#: Takes a complete roster on the way.
Leave = Callable[[Trial, Mender], None]

CHANGE_HOURS = 0.25  # a change must save this many hours of shortage to be worth making
SHORTAGE_AIM = 0.7  # times the shortage of the free re-solve, which in its short time leaves up to a third too much
WEIGHTS = (1.0, 2.0, 4.0, 8.0)  # times its price shortage is taken, one turn after the other
MOST_TURNS = 36
LEAST_SEARCH = 0.5  # of the time goes to all before the breaks, however long naming takes
FREE_SHARE = 0.2  # of the time goes to the free re-solve
BREAKS_SHARE = 0.1  # of the time is kept for the last placing of breaks
NAMING_S = 0.0012  # an agent and week, kept for naming what changed


@dataclass(frozen=True)
class Replan:
    """The mended roster, what it changes, and what a free re-solve would reach.

    Attributes
    ----------
    changes : agent, date, before, after (``HH:MM–HH:MM`` or ``off``), forced (the published shift could not
        stay: its agent is away or a rule would break).
    changed_share : share of the published shifts changed beyond the forced ones.
    moved : agent, date, activity, before, after (``HH:MM``) of every break and session that lies elsewhere in a shift
        that stays.
    free : the roster made afresh, as if nothing had been published; its bound holds for both.
    free_changed_share : share of the published shifts that it would move or drop.
    """

    roster: Roster
    changes: pd.DataFrame
    changed_share: float
    moved: pd.DataFrame
    free: Roster
    free_changed_share: float

    @property
    def breaks_moved(self) -> int:
        """Shifts that stay, but whose breaks lie elsewhere."""
        return len(self.moved[["agent", "date"]].drop_duplicates())


def replan(
    inputs: Inputs,
    published: pd.DataFrame,
    limits: SolveLimits,
    *,
    most_changed: float = MOST_CHANGED,
    progress: Callable[[SolveProgress], None] | None = None,
    leave: Callable[[Replan], None] | None = None,
) -> Replan:
    """Mend `published` for the new `inputs` (granted days off of the sick, new requirements, pins).

    Changes at most the share `most_changed` of the published shifts beyond the forced ones. `progress` follows the
    free re-solve; `leave` is handed complete rosters on the way. Shifts that began before ``inputs.now`` stay row for
    row. Raises InputError for what cannot be meant.
    """
    warm_up()
    begun = time.monotonic()
    published = on_the_clock(published, inputs.calendar.zone)
    inputs = replace(with_published_times(replace(inputs, published=published)), published=None)
    parted = Begun.of(inputs, published)
    own = build(parted.inputs)
    promises = promises_of(parted.inputs, own)
    own = to_come(parted.inputs, own)
    fresh = _made_afresh(parted.inputs, own, promises, replace(limits, seconds=FREE_SHARE * limits.seconds), progress)
    free = read_back(parted.inputs, own, fresh, promises=promises)
    whole_free = _whole(inputs, parted, free)

    def told(trial: Trial, mender: Mender) -> Replan:
        trial = breaks_kept(mender, trial, _as_they_are(parted, mender.case))
        seconds = time.monotonic() - begun
        solution = _solution(own, promises, trial, free.bound)
        status = "time limit" if seconds > limits.seconds else solution.status
        made = read_back(parted.inputs, own, replace(solution, seconds=seconds, status=status), even=False,
                         promises=promises)  # fmt: skip
        roster = _whole(inputs, parted, made)
        old, new = days_of(inputs, published), days_of(inputs, roster.table)
        return Replan(
            roster,
            changes_between(old, new, _forced(inputs, parted, mender, old)),
            trial.changed / mender.planned,
            moves_between(old, new),
            whole_free,
            _dropped(published, whole_free.table),
        )

    def on_the_way(trial: Trial, mender: Mender) -> None:
        if leave is not None:
            leave(told(trial, mender))

    return told(*_mended(parted, own, (promises, fresh), (limits, begun), most_changed, on_the_way))


def _mended(
    parted: Begun, own: Case, fresh: tuple[Promises | None, Solution], limits: tuple[SolveLimits, float],
    most_changed: float, leave: Leave,
) -> tuple[Trial, Mender]:  # fmt: skip
    """The published roster mended within the time; `limits` are those given and the instant at which work began."""
    inputs, published, (promises, made), (given, begun) = parted.inputs, parted.published, fresh, limits
    change_price = CHANGE_HOURS * inputs.prices.shortage_hour
    before, case = load_table(inputs, own, published, _breaks(own)), own
    if promises is not None:
        case = holding(case, promises, (before, made.state))
    mender = Mender(case, before, change_price, given.seed)
    aimed = min(SHORTAGE_AIM * short_hours(own, made.state.counts), short_hours(case, before.counts))
    naming_s = NAMING_S * len(own.agent_class) * inputs.days / 7
    deadline = begun + max((1 - BREAKS_SHARE) * given.seconds - naming_s, LEAST_SEARCH * given.seconds)
    aim = Aim(aimed, int(most_changed * mender.planned), deadline)
    as_is = mender.forced_only()
    keeps = not mender.forced.any() and as_is.short_hours <= short_hours(own, made.state.counts)
    trial = as_is if keeps else _best(mender, aim, as_is, leave)
    if not keeps:
        trial = breaks_placed(mender, trial, BREAKS_SHARE * given.seconds)
    return trial, mender


def to_come(inputs: Inputs, case: Case) -> Case:
    """The case in which only the slots from ``inputs.now`` on want anybody: what lacked before is past mending."""
    if inputs.now is None:
        return case
    gone = np.arange(case.grid.slots) < first_free_slot(inputs.now, case.grid)
    cover = case.cover
    cover = cover._replace(
        need=np.where(gone, 0.0, cover.need), short=np.where(gone, 0.0, cover.short),
        excess=np.where(gone, 0.0, cover.excess),
    )  # fmt: skip
    return replace(case, cover=cover._replace(wanted=case.wanted & ~gone))


def _as_they_are(parted: Begun, case: Case) -> np.ndarray:
    """Which days (agents, days) stay with their breaks: those begun, and those pinned with what lies in them."""
    inputs = parted.inputs
    stay = set(begun_days(inputs, parted.published))
    if inputs.pinned is not None:
        stay |= {key for key, day in days_of(inputs, inputs.pinned).items() if day.inside}
    days = [inputs.date(day) for day in range(case.days)]
    return np.array([[(name, day) in stay for day in days] for name in case.agent_names])


def _forced(inputs: Inputs, parted: Begun, mender: Mender, published: Iterable[AgentDate]) -> set[AgentDate]:
    """Days whose published shift could not stay."""
    names, days = np.nonzero(mender.forced_days)
    mended = {(mender.case.agent_names[i], inputs.date(int(day))) for i, day in zip(names, days, strict=True)}
    alone = set(parted.standing["agent"]) | {a.name for a in inputs.agents} - {a.name for a in parted.inputs.agents}
    return mended | {key for key in published if key[0] in alone}


def _whole(inputs: Inputs, parted: Begun, made: Roster) -> Roster:
    """The roster with what has begun and those left alone, its hours counted over all of it."""
    if inputs.now is None:
        return made
    table = parted.whole(made.table)
    counted = as_roster(inputs, table)
    names = ("paid_hours", "short_hours", "excess_hours", "uncovered")
    return replace(made, table=table, **{name: getattr(counted, name) for name in names})


def _best(mender: Mender, aim: Aim, as_is: Trial, leave: Leave) -> Trial:
    """The roster with the fewest changes that meets the aim, or else the best covered within the changes.

    Rosters led by slot prices come first; where totals are counted, the published one mended at every weight. Then
    the best so far is mended again and again. One with the forced changes alone is left at once, and the best one
    after the first ways.
    """
    found = [as_is]
    leave(as_is, mender)
    for ways in (_first_ways(mender, aim), _further_ways(mender, aim, found)):
        for trials in ways:
            found += trials
            if _over(found, aim):
                return _chosen(found, aim)
        leave(_chosen(found, aim), mender)
    return _chosen(found, aim)


def _first_ways(mender: Mender, aim: Aim) -> Iterator[list[Trial]]:
    """Rosters from the published one."""
    if mender.case.counts_totals:
        for weight in WEIGHTS:
            yield mender.mended(weight, aim)
    else:
        yield from led(mender, aim)


def _further_ways(mender: Mender, aim: Aim, found: list[Trial]) -> Iterator[list[Trial]]:
    """Rosters of one way after the other; `found` holds all so far."""
    for weight in itertools.islice(itertools.cycle(WEIGHTS), MOST_TURNS):
        yield mender.mixed(_chosen(found, aim), aim)
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
                 progress: Callable[[SolveProgress], None] | None) -> Solution:  # fmt: skip
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
