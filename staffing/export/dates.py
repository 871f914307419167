"""Dates as the site shows them. Formatting only: no computation depends on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from staffing.domain.calendar import SiteCalendar


def jalali(day: dt.date) -> str:
    """``1405-09-01``: the Jalali date of a Gregorian one."""
    from persiantools import jdatetime

    convert: Callable[[int, int, int], Any] = jdatetime.JalaliDate.to_jalali
    shown = convert(day.year, day.month, day.day)
    return f"{shown.year:04d}-{shown.month:02d}-{shown.day:02d}"


def date_text(day: dt.date, site: SiteCalendar) -> str:
    """``2026-11-22``, with the Jalali date beside it where the site shows Jalali."""
    return f"{day} ({jalali(day)})" if site.display == "jalali" else str(day)


def weeks_of(start: dt.date, days: int, site: SiteCalendar) -> list[list[dt.date]]:
    """The days of a plan by planning week of the site."""
    weeks: dict[dt.date, list[dt.date]] = {}
    for number in range(days):
        day = start + dt.timedelta(days=number)
        weeks.setdefault(site.week_of(day), []).append(day)
    return list(weeks.values())
