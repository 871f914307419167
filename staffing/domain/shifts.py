"""The shift library: kinds of shifts with their breaks, and the rotations they are worked in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from staffing.domain.base import Date, Frozen, Lenient, Many, default
from staffing.domain.calendar import DAY_MIN, Weekday
from staffing.domain.labour import Clock, Name, clock

WEEK = 7
FREE = "off"
ANY = "any"


class BreakRule(Frozen):
    """One break of a shift, placed by the roster inside a window.

    Parameters
    ----------
    name : what the roster calls the activity: ``lunch``, ``break``, ``prayer``, …
    minutes : length. The long break of a split shift is a break too.
    paid : whether the time is paid.
    earliest_min, latest_min : when it may begin, in minutes after the shift's start.
    from_length_min, to_length_min : it belongs to shifts of at least and at most this length.
    """

    name: Name = "break"
    minutes: Annotated[int, Field(gt=0, le=600)]
    paid: bool = True
    earliest_min: Annotated[int, Field(ge=0, le=DAY_MIN)]
    latest_min: Annotated[int, Field(ge=0, le=DAY_MIN)]
    from_length_min: Annotated[int, Field(ge=0, le=DAY_MIN)] = 0
    to_length_min: Annotated[int, Field(ge=0, le=DAY_MIN)] = DAY_MIN

    @model_validator(mode="after")
    def _window(self) -> BreakRule:
        if self.latest_min < self.earliest_min:
            raise ValueError(f"the window of '{self.name}' ends before it begins")
        return self

    def belongs_to(self, length_min: int) -> bool:
        """Whether shifts of this length have the break."""
        return self.from_length_min <= length_min <= self.to_length_min


class ShiftTemplate(Frozen):
    """Shifts of one kind: begun at any allowed start, of any allowed length, with the breaks of that length.

    Parameters
    ----------
    length_min : from the first to the last minute, breaks included; may run across midnight.
    longest_min, length_step_min : the lengths from ``length_min`` up to this; None: that one alone.
    first_start, last_start : earliest and latest start, HH:MM (minutes after midnight inside).
    step_min : starts lie this far apart.
    weekdays : days on which it may begin; empty means all.
    teams : whose people may work it; empty means all. Contracts name the shifts they allow themselves.
    home : worked at home: only by people who can.
    undesired : counted in fairness as a shift people would rather not have.
    """

    name: Name
    length_min: Annotated[int, Field(ge=60, le=DAY_MIN)]
    longest_min: Annotated[int, Field(ge=60, le=DAY_MIN)] | None = None
    length_step_min: Annotated[int, Field(gt=0, le=DAY_MIN)] = 60
    first_start: Clock
    last_start: Clock
    step_min: Annotated[int, Field(gt=0, le=DAY_MIN)] = 30
    breaks: Many[BreakRule] = default(())
    weekdays: Many[Weekday] = default(())
    teams: Many[str] = default(())
    home: bool = False
    undesired: bool = False

    _parse_clock = field_validator("first_start", "last_start", mode="before")(clock)

    @model_validator(mode="after")
    def _consistent(self) -> ShiftTemplate:
        if self.last_start < self.first_start:
            raise ValueError(f"shift '{self.name}': last_start lies before first_start")
        if self.longest_min is not None and self.longest_min < self.length_min:
            raise ValueError(f"shift '{self.name}': longest_min lies below length_min")
        for length_min in self.lengths_min:
            for rule in self.breaks:
                if rule.belongs_to(length_min) and rule.latest_min + rule.minutes > length_min:
                    where = f"shift '{self.name}'" + (f" of {length_min} minutes" if self.longest_min else "")
                    raise ValueError(f"{where}: the window of '{rule.name}' reaches past the shift's end")
        return self

    @property
    def lengths_min(self) -> tuple[int, ...]:
        """Allowed lengths, shortest first."""
        return tuple(range(self.length_min, (self.longest_min or self.length_min) + 1, self.length_step_min))

    @property
    def by_length(self) -> tuple[ShiftTemplate, ...]:
        """The template of each length alone, with the breaks of that length."""
        plain = BreakRule.model_fields
        whole = {"from_length_min": plain["from_length_min"].default, "to_length_min": plain["to_length_min"].default}
        return tuple(
            self.model_copy(
                update={
                    "length_min": length_min,
                    "longest_min": None,
                    "breaks": tuple(
                        rule.model_copy(update=whole) for rule in self.breaks if rule.belongs_to(length_min)
                    ),
                }
            )
            for length_min in self.lengths_min
        )

    @property
    def ordered_breaks(self) -> tuple[BreakRule, ...]:
        """Breaks in the order in which they are taken."""
        return tuple(sorted(self.breaks, key=lambda rule: rule.earliest_min))

    @property
    def starts_min(self) -> tuple[int, ...]:
        """Allowed starts, minutes after midnight."""
        return tuple(range(self.first_start, self.last_start + 1, self.step_min))

    @property
    def paid_min(self) -> int:
        """Paid minutes of the shortest length."""
        unpaid = (rule.minutes for rule in self.breaks if not rule.paid and rule.belongs_to(self.length_min))
        return self.length_min - sum(unpaid)


@dataclass(frozen=True)
class ShiftLibrary:
    """Every kind of shift in each of its lengths, to be found again from what a roster says of a shift."""

    shifts: tuple[ShiftTemplate, ...]

    @cached_property
    def kinds(self) -> tuple[ShiftTemplate, ...]:
        """One template for each length of a kind; names are shared by its lengths."""
        return tuple(one for shift in self.shifts for one in shift.by_length)

    @cached_property
    def _by_span(self) -> dict[tuple[int, int], list[ShiftTemplate]]:
        found: dict[tuple[int, int], list[ShiftTemplate]] = {}
        for kind in self.kinds:
            for start_min in kind.starts_min:
                found.setdefault((start_min, kind.length_min), []).append(kind)
        return found

    def fitting(self, start_min: int, length_min: int, named: str = "") -> Sequence[ShiftTemplate]:
        """Kinds with this start (minutes after midnight) and length, of that name where one is given."""
        return [kind for kind in self._by_span.get((start_min, length_min), ()) if not named or kind.name == named]

    def kind_of(
        self, start_min: int, length_min: int, *, named: str = "", allowed: Collection[str] = (),
        breaks: Sequence[str] | None = None,
    ) -> ShiftTemplate | None:  # fmt: skip
        """The kind of a shift in a roster, None where there is none.

        A roster names it. Of one written before rosters did, it is a kind that its person may work, best with
        breaks of these names.
        """
        fits = self.fitting(start_min, length_min, named)

        def strange(kind: ShiftTemplate) -> tuple[bool, bool]:
            other = breaks is not None and sorted(rule.name for rule in kind.breaks) != sorted(breaks)
            return bool(allowed) and kind.name not in allowed, other

        return min(fits, key=strange, default=None)


class Rotation(Frozen):
    """A pattern of weeks that repeats: which shifts a person works in each week, or on each of its days.

    Parameters
    ----------
    start : a day of the pattern's first week; weeks count from its planning week on.
    weeks : one entry per week: the shift names of the whole week, or seven entries for its days, from the first
        day of the planning week. An entry is a shift name, several joined by ``|``, ``any`` or ``off``. A day
        with names of its own is worked.
    teams : the week of the pattern (from 0) in which each team begins. People may name another in agents.csv.
    """

    name: Name
    start: Date
    weeks: Annotated[
        Lenient[tuple[tuple[Name, ...], ...], Iterable[Iterable[Name]]], Field(min_length=1, max_length=26)
    ]
    teams: dict[str, Annotated[int, Field(ge=0, le=25)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole_weeks(self) -> Rotation:
        for number, week in enumerate(self.weeks):
            if len(week) not in (1, WEEK):
                raise ValueError(f"rotation '{self.name}': week {number} has {len(week)} entries; give 1 or {WEEK}")
        return self

    @property
    def shift_names(self) -> tuple[str, ...]:
        """Every shift the pattern names."""
        entries = {name for week in self.weeks for entry in week for name in entry.split("|")}
        return tuple(sorted(entries - {FREE, ANY}))

    def entry(self, first_week: int, weeks_since_start: int, day_of_week: int) -> str:
        """What a day says; `day_of_week` counts from the first day of the planning week."""
        week = self.weeks[(first_week + weeks_since_start) % len(self.weeks)]
        return week[0] if len(week) == 1 else week[day_of_week]

    def is_daily(self, first_week: int, weeks_since_start: int) -> bool:
        """Whether the week says something of each day."""
        return len(self.weeks[(first_week + weeks_since_start) % len(self.weeks)]) == WEEK
