"""Rows that tell again of an hour or another longer span, of which shorter intervals are there, by their sums."""

from __future__ import annotations

import numpy as np
import pandas as pd

TOLERANCE = 1e-6
FEWEST = 3  # totals that chance does not make, of spans that have calls beside their first interval
DAY = np.timedelta64(1, "D")


def sums_of_spans(rows: pd.DataFrame, queues: list[np.ndarray]) -> np.ndarray:
    """Which rows are the sum of the intervals from another row with their start on, or up to it.

    ``queues`` are the places of the good rows of each queue in which a start is repeated. Nothing is marked in a
    queue in which a repeat is no such sum.
    """
    summed = np.zeros(len(rows), dtype=bool)
    start = rows["start"].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    calls = np.nan_to_num(rows["calls"].to_numpy(dtype=float))
    for places in queues:
        summed[places] = _of_queue(start[places], calls[places])
    return summed


def _of_queue(start: np.ndarray, calls: np.ndarray) -> np.ndarray:
    twice = pd.Series(start).duplicated(keep=False).to_numpy()
    larger = np.zeros(len(calls), dtype=bool)
    order = np.lexsort((calls, start))
    last = np.append(start[order][1:] != start[order][:-1], True)
    larger[order] = last & twice[order]
    if twice.sum() != 2 * larger.sum():
        return np.zeros(len(calls), dtype=bool)
    base = order[~larger[order]]  # intervals in order of time, the larger of two set aside
    before = np.concatenate([[0.0], np.cumsum(calls[base])])
    at = np.searchsorted(start[base], start[larger])
    wanted = calls[larger]
    for found in (_forward(before, at, wanted), _backward(before, at, wanted)):
        first, until = found
        near = until >= 0
        near &= np.abs(before[until] - before[first] - wanted) <= TOLERANCE * (1 + wanted)
        near &= start[base][np.maximum(until, 1) - 1] - start[base][np.minimum(first, len(base) - 1)] < DAY
        beside = wanted > calls[base][np.minimum(at, len(base) - 1)]
        if near.all() and beside.sum() >= FEWEST:
            return larger
    return np.zeros(len(calls), dtype=bool)


def _forward(before: np.ndarray, at: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Borders of the intervals from each place on that have the calls wanted."""
    goal = before[at] + wanted
    return at, np.minimum(np.searchsorted(before, goal - TOLERANCE * (1 + goal)), len(before) - 1)


def _backward(before: np.ndarray, at: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Borders of the intervals up to each place, with it, that have the calls wanted."""
    goal = before[at + 1] - wanted
    first = np.searchsorted(before, goal + TOLERANCE * (1 + np.abs(goal)), side="right") - 1
    return np.maximum(first, 0), at + 1
