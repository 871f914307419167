"""Holidays on which the site works a part of its hours, such as Christmas Eve until noon.

Hours at zero where calls are usual, at the day's begin or end, on most past days of one holiday (the last one among
them), are closed hours of that holiday; hours that most holidays close are closed on one never seen, too. They count
as unknown in history, so that neither the day's level nor its shape takes them for a quiet day, and as closed on the
days to come. So do hours that the calendar closes on single days, such as a period's own hours: the level
of these days is that of whole ones, and their own hours say what is left of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from staffing.forecast.counts import QueueCounts
from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.totals import MIN_SHARE_SEEN
from staffing.forecast.day_level.weekdays import SURE_CALLS

LEAST_SHARE, MOST_SHARE = 0.15, 0.9  # of a usual day's calls that closed hours would have had
USUAL_DAYS = 28  # ordinary days on either side, of the same weekday, that tell what is usual
HALF = 0.5  # of a holiday's past days that must have had closed hours
FEWEST_ALIKE = 2  # holidays with closed hours, most of all that were worked, that speak for one never seen


@dataclass(frozen=True)
class HalfDays:
    """``closed``: by holiday worked before, slots of the day (flags) that it closes, if any; ``unseen``: those that any
    other holiday closes; ``declared``: whether past days had hours of their own in the calendar."""

    closed: Mapping[str, np.ndarray] = field(default_factory=dict)
    unseen: np.ndarray | None = None
    declared: bool = False

    def open_slots(self, facts: DayFacts, slots: int) -> np.ndarray:
        """Days × slots flags."""
        out = np.ones((len(facts), slots), dtype=bool)
        for day in np.flatnonzero(facts.holiday_offset == 0) if self.closed else ():
            mask = self.closed.get(str(facts.holiday_name[day]), self.unseen)
            if mask is not None:
                out[day] = ~mask
        return out

    def within(
        self, shares: np.ndarray, facts: DayFacts, is_open: np.ndarray, own_hours: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Days × slots ``shares`` of the hours that the days keep, and the share of each day's calls that they keep.

        Days flagged by ``own_hours`` keep the slots that the calendar has open, all others those of half days.
        """
        kept = np.where(np.where(own_hours[:, None], is_open, self.open_slots(facts, shares.shape[1])), shares, 0.0)
        left = kept.sum(axis=1)
        hours = np.divide(left, shares.sum(axis=1), out=np.ones(len(facts)), where=left > 0)
        return np.where(left[:, None] > 0, kept / hours[:, None], shares), hours

    def notes(self) -> list[str]:
        return [
            f"{name} was worked a part of the day in the past; its other hours are forecast as closed."
            for name, mask in self.closed.items()
            if mask.any()
        ]


def find_half_days(
    counts: QueueCounts, facts: DayFacts, own: np.ndarray, of_period: np.ndarray
) -> tuple[HalfDays, QueueCounts]:
    """The half days of one queue, and its counts with their closed hours made whole by the others, or missing.

    ``own`` flags days that have opening hours of their own in the calendar, ``of_period`` those that have them by a
    period: these tell nothing of a holiday that falls in it.
    """
    dead: dict[str, list[np.ndarray]] = {}
    calls = np.where(counts.open, counts.calls, 0.0)
    short = _closed_by_calendar(counts, facts, own)
    own = np.asarray(short.any(axis=1))
    found = {day: short[day] for day in np.flatnonzero(own & (np.nan_to_num(calls).sum(axis=1) > 0)).tolist()}
    for day in np.flatnonzero((facts.holiday_offset == 0) & ~of_period).tolist():
        mask = short[day] if day in found else _closed_hours(calls, facts, day, own)
        if mask is not None:
            dead.setdefault(str(facts.holiday_name[day]), []).append(mask)
            if mask.any():
                found[day] = mask
    closed = {name: _mostly(masks) for name, masks in dead.items()}
    told, is_open = counts.calls.copy(), counts.open.copy()
    for day, mask in found.items():
        told[day, mask], is_open[day, mask] = _made_whole(calls, facts, day, mask, own), True
    half = [mask for mask in closed.values() if mask.any()]
    alike = len(half) >= FEWEST_ALIKE and len(half) > HALF * len(closed)
    unseen = np.logical_and.reduce(half) if alike else None
    made = HalfDays(closed if half else {}, unseen, bool(own.any()))
    return made, replace(counts, calls=told, open=is_open) if found else counts


def _closed_by_calendar(counts: QueueCounts, facts: DayFacts, own: np.ndarray) -> np.ndarray:
    """Days × slots that a day's ``own`` hours close, and that are open on most days of its weekday."""
    usual = np.zeros(counts.open.shape, dtype=bool)
    for day in np.unique(facts.weekday[own]):
        alike = facts.weekday == day
        usual[alike] = counts.open[alike].mean(axis=0) > HALF
    return np.asarray(usual & ~counts.open & counts.open.any(axis=1, keepdims=True) & own[:, None])


def _mostly(masks: list[np.ndarray]) -> np.ndarray:
    """The hours that one holiday closes, from its past days, oldest first."""
    closes = masks[-1].any() and np.mean([mask.any() for mask in masks]) > HALF
    return np.asarray((np.mean(masks, axis=0) > HALF) & closes)


def _closed_hours(calls: np.ndarray, facts: DayFacts, day: int, own: np.ndarray) -> np.ndarray | None:
    """Slots that were closed on ``day``; all False if none were, None where the day says nothing (shut, missing)."""
    here = np.nan_to_num(calls[day])
    if not here.any():
        return None
    usual = _usual(calls, facts, day, own)
    worked = np.flatnonzero(here)
    out = np.zeros(len(here), dtype=bool)
    for side in (slice(0, worked[0]), slice(worked[-1] + 1, None)):
        lost = usual[side].sum()
        if lost >= SURE_CALLS and LEAST_SHARE <= lost / usual.sum() <= MOST_SHARE:
            out[side] = True
    return out if out.any() or np.isfinite(calls[day]).all() else None


def _usual(calls: np.ndarray, facts: DayFacts, day: int, own: np.ndarray) -> np.ndarray:
    """Calls of each slot on the days close by that are no holidays and have no hours of their ``own``."""
    near = (np.abs(facts.ordinal - facts.ordinal[day]) <= USUAL_DAYS) & (facts.holiday_offset != 0) & ~own
    same = near & (facts.weekday == facts.weekday[day])
    usual = np.nan_to_num(calls[same if same.any() else near])
    return usual.mean(axis=0) if len(usual) else np.zeros(calls.shape[1])


def _made_whole(calls: np.ndarray, facts: DayFacts, day: int, mask: np.ndarray, own: np.ndarray) -> np.ndarray | float:
    """What the slots of ``mask`` would have had on ``day`` by its others; NaN where these are too few to tell."""
    usual = _usual(calls, facts, day, own)
    left = usual[~mask].sum()
    if left < MIN_SHARE_SEEN * usual.sum() or not left:
        return np.nan
    return np.asarray(usual[mask] * calls[day, ~mask].sum() / left)
