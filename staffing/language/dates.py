"""Dates as a site shows them and a reader calls them. Formatting only: no computation depends on it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from staffing.domain.calendar import SiteCalendar
from staffing.language.texts import spoken, text

_DAYS = (
    lambda: text("Monday"),
    lambda: text("Tuesday"),
    lambda: text("Wednesday"),
    lambda: text("Thursday"),
    lambda: text("Friday"),
    lambda: text("Saturday"),
    lambda: text("Sunday"),
)
_JALALI_MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
_MONTHS = (
    "ژانویه",
    "فوریه",
    "مارس",
    "آوریل",
    "مه",
    "ژوئن",
    "ژوئیه",
    "اوت",
    "سپتامبر",
    "اکتبر",
    "نوامبر",
    "دسامبر",
)
_JALALI_YEARS = range(1300, 1600)
_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def weekday_name(day: dt.date) -> str:
    """``Monday``, in the spoken language."""
    return _DAYS[day.weekday()]()


def weekday_short(day: dt.date) -> str:
    """``Mon``; in Persian, whose names are short, the whole name."""
    return weekday_name(day) if spoken().code == "fa" else weekday_name(day)[:3]


def jalali(day: dt.date) -> str:
    """``1405-09-01``: the Jalali date of a Gregorian one."""
    year, month, date = _jalali(day)
    return f"{year:04d}-{month:02d}-{date:02d}"


def read_date(written: str) -> dt.date | None:
    """The day of ``2026-11-22``, ``1405-09-01`` or ``۱۴۰۵/۹/۱``, by its year Jalali or not; None where it is none."""
    met = re.fullmatch(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\s*", written)
    if met is None:
        return None
    year, month, day = map(int, met.groups())
    try:
        return _gregorian(year, month, day) if year in _JALALI_YEARS else dt.date(year, month, day)
    except ValueError:
        return None


def date_text(day: dt.date, site: SiteCalendar) -> str:
    """``2026-11-22``, with the Jalali date beside it where the site shows Jalali; in Persian the Jalali date alone."""
    if site.display != "jalali":
        return str(day).translate(_DIGITS) if spoken().code == "fa" else str(day)
    if spoken().code == "fa":
        return jalali(day).replace("-", "/").translate(_DIGITS)
    return f"{day} ({jalali(day)})"


def day_month(day: dt.date, site: SiteCalendar) -> str:
    """``22 Nov``, or ``۱ آذر`` where the site shows Jalali and Persian is spoken: short, for heads of columns."""
    if site.display == "jalali":
        _, month, date = _jalali(day)
        if spoken().code == "fa":
            return f"{date} {_JALALI_MONTHS[month - 1]}".translate(_DIGITS)
        return f"{day:%m-%d} ({month:02d}-{date:02d})"
    shown = f"{day:%m-%d}"
    return shown.translate(_DIGITS) if spoken().code == "fa" else shown


def day_and_month(day: dt.date, site: SiteCalendar) -> str:
    """``30 Nov``; in a Jalali site ``9 Azar``; in Persian the month's Persian name: ``۹ آذر``, ``۳۰ نوامبر``."""
    if site.display == "jalali":
        _, month, date = _jalali(day)
        return f"{date} {_JALALI_MONTHS[month - 1]}".translate(_DIGITS) if spoken().code == "fa" else _latin(day)
    if spoken().code == "fa":
        return f"{day.day} {_MONTHS[day.month - 1]}".translate(_DIGITS)
    return f"{day.day} {day:%b}"


def is_month_start(day: dt.date, site: SiteCalendar) -> bool:
    """Whether a month of the calendar that the site shows begins on the day."""
    return (_jalali(day)[2] if site.display == "jalali" else day.day) == 1


def year_text(day: dt.date, site: SiteCalendar) -> str:
    """The year of a date as ``day_and_month`` writes it: ``2026``, ``1405``, ``۱۴۰۵``."""
    year = _jalali(day)[0] if site.display == "jalali" else day.year
    return str(year).translate(_DIGITS) if spoken().code == "fa" else str(year)


def _latin(day: dt.date) -> str:
    """``9 Azar``."""
    from persiantools import jdatetime

    convert: Callable[[dt.date], Any] = jdatetime.JalaliDate
    local = convert(day)
    return f"{local.day} {local.strftime('%B', locale='en')}"


def _gregorian(year: int, month: int, day: int) -> dt.date:
    """Raises ValueError where the Jalali calendar has no such day."""
    from persiantools import jdatetime

    convert: Callable[[int, int, int], Any] = jdatetime.JalaliDate
    found: dt.date = convert(year, month, day).to_gregorian()
    return found


def _jalali(day: dt.date) -> tuple[int, int, int]:
    from persiantools import jdatetime

    convert: Callable[[int, int, int], Any] = jdatetime.JalaliDate.to_jalali
    shown = convert(day.year, day.month, day.day)
    return shown.year, shown.month, shown.day
