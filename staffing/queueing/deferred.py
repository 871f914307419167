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

from staffing.errors import InputError, Where
from staffing.queueing.checks import Floats, floats, require

_HALVINGS = 60


@dataclass(frozen=True)
class Plan:
    """Deferred work laid over intervals: ``done`` agent-intervals in each, ``backlog`` open at its end,
    ``late`` undone when due, ``agents`` in all (live work included, where there is some)."""

    done: Floats
    backlog: Floats
    late: Floats
    agents: Floats


def due_intervals(intervals: int, deadline: int) -> NDArray[np.int64]:
    """Last interval for work of each interval with ``deadline`` intervals' grace, cut off at the horizon."""
    return np.minimum(np.arange(intervals) + deadline, intervals - 1)


def flat_capacity(work: ArrayLike, due: ArrayLike) -> float:
    """Smallest constant capacity that meets every deadline: the busiest window's work ÷ its length."""
    amount, last = _checked(work, due)
    return max((float(window.max()) for window in _window_work(amount, last, divide=True)), default=0.0)


def earliest_due_first(work: ArrayLike, due: ArrayLike, capacity: ArrayLike) -> Plan:
    """What ``capacity`` per interval gets done, the most urgent work first. Raises InputError."""
    amount, last = _checked(work, due)
    able = np.broadcast_to(floats("capacity", capacity, "a number of at least 0"), amount.shape)
    left = amount.copy()
    order = np.argsort(last, kind="stable")
    done, backlog, late = (np.zeros(amount.size) for _ in range(3))
    for i in range(amount.size):
        spare = float(able[i])
        for piece in order[order <= i]:
            part = min(spare, left[piece])
            left[piece] -= part
            spare -= part
        done[i] = able[i] - spare
        expired = (last <= i) & (np.arange(amount.size) <= i)
        late[i] = left[expired].sum()
        left[expired] = 0.0
        backlog[i] = left[: i + 1].sum()
    return Plan(done, backlog, late, done)


def blend(work: ArrayLike, due: ArrayLike, live: ArrayLike, workable: ArrayLike = True, *, whole: bool = False) -> Plan:
    """Lay deferred work into the valleys of ``live`` so that the most people at once are as few as can be.

    ``live`` agents are taken in each interval; deferred work fills up to one common level, only where
    ``workable`` (opening hours, callback windows); a level of whole people if ``whole``. Raises InputError
    naming the interval whose work cannot be done in time at any staffing.
    """
    amount, last = _checked(work, due)
    taken = np.broadcast_to(floats("live", live, "a number of at least 0"), amount.shape)
    able = np.broadcast_to(np.asarray(workable, dtype=bool), amount.shape)
    for i in np.flatnonzero(amount > 0):
        if not able[i : last[i] + 1].any():
            raise InputError(
                f"the work of interval {i} cannot be done by its deadline, interval {last[i]}: nobody may work then.",
                where=Where(field="due"),
                remedy="Lengthen the deadline or the hours.",
            )
    level = _common_level(amount, last, taken, able)
    level = float(np.ceil(level - 1e-9)) if whole else level
    plan = earliest_due_first(amount, last, np.where(able, np.maximum(level - taken, 0.0), 0.0))
    return Plan(plan.done, plan.backlog, plan.late, taken + plan.done)


def _common_level(work: Floats, due: NDArray[np.int64], live: Floats, able: NDArray[np.bool_]) -> float:
    """Smallest level c with Σ max(c − live, 0) ≥ the work of every window."""
    low, high = 0.0, float(live.max(initial=0.0) + work.sum())

    def enough(level: float) -> bool:
        room = np.concatenate([[0.0], np.cumsum(np.where(able, np.maximum(level - live, 0.0), 0.0))])
        return all(
            bool((window <= room[i + 1 :] - room[i]).all())
            for i, window in enumerate(_window_work(work, due, divide=False))
        )

    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high * (1.0 + 1e-12)  # so that rounding leaves nothing undone


def _window_work(work: Floats, due: NDArray[np.int64], *, divide: bool) -> list[Floats]:
    """For each start i: work that arrives from i on and is due by j, for j = i, i + 1, … (÷ length)."""
    windows: list[Floats] = []
    by_due = np.zeros(work.size)
    for i in range(work.size - 1, -1, -1):
        by_due[due[i]] += work[i]
        total = np.cumsum(by_due[i:])
        windows.append(total / np.arange(1, total.size + 1) if divide else total)
    return windows[::-1]


def _checked(work: ArrayLike, due: ArrayLike) -> tuple[Floats, Any]:
    amount = np.atleast_1d(floats("work", work, "a finite number of at least 0"))
    last = np.broadcast_to(np.asarray(due), amount.shape).astype(np.int64)
    position = np.arange(amount.size)
    require((last >= position) & (last < amount.size), "due", last, "an interval from the work's own to the last")
    return amount, last
