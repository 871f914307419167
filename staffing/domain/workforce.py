"""Who works, on which shifts, under which rules. Money is in the scenario's currency."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from staffing.domain.base import Frozen
from staffing.domain.calendar import DAY_MIN, WEEKDAYS, Weekday, clock_minutes

Name = Annotated[str, Field(min_length=1, max_length=80)]
ClockMin = Annotated[int, Field(ge=0, le=DAY_MIN)]


def _clock(value: Any) -> Any:
    if isinstance(value, dt.time):
        return value.hour * 60 + value.minute
    return clock_minutes(value) if isinstance(value, str) else value


class BreakRule(Frozen):
    """One break of a shift, placed by the roster inside a window.

    Parameters
    ----------
    name : what the roster calls the activity: ``lunch``, ``break``, ``prayer``, …
    minutes : length.
    paid : whether the time is paid.
    earliest_min, latest_min : when it may begin, in minutes after the shift's start.
    """

    name: Name = "break"
    minutes: Annotated[int, Field(gt=0, le=240)]
    paid: bool = True
    earliest_min: Annotated[int, Field(ge=0)]
    latest_min: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _window(self) -> BreakRule:
        if self.latest_min < self.earliest_min:
            raise ValueError(f"the window of '{self.name}' ends before it begins")
        return self


class ShiftTemplate(Frozen):
    """Shifts of one kind: the same length and breaks, begun at any allowed start.

    Parameters
    ----------
    length_min : from the first to the last minute, breaks included; may run across midnight.
    first_start, last_start : earliest and latest start, HH:MM (minutes after midnight inside).
    step_min : starts lie this far apart.
    weekdays : days on which it may begin; empty means all.
    undesired : counted in fairness as a shift people would rather not have.
    """

    name: Name
    length_min: Annotated[int, Field(ge=60, le=DAY_MIN)]
    first_start: ClockMin
    last_start: ClockMin
    step_min: Annotated[int, Field(gt=0)] = 30
    breaks: tuple[BreakRule, ...] = ()
    weekdays: tuple[Weekday, ...] = ()
    undesired: bool = False

    _parse_clock = field_validator("first_start", "last_start", mode="before")(_clock)

    @model_validator(mode="after")
    def _consistent(self) -> ShiftTemplate:
        if self.last_start < self.first_start:
            raise ValueError(f"shift '{self.name}': last_start lies before first_start")
        for rule in self.breaks:
            if rule.latest_min + rule.minutes > self.length_min:
                raise ValueError(f"shift '{self.name}': the window of '{rule.name}' reaches past the shift's end")
        return self

    @property
    def starts_min(self) -> tuple[int, ...]:
        """Allowed starts, minutes after midnight."""
        return tuple(range(self.first_start, self.last_start + 1, self.step_min))

    @property
    def paid_min(self) -> int:
        return self.length_min - sum(rule.minutes for rule in self.breaks if not rule.paid)


class Contract(Frozen):
    """What a group of agents has agreed to.

    Parameters
    ----------
    min_hours, max_hours : paid hours a week.
    min_days, max_days : shifts a week.
    shifts : names of the shift templates it allows; empty means all.
    hour_cost : money per paid hour; None takes the scenario's price.
    """

    name: Name
    min_hours: Annotated[float, Field(ge=0, le=168)] = 0.0
    max_hours: Annotated[float, Field(gt=0, le=168)]
    min_days: Annotated[int, Field(ge=0, le=7)] = 0
    max_days: Annotated[int, Field(ge=1, le=7)] = 5
    shifts: tuple[str, ...] = ()
    hour_cost: Annotated[float, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Contract:
        if self.min_hours > self.max_hours:
            raise ValueError(f"contract '{self.name}': min_hours exceeds max_hours")
        if self.min_days > self.max_days:
            raise ValueError(f"contract '{self.name}': min_days exceeds max_days")
        return self


class DaySpan(Frozen):
    """Days from ``start`` to ``end``, both inclusive."""

    start: dt.date
    end: dt.date

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, dt.date):
            return {"start": value, "end": value}
        if isinstance(value, str):
            start, _, end = value.partition("..")
            return {"start": start.strip(), "end": (end or start).strip()}
        return value

    @model_validator(mode="after")
    def _ordered(self) -> DaySpan:
        if self.end < self.start:
            raise ValueError(f"ends ({self.end}) before it starts ({self.start})")
        return self

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day <= self.end


class Agent(Frozen):
    """One person.

    Parameters
    ----------
    skills : queues the person can serve; empty means all.
    days : weekdays on which the person can work.
    earliest, latest : the hours within which a shift must lie on its first day, HH:MM; ``latest`` below
        ``earliest``, or a shift across midnight, needs 24:00 as ``latest``.
    time_off : days off that are granted.
    prefers, avoids : shift template names, or weekday names as days off wished (``avoids``).
    """

    name: Name
    team: str = ""
    contract: Name
    skills: tuple[str, ...] = ()
    days: tuple[Weekday, ...] = WEEKDAYS
    earliest: ClockMin = 0
    latest: ClockMin = DAY_MIN
    time_off: tuple[DaySpan, ...] = ()
    prefers: tuple[str, ...] = ()
    avoids: tuple[str, ...] = ()
    senior: bool = False

    _parse_clock = field_validator("earliest", "latest", mode="before")(_clock)

    @model_validator(mode="after")
    def _time_off_apart(self) -> Agent:
        spans = sorted(self.time_off, key=lambda span: span.start)
        for one, other in itertools.pairwise(spans):
            if other.start <= one.end:
                raise ValueError(f"time off of '{self.name}' overlaps on {other.start}")
        return self

    def can_work(self, day: dt.date) -> bool:
        return WEEKDAYS[day.weekday()] in self.days and not any(day in span for span in self.time_off)


class LabourRules(Frozen):
    """Rules that hold for everyone; a contract may be stricter.

    Parameters
    ----------
    min_rest_h : hours between the end of a shift and the next start.
    max_days_in_row : working days in a row.
    max_weekend_days : weekend days (of the site's calendar) worked in one week; None means no limit.
    night_from, night_to : a shift with any minute in this window is a night shift.
    max_nights_per_week : None means no limit.
    min_days_in_row, min_days_off_in_row : shortest runs of work and of days off (2: no lone day off).
    max_nights_in_row, days_off_after_nights : longest run of nights, and the days off owed after it.
    max_weekends : weekends with any work in the planning horizon; None means no limit.
    whole_weekends : a weekend is worked on all its days or on none.
    forbidden_next : pairs of shift names; the second may not follow on the day after the first.
    max_start_spread_min : starts of one week lie this close together; None means no limit.
    break_gap_min : work between two breaks of a shift.
    """

    min_rest_h: Annotated[float, Field(ge=0, le=48)] = 11.0
    max_days_in_row: Annotated[int, Field(ge=1, le=14)] = 6
    max_weekend_days: Annotated[int, Field(ge=0, le=3)] | None = None
    night_from: ClockMin = 0
    night_to: ClockMin = 360
    max_nights_per_week: Annotated[int, Field(ge=0, le=7)] | None = None
    min_days_in_row: Annotated[int, Field(ge=1, le=6)] = 1
    min_days_off_in_row: Annotated[int, Field(ge=1, le=4)] = 1
    max_nights_in_row: Annotated[int, Field(ge=1, le=7)] | None = None
    days_off_after_nights: Annotated[int, Field(ge=0, le=4)] = 0
    max_weekends: Annotated[int, Field(ge=0, le=6)] | None = None
    whole_weekends: bool = False
    forbidden_next: tuple[tuple[str, str], ...] = ()
    max_start_spread_min: Annotated[int, Field(ge=0, le=DAY_MIN)] | None = None
    break_gap_min: Annotated[int, Field(ge=0, le=480)] = 0

    _parse_clock = field_validator("night_from", "night_to", mode="before")(_clock)
