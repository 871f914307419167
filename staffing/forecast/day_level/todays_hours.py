"""Hours that opened or closed in the middle of history: older days are told in today's hours.

Slots that had no calls for weeks and are busy since count as unknown before, so that day totals are made whole by the
days since and the shape is theirs; slots that were busy and have been at zero for two weeks are emptied before too.
Else a longer day would look like a step of the level, and its shape follow for months.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from staffing.forecast.counts import QueueCounts
from staffing.forecast.day_level.days import DayFacts

SILENT_DAYS, CLOSED_DAYS = 28, 10  # ordinary days at zero before an hour opened; since it closed
SURE_CALLS = 30.0  # that were to be expected in them
OPENED_DAYS, OPENED_CALLS = 3, 10.0  # with calls since, and calls in all: a stray call opens no hour
BUSY = 0.5  # share of days with calls, from which on a slot is worked
LEAST_SHARE = 0.02  # of a day's calls; smaller changes of hours are none
TOGETHER_DAYS = 7  # slots that changed within so many days changed together


@dataclass(frozen=True)
class HoursChange:
    """Slots from ``first`` to ``last`` that ``opened`` (or closed) on ``day``."""

    first: int
    last: int
    day: np.datetime64
    opened: bool

    def note(self, slots: int) -> str:
        begin, end = (
            f"{minute // 60:02d}:{minute % 60:02d}" for minute in np.array([self.first, self.last + 1]) * 1440 // slots
        )
        if self.opened:
            return f"calls from {begin} to {end} only since {self.day}; of older days these hours count as unknown."
        return f"no calls from {begin} to {end} since {self.day}; these hours are taken as closed, on older days too."


def in_todays_hours(counts: QueueCounts, facts: DayFacts) -> tuple[QueueCounts, tuple[HoursChange, ...]]:
    """The counts with older days in today's hours, and what changed."""
    slots = counts.calls.shape[1]
    calls = np.where(counts.open, counts.calls, 0.0)
    ordinary = (facts.holiday_offset != 0) & (np.nan_to_num(calls).sum(axis=1) > 0)
    days = np.flatnonzero(ordinary)
    if slots == 1 or len(days) < SILENT_DAYS + CLOSED_DAYS:
        return counts, ()
    found = [_of_slot(calls[days, slot]) for slot in range(slots)]
    changes = _together(found, days, counts.dates)
    kept = [change for change in changes if _matters(change, calls[days])]
    told = counts.calls.copy()
    for change in kept:
        rows, columns = counts.dates < change.day, slice(change.first, change.last + 1)
        told[rows, columns] = np.where(
            counts.open[rows, columns], np.nan if change.opened else 0.0, told[rows, columns]
        )
    return (replace(counts, calls=told) if kept else counts), tuple(kept)


def _of_slot(calls: np.ndarray) -> tuple[int, bool] | None:
    """Which of a slot's days it opened (or closed) on, and which of the two; None where it did neither."""
    worked = np.flatnonzero(np.nan_to_num(calls, nan=1.0) > 0)
    if not len(worked):
        return None
    silent = len(calls) - 1 - int(worked[-1])
    before = np.nan_to_num(calls[: worked[-1] + 1])[-2 * SILENT_DAYS :]
    if silent >= CLOSED_DAYS and (before > 0).mean() >= BUSY and before.mean() * silent >= SURE_CALLS:
        return int(worked[-1]) + 1, False
    gaps = np.diff(np.concatenate([[-1], worked])) - 1
    long = np.flatnonzero(gaps >= SILENT_DAYS)
    if len(long):
        first = int(worked[long[-1]])
        since = np.nan_to_num(calls[first:])
        seen = (since > 0).sum() >= OPENED_DAYS and since.sum() >= OPENED_CALLS
        if seen and (since > 0).mean() >= BUSY and since.mean() * gaps[long[-1]] >= SURE_CALLS:
            return first, True
    return None


def _together(found: list[tuple[int, bool] | None], days: np.ndarray, dates: np.ndarray) -> list[HoursChange]:
    """Neighbouring slots that changed alike, as one change."""
    changes: list[HoursChange] = []
    for slot, one in enumerate(found):
        if one is None:
            continue
        day, opened = dates[days[one[0]]], one[1]
        last = changes[-1] if changes else None
        if (
            last
            and last.last == slot - 1
            and last.opened == opened
            and abs((day - last.day).astype(int)) <= TOGETHER_DAYS
        ):
            changes[-1] = replace(last, last=slot, day=min(day, last.day) if opened else max(day, last.day))
        else:
            changes.append(HoursChange(slot, slot, day, opened))
    return changes


def _matters(change: HoursChange, calls: np.ndarray) -> bool:
    """Whether the slots hold a share of the day's calls, while they are worked."""
    inside = np.nan_to_num(calls[:, change.first : change.last + 1]).sum(axis=1)
    whole = np.nan_to_num(calls).sum(axis=1)
    worked = inside > 0
    return bool(worked.any() and inside[worked].sum() >= LEAST_SHARE * whole[worked].sum())
