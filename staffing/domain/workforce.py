"""Who works, on which shifts, under which rules. Money is in the scenario's currency."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from staffing.domain.base import DateOrNone, Frozen, Lenient, Many, Money, default
from staffing.domain.calendar import DAY_MIN, WEEKDAYS, Weekday
from staffing.domain.labour import Clock, LabourRules, Name, RuleBook, RuleChange, clock
from staffing.domain.shifts import BreakRule, Rotation, ShiftTemplate
from staffing.domain.spans import ContractFrom, DaySpan, WorkElsewhere, merged

__all__ = [
    "Agent",
    "BreakRule",
    "Contract",
    "ContractFrom",
    "DaySpan",
    "LabourRules",
    "Rotation",
    "RuleBook",
    "RuleChange",
    "ShiftTemplate",
    "WorkElsewhere",
]


class Contract(Frozen):
    """What a group of agents has agreed to.

    Parameters
    ----------
    min_hours, max_hours : paid hours a week; without least hours none are guaranteed.
    min_days, max_days : shifts a week.
    overtime_hours, overtime_days : beyond ``max_hours`` and ``max_days``, for those who are asked.
    overtime_factor : pay of an hour beyond ``max_hours``, in hours of the usual pay.
    voluntary_hours : as much of ``min_hours`` may be taken off a week where nobody is needed.
    voluntary_paid : whether those hours are paid all the same.
    period_weeks, period_start : a period of so many weeks, counted from the planning week of that day.
    min_period_hours, max_period_hours : paid hours in a period; the minimum counts where the period ends.
    leave_day : what a day of leave takes off the least hours of its week: ``share`` (the hours of a day, were the
        week's least hours spread over its least days, or else its most), ``planned`` (those of the shift that the
        rotation names for the day; else the share), or a number of hours. Days a person never works take nothing off.
    shifts : names of the shift templates it allows; empty means all.
    hour_cost : money per paid hour; None takes the scenario's price.
    """

    name: Name
    min_hours: Annotated[float, Field(ge=0, le=168)] = 0.0
    max_hours: Annotated[float, Field(ge=0, le=168)]
    min_days: Annotated[int, Field(ge=0, le=7)] = 0
    max_days: Annotated[int, Field(ge=1, le=7)] = 5
    overtime_hours: Annotated[float, Field(ge=0, le=60)] = 0.0
    overtime_days: Annotated[int, Field(ge=0, le=2)] = 0
    overtime_factor: Annotated[float, Field(ge=1, le=5)] = 1.5
    voluntary_hours: Annotated[float, Field(ge=0, le=60)] = 0.0
    voluntary_paid: bool = False
    period_weeks: Annotated[int, Field(ge=2, le=26)] | None = None
    period_start: DateOrNone = default(None)
    min_period_hours: Annotated[float, Field(ge=0, le=5000)] | None = None
    max_period_hours: Annotated[float, Field(gt=0, le=5000)] | None = None
    leave_day: Literal["share", "planned"] | Annotated[float, Field(gt=0, le=24)] = "share"
    shifts: Many[str] = default(())
    hour_cost: Money | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Contract:
        if self.min_hours > self.max_hours:
            raise ValueError(f"contract '{self.name}': min_hours exceeds max_hours")
        if self.min_days > self.max_days:
            raise ValueError(f"contract '{self.name}': min_days exceeds max_days")
        if (self.min_period_hours or 0.0) > (self.max_period_hours or float("inf")):
            raise ValueError(f"contract '{self.name}': min_period_hours exceeds max_period_hours")
        limited = self.min_period_hours is not None or self.max_period_hours is not None
        if limited and (self.period_weeks is None or self.period_start is None):
            raise ValueError(f"contract '{self.name}': hours of a period need period_weeks and period_start")
        return self


Share = Annotated[float, Field(gt=0, le=1)]
HandleFactor = Annotated[float, Field(ge=0.2, le=5)]
EPS = 1e-9


class Agent(Frozen):
    """One person.

    Parameters
    ----------
    team : group of people that rules, shifts and minimums may name.
    contract : the name of the contract that sets hours and pay.
    contract_changes : other contracts, each from a day on.
    skills : queues the person can serve; empty means all.
    secondary : those of them that the person serves only where cover needs it.
    shares : least shares of the person's time in a week on some of the skills, such as ``calls=0.5;mail=0.2``: of
        the time at work while the queue is open.
    handle_factors : what the person's contacts of a skill take, in handle times of the queue: ``mail=1.25`` takes a
        quarter longer, and counts as 0.8 agents there.
    senior : counted by minimums of seniors.
    languages : counted by minimums of a language.
    home : can work at home.
    rotation, rotation_week : the pattern of weeks worked, and the week of it (from 0) in which the person begins;
        left out: those of the team, if it has one.
    days : weekdays on which the person can work.
    other_days, other_weeks_from : where given, the weekdays of every other week, counted in sevens from that day: it
        begins the first of them.
    earliest, latest : the hours within which a shift must lie on its first day, HH:MM; 24:00 as ``latest`` lets it
        run across midnight.
    employed_from, employed_until : first and last day of employment; left out: always.
    time_off : days off that are granted, half days, and hours of days; spans may overlap, each day counts once.
    elsewhere : hours worked for another site: they count in rests, runs and limits of hours and days, and on a day
        that has such hours the person works nowhere else.
    prefers, avoids : shift template names, weekday names as days off wished (``avoids``), and ``overtime`` or
        ``time off``, for which they are asked first or last on the day.
    """

    name: Name
    team: str = ""
    contract: Name
    contract_changes: Lenient[tuple[ContractFrom, ...], Iterable[ContractFrom | str]] = default(())
    skills: Many[str] = default(())
    secondary: Many[str] = default(())
    shares: Lenient[dict[str, Share], Mapping[str, float] | Iterable[str]] = default({})
    handle_factors: Lenient[dict[str, HandleFactor], Mapping[str, float] | Iterable[str]] = default({})
    days: Many[Weekday] = default(WEEKDAYS)
    other_days: Many[Weekday] = default(())
    other_weeks_from: DateOrNone = default(None)
    earliest: Clock = default(0)
    latest: Clock = default(DAY_MIN)
    employed_from: DateOrNone = default(None)
    employed_until: DateOrNone = default(None)
    time_off: Lenient[tuple[DaySpan, ...], Iterable[DaySpan | dt.date | str]] = default(())
    elsewhere: Lenient[tuple[WorkElsewhere, ...], Iterable[WorkElsewhere | str]] = default(())
    prefers: Many[str] = default(())
    avoids: Many[str] = default(())
    senior: bool = False
    languages: Many[str] = default(())
    home: bool = False
    rotation: str = ""
    rotation_week: Annotated[int, Field(ge=0, le=25)] | None = None

    _parse_clock = field_validator("earliest", "latest", mode="before")(clock)

    @field_validator("shares", "handle_factors", mode="before")
    @classmethod
    def _by_skill(cls, value: Any) -> Any:
        """Figures by skill, also where they are written as ``skill=figure``."""
        if isinstance(value, Mapping) or not isinstance(value, Iterable):
            return value
        cells = [str(cell).rpartition("=") for cell in ([value] if isinstance(value, str) else value)]
        names = [name.strip() for name, _, _ in cells]
        if strange := [figure for name, (_, _, figure) in zip(names, cells, strict=True) if not name]:
            raise ValueError(f"write a skill and its figure, such as calls=0.5, instead of '{strange[0]}'")
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"'{twice[0]}' stands here twice; leave one of them")
        return {name: figure.strip() for name, (_, _, figure) in zip(names, cells, strict=True)}

    @model_validator(mode="after")
    def _employed_in_order(self) -> Agent:
        if (self.employed_from or dt.date.min) > (self.employed_until or dt.date.max):
            raise ValueError(f"'{self.name}': employed_until lies before employed_from")
        return self

    @model_validator(mode="after")
    def _one_of_each_day(self) -> Agent:
        for what, days in (
            ("two contracts begin", [change.day for change in self.contract_changes]),
            ("there is work elsewhere twice", [work.day for work in self.elsewhere]),
        ):
            if twice := [day for day in days if days.count(day) > 1]:
                raise ValueError(f"'{self.name}': {what} on {twice[0]}; leave one of them")
        if bool(self.other_days) != (self.other_weeks_from is not None):
            raise ValueError(f"'{self.name}': other_days and other_weeks_from belong together")
        return self

    @model_validator(mode="after")
    def _has_secondary_skills(self) -> Agent:
        strange = [name for name in self.secondary if self.skills and name not in self.skills]
        if strange:
            raise ValueError(f"'{self.name}': the secondary skill '{strange[0]}' is not among the skills")
        for what, names in (("a share of time", self.shares), ("a handle factor", self.handle_factors)):
            if strange := [name for name in names if self.skills and name not in self.skills]:
                raise ValueError(f"'{self.name}': {what} is given for '{strange[0]}', which is not among the skills")
        if (total := sum(self.shares.values())) > 1 + EPS:
            raise ValueError(f"'{self.name}': the shares of time sum to {total:g}, more than the whole of it")
        return self

    def __hash__(self) -> int:
        return hash((self.name, self.team, self.contract, self.skills))

    def has_skill(self, skill: str) -> bool:
        """Whether the person can serve a queue; no skills named means all of them."""
        return not self.skills or skill in self.skills

    def counts_as(self, skill: str) -> float:
        """Agents of the usual handle time that the person stands for at a queue."""
        return 1.0 / self.handle_factors.get(skill, 1.0)

    @model_validator(mode="after")
    def _has_hours(self) -> Agent:
        if self.latest <= self.earliest:
            raise ValueError(f"'{self.name}': latest must lie after earliest; 24:00 lets shifts run across midnight")
        return self

    @property
    def overlapping_leave(self) -> tuple[dt.date, ...]:
        """First days on which spans of time off overlap, whole days or hours; they are counted once."""
        spans = sorted(self.time_off, key=lambda span: (span.start, span.end))
        return tuple(
            sorted({max(one.start, other.start) for one, other in itertools.combinations(spans, 2)
                    if other.start <= one.end and one.from_min < other.to_min and other.from_min < one.to_min})
        )  # fmt: skip

    def contract_on(self, day: dt.date) -> str:
        """The name of the contract in force on a day."""
        begun = [change for change in self.contract_changes if change.day <= day]
        return max(begun, key=lambda change: change.day).contract if begun else self.contract

    @property
    def contract_names(self) -> tuple[str, ...]:
        """Every contract the person has or will have."""
        return (self.contract, *(change.contract for change in self.contract_changes))

    def elsewhere_on(self, day: dt.date) -> WorkElsewhere | None:
        """What the person works on a day for another site."""
        return next((work for work in self.elsewhere if work.day == day), None)

    def employed_on(self, day: dt.date) -> bool:
        """Whether the day lies within the employment."""
        return (self.employed_from or dt.date.min) <= day <= (self.employed_until or dt.date.max)

    def off_on(self, day: dt.date) -> bool:
        """Whether the whole day is granted off, or lies outside the employment."""
        return not self.employed_on(day) or any(day in span for span in self.time_off)

    def hours_off(self, day: dt.date) -> tuple[tuple[int, int], ...]:
        """Hours of a day that are granted off, in minutes after midnight, those that overlap as one."""
        return merged([hours for span in self.time_off if (hours := span.hours_of(day)) is not None])

    def half_days_off(self, day: dt.date) -> int:
        """How many halves of a day are granted off as such."""
        halves = {span.hours_of(day) for span in self.time_off if span.half_day}
        return len(halves - {None})

    def can_work(self, day: dt.date) -> bool:
        """Whether a shift may begin on the day: the weekday suits, and it is not granted off."""
        return self.can_work_on(day) and not self.off_on(day)

    def can_work_on(self, day: dt.date) -> bool:
        """Whether the weekday suits, days off that are granted aside."""
        other = self.other_weeks_from is not None and (day - self.other_weeks_from).days // 7 % 2 == 0
        return WEEKDAYS[day.weekday()] in (self.other_days if other else self.days)
