"""How figures, dates and names are written: one place, so that every page agrees."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING

from staffing.domain.calendar import SiteCalendar

if TYPE_CHECKING:
    from persiantools.jdatetime import JalaliDate

UNDEFINED = "–"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~:$&])")


def escape(name: str) -> str:
    """A name as it is: what looks like Markdown in it stays text."""
    return _MARKDOWN.sub(r"\\\1", " ".join(name.split()))


def short(name: str, most: int = 40) -> str:
    """A long name cut with an ellipsis."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def count(value: float | None, digits: int = 0) -> str:
    """``12,345``; undefined is a dash."""
    if value is None or math.isnan(value):
        return UNDEFINED
    return "∞" if math.isinf(value) else _unsigned_zero(f"{value:,.{digits}f}")


def many(number: int, what: str) -> str:
    """``1 change``, ``2 changes``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def share(value: float | None, digits: int = 1) -> str:
    """``79.6 %`` of 0.796."""
    return UNDEFINED if value is None or math.isnan(value) else _unsigned_zero(f"{value * 100:,.{digits}f}") + " %"


def with_unit(value: float | None, digits: int, unit: str) -> str:
    """``12.5 h``; undefined is a dash without a unit."""
    shown = count(value, digits)
    return f"{shown} {unit}" if unit and shown != UNDEFINED else shown


def seconds(value: float | None) -> str:
    """``17.1 s``; longer than ten minutes in minutes."""
    if value is None or math.isnan(value):
        return UNDEFINED
    if math.isinf(value):
        return "∞"
    return f"{value / 60:,.0f} min" if abs(value) >= 600 else f"{count(value, 0 if value >= 100 else 1)} s"


def hours(value: float | None) -> str:
    return with_unit(value, 1, "h")


def signed(value: float | None, digits: int = 0, unit: str = "") -> str:
    """A difference: ``+12``, ``−3``, ``0``."""
    if value is None or math.isnan(value):
        return UNDEFINED
    text = _unsigned_zero(f"{value:+,.{digits}f}").replace("-", "−")
    return text + (f" {unit}" if unit else "")


def delta(value: float, digits: int = 0, unit: str = "") -> str | None:
    """A difference for a metric, with the plain hyphen that turns its arrow; None when it rounds to nothing."""
    shown = signed(value, digits, unit)
    return None if shown == UNDEFINED or shown.split()[0].strip("0.") == "" else shown.replace("−", "-")


def _unsigned_zero(text: str) -> str:
    return text.lstrip("+-") if not text.strip("+-0.,") else text


def day(date: dt.date, site: SiteCalendar) -> str:
    """``Mon 27 Oct 2003``, with the Jalali date beside it where the site shows it."""
    text = f"{date:%a} {date.day} {date:%b %Y}"
    return f"{text} · {jalali(date)}" if site.display == "jalali" else text


def short_day(date: dt.date, site: SiteCalendar) -> str:
    """``Mon 27 Oct``, in a Jalali site ``Sat 8 Azar · 29 Nov``."""
    if site.display == "jalali":
        local = _jalali(date)
        return f"{date:%a} {local.day} {local.strftime('%B', locale='en')} · {date.day} {date:%b}"
    return f"{date:%a} {date.day} {date:%b}"


def jalali(date: dt.date) -> str:
    """``8 Azar 1405``."""
    local = _jalali(date)
    return f"{local.day} {local.strftime('%B', locale='en')} {local.year}"


def _jalali(date: dt.date) -> JalaliDate:
    from persiantools.jdatetime import JalaliDate

    return JalaliDate(date)


def week(start: dt.date, site: SiteCalendar) -> str:
    """A planning week by its first and last day, with its Jalali days beside it where the site shows them."""
    return f"{plain_week(start)} · {jalali_week(start)}" if site.display == "jalali" else plain_week(start)


def plain_week(start: dt.date) -> str:
    """``Mon 27 Oct – Sun 2 Nov 2003``."""
    last = start + dt.timedelta(days=6)
    first = f"{start.day} {start:%b}" if start.year == last.year else f"{start.day} {start:%b %Y}"
    return f"{start:%a} {first} – {last:%a} {last.day} {last:%b %Y}"


def jalali_week(start: dt.date) -> str:
    """``30 Aban 1405 – 6 Azar 1405``."""
    return f"{jalali(start)} – {jalali(start + dt.timedelta(days=6))}"
