"""A few days of a few people chosen again, thousands of times: what lies outside stands as it is.

Within a window of days the cheapest choice that leads from the day before it back to what comes after it is a small
pricing problem however long the horizon is: rules and totals of the days outside are walked once. Now and then the
worth of presence is blurred and a dearer roster taken, the less the longer the search lasts (simulated annealing,
Kirkpatrick et al. 1983, on moves of a large neighbourhood).
"""

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.roster.case import BLOCKED, AgentClasses, Automata, Cover, Options
from staffing.roster.engine.counted import cheapest_counted_tour
from staffing.roster.engine.kernels import place_breaks, price_of_tour, value_options
from staffing.roster.engine.search import State, pick_agents, uniform
from staffing.roster.engine.workspace import Buffers
from staffing.roster.engine.worth import marginal_worth_at, slot_cost


@kernel
def patch(moves: int, length: int, size: int, heat: float, movable: NDArray[np.int64], seed: NDArray[np.uint64],
          final: NDArray[np.float64], cover: Cover, state: State, people: AgentClasses, options: Options,
          automata: Automata, ws: Buffers) -> float:  # fmt: skip
    """Make `moves` moves of at most `size` agents in windows of `length` days; returns by how much the price changed.

    A move that raises the price is kept with the chance that `heat` gives it. `final` is scratch, a copy of the
    automata's.
    """
    days = state.tours.shape[1]
    picked, changed = np.empty(size, np.int64), 0.0
    tours, offsets = state.tours[:size].copy(), state.offsets[:size].copy()
    served, price = state.served[:size].copy(), np.empty(size)
    for _ in range(moves):
        first = int(uniform(seed) * (days + length - 1)) - length + 1
        last, first = min(days, first + length), max(0, first)
        begin, end = _slots_of(first, last, options)
        if begin >= end:
            continue
        count = pick_agents(picked, movable, seed)
        before = _cover_of(begin, end, cover, state)
        for j in range(count):
            i = picked[j]
            tours[j, first:last], offsets[j, first:last] = state.tours[i, first:last], state.offsets[i, first:last]
            served[j, begin:end], price[j] = state.served[i, begin:end], state.price[i]
            before += price[j]
            _count(i, -1.0, begin, end, state)
        for j in range(2 * count - 1):
            i = picked[j % count]
            if j >= count:
                _count(i, -1.0, begin, end, state)
            blur = heat if j < count - 1 else 0.0
            _answer(i, first, last, begin, end, blur, seed, final, cover, state, people, options, automata, ws)
            _count(i, 1.0, begin, end, state)
        after = _cover_of(begin, end, cover, state)
        for j in range(count):
            after += state.price[picked[j]]
        if after <= before + 1e-9 or (heat > 0.0 and uniform(seed) < np.exp((before - after) / heat)):
            changed += after - before
            continue
        for j in range(count):
            i = picked[j]
            _count(i, -1.0, begin, end, state)
            state.tours[i, first:last], state.offsets[i, first:last] = tours[j, first:last], offsets[j, first:last]
            state.served[i, begin:end], state.price[i] = served[j, begin:end], price[j]
            _count(i, 1.0, begin, end, state)
    return changed


@kernel
def _slots_of(first: int, last: int, options: Options) -> tuple[int, int]:
    """First slot of the shifts of some days, and the one after their last."""
    begin, end = 1 << 30, 0
    for option in range(options.day_ptr[first], options.day_ptr[last]):
        begin = min(begin, options.start[option])
        end = max(end, options.start[option] + options.length[option])
    return begin, end


@kernel
def _cover_of(begin: int, end: int, cover: Cover, state: State) -> float:
    """Price of cover in some slots."""
    total = 0.0
    for q in range(state.counts.shape[0]):
        for t in range(begin, end):
            total += slot_cost(cover, q, t, state.counts[q, t])
    return total


@kernel
def _count(i: int, agents: float, begin: int, end: int, state: State) -> None:
    """Count agent `i` in (1) or out (-1) in some slots."""
    for t in range(begin, end):
        q = state.served[i, t]
        if q >= 0:
            state.counts[q, t] += agents * state.amount[i, q]
            for row in state.marks[i]:
                if row >= 0:
                    state.counts[row, t] += agents


@kernel
def _answer(i: int, first: int, last: int, begin: int, end: int, blur: float, seed: NDArray[np.uint64],
            final: NDArray[np.float64], cover: Cover, state: State, people: AgentClasses, options: Options,
            automata: Automata, ws: Buffers) -> None:  # fmt: skip
    """Give agent `i`, who is out in these slots, the cheapest days from `first` to before `last`."""
    k = state.agent_class[i]
    for t in range(begin, end):
        worth, queue = marginal_worth_at(t, cover, state.counts, people.group[k])
        state.worth[t] = worth + blur * (uniform(seed) + uniform(seed) - 1.0)
        state.queue[t] = queue
    low, high = options.day_ptr[first], options.day_ptr[last]
    own = Options(options.day_ptr[first : last + 1] - low, options.start[low:high], options.length[low:high],
                  options.kind[low:high], options.template[low:high], options.break_ptr, options.break_len,
                  options.break_lo, options.break_hi, options.break_gap, options.break_shape, options.shape_len,
                  options.shape_width, options.apart)  # fmt: skip
    value_options(state.worth[:end], own, ws)
    for option in range(high - low):
        price = people.price[k, low + option]
        ws.cost[option] = price - ws.gain[option] if price < BLOCKED else BLOCKED
    part = _held(i, people.automaton[k], first, last, final, state, options, automata)
    tour = np.empty(last - first, np.int32)
    found = cheapest_counted_tour(0, people.off_price[k, first:last], own, part, ws, tour)
    for m in range(automata.layer_ptr[people.automaton[k], last], automata.layer_ptr[people.automaton[k], last + 1]):
        final[m] = automata.final[m]
    if found >= BLOCKED:
        return
    _wear(i, first, low, tour, own, state, options, ws)
    state.price[i] = price_of_tour(k, state.tours[i], people, options, automata)


@kernel
def _held(i: int, a: int, first: int, last: int, final: NDArray[np.float64], state: State, options: Options,
          automata: Automata) -> Automata:  # fmt: skip
    """The rules over a window, as automaton 0, that begin and end with what agent `i` does before and after it.

    A node after the window from which the days to come would add up otherwise than they do now is left out.
    """
    days, totals = state.tours.shape[1], automata.added.shape[2]
    node, sums = automata.layer_ptr[a, 0], np.zeros(totals, np.int32)
    layer = np.empty((1, last - first + 2), np.int32)
    for day in range(last):
        if day == first:
            layer[0, 0] = node
        kind = options.kind[state.tours[i, day]] if state.tours[i, day] >= 0 else 0
        if day < first:
            sums += automata.added[node, kind]
        node = automata.next_node[node, kind]
    layer[0, 1:] = automata.layer_ptr[a, first + 1 : last + 2]
    price, later = _walk(i, node, last, days, state, options, automata)
    apart = np.empty(totals, np.int32)
    for m in range(automata.layer_ptr[a, last], automata.layer_ptr[a, last + 1]):
        final[m] = price + _beside(i, m, node, last, apart, state, options, automata)
    least, most = np.empty((1, totals), np.int32), np.empty((1, totals), np.int32)
    least[0], most[0] = automata.least[a] - sums - later, automata.most[a] - sums - later
    return Automata(layer, automata.next_node, automata.price, final, automata.order, automata.fit, automata.added,
                    least, most)  # fmt: skip


@kernel
def _walk(i: int, node: int, first: int, days: int, state: State, options: Options,
          automata: Automata) -> tuple[float, NDArray[np.int32]]:  # fmt: skip
    """Price of soft rules and totals of an agent's days from `first` on, begun at a node; BLOCKED where forbidden."""
    sums, price = np.zeros(automata.added.shape[2], np.int32), 0.0
    for day in range(first, days):
        kind = options.kind[state.tours[i, day]] if state.tours[i, day] >= 0 else 0
        if automata.next_node[node, kind] < 0:
            return BLOCKED, sums
        price += automata.price[node, kind]
        sums += automata.added[node, kind]
        node = automata.next_node[node, kind]
    return min(BLOCKED, price + automata.final[node]), sums


@kernel
def _beside(i: int, node: int, held: int, first: int, apart: NDArray[np.int32], state: State, options: Options,
            automata: Automata) -> float:  # fmt: skip
    """How much dearer an agent's days from `first` on are begun at `node` than at the node `held`.

    BLOCKED where that is forbidden, or would add up otherwise; `apart` (totals,) is scratch. Roads soon meet.
    """
    days, more = state.tours.shape[1], 0.0
    apart[:] = 0
    for day in range(first, days):
        if node == held:
            break
        kind = options.kind[state.tours[i, day]] if state.tours[i, day] >= 0 else 0
        if automata.next_node[node, kind] < 0:
            return BLOCKED
        more += automata.price[node, kind] - automata.price[held, kind]
        for r in range(len(apart)):
            apart[r] += automata.added[node, kind, r] - automata.added[held, kind, r]
        node, held = automata.next_node[node, kind], automata.next_node[held, kind]
    if node != held:
        if automata.final[node] >= BLOCKED:
            return BLOCKED
        more += automata.final[node] - automata.final[held]
    for r in range(len(apart)):
        if apart[r] != 0:
            return BLOCKED
    return more


@kernel
def _wear(i: int, first: int, low: int, tour: NDArray[np.int32], own: Options, state: State, options: Options,
          ws: Buffers) -> None:  # fmt: skip
    """Write the days of a window, options by their number in it, and where agent `i` is present then."""
    for day in range(len(tour)):
        old = state.tours[i, first + day]
        if old >= 0:
            state.served[i, options.start[old] : options.start[old] + options.length[old]] = -1
    for day in range(len(tour)):
        option = tour[day]
        state.tours[i, first + day] = option + low if option >= 0 else -1
        if option < 0:
            continue
        place_breaks(option, own, ws)
        state.offsets[i, first + day] = ws.offsets[option]
        start = own.start[option]
        for t in range(start, start + own.length[option]):
            state.served[i, t] = state.queue[t]
        begin = own.break_ptr[own.template[option]]
        for b in range(begin, own.break_ptr[own.template[option] + 1]):
            at = start + ws.offsets[option, b - begin]
            state.served[i, at : at + own.break_len[b]] = -1
