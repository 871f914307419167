"""Totals of a span of days or of the whole horizon; the latter are carried beside the automaton (`engine.counted`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from staffing.roster.case import DatedShift
from staffing.roster.limits.limit import WEEK, Days, Limit, TourLimit, together


@dataclass(frozen=True)
class SpanTotal(TourLimit):
    """Some amount in each span of days, e.g. paid minutes a week, between limits of the span's first day.

    `amount(shift)` is the amount of a shift; `counted` the days on which it counts (all when empty). The first
    span began `begun_days` before the horizon; the last one is not held to `least` unless it ends inside.
    """

    amount: Callable[[DatedShift], int]
    least: tuple[Limit, ...] = ()
    most: tuple[Limit, ...] = ()
    span_days: int = WEEK
    counted: frozenset[int] = frozenset()
    begun_days: int = 0

    def label(self, shift: DatedShift) -> int:
        return self.amount(shift)

    def begin(self, past: Days) -> int:
        since = past[len(past) - self.begun_days :] if self.begun_days else ()
        return sum(self.amount(shift) for shift in since if shift is not None)

    def step(self, memory: int, day: int, label: int | None) -> tuple[int, float] | None:
        since = (day + self.begun_days) % self.span_days
        first, before = max(0, day - since), 0 if since == 0 else memory
        counts = label is not None and (not self.counted or day in self.counted)
        total = before + (label if counts and label else 0)
        prices = [
            lim.charge(first, max(0, total - lim.at[first]) - max(0, before - lim.at[first])) for lim in self.most
        ]
        if since == self.span_days - 1:
            prices += [limit.charge(first, limit.at[first] - total) for limit in self.least]
        price = together(*prices)
        return None if price is None else (total, price)


@dataclass(frozen=True)
class HorizonTotal:
    """Between `least` and `most` of some amount over the horizon, e.g. paid minutes or shifts of a kind."""

    amount: Callable[[DatedShift], int]
    least: int
    most: int
    plain: ClassVar[bool] = True

    def label(self, shift: DatedShift) -> int:
        return self.amount(shift)

    def begin(self, past: Sequence[DatedShift | None]) -> None:
        return None

    def step(self, memory: None, day: int, label: int | None) -> tuple[None, float]:
        return None, 0.0

    def finish(self, memory: None) -> float:
        return 0.0

    def count(self, memory: None, day: int, label: int | None) -> int:
        return label or 0

    def opened(self) -> "HorizonTotal":
        return replace(self, least=0, most=0)


@dataclass(frozen=True)
class WorkedWeekends:
    """At most `most` weekends with any work; remembers only whether this one is counted already."""

    weekend_of: tuple[int | None, ...]  # per day the number of its weekend, or None
    most: int
    least: int = 0

    def label(self, shift: DatedShift) -> bool:
        return True

    def begin(self, past: Sequence[DatedShift | None]) -> int | None:
        return None

    def step(self, memory: int | None, day: int, label: Any | None) -> tuple[int | None, float]:
        return (memory, 0.0) if label is None or self.weekend_of[day] is None else (self.weekend_of[day], 0.0)

    def finish(self, memory: int | None) -> float:
        return 0.0

    def count(self, memory: int | None, day: int, label: Any | None) -> int:
        weekend = self.weekend_of[day]
        return int(label is not None and weekend is not None and weekend != memory)

    def opened(self) -> "WorkedWeekends":
        return replace(self, least=0, most=0)
