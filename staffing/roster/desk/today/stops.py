"""Breaks and sessions of one seat placed where its presence is worth least, in order and with the work owed between.

With everybody else fixed a stop costs the worth of the slots it takes. Breaks are placed by dynamic programming, the
ones after a place that the one before leaves free; of training and meetings each place is tried in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from staffing.domain.activities import ABSENT
from staffing.roster.desk.today.seats import Stop

Floats = NDArray[np.float64]
Stops = tuple[Stop, ...]


@dataclass(frozen=True)
class Places:
    """What places cost: `sums` adds up the worth of presence slot by slot, a stop that lies elsewhere than in
    `before` costs `move_price` besides, and `gap` slots of work lie between two breaks."""

    sums: Floats  # (slots + 1,)
    before: Stops
    gap: int
    move_price: float

    @classmethod
    def of(cls, worth: Floats, before: Stops, gap: int, move_price: float) -> Places:
        """`worth` (slots,) is what presence is worth at the queue served, 0 outside the shift."""
        return cls(np.concatenate([[0.0], np.cumsum(worth)]), before, gap, move_price)

    def cost(self, stops: Sequence[Stop]) -> float:
        """What stops cost where they lie."""
        return sum(float(self.costs(k, stop, np.array([stop.first]))[0]) for k, stop in enumerate(stops) if stop.moves)

    def costs(self, k: int, stop: Stop, places: NDArray[np.int64]) -> Floats:
        """What stop number `k` costs at each place."""
        last = len(self.sums) - 1
        taken = self.sums[np.clip(places + stop.length, 0, last)] - self.sums[np.clip(places, 0, last)]
        return np.asarray(taken + self.move_price * (places != self.before[k].first))


def best_stops(stops: Stops, places: Places) -> Stops:
    """The stops at their best places."""
    best, cost = stops, places.cost(stops)
    for tried in (stops, *_sessions_elsewhere(stops)):
        found = _with_breaks(tried, places)
        if found is not None and places.cost(found) < cost - 1e-9:
            best, cost = found, places.cost(found)
    return best


def _sessions_elsewhere(stops: Stops) -> list[Stops]:
    """The stops with one session at each of its other places that keeps off what stays."""
    found = []
    for k, stop in enumerate(stops):
        if stop.is_break or not stop.moves:
            continue
        others = [other for other in stops if other is not stop and not (other.moves and other.is_break)]
        for first in range(stop.low, stop.high + 1):
            if all(first >= other.end or first + stop.length <= other.first for other in others):
                found.append((*stops[:k], replace(stop, first=first), *stops[k + 1 :]))
    return found


def _with_breaks(stops: Stops, places: Places) -> Stops | None:
    """Breaks that may move at their best places around all other stops; None where there is no room."""
    free = [k for k, stop in enumerate(stops) if stop.moves and stop.is_break]
    others = [stop for k, stop in enumerate(stops) if k not in free]
    known: list[tuple[NDArray[np.int64], Floats, NDArray[np.int64]]] = []  # places, cost so far, place before
    for k in free:
        at = np.arange(stops[k].low, stops[k].high + 1)
        at = at[_clear(at, stops[k], others, places.gap)]
        cost, before = places.costs(k, stops[k], at), np.full(len(at), -1)
        if known:
            cost, before = _after(at, cost, known[-1], stops[free[len(known) - 1]].length + places.gap)
        if not np.isfinite(cost).any():
            return None
        known.append((at, cost, before))
    made = list(stops)
    number = int(np.argmin(known[-1][1])) if known else 0
    for k, (at, _, before) in reversed(list(zip(free, known, strict=True))):
        made[k] = replace(stops[k], first=int(at[number]))
        number = int(before[number])
    return tuple(made)


def _after(
    at: NDArray[np.int64], cost: Floats, known: tuple[NDArray[np.int64], Floats, NDArray[np.int64]], apart: int
) -> tuple[Floats, NDArray[np.int64]]:
    """Cost with the best place of the break before, which begins at least `apart` slots earlier; and which that is."""
    earlier, least, _ = known
    lowest = np.minimum.accumulate(least)
    fresh = np.concatenate([[True], least[1:] < lowest[:-1]])
    best = np.maximum.accumulate(np.where(fresh, np.arange(len(least)), 0))
    last = np.searchsorted(earlier, at - apart, side="right") - 1
    room = last >= 0
    return np.where(room, cost + lowest[last], np.inf), np.where(room, best[last], -1)


def _clear(at: NDArray[np.int64], stop: Stop, others: Sequence[Stop], gap: int) -> NDArray[np.bool_]:
    """Places where a break lies on nothing else, and apart from breaks that stay."""
    clear = np.ones(len(at), bool)
    for other in others:
        room = gap if other.is_break and other.activity not in ABSENT else 0
        clear &= (at >= other.end + room) | (at + stop.length + room <= other.first)
    return clear
