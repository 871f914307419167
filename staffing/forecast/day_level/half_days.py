"""Holidays on which the site works a part of its hours, such as Christmas Eve until noon.

Hours at zero where calls are usual, at the day's begin or end, on most past days of one holiday (the last one among
them), are closed hours of that holiday; hours that most holidays close are closed on one never seen, too. They count
as unknown in history, so that neither the day's level nor its shape takes them for a quiet day, and as closed on the
days to come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from staffing.forecast.counts import QueueCounts
from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.weekdays import SURE_CALLS

LEAST_SHARE, MOST_SHARE = 0.15, 0.9  # of a usual day's calls that closed hours would have had
USUAL_DAYS = 28  # ordinary days on either side, of the same weekday, that tell what is usual
HALF = 0.5  # of a holiday's past days that must have had closed hours
FEWEST_ALIKE = 2  # holidays with closed hours, most of all that were worked, that speak for one never seen


@dataclass(frozen=True)
class HalfDays:
    """``closed``: by holiday worked before, slots of the day (flags) that it closes, if any; ``unseen``: those that any
    other holiday closes."""

    closed: Mapping[str, np.ndarray] = field(default_factory=dict)
    unseen: np.ndarray | None = None

    def open_slots(self, facts: DayFacts, slots: int) -> np.ndarray:
        """Days × slots flags."""
        out = np.ones((len(facts), slots), dtype=bool)
        for day in np.flatnonzero(facts.holiday_offset == 0) if self.closed else ():
            mask = self.closed.get(str(facts.holiday_name[day]), self.unseen)
            if mask is not None:
                out[day] = ~mask
        return out

    def notes(self) -> list[str]:
        return [
            f"{name} was worked a part of the day in the past; its other hours are forecast as closed."
            for name, mask in self.closed.items()
            if mask.any()
        ]


def find_half_days(counts: QueueCounts, facts: DayFacts) -> tuple[HalfDays, QueueCounts]:
    """The half days of one queue, and its counts with their closed hours missing."""
    dead: dict[str, list[np.ndarray]] = {}
    calls = np.where(counts.open, counts.calls, 0.0)
    found: list[tuple[int, np.ndarray]] = []
    for day in np.flatnonzero(facts.holiday_offset == 0).tolist():
        mask = _closed_hours(calls, facts, day)
        if mask is not None:
            dead.setdefault(str(facts.holiday_name[day]), []).append(mask)
            if mask.any():
                found.append((day, mask))
    closed = {name: _mostly(masks) for name, masks in dead.items()}
    unknown = counts.calls.copy()
    for day, mask in found:
        unknown[day, mask] = np.nan
    half = [mask for mask in closed.values() if mask.any()]
    alike = len(half) >= FEWEST_ALIKE and len(half) > HALF * len(closed)
    unseen = np.logical_and.reduce(half) if alike else None
    return HalfDays(closed if half else {}, unseen), replace(counts, calls=unknown) if found else counts


def _mostly(masks: list[np.ndarray]) -> np.ndarray:
    """The hours that one holiday closes, from its past days, oldest first."""
    closes = masks[-1].any() and np.mean([mask.any() for mask in masks]) > HALF
    return np.asarray((np.mean(masks, axis=0) > HALF) & closes)


def _closed_hours(calls: np.ndarray, facts: DayFacts, day: int) -> np.ndarray | None:
    """Slots that were closed on ``day``; all False if none were, None where the day says nothing (shut, missing)."""
    here = calls[day]
    if not np.isfinite(here).all() or not here.any():
        return None
    near = (np.abs(facts.ordinal - facts.ordinal[day]) <= USUAL_DAYS) & (facts.holiday_offset != 0)
    same = near & (facts.weekday == facts.weekday[day])
    usual = np.nan_to_num(calls[same if same.any() else near])
    usual = usual.mean(axis=0) if len(usual) else np.zeros(calls.shape[1])
    worked = np.flatnonzero(here)
    out = np.zeros(len(here), dtype=bool)
    for side in (slice(0, worked[0]), slice(worked[-1] + 1, None)):
        lost = usual[side].sum()
        if lost >= SURE_CALLS and LEAST_SHARE <= lost / usual.sum() <= MOST_SHARE:
            out[side] = True
    return out
