"""Rules on a total over the whole horizon; pricing carries the totals beside the automaton (`counted.py`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from staffing.roster.automaton import DatedShift


@dataclass(frozen=True)
class HorizonTotal:
    """Between `least` and `most` of some amount over the horizon, e.g. paid minutes or shifts of a kind."""

    amount: Callable[[DatedShift], int]
    least: int
    most: int

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
