"""The library that a site should have: few kinds beside today's, with what one more or fewer costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from staffing.domain.shifts import ShiftTemplate
from staffing.domain.workforce import Contract
from staffing.errors import InputError, PlanError, Where
from staffing.roster.case import SolveLimits
from staffing.roster.design.choose import Chooser
from staffing.roster.design.cover import Covered, CoverProblem, Group, ShiftOptions, whole_cover
from staffing.roster.design.kinds import Reach, ShiftStart, fits, library_kinds, possible_kinds
from staffing.roster.given import Inputs
from staffing.roster.inputs.options import grid_of, open_slots, requirement_slots
from staffing.roster.result import Roster
from staffing.roster.solving import solve

WEEK = 7
LEAST_S = 4.0  # for two rosters, however long the kinds took
CHOOSING, OTHERS, WHOLE = 0.35, 0.1, 0.04  # of the time: the kinds, one more and one fewer, each cover in whole people


@dataclass(frozen=True)
class Library:
    """A set of kinds and the cheapest cover with them, whatever people it takes within the contracts."""

    kinds: tuple[ShiftStart, ...]
    covered: Covered

    @property
    def people(self) -> list[float]:
        """Shifts of each kind in a week, on average."""
        days = self.covered.count.shape[1]
        return [float(row.sum()) * WEEK / days for row in self.covered.count]

    def templates(self) -> tuple[ShiftTemplate, ...]:
        """The kinds as shifts of a library; starts of one length that lie evenly apart are one shift."""
        found = []
        key = lambda kind: (kind.template.breaks, kind.length_min)  # noqa: E731
        for (_, length), some in groupby(sorted(self.kinds, key=lambda k: (k.length_min, k.start_min)), key=key):
            starts = [kind.start_min for kind in some]
            like = next(kind.template for kind in self.kinds if kind.length_min == length)
            for run in _even_runs(starts):
                step = run[1] - run[0] if len(run) > 1 else like.step_min
                name = f"{run[0] // 60:02d}{run[0] % 60:02d}-{length / 60:g}h"
                spread = {"name": name, "first_start": run[0], "last_start": run[-1], "step_min": step}
                found.append(like.model_copy(update=spread))
        return tuple(found)


@dataclass(frozen=True)
class Suggestion:
    """What is suggested, one kind fewer and more, and today's library.

    rosters : of the first week with the suggested kinds and with today's, each within the same time, or None where
        they were not asked for.
    """

    today: Library
    suggested: Library
    fewer: Library | None
    more: Library
    rosters: tuple[Roster, Roster] | None


def suggest(
    inputs: Inputs,
    count: int,
    reach: Reach,
    seconds: float,
    *,
    rosters: bool = True,
    told: Callable[[str, float], None] = lambda _stage, _share: None,
) -> Suggestion:
    """The best `count` kinds found within a time limit for the weeks of `inputs`, and what they are worth.

    All queues count together, as if everybody served all of them; rosters know better. Raises InputError for a number
    or a reach that cannot be meant, PlanError where contracts cannot be worked.
    """
    _check(inputs, count, reach)
    begun, demand = time.monotonic(), demand_of(inputs)
    possible = possible_kinds(inputs, reach)
    where = _fits(possible, inputs)
    kinds = [kind for kind, days in zip(possible, where, strict=True) if days.any()]
    if len(kinds) < count:
        raise InputError(
            f"only {len(kinds)} kinds fit into the opening hours, {count} are asked for.",
            where=Where(field="--kinds"),
            remedy="Ask for fewer, or allow other starts and lengths.",
        )
    chooser = Chooser(kinds, where[where.any(axis=1)], demand, begun + CHOOSING * seconds, WHOLE * seconds)
    told("choosing kinds", 0.0)
    chosen = chooser.chosen(frozenset(), count)
    others = list[frozenset[int]]()
    for number in (count + 1, count - 1) if count > 1 else (count + 1,):
        told(f"{number} kinds", CHOOSING + OTHERS * len(others))
        chooser.deadline = time.monotonic() + OTHERS * seconds
        others.append(chooser.chosen(chosen, number))
    made = [_library(chooser, numbers) for numbers in (chosen, *others)]
    now = _today(inputs, demand, WHOLE * seconds)
    found = None
    if rosters:
        left = max(seconds - (time.monotonic() - begun), LEAST_S) / 2
        told("rosters", CHOOSING + 2 * OTHERS)
        found = rostered(inputs, made[0].templates(), left), rostered(inputs, None, left)
    return Suggestion(now, made[0], made[2] if count > 1 else None, made[1], found)


def rostered(inputs: Inputs, shifts: tuple[ShiftTemplate, ...] | None, seconds: float) -> Roster:
    """A roster of the first week with these shifts, which all contracts allow, or with today's library."""
    week = replace(inputs, days=WEEK)
    if shifts is not None:
        contracts = tuple(one.model_copy(update={"shifts": ()}) for one in inputs.contracts)
        agents = tuple(one.model_copy(update={"prefers": (), "avoids": ()}) for one in inputs.agents)
        week = replace(week, shifts=shifts, contracts=contracts, agents=agents, rotations=(), pinned=None)
    return solve(week, SolveLimits(seconds, 0.0))


def demand_of(inputs: Inputs) -> CoverProblem:
    """What the weeks of `inputs` need, and what contracts let the team work."""
    import pandas as pd

    grid, days = grid_of(inputs), inputs.days
    queues = tuple(sorted(set(inputs.requirements["queue"])))
    need, wanted = requirement_slots(inputs, grid, queues)
    midnights = pd.DatetimeIndex([inputs.calendar.midnight(inputs.date(day)) for day in range(days + 1)])
    *day_slot, end = grid.slot(midnights).tolist()
    return CoverProblem(
        need=need.sum(axis=0)[:end],
        wanted=np.asarray(wanted.any(axis=0), bool)[:end],
        day_slot=np.array(day_slot),
        slot_min=grid.slot_min,
        short=inputs.prices.shortage_hour * grid.slot_min / 60,
        excess=inputs.prices.excess_hour * grid.slot_min / 60,
        groups=tuple(_group(contract, hours, inputs) for contract, hours in _alike(inputs)),
    )


def _alike(inputs: Inputs) -> list[tuple[Contract, tuple[int, int]]]:
    """Contracts with the hours of the day that somebody who has one can work."""
    found = {(agent.contract, agent.earliest, agent.latest) for agent in inputs.agents}
    contracts = {contract.name: contract for contract in inputs.contracts}
    return [(contracts[name], (earliest, latest)) for name, earliest, latest in sorted(found)]


def _group(contract: Contract, hours: tuple[int, int], inputs: Inputs) -> Group:
    own = [a for a in inputs.agents if (a.contract, a.earliest, a.latest) == (contract.name, *hours)]
    able = [sum(agent.can_work(inputs.date(day)) for agent in own) for day in range(inputs.days)]
    pay = inputs.prices.agent_hour if contract.hour_cost is None else contract.hour_cost
    return Group(contract, *hours, len(own), tuple(able), pay)


def _fits(kinds: Sequence[ShiftStart], inputs: Inputs) -> np.ndarray:
    """On which days (kinds, days) kinds lie within opening hours."""
    grid = grid_of(inputs)
    is_open = open_slots(inputs, grid)
    return np.array([fits(kind, inputs, grid, is_open) for kind in kinds])


def _today(inputs: Inputs, demand: CoverProblem, seconds: float) -> Library:
    """Today's library, each shift for the contracts that allow it."""
    kinds = library_kinds(inputs)
    may = [[_allows(group, kind) for kind in kinds] for group in demand.groups]
    return Library(tuple(kinds), whole_cover(ShiftOptions(kinds, _fits(kinds, inputs), np.array(may)), demand, seconds))


def _allows(group: Group, kind: ShiftStart) -> bool:
    named = group.contract.shifts
    return group.has_room(kind) and (not named or kind.template.name in named)


def _library(chooser: Chooser, numbers: frozenset[int]) -> Library:
    some = sorted(numbers, key=lambda k: (chooser.kinds[k].start_min, chooser.kinds[k].length_min))
    choice = chooser.choice(some)
    return Library(tuple(choice.kinds), whole_cover(choice, chooser.demand, chooser.whole_s))


def _even_runs(starts: Sequence[int]) -> list[list[int]]:
    """Starts in order, cut into runs that lie evenly apart."""
    runs: list[list[int]] = []
    for start in starts:
        run = runs[-1] if runs else []
        if len(run) == 1 or (len(run) > 1 and start - run[-1] == run[1] - run[0]):
            run.append(start)
        else:
            runs.append([start])
    return runs


def _check(inputs: Inputs, count: int, reach: Reach) -> None:
    if count < 1:
        raise InputError(
            f"{count} kinds cannot be suggested.", where=Where(field="--kinds"), remedy="Ask for 1 or more."
        )
    if not 60 <= reach.shortest_min <= reach.longest_min <= 24 * 60:
        raise InputError(
            f"lengths from {reach.shortest_min / 60:g} to {reach.longest_min / 60:g} hours cannot be meant.",
            where=Where(field="--lengths"),
            remedy="Write two lengths in hours, the shorter first, such as 4-10.",
        )
    slot_min = grid_of(inputs).slot_min
    if reach.start_step_min % slot_min or reach.length_step_min % slot_min:
        raise InputError(
            f"starts every {reach.start_step_min} minutes do not lie on the site's grid of {slot_min}.",
            where=Where(field="--step"),
            remedy=f"Take a multiple of {slot_min}.",
        )
    unworkable = [
        contract.name
        for contract in inputs.contracts
        if contract.min_hours > contract.max_days * reach.longest_min / 60
        or (contract.min_days and contract.max_hours < contract.min_days * reach.shortest_min / 60)
    ]
    if unworkable:
        raise PlanError(
            f"no shift of {reach.shortest_min / 60:g} to {reach.longest_min / 60:g} h fits the contract "
            f"'{unworkable[0]}': its hours and days ask for others.",
            remedy="Allow other lengths, or change the contract.",
        )
