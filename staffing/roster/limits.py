"""The rules a tour obeys while it is built: one small class per rule (see `automaton.TourRule`).

`shortfall_price` makes a minimum elastic: ending below it costs that much per missing unit instead of
being forbidden. It is used only for people whom no tour suits otherwise, so that nobody is dropped.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from staffing.roster.automaton import DatedShift

WEEK = 7


class _Base:
    """A rule that sees only whether a day is worked, starts afresh and ends freely."""

    def label(self, shift: DatedShift) -> Any:
        return True

    def begin(self, past: Sequence[DatedShift | None]) -> Any:
        return 0

    def finish(self, memory: Any) -> float | None:
        return 0.0


@dataclass(frozen=True)
class SpanTotal(_Base):
    """Between `low[span]` and `high` of some amount in each span of days, e.g. paid minutes a week.

    `amount(shift)` is the amount of a shift; `counted` the days on which it counts (all when empty).
    """

    amount: Callable[[DatedShift], int]
    low: tuple[int, ...]
    high: int
    span_days: int = WEEK
    counted: frozenset[int] = frozenset()
    shortfall_price: float | None = None

    def label(self, shift: DatedShift) -> int:
        return self.amount(shift)

    def step(self, memory: int, day: int, label: int | None) -> tuple[int, float] | None:
        counts = label is not None and (not self.counted or day in self.counted)
        total = (0 if day % self.span_days == 0 else memory) + (label if counts and label else 0)
        if total > self.high:
            return None
        low = self.low[day // self.span_days]
        if (day + 1) % self.span_days or total >= low:
            return total, 0.0
        return None if self.shortfall_price is None else (total, self.shortfall_price * (low - total))


@dataclass(frozen=True)
class DaysInRow(_Base):
    """At most `most` working days in a row; runs that end inside the horizon have at least `least`."""

    most: int
    least: int = 1

    def begin(self, past: Sequence[DatedShift | None]) -> int | None:
        return min(_run(past, worked=True), self.most) if past else None

    def step(self, memory: int | None, day: int, label: Any | None) -> tuple[int, float] | None:
        """Memory: days so far; negative in a run that may have begun before the known days; None at first."""
        if label is None:
            return None if memory and 0 < memory < self.least else (0, 0.0)
        if memory is None or memory < 0:
            run = 1 - (memory or 0)
            return (-run, 0.0) if run <= self.most else None
        return (memory + 1, 0.0) if memory < self.most else None


@dataclass(frozen=True)
class DaysOffInRow(_Base):
    """Days off come in runs of at least `least` between two working days."""

    least: int

    def begin(self, past: Sequence[DatedShift | None]) -> int:
        return min(_run(past, worked=False), self.least) if past else self.least

    def step(self, memory: int, day: int, label: Any | None) -> tuple[int, float] | None:
        if label is None:
            return min(memory + 1, self.least), 0.0
        return None if 0 < memory < self.least else (0, 0.0)


@dataclass(frozen=True)
class NightsInRow(_Base):
    """At most `most` nights in a row, and after a run of nights at least `days_off` days off."""

    most: int
    days_off: int = 0

    def label(self, shift: DatedShift) -> bool:
        return shift.night

    def begin(self, past: Sequence[DatedShift | None]) -> int:
        memory = 0
        for shift in past:
            stepped = self.step(memory, 0, None if shift is None else shift.night)
            memory = stepped[0] if stepped else 0
        return memory

    def step(self, memory: int, day: int, label: bool | None) -> tuple[int, float] | None:
        """Memory: nights so far when positive, days off still owed when negative."""
        if label is None:
            owed = self.days_off if memory > 0 else -memory
            return -max(0, owed - 1), 0.0
        if label and memory >= 0:
            return (memory + 1, 0.0) if memory < self.most else None
        owes = memory < 0 or (memory > 0 and self.days_off > 0)
        return None if owes else (0, 0.0)


@dataclass(frozen=True)
class Weekends(_Base):
    """At most `most` weekends with any work in the horizon; `weekend` days count, grouped by week.

    A weekend that began before the horizon and was worked counts for the days that follow.
    """

    weekend_of: tuple[int | None, ...]  # per day the number of its weekend, or None
    most: int

    def begin(self, past: Sequence[DatedShift | None]) -> tuple[int, int | None]:
        return 0, None

    def step(self, memory: tuple[int, int | None], day: int, label: Any | None) -> Any:
        used, last = memory
        weekend = self.weekend_of[day]
        if label is None or weekend is None or weekend == last:
            return memory, 0.0
        return ((used + 1, weekend), 0.0) if used < self.most else None


@dataclass(frozen=True)
class WholeWeekends(_Base):
    """A weekend is worked on all of its days or on none."""

    weekend_of: tuple[int | None, ...]

    def begin(self, past: Sequence[DatedShift | None]) -> Any:
        return None

    def step(self, memory: Any, day: int, label: Any | None) -> Any:
        weekend = self.weekend_of[day]
        if weekend is None:
            return None, 0.0
        worked = label is not None
        if memory is not None and memory[0] == weekend and memory[1] != worked:
            return None
        return (weekend, worked), 0.0


@dataclass(frozen=True)
class Successions(_Base):
    """Pairs (template, template of the next day) that are forbidden."""

    forbidden: frozenset[tuple[str, str]]

    def label(self, shift: DatedShift) -> str | None:
        """The first template that no pair tells apart from the shift's own."""
        return self._alike.get(shift.template, "")

    @cached_property
    def _alike(self) -> dict[str, str]:
        first: dict[tuple[frozenset[str], frozenset[str]], str] = {}
        names = sorted({name for pair in self.forbidden for name in pair})
        return {name: first.setdefault(self._neighbours(name), name) for name in names}

    def _neighbours(self, name: str) -> tuple[frozenset[str], frozenset[str]]:
        before = frozenset(one for one, other in self.forbidden if other == name)
        return before, frozenset(other for one, other in self.forbidden if one == name)

    def begin(self, past: Sequence[DatedShift | None]) -> str | None:
        return self.label(past[-1]) if past and past[-1] else None

    def step(self, memory: str | None, day: int, label: str | None) -> Any:
        return None if (memory, label) in self.forbidden else (label, 0.0)


@dataclass(frozen=True)
class StartSpread(_Base):
    """Starts of one week lie within `most_min` minutes of each other."""

    most_min: int

    def label(self, shift: DatedShift) -> int:
        return shift.start_min

    def begin(self, past: Sequence[DatedShift | None]) -> Any:
        return None

    def step(self, memory: tuple[int, int] | None, day: int, label: int | None) -> Any:
        kept = None if day % WEEK == 0 else memory
        if label is None:
            return kept, 0.0
        low, high = (label, label) if kept is None else (min(kept[0], label), max(kept[1], label))
        return ((low, high), 0.0) if high - low <= self.most_min else None


def _run(past: Sequence[DatedShift | None], *, worked: bool) -> int:
    """Length of the run of worked (or free) days at the end of `past`."""
    run = 0
    for shift in reversed(past):
        if (shift is not None) != worked:
            break
        run += 1
    return run
