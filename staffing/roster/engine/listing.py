"""All tours of a class within some slack of its cheapest, for proofs: no better roster uses another tour.

Backward dynamic programming gives the cheapest end of every state; a depth-first walk then leaves out only
what cannot end within the slack (route enumeration, Baldacci, Christofides & Mingozzi 2008).
"""

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.roster.case import BLOCKED, OFF, Automata, Options
from staffing.roster.engine.counted import best_of_kind, boxes, first_states
from staffing.roster.engine.workspace import Buffers

MOST_STATES = 10_000_000  # some 80 MB and seconds; the tours of whoever needs more are not listed


@kernel
def tours_within(slack: float, most: int, a: int, off_price: NDArray[np.float64], options: Options,
                 automata: Automata, ws: Buffers) -> tuple[NDArray[np.int32], bool]:  # fmt: skip
    """Tours (found, days) of automaton `a` at `ws.cost` within `slack` of the cheapest; True when these are all."""
    days, totals = len(off_price), automata.added.shape[2]
    base = automata.layer_ptr[a, 0]
    cost, _ = best_of_kind(off_price, options, automata.next_node.shape[1], ws)
    low, size = boxes(a, cost, np.arange(totals), automata)
    first = first_states(size)
    found, count = np.empty((most, days), np.int32), 0
    if first[-1] > MOST_STATES:
        return found[:0], False
    to_go = _cheapest_ends(a, cost, low, size, first, automata)
    if first[1] == 0 or to_go[0] >= BLOCKED:
        return found[:0], True
    limit = to_go[0] + slack + 1e-9
    node, spent = np.zeros(days + 1, np.int64), np.zeros(days + 1)
    total, pick = np.zeros((days + 1, totals), np.int64), np.zeros(days + 1, np.int64)
    tour, depth = np.empty(days, np.int32), 0
    while depth >= 0:
        if depth == days:
            if count == most:
                return found, False
            found[count] = tour
            count += 1
            depth -= 1
            continue
        option = options.day_ptr[depth] + pick[depth] - 1 if pick[depth] else OFF
        if option >= options.day_ptr[depth + 1]:
            depth -= 1
            continue
        pick[depth] += 1
        kind = options.kind[option] if option >= 0 else 0
        price = ws.cost[option] if option >= 0 else off_price[depth]
        m = automata.next_node[base + node[depth], kind] - base
        if m < 0 or price >= BLOCKED or first[m + 1] == first[m]:
            continue
        place, stride = first[m], 1
        for r in range(totals):
            total[depth + 1, r] = total[depth, r] + automata.added[base + node[depth], kind, r]
            inside = total[depth + 1, r] - low[m, r]
            if inside < 0 or inside >= size[m, r]:
                place = -1
                break
            place += inside * stride
            stride *= size[m, r]
        price += spent[depth] + automata.price[base + node[depth], kind]
        if place < 0 or price + to_go[place] > limit:
            continue
        tour[depth] = option
        depth += 1
        node[depth], spent[depth], pick[depth] = m, price, 0
    return found[:count], True


@kernel
def _cheapest_ends(a: int, cost: NDArray[np.float64], low: NDArray[np.int32], size: NDArray[np.int32],
                   first: NDArray[np.int64], automata: Automata) -> NDArray[np.float64]:  # fmt: skip
    """Per state the cheapest way to the end; `first` state of each node."""
    days, totals = cost.shape[0], size.shape[1]
    base, end = automata.layer_ptr[a, 0], automata.layer_ptr[a, days + 1]
    to_go = np.full(first[-1], np.inf)
    for n in range(automata.layer_ptr[a, days] - base, end - base):
        to_go[first[n] : first[n + 1]] = automata.final[base + n]
    total = np.zeros(totals, np.int64)
    for day in range(days - 1, -1, -1):
        for n in range(automata.layer_ptr[a, day] - base, automata.layer_ptr[a, day + 1] - base):
            for s in range(first[n], first[n + 1]):
                rest = s - first[n]
                for r in range(totals):
                    total[r] = low[n, r] + rest % size[n, r]
                    rest //= size[n, r]
                for kind in range(cost.shape[1]):
                    m = automata.next_node[base + n, kind] - base
                    if m < 0 or cost[day, kind] >= BLOCKED or first[m + 1] == first[m]:
                        continue
                    place, stride = first[m], 1
                    for r in range(totals):
                        inside = total[r] + automata.added[base + n, kind, r] - low[m, r]
                        if inside < 0 or inside >= size[m, r]:
                            place = -1
                            break
                        place += inside * stride
                        stride *= size[m, r]
                    if place >= 0:
                        price = cost[day, kind] + automata.price[base + n, kind] + to_go[place]
                        to_go[s] = min(to_go[s], price)
    return to_go
