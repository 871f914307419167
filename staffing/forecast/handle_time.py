"""Handle time and abandonment by weekday and slot, weighted by calls, recent weeks most."""

from __future__ import annotations

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.forecast.counts import QueueCounts, lay_out, weekday_of

HALF_LIFE_DAYS = 42.0
SLOT_CALLS = 100.0  # a slot's own figure counts in full from a few hundred calls on
WEEKDAY_CALLS = 200.0


def weekday_aht(counts: QueueCounts) -> np.ndarray | None:
    """7 × slots seconds, or None where the history has no handle time."""
    weight = np.where(np.isfinite(counts.aht_s), np.nan_to_num(counts.calls), 0.0)
    return by_weekday_and_slot(weight * np.nan_to_num(counts.aht_s), weight, counts.dates)


def abandonment_shares(queue: str, rows: pd.DataFrame, calendar: SiteCalendar) -> np.ndarray | None:
    """7 × slots share of one queue's contacts that hung up; None without any contact."""
    calls, lost = (
        lay_out(queue, rows.assign(calls=rows[column].astype(float)), calendar) for column in ("calls", "abandoned")
    )
    weight = np.nan_to_num(calls.calls)
    return by_weekday_and_slot(np.minimum(np.nan_to_num(lost.calls), weight), weight, calls.dates)


def by_weekday_and_slot(
    total: np.ndarray, weight: np.ndarray, dates: np.ndarray, pulls: tuple[float, float] = (SLOT_CALLS, WEEKDAY_CALLS)
) -> np.ndarray | None:
    """7 × slots of ``total / weight`` (both days × slots); None without any weight.

    Each slot is shrunk towards the mean of all calls, and each weekday's slot towards that slot's mean; ``pulls``
    are the weights at which a slot, and a weekday's slot, counts by half.
    """
    recent = 0.5 ** ((dates[-1] - dates).astype("int64") / HALF_LIFE_DAYS)[:, None]
    total, weight = total * recent, weight * recent
    if weight.sum() <= 0:
        return None
    overall = total.sum() / weight.sum()
    by_slot = (total.sum(axis=0) + pulls[0] * overall) / (weight.sum(axis=0) + pulls[0])
    weekday = weekday_of(dates)
    own = [(total[weekday == k].sum(axis=0), weight[weekday == k].sum(axis=0)) for k in range(7)]
    return np.array([(t + pulls[1] * by_slot) / (w + pulls[1]) for t, w in own])
