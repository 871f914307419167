"""Rests as rules of a tour: those that may be cut short at a price or reach over a day off, and the weekly rest.

Rest that is owed from one day to the next and never cut is not among them: pricing has it built in.
"""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from staffing.roster.case import DatedShift
from staffing.roster.limits.limit import DAY_MIN, WEEK, Days, Limit, TourLimit, together

REMEMBERED_DAYS = 6  # longer rests than this are none that a week could ask


@dataclass(frozen=True)
class Rest(TourLimit):
    """Minutes between the end of a shift and the next start, by the day of the later shift."""

    after_day: Limit
    after_night: Limit

    def label(self, shift: DatedShift) -> tuple[int, int, bool]:
        return shift.start_min, shift.start_min + shift.length_min, shift.night

    def begin(self, past: Days) -> tuple[int, bool] | None:
        """Memory: end of the last shift in minutes after today's midnight, and whether it was a night."""
        memory = None
        for shift in past:
            memory = self._next_day(memory if shift is None else (shift.start_min + shift.length_min, shift.night))
        return memory

    def step(self, memory: tuple[int, bool] | None, day: int, label: tuple[int, int, bool] | None) -> Any:
        if label is None:
            return self._next_day(memory), 0.0
        limit = self.after_night if memory and memory[1] else self.after_day
        short = memory is not None and label[0] - memory[0] < limit.at[day]
        price = limit.charge(day, int(short))
        return None if price is None else (self._next_day((label[1], label[2])), price)

    def _next_day(self, memory: tuple[int, bool] | None) -> tuple[int, bool] | None:
        if memory is None:
            return None
        end = memory[0] - DAY_MIN
        return (end, memory[1]) if end + max(self.after_day.top, self.after_night.top) > 0 else None


@dataclass(frozen=True)
class WeeklyRest(TourLimit):
    """In each week a day off lies in a rest of at least so many minutes.

    A rest that is still open at the end lasts until `earliest_min` of the next day, when the first shift of
    any could begin. `starts` are those of all shifts: ends that none of them tells apart are remembered as one.
    """

    least: Limit
    earliest_min: int
    starts: tuple[int, ...]

    def label(self, shift: DatedShift) -> tuple[int, int]:
        return shift.start_min, shift.start_min + shift.length_min

    def begin(self, past: Days) -> tuple[int | None, bool, bool, bool]:
        """Memory: end of the last shift after today's midnight (None: long ago), whether the week has its rest,
        has a day off in the rest under way, and whether the week before waits for that rest to be long enough.
        """
        run = next((k for k, shift in enumerate(reversed(past)) if shift is not None), None)
        if run is None:
            return None, False, False, False
        shift = past[len(past) - 1 - run]
        assert shift is not None
        return self._end(shift.start_min + shift.length_min - (run + 1) * DAY_MIN, free=run > 0), False, False, False

    def step(self, memory: tuple[int | None, bool, bool, bool], day: int, label: tuple[int, int] | None) -> Any:
        end, rested, day_off, waits = memory
        this_week = day - day % WEEK
        last_week, lacking = max(0, this_week - WEEK), 0
        if day and day == this_week:
            lacking = int(not rested and not day_off)
            waits, rested, day_off = waits or (not rested and day_off), False, False
        price = self.least.charge(last_week, lacking)
        if label is None:
            after = (None if end is None else self._end(end - DAY_MIN, free=True), rested, True, waits)
        else:
            late = waits and not self._enough(end, label[0], last_week)
            price = together(price, self.least.charge(last_week, int(late)))
            rested = rested or (day_off and self._enough(end, label[0], this_week))
            after = (self._end(label[1] - DAY_MIN, free=False), rested, False, False)
        return None if price is None else (after, price)

    def _enough(self, end: int | None, start: int, week: int) -> bool:
        """Whether a rest from `end` to `start` is long enough for the week that begins on day `week`."""
        return end is None or start - end >= self.least.at[week]

    def finish(self, memory: tuple[int | None, bool, bool, bool]) -> float | None:
        end, rested, day_off, waits = memory
        last_week = len(self.least.at) - WEEK
        enough = self._enough(end, self.earliest_min, last_week)
        lacking = int(waits and not enough) + int(not rested and not (day_off and enough))
        return self.least.charge(last_week, lacking)

    def _end(self, end: int, *, free: bool) -> int | None:
        """The latest end that is as good for every start after a day off: `end`, or one day off more if not `free`."""
        later = [day * DAY_MIN for day in range(not free, REMEMBERED_DAYS)]
        waits = [least - day for least in {at for at in self.least.at if at} for day in later]
        slack = [start - end - wait for wait in waits if (start := self._start_from(end + wait)) is not None]
        if all(end + wait <= self._first for wait in waits):
            return None
        return end + min(slack, default=0)

    @cached_property
    def _first(self) -> int:
        return min(self.earliest_min, self.starts[0])

    def _start_from(self, minute: int) -> int | None:
        """The first start at or after a minute of the day, the first of the day after the horizon among them."""
        known = sorted({*self.starts, self.earliest_min})
        at = bisect_left(known, minute)
        return known[at] if at < len(known) else None
