"""A proven bound without a linear programme: Lagrangian dual ascent on the price of each slot.

Presence is tied to people by one price per queue and slot. At fixed prices every class's cheapest tour
(rules and breaks inside) and every slot's cheapest presence are exact minima, so their sum is a proven
bound, and the difference of presence wanted and offered is a subgradient. The direction is averaged over
iterations as in the volume algorithm (Barahona & Anbil 2000), the step follows Polyak's rule. Where people owe least
shares of their time to skills, these have prices too (see `owed`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.roster.case import AgentClasses, Automata, Case, Cover, Options
from staffing.roster.engine.kernels import cheapest_tour, place_breaks, value_options
from staffing.roster.engine.owed import Owed, best_queue_owed, owed_of, take_owed
from staffing.roster.engine.workspace import Buffers

MEMORY = 0.95  # share of the old direction kept
PATIENCE = 20  # iterations without a better bound before the step shrinks
SHRINK = 0.7
SMALLEST_STEP = 1e-5


class DualCurve(NamedTuple):
    """Convex price of presence through whole numbers of agents (points, rows, slots).

    Between neighbouring whole numbers the curve is straight, so that nobody is counted in halves who counts whole.
    """

    at: NDArray[np.float64]  # 0, floor, need rounded down, need rounded up
    price: NDArray[np.float64]


class DualAscent(NamedTuple):
    """State of the ascent, changed in place."""

    worth: NDArray[np.float64]  # (queues, slots) prices under trial
    best_worth: NDArray[np.float64]
    direction: NDArray[np.float64]
    control: NDArray[np.float64]  # best bound, step, iterations without progress
    value: NDArray[np.float64]  # (classes,) price minus worth of the cheapest tour at the prices last tried
    owed: Owed


@dataclass(frozen=True)
class Dual:
    """The bound proven and the slot prices (queues, slots) that prove it."""

    bound: float
    worth: NDArray[np.float64]


def cover_curve(cover: Cover) -> DualCurve:
    """Curves of all slots."""
    need, floor = cover.need, cover.floor
    parts = (cover.amount != np.rint(cover.amount)).any(axis=0)[:, None]  # rows in which somebody counts in part
    at = np.stack([np.zeros_like(need), floor, *(np.where(parts, need, whole(need)) for whole in (np.floor, np.ceil))])
    price = cover.short * np.maximum(need - at, 0) + cover.excess * np.maximum(at - need, 0)
    price += cover.floor_short * np.maximum(floor - at, 0)
    return _with_tables(DualCurve(at, price), cover) if cover.tabled.any() else DualCurve(at, price)


def _with_tables(curve: DualCurve, cover: Cover) -> DualCurve:
    """The curve with every whole number of agents a point where prices come from a table."""
    points = cover.table.shape[2]
    at, price = (np.concatenate([part, np.repeat(part[-1:], points, axis=0)])[: max(points, 4)] for part in curve)
    at[:points, cover.tabled] = np.arange(points, dtype=float)[:, None, None]
    price[:points, cover.tabled] = np.moveaxis(cover.table[cover.tabled], 2, 0)
    for part in (at, price):  # a table of fewer points than a curve repeats its last one
        part[points:, cover.tabled] = part[points - 1, cover.tabled]
    return DualCurve(at, price)


def begin(case: Case) -> DualAscent:
    """An ascent that starts with half the price of shortage everywhere."""
    return begin_at(case, 0.4 * case.cover.short, 0.3)


def begin_at(case: Case, worth: NDArray[np.float64], step: float) -> DualAscent:
    """An ascent that starts with these slot prices, as far as the cover of the case can cost them."""
    worth = np.clip(worth, -case.cover.excess, case.cover.short + case.cover.floor_short)
    control = np.array([-np.inf, step, 0.0])
    value = np.zeros(len(case.people.automaton))
    return DualAscent(worth, worth.copy(), np.zeros_like(worth), control, value, owed_of(case))


@kernel
def ascend(iterations: int, target: float, ascent: DualAscent, curve: DualCurve, size: NDArray[np.float64],
           cover: Cover, people: AgentClasses, options: Options, automata: Automata, ws: Buffers) -> None:  # fmt: skip
    """Up to `iterations` steps; `target` is the price of a known roster, an upper limit of the bound."""
    gradient = np.zeros_like(ascent.worth)
    tour = np.full(len(options.day_ptr) - 1, -1, np.int32)
    control, owed = ascent.control, ascent.owed
    for _ in range(iterations):
        if control[1] < SMALLEST_STEP:
            return
        value = _bound(ascent, gradient, tour, curve, size, cover, people, options, automata, ws)
        first = control[0] == -np.inf
        if value > control[0]:
            control[0], control[2] = value, 0
            ascent.best_worth[:] = ascent.worth
            owed.best_extra[:] = owed.extra
        else:
            control[2] += 1
        if control[2] >= PATIENCE:
            control[1] *= SHRINK
            control[2] = 0
            ascent.worth[:] = ascent.best_worth
            owed.extra[:] = owed.best_extra
        keep = 0.0 if first else MEMORY
        ascent.direction[:] = keep * ascent.direction + (1 - keep) * gradient
        owed.direction[:] = keep * owed.direction + (1 - keep) * owed.gradient
        aim = max(target * 0.995, control[0] + 0.001 * abs(control[0]))
        length = (ascent.direction**2).sum() + (owed.scale * owed.direction**2).sum()
        if length <= 0.0:
            return
        step = control[1] * (aim - value) / length
        ascent.worth[:] += step * ascent.direction
        owed.extra[:] = np.maximum(owed.extra + step * owed.scale * owed.direction, 0.0)
        ascent.worth[:] = np.minimum(np.maximum(ascent.worth, -cover.excess), cover.short + cover.floor_short)


@kernel
def _bound(ascent: DualAscent, gradient: NDArray[np.float64], tour: NDArray[np.int32], curve: DualCurve,
           size: NDArray[np.float64], cover: Cover, people: AgentClasses, options: Options, automata: Automata,
           ws: Buffers) -> float:  # fmt: skip
    """Bound at the prices under trial; fills its subgradients."""
    worth, total = ascent.worth, 0.0
    for q in range(worth.shape[0]):
        for t in range(worth.shape[1]):
            least, at = np.inf, 0.0
            for point in range(curve.at.shape[0]):
                value = curve.price[point, q, t] + curve.at[point, q, t] * worth[q, t]
                if value < least:
                    least, at = value, curve.at[point, q, t]
            total += least
            gradient[q, t] = at
    best, queue = np.empty(worth.shape[1]), np.empty(worth.shape[1], np.int64)
    group = -1
    for k in range(len(size)):
        owes = cover.share[people.group[k]].max() > 0.0
        if owes:
            group = people.group[k]
            best_queue_owed(k, group, worth, cover, ascent.owed, best, queue)
            value_options(best, options, ws)
        elif people.group[k] != group:
            group = people.group[k]
            best_queue(group, worth, cover, best, queue)
            value_options(best, options, ws)
        ascent.value[k] = cheapest_tour(k, people, options, automata, ws, tour)
        total += size[k] * ascent.value[k]
        if owes:
            total -= take_owed(k, group, tour, size[k], queue, cover, options, ws, ascent.owed)
        take_presence(tour, size[k], queue, cover.amount[group], cover.marks[group], options, ws, gradient)
    return total


@kernel
def best_queue(group: int, worth: NDArray[np.float64], cover: Cover, best: NDArray[np.float64],
               queue: NDArray[np.int64]) -> None:  # fmt: skip
    """The queue worth most to a group in each slot, and its worth."""
    for t in range(worth.shape[1]):
        best[t] = -np.inf
        for i in range(cover.group_ptr[group], cover.group_ptr[group + 1]):
            q = cover.group_queue[i]
            value = cover.amount[group, q] * worth[q, t]
            if value > best[t]:
                best[t], queue[t] = value, q
        for j in range(cover.marks.shape[1]):
            if cover.marks[group, j] >= 0:
                best[t] += worth[cover.marks[group, j], t]


@kernel
def take_presence(tour: NDArray[np.int32], agents: float, queue: NDArray[np.int64], amount: NDArray[np.float64],
              marks: NDArray[np.int32], options: Options, ws: Buffers,
              gradient: NDArray[np.float64]) -> None:  # fmt: skip
    """Take the presence of a tour, breaks placed at the last valued worths, from the gradient."""
    for option in tour:
        if option < 0:
            continue
        place_breaks(option, options, ws)
        start = options.start[option]
        _add(start, start + options.length[option], -agents, queue, amount, marks, gradient)
        first = options.break_ptr[options.template[option]]
        for b in range(first, options.break_ptr[options.template[option] + 1]):
            begin_at = start + ws.offsets[option, b - first]
            _add(begin_at, begin_at + options.break_len[b], agents, queue, amount, marks, gradient)


@kernel
def _add(first: int, end: int, agents: float, queue: NDArray[np.int64], amount: NDArray[np.float64],
         marks: NDArray[np.int32], gradient: NDArray[np.float64]) -> None:  # fmt: skip
    """Add `agents` from slot `first` to `end`, in the queue served and in every minimum."""
    for t in range(first, end):
        gradient[queue[t], t] += agents * amount[queue[t]]
        for row in marks:
            if row >= 0:
                gradient[row, t] += agents
