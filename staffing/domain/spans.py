"""Spans of a person's time as planners write them: leave, work elsewhere, a contract from a day on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import model_validator

from staffing.domain.base import Day, Frozen
from staffing.domain.calendar import DAY_MIN, clock_minutes, clock_text
from staffing.domain.labour import ClockMin, Name

NOON = DAY_MIN // 2
HALVES = {"am": (0, NOON), "pm": (NOON, DAY_MIN)}


class DaySpan(Frozen):
    """Days from ``start`` to ``end``, both inclusive; or the hours from ``from_min`` to ``to_min`` of each of them.

    As text ``2026-03-02..2026-03-06``, ``2026-03-02 13:00-17:00``, or ``2026-03-02 am`` (``pm``): the half before
    (after) noon, a ``half_day``, which is worth half a day of leave.
    """

    start: Day
    end: Day
    from_min: ClockMin = 0
    to_min: ClockMin = DAY_MIN
    half_day: bool = False

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, dt.date):
            return {"start": value, "end": value}
        if isinstance(value, str):
            days, _, hours = value.strip().partition(" ")
            start, _, end = days.partition("..")
            span = {"start": start.strip(), "end": (end or start).strip()}
            return span | _part_of_day(hours.strip(), value) if hours else span
        return value

    @model_validator(mode="after")
    def _ordered(self) -> DaySpan:
        if self.end < self.start:
            raise ValueError(f"ends ({self.end}) before it starts ({self.start})")
        if self.to_min <= self.from_min:
            raise ValueError(f"its hours on {self.start} end before they begin")
        if self.half_day and (self.from_min, self.to_min) not in HALVES.values():
            raise ValueError(f"half a day on {self.start} is the one before noon or the one after it")
        return self

    def __contains__(self, day: dt.date) -> bool:
        """Whether the whole day lies in it."""
        return self.is_whole and self.start <= day <= self.end

    @property
    def is_whole(self) -> bool:
        """Whether it is of whole days."""
        return (self.from_min, self.to_min) == (0, DAY_MIN)

    def hours_of(self, day: dt.date) -> tuple[int, int] | None:
        """The minutes after midnight of a day that lie in it; None where none do, or all."""
        return (self.from_min, self.to_min) if not self.is_whole and self.start <= day <= self.end else None


def _part_of_day(text: str, whole: str) -> dict[str, Any]:
    if text.casefold() in HALVES:
        first, last = HALVES[text.casefold()]
        return {"from_min": first, "to_min": last, "half_day": True}
    start, dash, end = text.partition("-")
    try:
        return {"from_min": clock_minutes(start), "to_min": clock_minutes(end if dash else "")}
    except ValueError:
        raise ValueError(
            f"'{whole}' is no time off; write 2026-03-02, 2026-03-02..2026-03-06, 2026-03-02 am or "
            "2026-03-02 13:00-17:00"
        ) from None


def merged(hours: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Hours of a day in order, those that overlap or touch as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(hours):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


class WorkElsewhere(Frozen):
    """Hours that a person works for another site: on ``day`` from ``from_min`` to ``to_min``, across midnight where
    that is not later. As text ``2026-03-02 08:00-16:00``."""

    day: Day
    from_min: ClockMin
    to_min: ClockMin

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        day, _, hours = value.strip().partition(" ")
        start, _, end = hours.partition("-")
        try:
            return {"day": day, "from_min": clock_minutes(start), "to_min": clock_minutes(end)}
        except ValueError:
            raise ValueError(f"'{value}' is no work elsewhere; write 2026-03-02 08:00-16:00") from None

    @property
    def length_min(self) -> int:
        """Minutes on the wall clock."""
        return (self.to_min - self.from_min) % DAY_MIN or DAY_MIN

    def __str__(self) -> str:
        return f"{self.day} {clock_text(self.from_min)}-{clock_text(self.to_min)}"


class ContractFrom(Frozen):
    """Another ``contract`` from a ``day`` on. As text ``2026-03-04 part-time``."""

    day: Day
    contract: Name

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        day, _, contract = value.strip().partition(" ")
        if not contract.strip():
            raise ValueError(f"'{value}' is no change of contract; write 2026-03-04 part-time")
        return {"day": day, "contract": contract.strip()}
