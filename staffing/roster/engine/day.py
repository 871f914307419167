"""One day at a time: all shifts and breaks of a day chosen again together, the other days as they stand.

With the rest of a week fixed every shift of the day has one exact price per person, all rules looked at, and
people with equal price lists are interchangeable. One small integer programme per day and queue decides how
many of each list work each shift, and how many of a shift take each break at each place of its window
(implicit breaks, Aykin 1996). Whole are only the people on each shift and the breaks begun in each slot: between
them lie flows, whose corners are whole. Windows of one shift must not touch, so that counts can be dealt out to
people in any way. It sees what no search person by person sees: shifts that must move together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.roster.case import BLOCKED, OFF, AgentClasses, Automata, Case, Options
from staffing.roster.engine.dayplan import DayPlan, Equals
from staffing.roster.engine.kernels import price_of_tour
from staffing.roster.engine.price import roster_price
from staffing.roster.engine.programme import Effort
from staffing.roster.engine.search import State, copy_state, load_state

MOST_COLUMNS = 40_000  # beyond which the programme would not be solved in time


def choose_day(case: Case, state: State, day: int, queue: int, effort: Effort, *, keep_shifts: bool = False,
               moving: float = 0.0) -> bool:  # fmt: skip
    """Choose shifts and breaks (or breaks alone) of a queue's people again; whether that lowered the price.

    `state` changes when it did. A break is moved where that saves more than `moving`.
    """
    if case.cover.tabled[queue]:
        return False
    options = case.options
    prices = np.empty((len(state.tours), options.day_ptr[day + 1] - options.day_ptr[day] + 1))
    prices_of_day(day, state, case.people, options, case.automata, prices)
    if keep_shifts:
        prices[np.arange(prices.shape[1]) != _own(options, state, day)[:, None]] = BLOCKED
    before, kept = roster_price(case, state), copy_state(state)
    movable = _movable(case, state, day, queue, prices)
    if (
        choose_at(case, state, day, queue, prices, movable, effort, moving)
        and roster_price(case, state) < before - 1e-9
    ):
        return True
    load_state(state, kept)
    return False


def choose_days(case: Case, state: State, effort: Callable[[], Effort], done: Callable[[], bool],
                better: Callable[[], None]) -> None:  # fmt: skip
    """Choose day after day and queue after queue again until a whole round has not helped; `better` is told."""
    queues = np.unique(case.cover.group_queue)
    turns = [(day, int(queue)) for day in range(case.days) for queue in queues]
    idle, turn = 0, 0
    while idle < len(turns) and not done():
        idle += 1
        if choose_day(case, state, *turns[turn % len(turns)], effort()):
            idle = 0
            better()
        turn += 1


def choose_at(case: Case, state: State, day: int, queue: int, prices: NDArray[np.float64],
              movable: NDArray[np.bool_], effort: Effort, moving: float = 0.0) -> bool:  # fmt: skip
    """Choose shifts and breaks of the `movable` agents at `prices` (agents, options of the day and off).

    Whether a choice was found; `state` then works it, better or not.
    """
    plan = DayPlan(case, state, day, queue, _equals(case, state, day, prices, movable), moving)
    if not plan.works or len(plan.programme.cost) > MOST_COLUMNS:
        return False
    values = plan.programme.solve(plan.present_choice(), effort)
    if values is None or not plan.is_whole(values):
        return False
    plan.deal(np.rint(values).astype(int))
    return True


def _own(options: Options, state: State, day: int) -> NDArray[np.int64]:
    """Column of everybody's present choice in the prices of a day."""
    first, last = options.day_ptr[day], options.day_ptr[day + 1]
    return np.where(state.tours[:, day] >= 0, state.tours[:, day] - first, last - first).astype(np.int64)


@kernel
def prices_of_day(day: int, state: State, people: AgentClasses, options: Options, automata: Automata,
                  prices: NDArray[np.float64]) -> None:  # fmt: skip
    """Price of everybody's whole tour with each option of `day`, and off in the last column (agents, options + 1)."""
    first = options.day_ptr[day]
    for i in range(len(prices)):
        tour, k = state.tours[i].copy(), state.agent_class[i]
        for j in range(prices.shape[1]):
            tour[day] = first + j if j < prices.shape[1] - 1 else OFF
            prices[i, j] = price_of_tour(k, tour, people, options, automata)


def _movable(case: Case, state: State, day: int, queue: int, prices: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Who may be chosen again: people of the queue who serve no other one that day, and count whole."""
    options, cover = case.options, case.cover
    movable = prices[np.arange(len(prices)), _own(options, state, day)] < BLOCKED
    movable &= case.plain_groups[case.people.group[state.agent_class]]
    for i in np.flatnonzero(movable).tolist():
        group, option = case.people.group[state.agent_class[i]], state.tours[i, day]
        movable[i] = queue in cover.group_queue[cover.group_ptr[group] : cover.group_ptr[group + 1]] and (
            option < 0 or (options.apart[options.template[option]] and _serves(options, state, i, option) == {queue})
        )
    return movable


def _equals(
    case: Case, state: State, day: int, prices: NDArray[np.float64], movable: NDArray[np.bool_]
) -> list[Equals]:
    """The movable people by price list."""
    options = case.options
    first, last = options.day_ptr[day], options.day_ptr[day + 1]
    prices[:, :-1][:, ~options.apart[options.template[first:last]]] = BLOCKED
    least = prices.min(axis=1)
    lists = np.where(prices < BLOCKED, np.round(prices - least[:, None], 9), BLOCKED)
    groups: dict[tuple[bytes, tuple[int, ...]], list[int]] = defaultdict(list)
    for i in np.flatnonzero(movable).tolist():
        groups[lists[i].tobytes(), tuple(state.marks[i].tolist())].append(i)
    names = [*range(first, last), OFF]
    return [
        Equals(agents, [names[j] for j in np.flatnonzero(lists[agents[0]] < BLOCKED)],
               lists[agents[0]][lists[agents[0]] < BLOCKED].tolist(), marks)
        for (_, marks), agents in sorted(groups.items(), key=lambda item: item[1])
    ]  # fmt: skip


def _serves(options: Options, state: State, i: int, option: int) -> set[int]:
    start = options.start[option]
    return {int(q) for q in state.served[i, start : start + options.length[option]] if q >= 0}
