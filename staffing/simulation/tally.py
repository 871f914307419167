"""What contacts and agents of a run add up to, interval by interval."""

from __future__ import annotations

import numpy as np

from staffing.compiled import kernel, part

#: Per interval: contacts offered; those in time and those they are a share of; answered; hung up; seconds the answered
#: waited; seconds handling; seconds on the phone; seconds past a window's end, and of these those paid for.
AMOUNTS = ("offered", "in_time", "base", "answered", "lost", "waited_s", "busy_s", "phone_s", "overrun_s", "paid_s")
OFFERED, IN_TIME, BASE, ANSWERED, LOST, WAITED, BUSY, PHONE, OVERRUN, PAID = range(len(AMOUNTS))

#: How contacts are counted in time: service-level definitions, and work that is due.
DEFINITIONS = ("offered", "answered", "excl_short_abandons", "wait_within_threshold", "due")

FINE, BINS = 120, 400  # waits are sorted into seconds up to two minutes, then into steps of 2 %
STEP = 50.0


@part
def wait_bin(wait):
    """The bin of a wait in seconds."""
    if wait < FINE:
        return int(wait)
    return min(int(FINE + STEP * np.log(wait / FINE)), BINS - 1)


def bin_edges() -> np.ndarray:
    """Seconds at which the bins begin, and where the last would end."""
    at = np.arange(BINS + 1, dtype=float)
    return np.where(at <= FINE, at, FINE * np.exp((at - FINE) / STEP))


@kernel
def count(calls, served, promise, grid, out, waits):
    """Add contacts to ``out`` (intervals × AMOUNTS) and the waits of the answered to ``waits`` (days × bins).

    ``calls``: arrival, handle, slot; ``served``: wait, by; ``promise``: threshold, definition, and what is due when (by
    slot; inf: beyond the period); ``grid``: length of intervals, day of each slot (−1: closed, not counted).
    """
    arrival, handle, slot = calls
    wait, by = served
    threshold, definition, due = promise
    interval_s, day_of = grid
    for c in range(arrival.size):
        s = slot[c]
        if day_of[s] < 0 or (definition == 4 and due[s] == np.inf):
            continue
        row, soon, answered = out[s], wait[c] <= threshold, by[c] >= 0
        row[OFFERED] += 1
        row[BASE] += 1.0
        if definition == 4:
            row[IN_TIME] += answered and arrival[c] + wait[c] + handle[c] <= due[s]
        elif definition == 3:
            row[IN_TIME] += soon
        else:
            row[IN_TIME] += answered and soon
            if not answered and (definition == 1 or (definition == 2 and soon)):
                row[BASE] -= 1.0
        if not answered:
            row[LOST] += 1
            continue
        row[ANSWERED] += 1
        row[WAITED] += wait[c]
        waits[day_of[s], wait_bin(wait[c])] += 1
        begin, end = arrival[c] + wait[c], arrival[c] + wait[c] + handle[c]
        s = min(int(begin / interval_s), out.shape[0] - 1)
        while end > (s + 1) * interval_s and s + 1 < out.shape[0]:
            out[s, BUSY] += (s + 1) * interval_s - begin
            s += 1
            begin = s * interval_s
        out[s, BUSY] += end - begin


@kernel
def attend(windows, group, interval_s, out, per_agent):
    """Add time on the phone of windows worked in ``group`` (−1: all) to ``out``, and each person's overrun and what is
    paid of it to ``per_agent`` (agents × 2); both seconds. A break taken in full costs nothing, and work in a break
    that is paid nothing more."""
    last = out.shape[0] - 1
    for w in range(windows.size):
        row = windows[w]
        if group >= 0 and row.group != group:
            continue
        begin, end = max(row.start, 0.0), row.end
        s = min(int(begin / interval_s), last)
        while end > (s + 1) * interval_s and s < last:
            out[s, PHONE] += (s + 1) * interval_s - begin
            s += 1
            begin = s * interval_s
        out[s, PHONE] += max(end - begin, 0.0)
        if row.overrun > 0.0:
            paid = 0.0 if row.whole or row.rest_paid else row.overrun
            out[s, OVERRUN] += row.overrun
            out[s, PAID] += paid
            per_agent[row.agent, 0] += row.overrun
            per_agent[row.agent, 1] += paid
