"""The cheapest tour under totals over the whole horizon: paid time, shifts of a kind, weekends.

Beside the node of the rule automaton a state holds the totals so far. Only totals that can still end
between their limits are kept: every node has a box of them, found by reachability from both ends, so that
long horizons cost no more than their rules leave open. (Resource-constrained shortest path in an acyclic
graph, Irnich & Desaulniers 2005, with dense labels instead of dominance: minima bind here.)
"""

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.roster.case import BLOCKED, OFF, Automata, Options
from staffing.roster.engine.workspace import Buffers

NEVER = 1 << 30
MOST_STATES = 60_000_000  # some 800 MB; a tour that needs more counts as not found (see `windows`)


@kernel
def cheapest_counted_tour(a: int, off_price: NDArray[np.float64], options: Options, automata: Automata,
                          ws: Buffers, tour: NDArray[np.int32]) -> float:  # fmt: skip
    """Cheapest tour of automaton `a` at `ws.cost` and `off_price` (days,); fills `tour`, returns its price.

    A total is kept only once the cheapest tour without it breaks its limits (decremental state space
    relaxation, Righini & Salani 2008).
    """
    cost, choice = best_of_kind(off_price, options, automata.next_node.shape[1], ws)
    totals = automata.added.shape[2]
    kept = np.zeros(0, np.int64)
    kinds = np.zeros(len(tour), np.int64)
    while True:
        price = cheapest_kinds(a, cost, kept, automata, kinds)
        if price >= BLOCKED:
            return BLOCKED
        broken = _broken(a, kinds, kept, automata)
        if broken == totals:
            break
        kept = np.append(kept, broken)
    for day in range(len(tour)):
        tour[day] = choice[day, kinds[day]]
    return price


@kernel
def _broken(a: int, kinds: NDArray[np.int64], kept: NDArray[np.int64], automata: Automata) -> int:
    """The first total whose limits a tour breaks, the number of totals when there is none."""
    totals = automata.added.shape[2]
    sums = np.zeros(totals, np.int64)
    node = automata.layer_ptr[a, 0]
    for kind in kinds:
        for r in range(totals):
            sums[r] += automata.added[node, kind, r]
        node = automata.next_node[node, kind]
    for r in range(totals):
        if sums[r] < automata.least[a, r] or sums[r] > automata.most[a, r]:
            return r
    return totals


@kernel
def cheapest_kinds(a: int, cost: NDArray[np.float64], kept: NDArray[np.int64], automata: Automata,
                    kinds: NDArray[np.int64]) -> float:  # fmt: skip
    """Cheapest kinds of days under the totals `kept`; fills `kinds`, returns their price."""
    days = len(kinds)
    base, end = automata.layer_ptr[a, 0], automata.layer_ptr[a, days + 1]
    low, size = boxes(a, cost, kept, automata)
    first = first_states(size)
    if first[1] == 0 or first[-1] > MOST_STATES:
        return BLOCKED
    value = np.full(first[-1], np.inf)
    came, by = np.empty(first[-1], np.int32), np.empty(first[-1], np.int8)
    value[0] = 0.0
    count = np.zeros(len(kept), np.int64)
    for day in range(days):
        for n in range(automata.layer_ptr[a, day] - base, automata.layer_ptr[a, day + 1] - base):
            for kind in range(cost.shape[1]):
                m = automata.next_node[base + n, kind] - base
                if m >= 0 and cost[day, kind] < BLOCKED and first[n + 1] > first[n] and first[m + 1] > first[m]:
                    for r in range(len(kept)):
                        count[r] = automata.added[base + n, kind, kept[r]]
                    price = cost[day, kind] + automata.price[base + n, kind]
                    _advance(n, m, kind, price, count, low, size, first, value, came, by)
    return _read_back(automata.layer_ptr[a, days] - base, automata.final[base:end], first, value, came, by, kinds)


@kernel
def first_states(size: NDArray[np.int32]) -> NDArray[np.int64]:
    """First state of each node (nodes + 1,) for boxes of these sizes, a box of too many counted as too many."""
    first = np.zeros(len(size) + 1, np.int64)
    for n in range(len(size)):
        states = 1
        for r in range(size.shape[1]):
            states = min(states * size[n, r], MOST_STATES + 1)
        first[n + 1] = first[n] + states
    return first


@kernel
def best_of_kind(off_price: NDArray[np.float64], options: Options, kinds: int,
                  ws: Buffers) -> tuple[NDArray[np.float64], NDArray[np.int32]]:  # fmt: skip
    """Cheapest option of each kind and day, and its price; kind 0 is a day off."""
    days = len(off_price)
    cost, choice = np.full((days, kinds), BLOCKED), np.full((days, kinds), OFF, np.int32)
    for day in range(days):
        cost[day, 0] = off_price[day]
        for option in range(options.day_ptr[day], options.day_ptr[day + 1]):
            kind = options.kind[option]
            if ws.cost[option] < cost[day, kind]:
                cost[day, kind], choice[day, kind] = ws.cost[option], option
    return cost, choice


@kernel
def boxes(a: int, cost: NDArray[np.float64], kept: NDArray[np.int64],
          automata: Automata) -> tuple[NDArray[np.int32], NDArray[np.int32]]:  # fmt: skip
    """Smallest total and number of totals worth keeping, per node and kept total; size 0 where none is."""
    days = cost.shape[0]
    base, end = automata.layer_ptr[a, 0], automata.layer_ptr[a, days + 1]
    low, size = np.zeros((end - base, len(kept)), np.int32), np.ones((end - base, len(kept)), np.int32)
    for r in range(len(kept)):
        least, most = automata.least[a, kept[r]], automata.most[a, kept[r]]
        _box(a, cost, automata, automata.added[base:end, :, kept[r]], least, most, low[:, r], size[:, r])
    return low, size


@kernel
def _box(a: int, cost: NDArray[np.float64], automata: Automata, count: NDArray[np.int16], least: int, most: int,
         low: NDArray[np.int32], size: NDArray[np.int32]) -> None:  # fmt: skip
    """The box of one total, `count` (nodes, kinds): what can be reached from the start and still ends well."""
    days = cost.shape[0]
    base, end = automata.layer_ptr[a, 0], automata.layer_ptr[a, days + 1]
    high = np.full(end - base, -1, np.int32)
    to_low, to_high = np.full(end - base, NEVER, np.int32), high.copy()  # what the days to come add
    low[:] = NEVER
    low[0], high[0] = 0, 0
    for day in range(days):
        for n in range(automata.layer_ptr[a, day] - base, automata.layer_ptr[a, day + 1] - base):
            for kind in range(cost.shape[1]):
                m = automata.next_node[base + n, kind] - base
                if m >= 0 and cost[day, kind] < BLOCKED and high[n] >= 0:
                    low[m] = min(low[m], low[n] + count[n, kind])
                    high[m] = max(high[m], high[n] + count[n, kind])
    for n in range(automata.layer_ptr[a, days] - base, end - base):
        if automata.final[base + n] < BLOCKED:
            to_low[n], to_high[n] = 0, 0
    for day in range(days - 1, -1, -1):
        for n in range(automata.layer_ptr[a, day] - base, automata.layer_ptr[a, day + 1] - base):
            for kind in range(cost.shape[1]):
                m = automata.next_node[base + n, kind] - base
                if m >= 0 and cost[day, kind] < BLOCKED and to_high[m] >= 0:
                    to_low[n] = min(to_low[n], to_low[m] + count[n, kind])
                    to_high[n] = max(to_high[n], to_high[m] + count[n, kind])
    for n in range(end - base):
        size[n] = 0
        if high[n] >= 0 and to_high[n] >= 0:
            low[n] = max(low[n], least - to_high[n])
            size[n] = max(0, min(high[n], most - to_low[n]) - low[n] + 1)


@kernel
def _advance(n: int, m: int, kind: int, price: float, count: NDArray[np.int64], low: NDArray[np.int32],
             size: NDArray[np.int32], first: NDArray[np.int64], value: NDArray[np.float64],
             came: NDArray[np.int32], by: NDArray[np.int8]) -> None:  # fmt: skip
    """Carry all states of node `n` to node `m`; the first total runs fastest."""
    totals = size.shape[1]
    inner, shift, stop = 1, 0, 1
    if totals:
        inner, shift = size[n, 0], low[n, 0] + count[0] - low[m, 0]
        stop = min(inner, size[m, 0] - shift)
    begin = max(0, -shift)
    if begin >= stop:
        return
    for row in range((first[n + 1] - first[n]) // inner):
        rest, there, stride = row, 0, size[m, 0] if totals else 1
        for r in range(1, totals):
            at = rest % size[n, r] + low[n, r] + count[r] - low[m, r]
            rest //= size[n, r]
            if at < 0 or at >= size[m, r]:
                there = -1
                break
            there += at * stride
            stride *= size[m, r]
        if there < 0:
            continue
        source, target = first[n] + row * inner, first[m] + there + shift
        for j in range(begin, stop):
            reached = value[source + j] + price
            if reached < value[target + j]:
                value[target + j] = reached
                came[target + j] = source + j
                by[target + j] = kind


@kernel
def _read_back(last: int, final: NDArray[np.float64], first: NDArray[np.int64], value: NDArray[np.float64],
               came: NDArray[np.int32], by: NDArray[np.int8], kinds: NDArray[np.int64]) -> float:  # fmt: skip
    """Read the best kinds backwards from the layer that begins with node `last`."""
    best, state = np.inf, -1
    for n in range(last, len(final)):
        for s in range(first[n], first[n + 1]):
            if value[s] + final[n] < best:
                best, state = value[s] + final[n], s
    if state < 0 or best >= BLOCKED:
        return BLOCKED
    for day in range(len(kinds) - 1, -1, -1):
        kinds[day] = by[state]
        state = came[state]
    return best
