"""The rules a tour obeys while it is built: one small class per rule (see `automaton.TourRule`).

Every limit may differ from day to day and may be broken at a price: see `Limit`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from staffing.roster.automaton import DatedShift

WEEK = 7
DAY_MIN = 1440
NO_LIMIT = 10**6
FAR_CARRIED = 12  # unloved shifts after which the next costs no more than the last

Days = Sequence[DatedShift | None]


@dataclass(frozen=True)
class Limit:
    """A limit on each day of the horizon, and what each unit beyond it costs there; None forbids."""

    at: tuple[int, ...]
    price: tuple[float | None, ...]

    @classmethod
    def steady(cls, at: int, days: int, price: float | None = None) -> "Limit":
        """The same on all days."""
        return cls((at,) * days, (price,) * days)

    @property
    def top(self) -> int:
        """The loosest limit that binds at all."""
        return max((at for at in self.at if at < NO_LIMIT), default=0)

    @property
    def binds(self) -> bool:
        return any(0 < at < NO_LIMIT or at == 0 for at in self.at)

    def charge(self, day: int, beyond: int) -> float | None:
        """Price of so many units beyond the limit of a day; None where that is forbidden."""
        if beyond <= 0:
            return 0.0
        price = self.price[day]
        return None if price is None else price * beyond


def _sum(*prices: float | None) -> float | None:
    """The prices together; None when one of them forbids."""
    known = [price for price in prices if price is not None]
    return sum(known) if len(known) == len(prices) else None


class _Base:
    """A rule that sees only whether a day is worked, starts afresh and ends freely."""

    def label(self, shift: DatedShift) -> Any:
        return True

    def begin(self, past: Days) -> Any:
        return 0

    def finish(self, memory: Any) -> float | None:
        return 0.0


@dataclass(frozen=True)
class SpanTotal(_Base):
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
        price = _sum(*prices)
        return None if price is None else (total, price)


@dataclass(frozen=True)
class DaysInRow(_Base):
    """At most `most` working days in a row; runs that end inside the horizon have at least `least`."""

    most: Limit
    least: Limit

    @cached_property
    def _far(self) -> int:
        """A run as long as any limit looks."""
        return max(self.most.top, self.least.top)

    def begin(self, past: Days) -> int | None:
        return min(_run(past, worked=True), self._far) if past else None

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


@dataclass(frozen=True)
class DaysOffInRow(_Base):
    """Days off come in runs of at least `least` between two working days."""

    least: Limit

    def begin(self, past: Days) -> int:
        return min(_run(past, worked=False), self.least.top) if past else self.least.top

    def step(self, memory: int, day: int, label: Any | None) -> tuple[int, float] | None:
        if label is None:
            return min(memory + 1, self.least.top), 0.0
        price = self.least.charge(day, self.least.at[day] - memory if memory else 0)
        return None if price is None else (0, price)


@dataclass(frozen=True)
class NightsInRow(_Base):
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


@dataclass(frozen=True)
class Weekends(_Base):
    """At most `most` weekends with any work in every `weeks` weeks (None: in the horizon).

    `weekend_of` names the weekend of each day by the number of its first date, None on other days;
    `weekend_before` does so for the days of the past, the last one last.
    """

    weekend_of: tuple[int | None, ...]
    most: Limit
    weeks: int | None = None
    weekend_before: tuple[int | None, ...] = ()

    def begin(self, past: Days) -> tuple[int, ...]:
        """Memory: the weekends worked that still count, by their numbers."""
        known = self.weekend_before[len(self.weekend_before) - len(past) :] if past else ()
        worked = sorted({w for w, shift in zip(known, past, strict=True) if w is not None and shift is not None})
        if self.weeks is None:
            return tuple(w for w in worked if w in self.weekend_of)
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
class WholeWeekends(_Base):
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


@dataclass(frozen=True)
class Successions(_Base):
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
class StartSpread(_Base):
    """Starts of one week lie within `most` minutes of each other; the price is for each hour beyond."""

    most: Limit

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
        return None if price is None else ((low, high), price / 60)


@dataclass(frozen=True)
class Unevenness(_Base):
    """Each unloved shift of a person costs more than the one before: the first after `carried` others costs
    `price` times `carried`. Weekends, nights, late and undesired shifts count, once for each of the four.
    """

    weekend: tuple[bool, ...]
    carried: int
    price: float

    def label(self, shift: DatedShift) -> int:
        return int(shift.night) + int(shift.late) + int(shift.undesired)

    def step(self, memory: int, day: int, label: int | None) -> tuple[int, float]:
        added = 0 if label is None else label + self.weekend[day]
        dear = sum(self.carried + memory + k for k in range(added))
        return min(memory + added, FAR_CARRIED), self.price * dear


def _run(past: Days, *, worked: bool) -> int:
    """Length of the run of worked (or free) days at the end of `past`."""
    run = 0
    for shift in reversed(past):
        if (shift is not None) != worked:
            break
        run += 1
    return run
