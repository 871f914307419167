"""The site's time: zone, interval grid, opening hours, holidays, week start.

Every grid in the product comes from here, so that a day of 23 or 25 hours is handled once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from staffing.domain.base import Date, DateOrNone, Dates, FieldError, Frozen, Lenient, Many, default
from staffing.domain.country_days import KEPT, country_days

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
INTERVALS_MIN = (5, 10, 15, 20, 30, 60, 1440)
DAY_MIN = 1440


def clock_minutes(text: str) -> int:
    """Minutes after midnight of ``HH:MM``; ``24:00`` is the end of the day. Raises ValueError."""
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip())
    if not match or int(match[2]) > 59 or int(match[1]) * 60 + int(match[2]) > DAY_MIN:
        raise ValueError(f"'{text}' is not a time of day; write HH:MM, from 00:00 to 24:00")
    return int(match[1]) * 60 + int(match[2])


def clock_text(minutes: int) -> str:
    """``HH:MM`` of minutes after midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


class OpenSpan(Frozen):
    """Opening hours within one local day, in minutes after midnight: ``start_min`` ≤ t < ``end_min``."""

    start_min: Annotated[int, Field(ge=0, lt=DAY_MIN)]
    end_min: Annotated[int, Field(gt=0, le=DAY_MIN)]

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            start, _, end = value.partition("-")
            return {"start_min": clock_minutes(start), "end_min": clock_minutes(end)}
        return value

    @model_validator(mode="after")
    def _ordered(self) -> OpenSpan:
        if self.end_min <= self.start_min:
            raise ValueError("opening hours must end after they start; split a night at 24:00")
        return self

    def holds(self, minute: np.ndarray) -> np.ndarray:
        """Which of these minutes after midnight lie within."""
        inside: np.ndarray = (minute >= self.start_min) & (minute < self.end_min)
        return inside

    def __str__(self) -> str:
        return f"{clock_text(self.start_min)}-{clock_text(self.end_min)}"


ALL_DAY = (OpenSpan(start_min=0, end_min=DAY_MIN),)
Spans = Lenient[tuple[OpenSpan, ...], Iterable[OpenSpan | str]]
Opening = Lenient[
    dict[Weekday, tuple[OpenSpan, ...]], Mapping[Weekday, str | Iterable[OpenSpan | str]]
]  # ``{"monday": "08:00-12:00"}``, or several spans a day


class SpecialDays(Frozen):
    """A named holiday or period of the site's own calendar: one day, or ``start`` to ``end`` inclusive.

    ``kind`` is ``holiday`` (its own effect, days before and after too) or ``period`` (a level that holds
    for its length, such as Ramadan or school holidays). ``opening``, where given, is when the site is open on these
    days, in place of the weekday's hours: a half-day holiday.
    """

    name: Annotated[str, Field(min_length=1, max_length=80)]
    start: Date
    end: DateOrNone = default(None)
    kind: Literal["holiday", "period"] = "holiday"
    opening: tuple[OpenSpan, ...] = ()

    @field_validator("opening", mode="before")
    @classmethod
    def _spans(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _ordered(self) -> SpecialDays:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"'{self.name}' ends before it starts")
        return self

    @property
    def last(self) -> dt.date:
        return self.end or self.start

    def dates(self) -> list[dt.date]:
        return [self.start + dt.timedelta(days=k) for k in range((self.last - self.start).days + 1)]


class SiteCalendar(Frozen):
    """Where and when the site works.

    Parameters
    ----------
    timezone : IANA name, e.g. ``Asia/Tehran``.
    interval_min : planning interval in minutes: 5, 10, 15, 20, 30, 60 or 1440.
    country : two-letter code whose public holidays count, or None.
    week_start : first day of the planning week.
    weekend : days that count as weekend for rules and fairness.
    opening : hours per weekday; a weekday that is not named is closed; empty means always open.
    closed_dates : dates on which the site is closed whatever the weekday.
    special_days : holidays and periods of the site's own, on top of the country's.
    display : calendar in which dates are shown; never changes a computation.
    shift_clock : what a shift keeps where clocks change within it: its hours (``elapsed``: a night of 8 h from 22:00 is
        shown until 05:00 in autumn, 8 h paid) or its end on the wall (``wall``: until 06:00, 9 h paid; in spring 7 h).
    """

    timezone: str = "UTC"
    interval_min: int = 30
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    week_start: Weekday = "monday"
    weekend: Many[Weekday] = default(("saturday", "sunday"))
    opening: Opening = default({})
    closed_dates: Dates = default(())
    special_days: Many[SpecialDays] = default(())
    display: Literal["gregorian", "jalali"] = "gregorian"
    shift_clock: Literal["elapsed", "wall"] = "elapsed"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("is not a known time zone; use an IANA name such as Asia/Tehran") from None
        return value

    @field_validator("interval_min")
    @classmethod
    def _known_interval(cls, value: int) -> int:
        if value not in INTERVALS_MIN:
            raise ValueError(f"must be one of {', '.join(map(str, INTERVALS_MIN))} minutes")
        return value

    @field_validator("opening", mode="before")
    @classmethod
    def _spans(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {day: (spans,) if isinstance(spans, str) else spans for day, spans in value.items()}
        return value

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def midnight(self, day: dt.date) -> pd.Timestamp:
        """The instant at which the local day begins (00:00, or the first valid minute after it)."""
        import pandas as pd

        return pd.Timestamp(day).tz_localize(self.zone, ambiguous=True, nonexistent="shift_forward")

    def grid(self, start: dt.date, days: int) -> pd.DatetimeIndex:
        """Every interval start of ``days`` local days from ``start``, open or closed, tz-aware."""
        import pandas as pd

        if self.interval_min == DAY_MIN:
            return pd.DatetimeIndex([self.midnight(start + dt.timedelta(days=k)) for k in range(days)])
        first, last = self.midnight(start), self.midnight(start + dt.timedelta(days=days))
        utc = pd.date_range(
            first.tz_convert("UTC"), last.tz_convert("UTC"), freq=f"{self.interval_min}min", inclusive="left"
        )
        return utc.tz_convert(self.zone)

    def open_mask(self, index: pd.DatetimeIndex) -> np.ndarray:
        """Boolean array: which interval starts fall inside opening hours. ``index`` is tz-aware."""
        import numpy as np

        local = index.tz_convert(self.zone)
        is_open = np.ones(len(local), dtype=bool)
        if self.opening and self.interval_min == DAY_MIN:
            is_open = np.isin(local.day_of_week, [WEEKDAYS.index(day) for day in self.opening])
        elif self.opening:
            minute, weekday = local.hour * 60 + local.minute, local.day_of_week
            is_open = np.zeros(len(local), dtype=bool)
            for day, spans in self.opening.items():
                for span in spans:
                    is_open |= np.asarray((weekday == WEEKDAYS.index(day)) & span.holds(minute))
        days = local.tz_localize(None).normalize().to_numpy().astype("datetime64[D]")
        for date, own in self.special_hours.items() if self.interval_min < DAY_MIN else ():
            on = days == np.datetime64(date)
            minute = np.asarray(local.hour * 60 + local.minute)[on]
            is_open[on] = np.any([span.holds(minute) for span in own], axis=0)
        if self.closed_dates:
            is_open &= ~np.isin(days, np.array(self.closed_dates, dtype="datetime64[D]"))
        return is_open

    def is_open(self, start: dt.datetime, end: dt.datetime) -> bool:
        """Whether the site is open all the time from ``start`` to ``end``, tz-aware instants."""
        local, last = start.astimezone(self.zone), end.astimezone(self.zone)
        day, from_min = local.date(), local.hour * 60 + local.minute
        while day <= last.date():
            to_min = DAY_MIN if day < last.date() else last.hour * 60 + last.minute
            if from_min < to_min and not self._open_within(day, from_min, to_min):
                return False
            day, from_min = day + dt.timedelta(days=1), 0
        return True

    @cached_property
    def special_hours(self) -> dict[dt.date, tuple[OpenSpan, ...]]:
        """When the site is open on its special days that have hours of their own."""
        return {date: special.opening for special in self.special_days if special.opening for date in special.dates()}

    def hours_of(self, day: dt.date) -> tuple[OpenSpan, ...]:
        """When the site is open on a day."""
        if day in self.closed_dates:
            return ()
        return self.special_hours.get(day) or self._usual_hours(day)

    def _usual_hours(self, day: dt.date) -> tuple[OpenSpan, ...]:
        return self.opening.get(WEEKDAYS[day.weekday()], ()) if self.opening else ALL_DAY

    def part_closed(self, day: dt.date) -> float:
        """Share of a weekday's opening hours, in [0, 1], in which the site is closed on this day of it."""
        usual, own = self._usual_hours(day), self.hours_of(day)
        if own is usual:  # as on almost every day
            return 0.0
        most, left = ({m for span in spans for m in range(span.start_min, span.end_min)} for spans in (usual, own))
        return len(most - left) / len(most) if most else 0.0

    def _open_within(self, day: dt.date, from_min: int, to_min: int) -> bool:
        """Whether a day is open on the wall clock between two minutes after midnight."""
        spans = self.hours_of(day)
        if self.interval_min == DAY_MIN:
            return bool(spans)
        for span in sorted(spans, key=lambda span: span.start_min):
            if span.start_min <= from_min < span.end_min:
                from_min = span.end_min
        return from_min >= to_min

    def open_grid(self, start: dt.date, days: int) -> pd.DatetimeIndex:
        """The open interval starts of ``days`` local days from ``start``."""
        index = self.grid(start, days)
        return index[self.open_mask(index)]

    def is_open_day(self, day: dt.date) -> bool:
        """Whether the site opens at all on a local day."""
        return bool(self.hours_of(day))

    def week_of(self, day: dt.date) -> dt.date:
        """First day of the planning week that holds ``day``."""
        return day - dt.timedelta(days=(day.weekday() - WEEKDAYS.index(self.week_start)) % 7)

    def is_weekend(self, day: dt.date) -> bool:
        """Whether the day counts as weekend for rules and fairness."""
        return WEEKDAYS[day.weekday()] in self.weekend

    def holidays(self, first: dt.date, last: dt.date) -> dict[dt.date, str]:
        """Public holidays of the country and the site's own, from ``first`` to ``last`` inclusive.

        Future lunar dates lose their "(estimated)" mark, so that a holiday keeps one name over the years.
        """
        found = country_days(self.country, first, last) if self.country else {}
        for special in self.special_days:
            if special.kind == "holiday":
                found.update(dict.fromkeys(special.dates(), special.name))
        return {day: found[day] for day in sorted(found) if first <= day <= last}

    def kept_days(self, first: dt.date, last: dt.date) -> dict[dt.date, str]:
        """Days from ``first`` to ``last`` inclusive that many keep though they are no public holidays: Mother's Day,
        Christmas Eve, the days between two feasts. Countries whose table lists none have none."""
        found = country_days(self.country, first, last, KEPT) if self.country else {}
        holidays = self.holidays(first, last)
        return {day: name for day, name in found.items() if first <= day <= last and day not in holidays}

    def periods(self) -> tuple[SpecialDays, ...]:
        """The site's named periods (kind ``period``)."""
        return tuple(special for special in self.special_days if special.kind == "period")

    @model_validator(mode="after")
    def _known_country(self) -> SiteCalendar:
        if self.country:
            import holidays

            if self.country not in holidays.list_supported_countries(include_aliases=True):
                raise FieldError(
                    "country", f"no holiday table for '{self.country}'; leave it out and list special_days"
                )
        return self
