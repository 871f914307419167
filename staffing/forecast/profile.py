"""The shape of the day: each slot's share of the day's calls, by weekday, drifting slowly."""

from __future__ import annotations

import numpy as np

HALF_LIFE_WEEKS = 8.0
POOL_DAYS = 2.0  # the pooled shape counts as this many days of the weekday's own


def shares(calls: np.ndarray) -> np.ndarray:
    """Days × slots shares of the day; NaN where a day is missing in part or has no calls."""
    total = calls.sum(axis=1, keepdims=True)
    return np.divide(calls, total, out=np.full_like(calls, np.nan), where=total > 0)


def weekday_profiles(calls: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """7 × slots shares: recent same weekdays weigh most, shrunk towards the shape of all days."""
    share = shares(calls)
    whole = np.isfinite(share).all(axis=1)
    slots = calls.shape[1]
    pooled = share[whole][-60:].mean(axis=0) if whole.any() else np.full(slots, 1 / slots)
    out = np.tile(pooled, (7, 1))
    for day in range(7):
        rows = share[whole & (weekday == day)]
        weights = 0.5 ** (np.arange(len(rows))[::-1] / HALF_LIFE_WEEKS)
        if len(rows):
            out[day] = (weights @ rows + POOL_DAYS * pooled) / (weights.sum() + POOL_DAYS)
    return out
