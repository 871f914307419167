"""Long horizons a few weeks at a time: everything outside a window of days is held as it stands.

A day that is held is a day on which every other choice is blocked, so that rules and totals across the edges
of a window hold by themselves, and pricing meets few states. A first roster is rolled forward: the horizon is
cut some days past the window, and totals over the whole horizon are held near their share of the time.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from staffing.errors import PlanError
from staffing.roster.engine.arrays import BLOCKED, Automata, People, Workspace
from staffing.roster.engine.kernels import price_of_tour
from staffing.roster.engine.problem import Problem
from staffing.roster.engine.search import State, respond, take_out

WINDOW_DAYS = 28
AHEAD_DAYS = 7  # looked at beyond a window, and chosen again with the next one
MOST_TOTALS = 6
SHARE_DAYS = (4, 21)  # how far totals may run before or behind their share of the horizon, and at worst


def alone(problem: Problem) -> Problem:
    """The problem with a class of its own for everybody."""
    people = problem.people
    k = problem.agent_class
    everyone = People(people.automaton[k], people.group[k], people.price[k], people.off_price[k])
    return replace(problem, people=everyone, agent_class=np.arange(len(problem.agent_class), dtype=np.int32))


def within(problem: Problem, state: State, first: int, last: int) -> Problem:
    """The problem (everybody alone) with all days held but those from `first` to before `last`."""
    people = problem.people._replace(price=problem.people.price.copy(), off_price=problem.people.off_price.copy())
    part = replace(problem, people=people)
    for i in range(len(state.tours)):
        _hold(problem, part, i, state.tours[i], (first, last))
    return part


def _hold(problem: Problem, part: Problem, i: int, tour: NDArray[np.int32], window: tuple[int, int]) -> None:
    """Block in `part` all that an agent does not do in `tour` outside a window."""
    days, ptr = np.arange(len(tour)), problem.options.day_ptr
    held = days[(days < window[0]) | (days >= window[1])]
    worked, rest = held[tour[held] >= 0], held[tour[held] < 0]
    price, off = part.people.price[i], part.people.off_price[i]
    price[:], off[:] = problem.people.price[i], problem.people.off_price[i]
    price[: ptr[window[0]]], price[ptr[min(window[1], problem.days)] :], off[worked] = BLOCKED, BLOCKED, BLOCKED
    price[tour[worked]] = problem.people.price[i, tour[worked]]
    off[rest] = problem.people.off_price[i, rest]


def roll_forward(problem: Problem, state: State, ws: Workspace) -> None:
    """A first complete roster in `state`, everybody off at the start; `problem` has everybody alone."""
    part = within(problem, state, 0, problem.days)
    for first in range(0, problem.days, WINDOW_DAYS):
        last = min(first + WINDOW_DAYS + AHEAD_DAYS, problem.days)
        begun = state._replace(tours=state.tours[:, :last].copy(), offsets=state.offsets[:, :last].copy())
        for i in range(len(state.tours)):
            take_out(i, state)
            _choose(problem, part, begun, ws, i, (first, last))
            state.tours[i, :last], state.offsets[i, :last] = begun.tours[i], begun.offsets[i]
    for i, tour in enumerate(state.tours):
        state.price[i] = price_of_tour(i, tour, problem.people, problem.options, problem.automata)


def _choose(problem: Problem, part: Problem, begun: State, ws: Workspace, i: int, window: tuple[int, int]) -> None:
    """Let an agent, who is out, answer; until there is a tour, with more room for totals and from an earlier day."""
    first, last = window
    options = problem.options._replace(day_ptr=problem.options.day_ptr[: last + 1])
    before = begun.tours[i].copy()
    for since in range(first, -1, -WINDOW_DAYS):
        begun.tours[i] = before
        _hold(problem, part, i, before, (since, last))
        people = part.people._replace(off_price=part.people.off_price[:, :last].copy())
        price = people.price[i].copy()
        free = np.arange(len(price)) >= problem.options.day_ptr[since]
        rooms = (*SHARE_DAYS, problem.days) if last < problem.days else (0,)
        for room_days, scarce in product(rooms, (True, False)):
            people.price[i] = np.where(_scarce(problem, i) & free, BLOCKED, price) if not scarce else price
            automata = _cut(part, i, last, room_days)
            respond(i, np.empty((0, 0)), 0.0, part.cover, begun, people, options, automata, ws)
            if begun.price[i] < BLOCKED / 2:
                return
            take_out(i, begun)
            begun.tours[i], begun.served[i] = before, -1
    raise PlanError(f"{problem.agent_names[i]} has no allowed tour.", remedy="Loosen the limits or the time off.")


def crowded(problem: Problem) -> bool:
    """Whether so many totals are held that pricing a tour under all of them takes seconds."""
    return problem.automata.added.shape[2] > MOST_TOTALS


def _scarce(problem: Problem, i: int) -> NDArray[np.bool_]:
    """Options of which only so many may be worked over the horizon: to count many sorts takes many states."""
    automata, a = problem.automata, problem.people.automaton[i]
    nodes = slice(automata.layer_ptr[a, 0], automata.layer_ptr[a, -1])
    counts = np.any(automata.added[nodes] > 0, axis=0)  # (kinds, totals)
    few = counts.sum(axis=0) < (counts.any(axis=1).sum() + 1) // 2
    return np.asarray(counts[:, few].any(axis=1))[problem.options.kind]


def _cut(part: Problem, i: int, last: int, room_days: int) -> Automata:
    """Rules that end after day `last`, with totals near their share of the horizon."""
    automata, a = part.automata, part.people.automaton[i]
    if last == part.days:
        return automata
    share, room = last / part.days, room_days / part.days
    least, most = automata.least.copy(), automata.most.copy()
    least[a] = np.floor(automata.least[a] * max(0.0, share - room)).astype(np.int32)
    most[a] = np.ceil(automata.most[a] * min(1.0, share + room)).astype(np.int32)
    final = automata.final.copy()
    final[automata.layer_ptr[a, last] : automata.layer_ptr[a, last + 1]] = 0.0
    return automata._replace(layer_ptr=automata.layer_ptr[:, : last + 2].copy(), final=final, least=least, most=most)
