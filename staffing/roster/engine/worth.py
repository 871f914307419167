"""What presence costs, and what one more agent saves."""

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.roster.case import BLOCKED, Cover

PART = 1e-9  # of an agent, below which presence counts as whole


@kernel
def slot_cost(cover: Cover, q: int, t: int, present: float) -> float:
    """Price of `present` agents in slot `t` of row `q`."""
    if cover.tabled[q]:
        most = cover.table.shape[2] - 1
        if present > most:
            return cover.table[q, t, most] + cover.excess[q, t] * (present - most)
        whole = int(present)
        cost = cover.table[q, t, whole]
        part = present - whole
        return cost + part * (cover.table[q, t, whole + 1] - cost) if part > PART else cost
    missing = cover.need[q, t] - present
    cost = cover.short[q, t] * missing if missing > 0 else -cover.excess[q, t] * missing
    below = cover.floor[q, t] - present
    return cost + cover.floor_short[q, t] * below if below > 0 else cost


@kernel
def cover_cost(cover: Cover, counts: NDArray[np.float64]) -> float:
    """Price of all shortage and excess."""
    total = 0.0
    for q in range(counts.shape[0]):
        for t in range(counts.shape[1]):
            total += slot_cost(cover, q, t, counts[q, t])
    return total


@kernel
def marginal_worth(cover: Cover, counts: NDArray[np.float64], group: int, guide: NDArray[np.float64],
                   slope: float, extra: NDArray[np.float64], worth: NDArray[np.float64],
                   queue: NDArray[np.int8]) -> None:  # fmt: skip
    """What one more agent of `group` saves in each slot, and in which queue.

    A queue of which the group owes a share of its time is worth `extra` (rows,) more while it is open, and that share
    of it less whatever is served: for no `extra` above zero can a week that keeps the share look dearer than it is.

    With `slope` > 0 the kink of each slot's price is rounded: the worth is `guide` where presence meets the
    need and falls by `slope` of the kink's height per agent, never beyond what shortage and excess can cost.
    """
    for t in range(counts.shape[1]):
        best, at, owed = -BLOCKED, 0, 0.0
        for i in range(cover.group_ptr[group], cover.group_ptr[group + 1]):
            q = cover.group_queue[i]
            saving = saving_of(cover, q, t, counts[q, t], cover.amount[group, q], guide, slope)
            if cover.wanted[q, t]:
                saving += extra[q]
                owed += extra[q] * cover.share[group, q]
            if saving > best:
                best, at = saving, q
        best -= owed
        for j in range(cover.marks.shape[1]):
            row = cover.marks[group, j]
            if row >= 0:
                best += saving_of(cover, row, t, counts[row, t], 1.0, guide, slope)
        worth[t], queue[t] = best, at


@kernel
def saving_of(cover: Cover, q: int, t: int, present: float, amount: float, guide: NDArray[np.float64],
            slope: float) -> float:  # fmt: skip
    """What `amount` of an agent more saves in slot `t` of row `q`, rounded as `marginal_worth` says."""
    if slope <= 0.0 or cover.tabled[q]:
        return slot_cost(cover, q, t, present) - slot_cost(cover, q, t, present + amount)
    top = cover.short[q, t] + (cover.floor_short[q, t] if present < cover.floor[q, t] else 0.0)
    fall = slope * (cover.short[q, t] + cover.excess[q, t])
    saving = guide[q, t] + fall * (cover.need[q, t] - present - 0.5 * amount)
    return amount * min(max(saving, -cover.excess[q, t]), top)


@kernel
def marginal_worth_at(t: int, cover: Cover, counts: NDArray[np.float64], group: int) -> tuple[float, int]:
    """What one more agent of `group` truly saves in slot `t`, and in which queue."""
    best, at, none = -BLOCKED, 0, np.empty((0, 0))
    for i in range(cover.group_ptr[group], cover.group_ptr[group + 1]):
        q = cover.group_queue[i]
        saving = saving_of(cover, q, t, counts[q, t], cover.amount[group, q], none, 0.0)
        if saving > best:
            best, at = saving, q
    for row in cover.marks[group]:
        if row >= 0:
            best += saving_of(cover, row, t, counts[row, t], 1.0, none, 0.0)
    return best, at
