"""The cheapest tour under totals over the whole horizon: paid time, shifts of a kind, weekends.

Beside the node of the rule automaton a state holds the totals so far. Only totals that can still end
between their limits are kept: every node has a box of them, found by reachability from both ends, so that
long horizons cost no more than their rules leave open. (Resource-constrained shortest path in an acyclic
graph, Irnich & Desaulniers 2005, with dense labels instead of dominance: minima bind here.)
"""

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.roster.arrays import BLOCKED, OFF, Automata, Options, Workspace

NEVER = 1 << 30


@kernel
def cheapest_counted_tour(a: int, off_price: NDArray[np.float64], options: Options, automata: Automata,
                          ws: Workspace, tour: NDArray[np.int32]) -> float:  # fmt: skip
    """Cheapest tour of automaton `a` at `ws.cost` and `off_price` (days,); fills `tour`, returns its price."""
    days = len(tour)
    base, end = automata.layer_ptr[a, 0], automata.layer_ptr[a, days + 1]
    cost, choice = _best_of_kind(off_price, options, automata.next_node.shape[1], ws)
    low, size = _boxes(a, cost, automata)
    first = np.zeros(end - base + 1, np.int64)  # first state of each node
    for n in range(end - base):
        states = 1
        for r in range(size.shape[1]):
            states *= size[n, r]
        first[n + 1] = first[n] + states
    value = np.full(first[-1], np.inf)
    came, by = np.empty(first[-1], np.int32), np.empty(first[-1], np.int8)
    if first[1] == 0:
        return BLOCKED
    value[0] = 0.0
    for day in range(days):
        for n in range(automata.layer_ptr[a, day] - base, automata.layer_ptr[a, day + 1] - base):
            for kind in range(cost.shape[1]):
                m = automata.next_node[base + n, kind] - base
                if m >= 0 and cost[day, kind] < BLOCKED and first[n + 1] > first[n] and first[m + 1] > first[m]:
                    price = cost[day, kind] + automata.price[base + n, kind]
                    _advance(n, m, kind, price, automata.count[base + n, kind], low, size, first, value, came, by)
    return _read_back(a, automata, first, value, came, by, choice, tour)


@kernel
def _best_of_kind(off_price: NDArray[np.float64], options: Options, kinds: int,
                  ws: Workspace) -> tuple[NDArray[np.float64], NDArray[np.int32]]:  # fmt: skip
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
def _boxes(a: int, cost: NDArray[np.float64],
           automata: Automata) -> tuple[NDArray[np.int32], NDArray[np.int32]]:  # fmt: skip
    """Smallest total and number of totals worth keeping, per node and total; size 0 where none is."""
    days, totals = cost.shape[0], automata.count.shape[2]
    base, end = automata.layer_ptr[a, 0], automata.layer_ptr[a, days + 1]
    low, high = np.full((end - base, totals), NEVER, np.int32), np.full((end - base, totals), -1, np.int32)
    to_low, to_high = low.copy(), high.copy()  # what the days to come add at least and at most
    low[0], high[0] = 0, 0
    for day in range(days):
        for n in range(automata.layer_ptr[a, day] - base, automata.layer_ptr[a, day + 1] - base):
            for kind in range(cost.shape[1]):
                m = automata.next_node[base + n, kind] - base
                if m < 0 or cost[day, kind] >= BLOCKED:
                    continue
                for r in range(totals):
                    if high[n, r] >= 0:
                        low[m, r] = min(low[m, r], low[n, r] + automata.count[base + n, kind, r])
                        high[m, r] = max(high[m, r], high[n, r] + automata.count[base + n, kind, r])
    for n in range(automata.layer_ptr[a, days] - base, end - base):
        if automata.final[base + n] < BLOCKED:
            to_low[n], to_high[n] = 0, 0
    for day in range(days - 1, -1, -1):
        for n in range(automata.layer_ptr[a, day] - base, automata.layer_ptr[a, day + 1] - base):
            for kind in range(cost.shape[1]):
                m = automata.next_node[base + n, kind] - base
                if m < 0 or cost[day, kind] >= BLOCKED:
                    continue
                for r in range(totals):
                    if to_high[m, r] >= 0:
                        to_low[n, r] = min(to_low[n, r], to_low[m, r] + automata.count[base + n, kind, r])
                        to_high[n, r] = max(to_high[n, r], to_high[m, r] + automata.count[base + n, kind, r])
    size = np.zeros((end - base, totals), np.int32)
    for n in range(end - base):
        for r in range(totals):
            if high[n, r] < 0 or to_high[n, r] < 0:
                continue
            low[n, r] = max(low[n, r], automata.least[a, r] - to_high[n, r])
            size[n, r] = max(0, min(high[n, r], automata.most[a, r] - to_low[n, r]) - low[n, r] + 1)
    return low, size


@kernel
def _advance(n: int, m: int, kind: int, price: float, count: NDArray[np.int16], low: NDArray[np.int32],
             size: NDArray[np.int32], first: NDArray[np.int64], value: NDArray[np.float64],
             came: NDArray[np.int32], by: NDArray[np.int8]) -> None:  # fmt: skip
    """Carry all states of node `n` to node `m`; the first total runs fastest."""
    inner, totals = size[n, 0], size.shape[1]
    shift = low[n, 0] + count[0] - low[m, 0]
    begin, stop = max(0, -shift), min(inner, size[m, 0] - shift)
    if begin >= stop:
        return
    for row in range((first[n + 1] - first[n]) // inner):
        rest, there, stride = row, 0, size[m, 0]
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
def _read_back(a: int, automata: Automata, first: NDArray[np.int64], value: NDArray[np.float64],
               came: NDArray[np.int32], by: NDArray[np.int8], choice: NDArray[np.int32],
               tour: NDArray[np.int32]) -> float:  # fmt: skip
    """Read the best tour backwards from the last layer."""
    days = len(tour)
    base = automata.layer_ptr[a, 0]
    best, state = np.inf, -1
    for n in range(automata.layer_ptr[a, days] - base, automata.layer_ptr[a, days + 1] - base):
        for s in range(first[n], first[n + 1]):
            if value[s] + automata.final[base + n] < best:
                best, state = value[s] + automata.final[base + n], s
    if state < 0 or best >= BLOCKED:
        return BLOCKED
    for day in range(days - 1, -1, -1):
        tour[day] = choice[day, by[state]]
        state = came[state]
    return best
