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

from staffing.compiled import kernel
from staffing.errors import PlanError
from staffing.roster.case import BLOCKED, OFF, AgentClasses, Automata, Case, Cover, Options
from staffing.roster.engine.kernels import price_of_tour, value_options
from staffing.roster.engine.search import State, put_in, respond, take_out
from staffing.roster.engine.workspace import Buffers
from staffing.roster.engine.worth import marginal_worth

WINDOW_DAYS = 28
AHEAD_DAYS = 7  # looked at beyond a window, and chosen again with the next one
SHARE_DAYS = (4, 21)  # how far totals may run before or behind their share of the horizon, and at worst


def alone(case: Case) -> Case:
    """The case with a class of its own for everybody."""
    people = case.people
    k = case.agent_class
    everyone = AgentClasses(people.automaton[k], people.group[k], people.price[k], people.off_price[k])
    return replace(case, people=everyone, agent_class=np.arange(len(case.agent_class), dtype=np.int32))


def within(case: Case, state: State, first: int, last: int) -> Case:
    """The case (everybody alone), all days held but those from `first` to before `last`: their cover alone costs."""
    people = case.people._replace(price=case.people.price.copy(), off_price=case.people.off_price.copy())
    part = replace(case, people=people, cover=_cover_within(case, first, last))
    for i in range(len(state.tours)):
        _hold(case, part, i, state.tours[i], (first, last))
    return part


def _cover_within(case: Case, first: int, last: int) -> Cover:
    """Prices of presence in the slots of some days' shifts; elsewhere nothing can be changed, and presence is free."""
    options, cover = case.options, case.cover
    own = slice(options.day_ptr[first], options.day_ptr[last])
    inside = np.zeros(case.grid.slots, bool)
    for start, length in zip(options.start[own], options.length[own], strict=True):
        inside[start : start + length] = True
    return cover._replace(
        short=cover.short * inside, excess=cover.excess * inside, floor_short=cover.floor_short * inside,
        table=cover.table * inside[:, None],
    )  # fmt: skip


def _hold(case: Case, part: Case, i: int, tour: NDArray[np.int32], window: tuple[int, int]) -> None:
    """Block in `part` all that an agent does not do in `tour` outside a window."""
    days, ptr = np.arange(len(tour)), case.options.day_ptr
    held = days[(days < window[0]) | (days >= window[1])]
    worked, rest = held[tour[held] >= 0], held[tour[held] < 0]
    price, off = part.people.price[i], part.people.off_price[i]
    price[:], off[:] = case.people.price[i], case.people.off_price[i]
    price[: ptr[window[0]]], price[ptr[min(window[1], case.days)] :], off[worked] = BLOCKED, BLOCKED, BLOCKED
    price[tour[worked]] = case.people.price[i, tour[worked]]
    off[rest] = case.people.off_price[i, rest]


def roll_forward(case: Case, state: State, ws: Buffers) -> None:
    """A first complete roster in `state`, everybody off at the start; `case` has everybody alone."""
    served, scarce = state.served.copy(), _scarce(case)
    for first in range(0, case.days, WINDOW_DAYS):
        last = min(first + WINDOW_DAYS + AHEAD_DAYS, case.days)
        for i in range(len(state.tours)):
            before = state.tours[i].copy()
            take_out(i, state)
            since = _choose(case, state, ws, i, (first, last), scarce[case.people.automaton[i]])
            _wear(case.options, served[i], state.served[i], before[since:])
    for i, tour in enumerate(state.tours):
        take_out(i, state)
        state.served[i] = served[i]
        put_in(i, state)
        state.price[i] = price_of_tour(i, tour, case.people, case.options, case.automata)


def _choose(case: Case, state: State, ws: Buffers, i: int, window: tuple[int, int], scarce: NDArray[np.bool_]) -> int:
    """Let an agent, who is out, answer from the first day of a window; then present in the days chosen alone.

    Until there is a tour, totals are given more room, and earlier days are chosen again. Returns the first day chosen.
    """
    first, last = window
    worth, none = _worth(case, state, ws, i), np.zeros(scarce.shape[1], int)
    rooms = (*SHARE_DAYS, case.days) if last < case.days else (0,)
    for since in range(first, -1, -WINDOW_DAYS):
        options = case.options._replace(day_ptr=case.options.day_ptr[since : last + 1])
        one = _one(case, state, i, (since, last))
        shown = np.arange(len(worth)) >= options.day_ptr[0]
        shown[options.day_ptr[-1] :] = False
        for room_days, some in product(rooms, (True, False)):
            automata = _cut(case, i, state.tours[i], (since, last), room_days)
            left = automata.most[case.people.automaton[i]] if some else none
            people = _alone(case, i, _held_back(case, i, scarce & shown[:, None], worth, left), (since, last))
            respond(0, np.empty((0, 0)), 0.0, case.cover, one, people, options, automata, ws)
            if one.price[0] < BLOCKED / 2:
                state.tours[i, since:last], state.offsets[i, since:last] = one.tours[0], one.offsets[0]
                return since
            take_out(0, one)
            one.served[0] = -1
    raise PlanError(f"{case.agent_names[i]} has no allowed tour.", remedy="Loosen the limits or the time off.")


def _one(case: Case, state: State, i: int, window: tuple[int, int]) -> State:
    """Agent `i` as the only one, with the days of a window alone; presence is shared with `state`."""
    own = slice(i, i + 1)
    length = window[1] - window[0]
    return state._replace(
        agent_class=np.zeros(1, np.int32), tours=np.full((1, length), OFF, np.int32),
        offsets=np.zeros((1, length, state.offsets.shape[2]), np.int32), marks=state.marks[own],
        amount=state.amount[own], served=state.served[own], price=state.price[own],
    )  # fmt: skip


def _alone(case: Case, i: int, price: NDArray[np.float64], window: tuple[int, int]) -> AgentClasses:
    """Agent `i` as the only one, at these prices of options."""
    people = case.people
    off = people.off_price[i : i + 1, window[0] : window[1]].copy()
    return AgentClasses(people.automaton[i : i + 1], people.group[i : i + 1], price[None, :], off)


def _wear(options: Options, served: NDArray[np.int8], now: NDArray[np.int8], before: NDArray[np.int32]) -> None:
    """Over the presence `served` of all days, write that of the days chosen, `now`, for the tour `before` of these."""
    for option in before[before >= 0]:
        served[options.start[option] : options.start[option] + options.length[option]] = -1
    served[now >= 0] = now[now >= 0]


def _scarce(case: Case) -> dict[int, NDArray[np.bool_]]:
    """Per automaton the options (options, totals) of which few may be worked: to count many sorts takes many states."""
    automata, found = case.automata, dict[tuple[int, int], NDArray[np.bool_]]()
    spans = [(int(first), int(end)) for first, end in automata.layer_ptr[:, [0, -1]]]
    for first, end in dict.fromkeys(spans):
        counts = np.any(automata.added[first:end] > 0, axis=0)  # (kinds, totals)
        few = counts.sum(axis=0) < (counts.any(axis=1).sum() + 1) // 2
        found[first, end] = np.asarray((counts & few)[case.options.kind])
    return {a: found[span] for a, span in enumerate(spans)}


def _worth(case: Case, state: State, ws: Buffers, i: int) -> NDArray[np.float64]:
    """What each option of an agent, who is out, saves beyond its price."""
    group, price = case.people.group[i], case.people.price[i]
    no_guide, no_extra = np.empty((0, 0)), np.zeros(len(state.counts))
    marginal_worth(case.cover, state.counts, group, no_guide, 0.0, no_extra, state.worth, state.queue)
    value_options(state.worth, case.options, ws)
    return np.where(price < BLOCKED, ws.gain - price, -BLOCKED)


def _held_back(
    case: Case, i: int, scarce: NDArray[np.bool_], worth: NDArray[np.float64], left: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Prices with scarce options allowed where they are worth most, as many as are left: nothing is to be counted."""
    price = case.people.price[i].copy()
    for total in np.flatnonzero(scarce.any(axis=0)):
        own = np.flatnonzero(scarce[:, total])
        price[own[np.argsort(-worth[own], kind="stable")[max(0, left[total]) :]]] = BLOCKED
    return price


def _cut(case: Case, i: int, tour: NDArray[np.int32], window: tuple[int, int], room_days: int) -> Automata:
    """Rules over the days of a window, after `tour` before it, with totals near their share of the horizon."""
    automata, a, (first, last) = case.automata, case.people.automaton[i], window
    node, sums = _reached(a, tour[:first], case.options, automata)
    layer_ptr = automata.layer_ptr[:, first : last + 2].copy()
    layer_ptr[a, 0] = node
    least, most, final = automata.least.copy(), automata.most.copy(), automata.final
    if last < case.days:
        share, room = last / case.days, room_days / case.days
        least[a] = np.floor(least[a] * max(0.0, share - room)).astype(np.int32)
        most[a] = np.ceil(most[a] * min(1.0, share + room)).astype(np.int32)
        final = np.zeros_like(final)
    least[a] -= sums
    most[a] -= sums
    return automata._replace(layer_ptr=layer_ptr, final=final, least=least, most=most)


@kernel
def _reached(a: int, tour: NDArray[np.int32], options: Options, automata: Automata) -> tuple[int, NDArray[np.int32]]:
    """The node that a tour's first days lead to, and the totals so far."""
    node, sums = automata.layer_ptr[a, 0], np.zeros(automata.added.shape[2], np.int32)
    for option in tour:
        kind = options.kind[option] if option >= 0 else 0
        for r in range(len(sums)):
            sums[r] += automata.added[node, kind, r]
        node = automata.next_node[node, kind]
    return node, sums
