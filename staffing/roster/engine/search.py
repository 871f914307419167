"""Neighbourhood search on named agents: take a few out, put each back where the others leave most to win.

With everybody else fixed, the cost of one more present agent in a slot is exact, so putting an agent back
is the same pricing problem as in column generation: one call finds the best week, breaks included.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.roster.case import AgentClasses, Automata, Cover, Options
from staffing.roster.engine.kernels import cheapest_tour, place_breaks, value_options
from staffing.roster.engine.shares import keep_shares, shares_lacking
from staffing.roster.engine.workspace import Buffers
from staffing.roster.engine.worth import cover_cost, marginal_worth, saving_of

ANSWERS = 8  # of one who owes shares of time


class State(NamedTuple):
    """A roster under search; changed in place."""

    agent_class: NDArray[np.int32]  # (agents,)
    tours: NDArray[np.int32]  # (agents, days) option or -1
    offsets: NDArray[np.int32]  # (agents, days, breaks)
    marks: NDArray[np.int32]  # (agents, most) rows of the minimums that the agent counts in, -1 beyond
    amount: NDArray[np.float64]  # (agents, rows) agents of the usual handle time that the agent stands for
    served: NDArray[np.int8]  # (agents, slots) queue served; -1 where absent
    price: NDArray[np.float64]  # (agents,) price of the tour itself
    counts: NDArray[np.float64]  # (rows, slots) agents present
    worth: NDArray[np.float64]  # (slots,) scratch
    queue: NDArray[np.int8]  # (slots,) scratch


def empty_state(agent_class: NDArray[np.int32], days: int, breaks: int, group: NDArray[np.int32],
                cover: Cover) -> State:  # fmt: skip
    """Everybody off; `group` is the skill group of each class."""
    agents, (rows, slots) = len(agent_class), cover.need.shape
    return State(
        agent_class=agent_class,
        tours=np.full((agents, days), -1, np.int32),
        offsets=np.zeros((agents, days, breaks), np.int32),
        marks=cover.marks[group[agent_class]],
        amount=cover.amount[group[agent_class]],
        served=np.full((agents, slots), -1, np.int8),
        price=np.zeros(agents),
        counts=np.zeros((rows, slots)),
        worth=np.zeros(slots),
        queue=np.zeros(slots, np.int8),
    )


def copy_state(state: State) -> State:
    """An independent copy."""
    return state._replace(**{name: part.copy() for name, part in state._asdict().items()})


def load_state(state: State, kept: State) -> None:
    """Overwrite `state` with `kept`."""
    for name, part in state._asdict().items():
        part[...] = getattr(kept, name)


@kernel
def take_out(i: int, state: State) -> None:
    """Remove agent `i` from the counts."""
    _count(i, -1.0, state)


@kernel
def put_in(i: int, state: State) -> None:
    """Add agent `i` to the counts."""
    _count(i, 1.0, state)


@kernel
def _count(i: int, agents: float, state: State) -> None:
    for t in range(state.served.shape[1]):
        if state.served[i, t] >= 0:
            q = state.served[i, t]
            state.counts[q, t] += agents * state.amount[i, q]
            for j in range(state.marks.shape[1]):
                if state.marks[i, j] >= 0:
                    state.counts[state.marks[i, j], t] += agents


@kernel
def serve(i: int, queue: NDArray[np.int8], state: State, options: Options) -> None:
    """Write where agent `i` is present, from tour and breaks: `queue[t]` in slot t, -1 when absent."""
    state.served[i, :] = -1
    for day in range(state.tours.shape[1]):
        option = state.tours[i, day]
        if option < 0:
            continue
        start = options.start[option]
        for t in range(start, start + options.length[option]):
            state.served[i, t] = queue[t]
        first = options.break_ptr[options.template[option]]
        for b in range(first, options.break_ptr[options.template[option] + 1]):
            begin = start + state.offsets[i, day, b - first]
            state.served[i, begin : begin + options.break_len[b]] = -1


@kernel
def respond(i: int, guide: NDArray[np.float64], slope: float, cover: Cover, state: State, people: AgentClasses,
            options: Options, automata: Automata, ws: Buffers) -> None:  # fmt: skip
    """Give agent `i`, who is out, the cheapest tour against everybody else; put the agent in.

    Who owes shares of time answers several times: a skill served too little is worth more to him each time, and the
    cheapest answer stands.
    """
    group = people.group[state.agent_class[i]]
    extra = np.zeros(cover.share.shape[1])
    marginal_worth(cover, state.counts, group, guide, slope, extra, state.worth, state.queue)
    _work(i, cover, state, people, options, automata, ws)
    if cover.share[group].max() > 0.0:
        _answer_with_shares(i, group, guide, slope, extra, cover, state, people, options, automata, ws)
    put_in(i, state)


@kernel
def _answer_with_shares(i: int, group: int, guide: NDArray[np.float64], slope: float, extra: NDArray[np.float64],
                        cover: Cover, state: State, people: AgentClasses, options: Options, automata: Automata,
                        ws: Buffers) -> None:  # fmt: skip
    """From a first answer to the cheapest of several that keep the shares; `extra` (rows,) is worth put on a skill."""
    best, steep = np.inf, (cover.short * cover.wanted).max()
    tour, offsets = state.tours[i].copy(), state.offsets[i].copy()
    served, price = state.served[i].copy(), state.price[i]
    for answer in range(ANSWERS):
        lacking = shares_lacking(state.served[i], group, cover)
        keep_shares(state.tours[i], state.served[i], state.counts, group, cover, options)
        value = state.price[i] - _gained(i, group, guide, slope, cover, state)
        if value < best:
            best, price = value, state.price[i]
            tour[:], offsets[:], served[:] = state.tours[i], state.offsets[i], state.served[i]
        if lacking.max() <= 0.0 and answer == 0:
            break
        extra[:] = np.maximum(extra + steep / (1.0 + answer) * lacking, 0.0)
        marginal_worth(cover, state.counts, group, guide, slope, extra, state.worth, state.queue)
        _work(i, cover, state, people, options, automata, ws)
    state.tours[i], state.offsets[i], state.served[i], state.price[i] = tour, offsets, served, price


@kernel
def _gained(i: int, group: int, guide: NDArray[np.float64], slope: float, cover: Cover, state: State) -> float:
    """What the presence of agent `i`, who is out, saves."""
    total = 0.0
    for t in range(state.served.shape[1]):
        q = state.served[i, t]
        if q >= 0:
            total += saving_of(cover, q, t, state.counts[q, t], cover.amount[group, q], guide, slope)
            for row in state.marks[i]:
                if row >= 0:
                    total += saving_of(cover, row, t, state.counts[row, t], 1.0, guide, slope)
    return total


@kernel
def _work(i: int, cover: Cover, state: State, people: AgentClasses, options: Options, automata: Automata,
          ws: Buffers) -> None:  # fmt: skip
    """Let agent `i`, who is out, work the cheapest tour at the worths in `state`."""
    k = state.agent_class[i]
    value_options(state.worth, options, ws)
    price = cheapest_tour(k, people, options, automata, ws, state.tours[i])
    for day in range(state.tours.shape[1]):
        option = state.tours[i, day]
        if option >= 0:
            price += ws.gain[option]
            place_breaks(option, options, ws)
            state.offsets[i, day] = ws.offsets[option]
    state.price[i] = price
    serve(i, state.queue, state, options)


@kernel
def follow(i: int, leader: int, state: State) -> None:
    """Let agent `i` work what a `leader` of the same class works."""
    take_out(i, state)
    state.tours[i], state.offsets[i], state.served[i] = state.tours[leader], state.offsets[leader], state.served[leader]
    state.price[i] = state.price[leader]
    put_in(i, state)


@kernel
def uniform(seed: NDArray[np.uint64]) -> float:
    """Next number in [0, 1) of a xorshift generator; `seed` (1,) holds its state."""
    x = seed[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    seed[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@kernel
def sweep(order: NDArray[np.int64], guide: NDArray[np.float64], slope: float, cover: Cover, state: State,
          people: AgentClasses, options: Options, automata: Automata, ws: Buffers) -> float:  # fmt: skip
    """Let each agent of `order` respond once; returns the price of the roster after it."""
    for i in order:
        take_out(i, state)
        respond(i, guide, slope, cover, state, people, options, automata, ws)
    return cover_cost(cover, state.counts) + state.price.sum()


@kernel
def improve(moves: int, size: int, movable: NDArray[np.int64], seed: NDArray[np.uint64],
            cover: Cover, state: State, people: AgentClasses, options: Options, automata: Automata,
            ws: Buffers) -> float:  # fmt: skip
    """Make `moves` moves of at most `size` agents, keeping a move that is not worse; returns the price."""
    picked = np.empty(size, np.int64)
    tours, offsets = state.tours[:size].copy(), state.offsets[:size].copy()
    served, price = state.served[:size].copy(), np.empty(size)
    guide = np.empty((0, 0))
    now = cover_cost(cover, state.counts) + state.price.sum()
    for _ in range(moves):
        count = pick_agents(picked, movable, seed)
        for j in range(count):
            i = picked[j]
            tours[j], offsets[j], served[j] = state.tours[i], state.offsets[i], state.served[i]
            price[j] = state.price[i]
            take_out(i, state)
        for j in range(count):
            respond(picked[j], guide, 0.0, cover, state, people, options, automata, ws)
        for j in range(count - 1):
            take_out(picked[j], state)
            respond(picked[j], guide, 0.0, cover, state, people, options, automata, ws)
        new = cover_cost(cover, state.counts) + state.price.sum()
        if new <= now + 1e-9:
            now = new
            continue
        for j in range(count):
            i = picked[j]
            take_out(i, state)
            state.tours[i], state.offsets[i], state.served[i] = tours[j], offsets[j], served[j]
            state.price[i] = price[j]
            put_in(i, state)
    return now


@kernel
def pick_agents(picked: NDArray[np.int64], movable: NDArray[np.int64], seed: NDArray[np.uint64]) -> int:
    """Different agents at random into `picked`; returns how many."""
    count = 0
    for _ in range(len(picked)):
        i = movable[int(uniform(seed) * len(movable))]
        fresh = True
        for j in range(count):
            fresh = fresh and picked[j] != i
        if fresh:
            picked[count] = i
            count += 1
    return count
