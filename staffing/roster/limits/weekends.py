"""Weekends: how many are worked, and whether they are worked whole."""

from dataclasses import dataclass
from typing import Any

from staffing.roster.limits.limit import WEEK, Days, Limit, TourLimit


@dataclass(frozen=True)
class Weekends(TourLimit):
    """At most `most` weekends with any work in every `weeks` weeks (None: in the plan).

    `weekend_of` names the weekend of each day by the number of its first date, None on other days;
    `weekend_before` does so for the days of the past, the last one last; the plan began `planned_days` before.
    """

    weekend_of: tuple[int | None, ...]
    most: Limit
    weeks: int | None = None
    weekend_before: tuple[int | None, ...] = ()
    planned_days: int = 0

    def begin(self, past: Days) -> tuple[int, ...]:
        """Memory: the weekends worked that still count, by their numbers."""
        known = self.weekend_before[len(self.weekend_before) - len(past) :] if past else ()
        worked = sorted({w for w, shift in zip(known, past, strict=True) if w is not None and shift is not None})
        if self.weeks is None:
            of_plan = {*self.weekend_of, *self.weekend_before[len(self.weekend_before) - self.planned_days :]}
            return tuple(w for w in worked if w in of_plan)
        first = next((w for w in self.weekend_of if w is not None), 0)
        return tuple(w for w in worked if w > first - WEEK * self.weeks)

    def step(self, memory: tuple[int, ...], day: int, label: Any | None) -> Any:
        weekend = self.weekend_of[day]
        if weekend is None:
            return memory, 0.0
        if self.weeks is not None:
            memory = tuple(w for w in memory if w > weekend - WEEK * self.weeks)
        if label is None or weekend in memory:
            return memory, 0.0
        price = self.most.charge(day, int(len(memory) + 1 > self.most.at[day]))
        return None if price is None else ((*memory, weekend), price)


@dataclass(frozen=True)
class WholeWeekends(TourLimit):
    """A weekend is worked on all of its days or on none; `whole` holds 0 on days on which that is asked."""

    weekend_of: tuple[int | None, ...]
    whole: Limit
    weekend_before: tuple[int | None, ...] = ()

    def begin(self, past: Days) -> Any:
        last = self.weekend_before[-1] if self.weekend_before and past else None
        return None if last is None else (last, past[-1] is not None, False)

    def step(self, memory: Any, day: int, label: Any | None) -> Any:
        """Memory: the weekend, whether its last day was worked, whether it is broken already."""
        weekend = self.weekend_of[day]
        if weekend is None:
            return None, 0.0
        worked = label is not None
        same = memory is not None and memory[0] == weekend
        breaks = same and not memory[2] and memory[1] != worked
        price = self.whole.charge(day, int(breaks) - self.whole.at[day])
        return None if price is None else ((weekend, worked, breaks or (same and memory[2])), price)
