"""What may follow what: successions of shifts, and starts that lie close together."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from staffing.roster.case import DatedShift
from staffing.roster.limits.limit import WEEK, Days, Limit, TourLimit


@dataclass(frozen=True)
class Successions(TourLimit):
    """Pairs (template, template of the next day) that are forbidden or priced, by day of the second."""

    forbidden: tuple[frozenset[tuple[str, str]], ...]
    price: tuple[float | None, ...]

    def label(self, shift: DatedShift) -> str | None:
        """The first template that no pair tells apart from the shift's own."""
        return self._alike.get(shift.template, "")

    @cached_property
    def _alike(self) -> dict[str, str]:
        first: dict[Any, str] = {}
        names = sorted({name for pairs in self.forbidden for pair in pairs for name in pair})
        return {name: first.setdefault(self._neighbours(name), name) for name in names}

    def _neighbours(self, name: str) -> tuple[Any, ...]:
        return tuple(
            (frozenset(one for one, other in pairs if other == name), frozenset(b for a, b in pairs if a == name))
            for pairs in dict.fromkeys(self.forbidden)
        )

    def begin(self, past: Days) -> str | None:
        return self.label(past[-1]) if past and past[-1] else None

    def step(self, memory: str | None, day: int, label: str | None) -> Any:
        if (memory, label) not in self.forbidden[day]:
            return label, 0.0
        return None if self.price[day] is None else (label, self.price[day])


@dataclass(frozen=True)
class StartSpread(TourLimit):
    """Starts of one week lie within `most` minutes of each other; the price is for each hour beyond.

    `starts` are the first and last start of any shift: what binds none of them is not remembered.
    """

    most: Limit
    starts: tuple[int, int]

    def label(self, shift: DatedShift) -> int:
        return shift.start_min

    def begin(self, past: Days) -> Any:
        return None

    def step(self, memory: tuple[int, int] | None, day: int, label: int | None) -> Any:
        first, kept = day - day % WEEK, None if day % WEEK == 0 else memory
        if label is None:
            return kept, 0.0
        low, high = (label, label) if kept is None else (min(kept[0], label), max(kept[1], label))
        before = 0 if kept is None else max(0, kept[1] - kept[0] - self.most.at[first])
        price = self.most.charge(first, max(0, high - low - self.most.at[first]) - before)
        return None if price is None else (self._that_binds(low, high, first), price / 60)

    def _that_binds(self, low: int, high: int, first: int) -> tuple[int, int]:
        """First and last start so far; one from which no shift can lie too far stands for all others like it."""
        if self.starts[1] - self.starts[0] <= self.most.at[first]:
            return self.starts[0], self.starts[0]
        return min(low, self.starts[1] - self.most.at[first]), max(high, self.starts[0] + self.most.at[first])
