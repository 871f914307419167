"""Runs of days: on, off, and of nights."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from staffing.roster.case import DatedShift
from staffing.roster.limits.limit import Days, Limit, TourLimit, run_of


@dataclass(frozen=True)
class DaysInRow(TourLimit):
    """At most `most` working days in a row; runs that end inside the horizon have at least `least`, and so has one on
    its last day where the day after it is known to be free (`ends`)."""

    most: Limit
    least: Limit
    ends: bool = False

    @cached_property
    def _far(self) -> int:
        """A run as long as any limit looks."""
        return max(self.most.top, self.least.top)

    def begin(self, past: Days) -> int | None:
        return min(run_of(past, worked=True), self._far) if past else None

    def step(self, memory: int | None, day: int, label: Any | None) -> tuple[int, float] | None:
        """Memory: days so far; negative in a run that may have begun before the known days; None at first."""
        if label is None:
            missing = self.least.at[day] - memory if memory and memory > 0 else 0
            price = self.least.charge(day, missing)
            return None if price is None else (0, price)
        open_ended = memory is None or memory < 0
        run = abs(memory or 0) + 1
        price = self.most.charge(day, int(run > self.most.at[day]))
        run = min(run, self._far)
        return None if price is None else (-run if open_ended else run, price)

    def finish(self, memory: int | None) -> float | None:
        last = len(self.least.at) - 1
        return self.least.charge(last, self.least.at[last] - memory) if self.ends and memory and memory > 0 else 0.0


@dataclass(frozen=True)
class DaysOffInRow(TourLimit):
    """Days off come in runs of at least `least` between two working days."""

    least: Limit

    def begin(self, past: Days) -> int:
        return min(run_of(past, worked=False), self.least.top) if past else self.least.top

    def step(self, memory: int, day: int, label: Any | None) -> tuple[int, float] | None:
        if label is None:
            return min(memory + 1, self.least.top), 0.0
        price = self.least.charge(day, self.least.at[day] - memory if memory else 0)
        return None if price is None else (0, price)


@dataclass(frozen=True)
class MostDaysOff(TourLimit):
    """At most `most` days off in a row; the days `granted` are none of them, and the count begins anew after them."""

    most: Limit
    granted: frozenset[int]  # counted from the first day of the horizon

    def begin(self, past: Days) -> int:
        run = 0
        for day, shift in enumerate(past, start=-len(past)):
            run = self._run(run, day, shift is not None)
        return run

    def _run(self, run: int, day: int, worked: bool) -> int:
        """Days off in a row with this one; one more than any limit allows stands for all beyond."""
        return 0 if worked or day in self.granted else min(run, self.most.top) + 1

    def step(self, memory: int, day: int, label: Any | None) -> tuple[int, float] | None:
        run = self._run(memory, day, label is not None)
        price = self.most.charge(day, int(run > self.most.at[day]))
        return None if price is None else (run, price)


@dataclass(frozen=True)
class NightsInRow(TourLimit):
    """At most `most` nights in a row, and after a run of nights at least `days_off` days off."""

    most: Limit
    days_off: Limit

    def label(self, shift: DatedShift) -> bool:
        return shift.night

    def begin(self, past: Days) -> int:
        """Memory: nights so far when positive, days off since the last night when negative, 0 when none is near."""
        memory = 0
        for shift in past:
            memory = self._free(memory) if shift is None else self._worked(memory, shift.night)
        return memory

    def _free(self, memory: int) -> int:
        since = 1 if memory > 0 else 1 - memory if memory < 0 else 0
        return 0 if since >= self.days_off.top else -since

    def _worked(self, memory: int, night: bool) -> int:
        return min(max(memory, 0) + 1, max(1, self.most.top)) if night else 0

    def step(self, memory: int, day: int, label: bool | None) -> tuple[int, float] | None:
        if label is None:
            return self._free(memory), 0.0
        if label and memory > 0:
            price = self.most.charge(day, int(memory + 1 > self.most.at[day]))
            return None if price is None else (self._worked(memory, True), price)
        owed = self.days_off.at[day] - max(0, -memory) if memory else 0
        price = self.days_off.charge(day, owed)
        return None if price is None else (int(label), price)
