"""What the calendar says of each local day: the facts every day-level model reads.

A day is described once, as plain arrays, so that models never touch dates, holidays or time zones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from staffing.domain.calendar import WEEKDAYS, SiteCalendar

EPOCH = dt.date(1970, 1, 1)
DAYS_BEFORE, DAYS_AFTER = 3, 4  # reach of a holiday, in days
NO_HOLIDAY = 99


@dataclass(frozen=True)
class DayFacts:
    """Calendar facts of ``n`` days, one entry per day.

    Attributes
    ----------
    ordinal : days since 1970-01-01.
    weekday : 0 = Monday … 6 = Sunday.
    day_of_month, days_to_month_end : 1 … 31 and 0 … 30.
    weekend : whether it is one of the site's weekend.
    working_days_in, working_days_left : days of the month, but weekends, before this day, and from it on.
    year_angle : position in the year, radians.
    holiday_offset : days since the nearest holiday (−3 … +4), or 99 when none is near.
    holiday_name : that holiday's name, "" when none is near.
    kept_name : of a day that many keep though it is no public holiday, such as Mother's Day; else "".
    periods : n × periods, 1 inside the named period.
    """

    ordinal: np.ndarray
    weekday: np.ndarray
    day_of_month: np.ndarray
    days_to_month_end: np.ndarray
    weekend: np.ndarray
    working_days_in: np.ndarray
    working_days_left: np.ndarray
    year_angle: np.ndarray
    holiday_offset: np.ndarray
    holiday_name: np.ndarray
    kept_name: np.ndarray
    periods: np.ndarray
    period_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ordinal)

    def __getitem__(self, rows: slice | np.ndarray) -> DayFacts:
        arrays = {name: value[rows] for name, value in vars(self).items() if isinstance(value, np.ndarray)}
        return DayFacts(**arrays, period_names=self.period_names)

    @property
    def any_period(self) -> bool:
        return bool(self.periods.any())

    @property
    def any_kept(self) -> bool:
        return bool((self.kept_name != "").any())

    @property
    def dates(self) -> np.ndarray:
        return self.ordinal.astype("int64").astype("datetime64[D]")


def dates_between(first: dt.date, count: int) -> np.ndarray:
    """``count`` consecutive dates from ``first`` as datetime64[D]."""
    return np.datetime64(first, "D") + np.arange(count)


def with_own_hours(dates: np.ndarray, calendar: SiteCalendar) -> np.ndarray:
    """Flags of the ``dates`` (datetime64[D]) that have opening hours of their own in ``calendar``."""
    return np.isin(dates, np.array(list(calendar.special_hours), dtype="datetime64[D]"))


def in_period_with_own_hours(dates: np.ndarray, calendar: SiteCalendar) -> np.ndarray:
    """Flags of the ``dates`` (datetime64[D]) that a period with opening hours of its own covers, such as Ramadan."""
    days = [day for period in calendar.periods() if period.opening for day in period.dates()]
    return np.isin(dates, np.array(days, dtype="datetime64[D]"))


def describe(dates: np.ndarray, calendar: SiteCalendar) -> DayFacts:
    """Facts of ``dates`` (datetime64[D]) under ``calendar``."""
    dates = dates.astype("datetime64[D]")
    ordinal = dates.astype("int64")
    month = dates.astype("datetime64[M]")
    day_of_month = (dates - month.astype("datetime64[D]")).astype("int64") + 1
    month_start, next_month = month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]")
    month_length = (next_month - month_start).astype("int64")
    day_of_year = (dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype("int64")
    works = [day not in calendar.weekend for day in WEEKDAYS]
    offset, name = _near_holidays(ordinal, calendar)
    period_names = tuple(sorted({period.name for period in calendar.periods()}))
    return DayFacts(
        ordinal=ordinal.astype(float),
        weekday=(ordinal + 3) % 7,
        day_of_month=day_of_month,
        days_to_month_end=month_length - day_of_month,
        weekend=~np.array(works)[(ordinal + 3) % 7],
        working_days_in=np.busday_count(month_start, dates, weekmask=works),
        working_days_left=np.busday_count(dates, next_month, weekmask=works),
        year_angle=2 * np.pi * day_of_year / 365.25,
        holiday_offset=offset,
        holiday_name=name,
        kept_name=_kept_names(ordinal, calendar),
        periods=_inside_periods(ordinal, calendar, period_names),
        period_names=period_names,
    )


def _date(ordinal: float) -> dt.date:
    return EPOCH + dt.timedelta(days=int(ordinal))


def _near_holidays(ordinal: np.ndarray, calendar: SiteCalendar) -> tuple[np.ndarray, np.ndarray]:
    """Offset to the nearest holiday and its name; of two equally near the later one counts."""
    offset = np.full(len(ordinal), NO_HOLIDAY)
    name = np.full(len(ordinal), "", dtype=object)
    if not len(ordinal):
        return offset, name
    reach = dt.timedelta(days=DAYS_BEFORE + DAYS_AFTER)
    for day, title in calendar.holidays(_date(ordinal.min()) - reach, _date(ordinal.max()) + reach).items():
        distance = ordinal - (day - EPOCH).days
        nearer = (distance >= -DAYS_BEFORE) & (distance <= DAYS_AFTER) & (np.abs(distance) <= np.abs(offset))
        offset[nearer], name[nearer] = distance[nearer], title
    return offset, name


def _kept_names(ordinal: np.ndarray, calendar: SiteCalendar) -> np.ndarray:
    name = np.full(len(ordinal), "", dtype=object)
    if len(ordinal):
        for day, title in calendar.kept_days(_date(ordinal.min()), _date(ordinal.max())).items():
            name[ordinal == (day - EPOCH).days] = title
    return name


def _inside_periods(ordinal: np.ndarray, calendar: SiteCalendar, names: Sequence[str]) -> np.ndarray:
    inside = np.zeros((len(ordinal), len(names)))
    for period in calendar.periods():
        first, last = (period.start - EPOCH).days, (period.last - EPOCH).days
        inside[(ordinal >= first) & (ordinal <= last), names.index(period.name)] = 1.0
    return inside
