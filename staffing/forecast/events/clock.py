"""How much of a day an event with clock times can touch, and which of its slots."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from staffing.domain.calendar import DAY_MIN
from staffing.domain.demand import Event


@dataclass(frozen=True)
class DayClock:
    """A queue's usual day. ``shares`` are those of its slots (sum 1); a single slot where it counts whole days."""

    shares: np.ndarray = field(default_factory=lambda: np.ones(1))

    @classmethod
    def of(cls, calls: np.ndarray) -> DayClock:
        """From days × slots of calls, NaN where unknown."""
        sums = np.nansum(calls, axis=0)
        return cls(sums / sums.sum()) if sums.sum() > 0 else cls(np.full(len(sums), 1 / max(len(sums), 1)))

    @property
    def slot_min(self) -> float:
        """Minutes a slot lasts."""
        return DAY_MIN / len(self.shares)

    def inside(self, event: Event, date: np.datetime64) -> np.ndarray:
        """Share of each slot of ``date`` that lies after the event's first and before its last minute, in [0, 1].

        Only clock times on the event's first and last day cut anything off.
        """
        begins = np.arange(len(self.shares)) * self.slot_min
        first, last = 0.0, float(DAY_MIN)
        if event.start_time is not None and date == np.datetime64(event.start):
            first = event.start_time.hour * 60.0 + event.start_time.minute
        if event.end_time is not None and date == np.datetime64(event.last):
            last = event.end_time.hour * 60.0 + event.end_time.minute
        covered = np.minimum(begins + self.slot_min, last) - np.maximum(begins, first)
        return np.asarray(np.clip(covered / self.slot_min, 0.0, 1.0))

    def exposure(self, event: Event, dates: np.ndarray) -> np.ndarray:
        """What share of each day's usual calls comes in the event's hours; 1 on days that no clock time cuts."""
        out = np.ones(len(dates))
        if len(self.shares) > 1 and (event.start_time is not None or event.end_time is not None):
            for k in np.flatnonzero((dates == np.datetime64(event.start)) | (dates == np.datetime64(event.last))):
                out[k] = self.inside(event, dates[k]) @ self.shares
        return out


ALL_DAY = DayClock()
