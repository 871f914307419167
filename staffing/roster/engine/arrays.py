"""The arrays that kernels read, and their scratch memory.

All times are slots of the planning grid, all prices are in the unit of the objective. A *tour* is one
option (a dated shift) or -1 (off) per day; a *price of slots* `worth[group, slot]` says what one more
present agent of a skill group is worth in that slot.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BLOCKED = 1e15  # a price no feasible tour reaches; larger than any sum of real prices
OFF = -1


class Options(NamedTuple):
    """Dated shifts sorted by day, with the break windows of their templates (offsets from shift start)."""

    day_ptr: NDArray[np.int32]  # (days + 1,) first option of each day
    start: NDArray[np.int32]  # (options,) absolute slot
    length: NDArray[np.int32]  # (options,) slots
    kind: NDArray[np.int32]  # (options,) what the rules see; 0 is kept for a day off
    template: NDArray[np.int32]  # (options,)
    break_ptr: NDArray[np.int32]  # (templates + 1,) first break of each template
    break_len: NDArray[np.int32]  # (breaks,) slots
    break_lo: NDArray[np.int32]  # (breaks,) earliest offset
    break_hi: NDArray[np.int32]  # (breaks,) latest offset
    break_gap: NDArray[np.int32]  # (breaks,) least slots since the end of the break before
    break_shape: NDArray[np.int32]  # (breaks,) breaks of equal length and window width share a shape
    shape_len: NDArray[np.int32]  # (shapes,)
    shape_width: NDArray[np.int32]  # (shapes,) places in the window
    apart: NDArray[np.bool_]  # (templates,) the windows keep gap and order wherever breaks are placed


class Automata(NamedTuple):
    """Rule automata of all contracts, laid out by day: from a node and a kind of day to the next node."""

    layer_ptr: NDArray[np.int32]  # (automata, days + 2) first node of each layer
    next_node: NDArray[np.int32]  # (nodes, kinds) or -1 where a rule forbids
    price: NDArray[np.float64]  # (nodes, kinds) price of soft rules
    final: NDArray[np.float64]  # (nodes,) price of ending here, BLOCKED where a rule forbids
    order: NDArray[np.int32]  # (automata, options) options of a day, earliest ready for work first
    fit: NDArray[np.int32]  # (automata, options) how many of yesterday's `order` leave enough rest
    added: NDArray[np.int16]  # (nodes, kinds, totals) what a day adds to totals over the whole horizon
    least: NDArray[np.int32]  # (automata, totals) of the whole horizon
    most: NDArray[np.int32]  # (automata, totals)


class People(NamedTuple):
    """Classes of interchangeable agents."""

    automaton: NDArray[np.int32]  # (classes,)
    group: NDArray[np.int32]  # (classes,) skill group
    price: NDArray[np.float64]  # (classes, options), BLOCKED where not allowed
    off_price: NDArray[np.float64]  # (classes, days)


class Workspace(NamedTuple):
    """Scratch memory of the kernels, allocated once."""

    on: NDArray[np.float64]  # (2, nodes of the widest layer, options of the fullest day)
    off: NDArray[np.float64]  # (2, nodes of the widest layer)
    from_on: NDArray[np.int32]  # (days, widest, fullest, 2) node before, option before
    from_off: NDArray[np.int32]  # (days, widest, 2)
    least: NDArray[np.float64]  # (fullest + 1,)
    least_at: NDArray[np.int32]  # (fullest + 1,)
    window: NDArray[np.float64]  # (breaks of a template, widest window) running minimum
    window_at: NDArray[np.int32]
    window_from: NDArray[np.int32]
    cumulated: NDArray[np.float64]  # (slots + 1,)
    least_loss: NDArray[np.float64]  # (shapes, slots) of a break whose window opens in the slot
    gain: NDArray[np.float64]  # (options,)
    offsets: NDArray[np.int32]  # (options, breaks of a template)
    cost: NDArray[np.float64]  # (options,)


def workspace(options: Options, automata: Automata, slots: int) -> Workspace:
    """Scratch memory wide enough for these options and automata."""
    days = len(options.day_ptr) - 1
    fullest = int(np.diff(options.day_ptr).max())
    widest = int(np.diff(automata.layer_ptr, axis=1).max())
    breaks = max(1, int(np.diff(options.break_ptr).max()))
    window = 1 + int((options.break_hi - options.break_lo).max(initial=0))
    count = len(options.start)
    return Workspace(
        np.empty((2, widest, fullest)), np.empty((2, widest)),
        np.empty((days, widest, fullest, 2), np.int32), np.empty((days, widest, 2), np.int32),
        np.empty(fullest + 1), np.empty(fullest + 1, np.int32),
        np.empty((breaks, window)), np.empty((breaks, window), np.int32),
        np.empty((breaks, window), np.int32),
        np.empty(slots + 1), np.zeros((len(options.shape_len), slots)),
        np.empty(count), np.zeros((count, breaks), np.int32), np.empty(count),
    )  # fmt: skip
