"""Work that can wait: email, back office, callbacks. When it must be done, and how few people that takes.

Work is in agent-intervals (contacts × handle time ÷ interval length). A piece that arrives in interval i may
be worked from i on and is due by the end of interval ``due[i]``. Working the earliest deadline first misses
no deadline that can be met (Liu & Layland 1973), and a capacity suffices exactly if no window receives more
work, due inside it, than it can do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from staffing.compiled import kernel
from staffing.errors import InputError, Where
from staffing.queueing.checks import Floats, floats, require

_HALVINGS = 60


@dataclass(frozen=True)
class DeferredWork:
    """Deferred work laid over intervals: ``done`` agent-intervals in each, ``backlog`` open at its end,
    ``late`` undone when due, ``agents`` in all (live work included, where there is some)."""

    done: Floats
    backlog: Floats
    late: Floats
    agents: Floats


def due_intervals(intervals: int, deadline: int) -> NDArray[np.int64]:
    """Last interval for work of each interval with ``deadline`` intervals' grace, cut off at the horizon."""
    return np.minimum(np.arange(intervals) + deadline, intervals - 1)


def earliest_due_first(work: Floats, due: NDArray[np.int64], capacity: Floats) -> Floats:
    """Done, backlog and late of `DeferredWork`, (3, intervals), where ``capacity`` goes to the most urgent first."""
    found = np.zeros((3, work.size))
    _work_off(work.copy(), due, np.ascontiguousarray(capacity), found)
    return found


@kernel
def _work_off(left, due, capacity, found):  # type: ignore[no-untyped-def]
    """Fill ``found`` (done, backlog, late); ``left`` is the work, and in the end none. Pieces in hand stand by due."""
    pieces, first = np.empty(left.size, np.int64), 0
    for i in range(left.size):
        place = i
        while place > first and due[pieces[place - 1]] > due[i]:
            pieces[place] = pieces[place - 1]
            place -= 1
        pieces[place] = i
        spare = capacity[i]
        for piece in pieces[first : i + 1]:
            part = min(spare, left[piece])
            left[piece] -= part
            spare -= part
            if left[piece] > 0.0:
                break
            first += 1
        found[0, i] = capacity[i] - spare
        while first <= i and due[pieces[first]] <= i:
            found[2, i] += left[pieces[first]]
            first += 1
        for piece in pieces[first : i + 1]:
            found[1, i] += left[piece]


def blend(
    work: ArrayLike, due: ArrayLike, live: ArrayLike, workable: ArrayLike = True, *, whole: bool = False
) -> DeferredWork:
    """Lay deferred work into the valleys of ``live`` so that the most people at once are as few as can be.

    ``live`` agents are taken in each interval; deferred work fills up to one common level, only where
    ``workable`` (opening hours, callback windows); a level of whole people if ``whole``. Raises InputError
    naming the interval whose work cannot be done in time at any staffing.
    """
    amount, last = _checked(work, due)
    taken = np.broadcast_to(floats("live", live, "a number of at least 0"), amount.shape)
    able = np.broadcast_to(np.asarray(workable, dtype=bool), amount.shape)
    workable_before = np.concatenate([[0], np.cumsum(able)])
    stuck = np.flatnonzero((amount > 0) & (workable_before[last + 1] == workable_before[:-1]))
    if stuck.size:
        i = stuck[0]
        raise InputError(
            f"the work of interval {i} cannot be done by its deadline, interval {last[i]}: nobody may work then.",
            where=Where(field="due"),
            remedy="Lengthen the deadline or the hours.",
        )
    level = _common_level(amount, last, taken, able)
    level = float(np.ceil(level - 1e-9)) if whole else level
    done, backlog, late = earliest_due_first(amount, last, _room(level, taken, able))
    return DeferredWork(done, backlog, late, taken + done)


def _common_level(work: Floats, due: NDArray[np.int64], live: Floats, able: NDArray[np.bool_]) -> float:
    """Smallest level up to which the work, earliest deadline first, misses none."""
    low, high = 0.0, float(live.max(initial=0.0) + work.sum())
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        _, _, late = earliest_due_first(work, due, _room(middle, live, able))
        low, high = (middle, high) if late.any() else (low, middle)
    return high * (1.0 + 1e-12)  # so that rounding leaves nothing undone


def _room(level: float, live: Floats, able: NDArray[np.bool_]) -> Floats:
    return np.where(able, np.maximum(level - live, 0.0), 0.0)


def _checked(work: ArrayLike, due: ArrayLike) -> tuple[Floats, Any]:
    amount = np.atleast_1d(floats("work", work, "a finite number of at least 0"))
    last = np.broadcast_to(np.asarray(due), amount.shape).astype(np.int64)
    position = np.arange(amount.size)
    require((last >= position) & (last < amount.size), "due", last, "an interval from the work's own to the last")
    return amount, last
