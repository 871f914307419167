"""Handle time by weekday and slot, weighted by calls, recent weeks most."""

from __future__ import annotations

import numpy as np

from staffing.forecast.counts import QueueCounts, weekday_of

HALF_LIFE_DAYS = 42.0
SLOT_CALLS = 100.0  # a slot's own handle time counts in full from a few hundred calls on
WEEKDAY_CALLS = 200.0


def weekday_aht(counts: QueueCounts) -> np.ndarray | None:
    """7 × slots seconds, or None where the history has no handle time.

    Each slot is shrunk towards the mean of all calls, and each weekday's slot towards that slot's mean.
    """
    weight = np.where(np.isfinite(counts.aht_s), np.nan_to_num(counts.calls), 0.0)
    weight *= 0.5 ** ((counts.dates[-1] - counts.dates).astype("int64") / HALF_LIFE_DAYS)[:, None]
    seconds = weight * np.nan_to_num(counts.aht_s)
    if weight.sum() <= 0:
        return None
    overall = seconds.sum() / weight.sum()
    by_slot = (seconds.sum(axis=0) + SLOT_CALLS * overall) / (weight.sum(axis=0) + SLOT_CALLS)
    weekday = weekday_of(counts.dates)
    own = [(seconds[weekday == k].sum(axis=0), weight[weekday == k].sum(axis=0)) for k in range(7)]
    return np.array([(s + WEEKDAY_CALLS * by_slot) / (w + WEEKDAY_CALLS) for s, w in own])
