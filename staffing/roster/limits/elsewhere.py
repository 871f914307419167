"""A rule of a tour that also sees what the person works for another site."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from staffing.roster.case import DatedShift
from staffing.roster.engine.automaton import TourRule
from staffing.roster.limits.limit import Days


@dataclass(frozen=True)
class SeenElsewhere:
    """`rule`, to which a day off with work elsewhere is a day of that work."""

    rule: TourRule
    elsewhere: tuple[DatedShift | None, ...]  # of each day

    def label(self, shift: DatedShift) -> Hashable:
        return self.rule.label(shift)

    def begin(self, past: Days) -> Any:
        return self.rule.begin(past)

    def step(self, memory: Any, day: int, label: Any | None) -> tuple[Any, float] | None:
        worked = self.elsewhere[day]
        return self.rule.step(memory, day, self.rule.label(worked) if label is None and worked else label)

    def finish(self, memory: Any) -> float | None:
        return self.rule.finish(memory)
