"""Compiled kernels: worth of a shift with its best breaks, and the cheapest tour through the rules."""

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.roster.case import BLOCKED, OFF, AgentClasses, Automata, Options
from staffing.roster.engine.counted import cheapest_counted_tour
from staffing.roster.engine.workspace import Buffers


@kernel
def place_breaks(option: int, options: Options, ws: Buffers) -> float:
    """Worth of `option` with its breaks where they cost least; offsets go to `ws.offsets`.

    Breaks keep the order of their rules and the gap between them: one running minimum per break.
    """
    start = options.start[option]
    cum = ws.cumulated
    whole = cum[start + options.length[option]] - cum[start]
    first = options.break_ptr[options.template[option]]
    last = options.break_ptr[options.template[option] + 1]
    if first == last:
        return whole
    for b in range(first, last):
        j = b - first
        size = options.break_hi[b] - options.break_lo[b] + 1
        best = BLOCKED
        at = -1
        for i in range(size):
            begin = start + options.break_lo[b] + i
            loss = cum[begin + options.break_len[b]] - cum[begin]
            before = -1
            if j > 0:
                room = options.break_lo[b] + i - options.break_gap[b] - options.break_len[b - 1]
                before = min(room, options.break_hi[b - 1]) - options.break_lo[b - 1]
                loss = loss + ws.window[j - 1, before] if before >= 0 else BLOCKED
            ws.window_from[j, i] = before
            if loss < best:
                best = loss
                at = i
            ws.window[j, i] = best
            ws.window_at[j, i] = at
    j = last - first - 1
    lost = ws.window[j, options.break_hi[last - 1] - options.break_lo[last - 1]]
    at = ws.window_at[j, options.break_hi[last - 1] - options.break_lo[last - 1]]
    while j >= 0:
        ws.offsets[option, j] = options.break_lo[first + j] + at
        before = ws.window_from[j, at]
        j -= 1
        if j >= 0:
            at = ws.window_at[j, before]
    return whole - lost


@kernel
def value_options(worth: NDArray[np.float64], options: Options, ws: Buffers) -> None:
    """Fill `ws.gain` of all options at these slot worths (slots,); `place_breaks` then finds the offsets.

    Where windows lie apart every break is placed on its own, and equal windows are searched once per slot.
    """
    total = 0.0
    ws.cumulated[0] = 0.0
    for slot in range(len(worth)):
        total += worth[slot]
        ws.cumulated[slot + 1] = total
    _search_windows(len(worth), options, ws)
    cum = ws.cumulated
    for option in range(len(options.start)):
        template = options.template[option]
        if not options.apart[template]:
            ws.gain[option] = place_breaks(option, options, ws)
            continue
        start = options.start[option]
        gain = cum[start + options.length[option]] - cum[start]
        for b in range(options.break_ptr[template], options.break_ptr[template + 1]):
            gain -= ws.least_loss[options.break_shape[b], start + options.break_lo[b]]
        ws.gain[option] = gain


@kernel
def _search_windows(slots: int, options: Options, ws: Buffers) -> None:
    """Least loss of a break of each shape, by the slot in which its window opens."""
    cum = ws.cumulated
    for shape in range(len(options.shape_len)):
        length, width = options.shape_len[shape], options.shape_width[shape]
        count = slots - length - width + 2
        row = ws.least_loss[shape, :count]
        row[:] = BLOCKED
        for k in range(width):
            before, after = cum[k : k + count], cum[k + length : k + length + count]
            for slot in range(count):  # slices, so that the loop becomes vector instructions
                loss = after[slot] - before[slot]
                row[slot] = loss if loss < row[slot] else row[slot]


@kernel
def price_options(k: int, people: AgentClasses, options: Options, ws: Buffers) -> None:
    """Fill `ws.cost` with the price of each option for class `k` minus its `ws.gain`."""
    for option in range(len(options.start)):
        price = people.price[k, option]
        ws.cost[option] = price - ws.gain[option] if price < BLOCKED else BLOCKED


@kernel
def cheapest_tour(k: int, people: AgentClasses, options: Options, automata: Automata, ws: Buffers,
                  tour: NDArray[np.int32]) -> float:  # fmt: skip
    """Cheapest tour of class `k` at `ws.gain`; fills `tour` (days,), returns its price minus its gain.

    Dynamic programming over (rule node, yesterday's shift): rest is a prefix minimum over yesterday's
    shifts in the order in which they leave a person ready for work. Rules that count over the whole
    horizon take another road, on which rest is a rule of the automaton like any other.
    """
    a = people.automaton[k]
    days = len(options.day_ptr) - 1
    price_options(k, people, options, ws)
    if automata.added.shape[2] > 0:
        return cheapest_counted_tour(a, people.off_price[k], options, automata, ws, tour)
    ws.off[0, 0] = 0.0
    ws.on[0, 0, :] = BLOCKED
    for day in range(days):
        _next_day(day, a, people.off_price[k, day], options, automata, ws)
    return _trace(a, options, automata, ws, tour)


@kernel
def _next_day(day: int, a: int, off_price: float, options: Options, automata: Automata,
              ws: Buffers) -> None:  # fmt: skip
    now, then = day % 2, (day + 1) % 2
    layer, following = automata.layer_ptr[a, day], automata.layer_ptr[a, day + 1]
    end = automata.layer_ptr[a, day + 2]
    first, last = options.day_ptr[day], options.day_ptr[day + 1]
    yesterday = options.day_ptr[day - 1] if day else first
    for n in range(end - following):
        ws.off[then, n] = BLOCKED
        for j in range(last - first):
            ws.on[then, n, j] = BLOCKED
    for n in range(following - layer):
        node = layer + n
        rested = ws.off[now, n]
        least, at = BLOCKED, OFF
        ws.least[0], ws.least_at[0] = BLOCKED, OFF
        for i in range(first - yesterday):
            j = automata.order[a, yesterday + i]
            if ws.on[now, n, j] < least:
                least, at = ws.on[now, n, j], j
            ws.least[i + 1], ws.least_at[i + 1] = least, at
        if rested >= BLOCKED and least >= BLOCKED:
            continue
        to = automata.next_node[node, 0]
        if to >= 0 and off_price < BLOCKED:
            price = automata.price[node, 0] + off_price
            m = to - following
            if rested <= least and rested + price < ws.off[then, m]:
                ws.off[then, m] = rested + price
                ws.from_off[day, m, 0], ws.from_off[day, m, 1] = n, OFF
            elif least < rested and least + price < ws.off[then, m]:
                ws.off[then, m] = least + price
                ws.from_off[day, m, 0], ws.from_off[day, m, 1] = n, at
        for option in range(first, last):
            kind = options.kind[option]
            to = automata.next_node[node, kind]
            if to < 0 or ws.cost[option] >= BLOCKED:
                continue
            ready = automata.fit[a, option]
            value, at = ws.least[ready], ws.least_at[ready]
            if rested <= value:
                value, at = rested, OFF
            value += ws.cost[option] + automata.price[node, kind]
            m, j = to - following, option - first
            if value < ws.on[then, m, j]:
                ws.on[then, m, j] = value
                ws.from_on[day, m, j, 0], ws.from_on[day, m, j, 1] = n, at


@kernel
def _trace(a: int, options: Options, automata: Automata, ws: Buffers, tour: NDArray[np.int32]) -> float:
    """Read the best tour backwards from the last layer."""
    days = len(options.day_ptr) - 1
    layer, end = automata.layer_ptr[a, days], automata.layer_ptr[a, days + 1]
    first = options.day_ptr[days - 1]
    now = days % 2
    best, node, choice = BLOCKED, -1, OFF
    for n in range(end - layer):
        final = automata.final[layer + n]
        if ws.off[now, n] + final < best:
            best, node, choice = ws.off[now, n] + final, n, OFF
        for j in range(options.day_ptr[days] - first):
            if ws.on[now, n, j] + final < best:
                best, node, choice = ws.on[now, n, j] + final, n, j
    if node < 0:
        return BLOCKED
    for day in range(days - 1, -1, -1):
        tour[day] = OFF if choice == OFF else options.day_ptr[day] + choice
        if choice == OFF:
            node, choice = ws.from_off[day, node, 0], ws.from_off[day, node, 1]
        else:
            node, choice = ws.from_on[day, node, choice, 0], ws.from_on[day, node, choice, 1]
    return best


@kernel
def price_of_tour(k: int, tour: NDArray[np.int32], people: AgentClasses, options: Options, automata: Automata) -> float:
    """Price of a tour of class `k` without its cover; BLOCKED where a rule forbids it."""
    a = people.automaton[k]
    node, total = automata.layer_ptr[a, 0], 0.0
    added = np.zeros(automata.added.shape[2], np.int64)
    for day in range(len(tour)):
        option = tour[day]
        kind = options.kind[option] if option >= 0 else 0
        if automata.next_node[node, kind] < 0 or (day > 0 and not _rested(a, day, tour, options, automata)):
            return BLOCKED
        total += people.price[k, option] if option >= 0 else people.off_price[k, day]
        total += automata.price[node, kind]
        if total >= BLOCKED:
            return BLOCKED
        for r in range(len(added)):
            added[r] += automata.added[node, kind, r]
        node = automata.next_node[node, kind]
    for r in range(len(added)):
        if added[r] < automata.least[a, r] or added[r] > automata.most[a, r]:
            return BLOCKED
    return min(BLOCKED, total + automata.final[node])


@kernel
def _rested(a: int, day: int, tour: NDArray[np.int32], options: Options, automata: Automata) -> bool:
    """Whether the shift of the day before, if any, leaves enough rest."""
    before, option = tour[day - 1], tour[day]
    if before < 0 or option < 0:
        return True
    first = options.day_ptr[day - 1]
    rested = False
    for rank in range(automata.fit[a, option]):
        rested = rested or automata.order[a, first + rank] == before - first
    return rested
