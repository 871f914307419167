"""Least shares of a person's time on a skill: who serves too little of it changes queue where that costs least."""

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.roster.case import Cover, Options
from staffing.roster.engine.worth import saving_of

WEEK = 7
ROUNDING = 1e-9
TURNS = 6  # every other one may take slots from a queue whose own share has to be made good again


@kernel
def keep_shares(tour: NDArray[np.int32], served: NDArray[np.int8], counts: NDArray[np.float64], group: int,
                cover: Cover, options: Options) -> None:  # fmt: skip
    """Let one of a skill group serve enough of each queue in every week: `served` (slots,) changes in place.

    `counts` (rows, slots) are all others present. A share counts the slots in which its queue is open, and is rounded
    down to whole ones, so that shares that sum to at most one can always be kept.
    """
    if cover.share[group].max() <= 0.0:
        return
    slots = np.empty(len(served), np.int64)
    for first in range(0, len(tour), WEEK):
        count = 0
        for option in tour[first : first + WEEK]:
            if option >= 0:
                for t in range(options.start[option], options.start[option] + options.length[option]):
                    if served[t] >= 0:
                        slots[count] = t
                        count += 1
        _share_out(slots[:count], served, counts, group, cover)


@kernel
def shares_lacking(served: NDArray[np.int8], group: int, cover: Cover) -> NDArray[np.float64]:
    """By how much of the time in its hours each queue (rows,) is served too little; below zero where enough."""
    share = cover.share[group]
    lacking = np.zeros(len(share))
    for q in range(len(share)):
        if share[q] > 0.0:
            in_hours, has = 0, 0
            for t in range(len(served)):
                if served[t] >= 0 and cover.wanted[q, t]:
                    in_hours += 1
                    has += served[t] == q
            lacking[q] = share[q] - has / in_hours if in_hours else 0.0
    return lacking


@kernel
def _share_out(slots: NDArray[np.int64], served: NDArray[np.int8], counts: NDArray[np.float64], group: int,
               cover: Cover) -> None:  # fmt: skip
    """Keep the shares of one week, present in `slots`."""
    share = cover.share[group]
    has, least = np.zeros(len(share), np.int64), np.zeros(len(share), np.int64)
    for q in range(len(share)):
        in_hours = 0
        for t in slots:
            if cover.wanted[q, t]:
                in_hours += 1
                has[q] += served[t] == q
        least[q] = int(share[q] * in_hours + ROUNDING)
    for turn in range(TURNS):
        for q in range(len(share)):
            if has[q] < least[q]:
                _turn_to(q, turn % 2 == 0, slots, served, has, least, counts, group, cover)


@kernel
def _turn_to(q: int, spare: bool, slots: NDArray[np.int64], served: NDArray[np.int8], has: NDArray[np.int64],
             least: NDArray[np.int64], counts: NDArray[np.float64], group: int, cover: Cover) -> None:  # fmt: skip
    """Serve queue `q` in as many slots more as lack, the cheapest first; of other shares only what they can spare."""
    loss = np.full(len(slots), np.inf)
    for j, t in enumerate(slots):
        if served[t] != q and cover.wanted[q, t]:
            loss[j] = _saving(served[t], t, counts, group, cover) - _saving(q, t, counts, group, cover)
    for j in np.argsort(loss):
        if has[q] >= least[q] or loss[j] == np.inf:
            return
        t = slots[j]
        now = served[t]
        counted = cover.wanted[now, t]
        if spare and counted and least[now] > 0 and has[now] <= least[now]:
            continue
        has[now] -= counted
        has[q] += 1
        served[t] = q


@kernel
def _saving(q: int, t: int, counts: NDArray[np.float64], group: int, cover: Cover) -> float:
    """What one of the group saves in slot `t` of queue `q`."""
    return saving_of(cover, q, t, counts[q, t], cover.amount[group, q], np.empty((0, 0)), 0.0)
