"""How figures, dates and names are written: one place, so that every page agrees."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable

from staffing.domain.calendar import SiteCalendar
from staffing.language import day_and_month, digits, marked, ntext, spoken, weekday_name, weekday_short, year_text
from staffing.language import text as said

_JALALI, _GREGORIAN = SiteCalendar(display="jalali"), SiteCalendar()
UNDEFINED = "–"
#: Common kinds of events.
KINDS = {
    "launch": marked("launch"),
    "campaign": marked("campaign"),
    "price_change": marked("price change"),
    "feature": marked("feature"),
    "outage": marked("outage"),
    "holiday": marked("holiday"),
    "other": marked("other"),
}
LEFT_TO_RIGHT = "\u200e"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~:$&])")


def keyed(name: str) -> str:
    """The key of a choice among words: another in each language, for its words are others."""
    return name if spoken().code == "en" else f"{name}-{spoken().code}"


def onward(*, back: bool = False) -> str:
    """The arrow to what comes next, or back, in the direction in which the pages are read."""
    return ":material/arrow_back:" if spoken().right_to_left is not back else ":material/arrow_forward:"


def escape(name: str) -> str:
    """A name as it is: what looks like Markdown in it stays text."""
    return _MARKDOWN.sub(r"\\\1", " ".join(name.split()))


def kind(name: object) -> str:
    """What a kind of event is called: common ones in the spoken language, a site's own as it is."""
    plain = str(name)
    return said(KINDS[plain]) if plain in KINDS else plain


def listed(names: Iterable[str]) -> str:
    """``Ada, Bob``, with the comma of the spoken language."""
    return said(", ").join(names)


def series(parts: Iterable[str]) -> str:
    """``one; two``, with the semicolon of the spoken language."""
    return said("; ").join(parts)


def short(name: str, most: int = 40) -> str:
    """A long name cut with an ellipsis."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def count(value: float | None, places: int = 0) -> str:
    """``12,345``; undefined is a dash."""
    if value is None or math.isnan(value):
        return UNDEFINED
    return "∞" if math.isinf(value) else digits(_unsigned_zero(f"{value:,.{places}f}"))


def changes(number: int) -> str:
    """``1 change``, ``2 changes``."""
    return ntext("{shown} change", "{shown} changes", number, shown=count(number))


def share(value: float | None, places: int = 1) -> str:
    """``79.6 %`` of 0.796."""
    return (
        UNDEFINED if value is None or math.isnan(value) else digits(_unsigned_zero(f"{value * 100:,.{places}f}") + " %")
    )


def with_unit(value: float | None, places: int, unit: str) -> str:
    """``12.5 h``; undefined is a dash without a unit."""
    shown = count(value, places)
    return f"{shown} {unit}" if unit and shown != UNDEFINED else shown


def seconds(value: float | None) -> str:
    """``17.1 s``; longer than ten minutes in minutes."""
    if value is None or math.isnan(value):
        return UNDEFINED
    if math.isinf(value):
        return "∞"
    if abs(value) >= 600:
        return said("{count} min", count=digits(f"{value / 60:,.0f}"))
    return said("{count} s", count=count(value, 0 if value >= 100 else 1))


def hours(value: float | None) -> str:
    return with_unit(value, 1, said("h"))


def signed(value: float | None, places: int = 0, unit: str = "") -> str:
    """A difference: ``+12``, ``−3``, ``0``."""
    if value is None or math.isnan(value):
        return UNDEFINED
    text = _unsigned_zero(f"{value:+,.{places}f}").replace("-", "−")
    begins = LEFT_TO_RIGHT if spoken().right_to_left else ""  # a sign stays on the left of its number
    return begins + digits(text) + (f" {unit}" if unit else "")


def delta(value: float, places: int = 0, unit: str = "") -> str | None:
    """A difference for a metric, with the plain hyphen that turns its arrow; None when it rounds to nothing."""
    shown = signed(value, places, unit)
    shown = shown.removeprefix(LEFT_TO_RIGHT)
    return None if shown == UNDEFINED or shown.split()[0].strip("0.۰٫") == "" else shown.replace("−", "-")


def _unsigned_zero(text: str) -> str:
    return text.lstrip("+-") if not text.strip("+-0.,") else text


def day(date: dt.date, site: SiteCalendar) -> str:
    """``Mon 27 Oct 2003``, with the Jalali date beside it where the site shows it; in Persian the site's alone."""
    if spoken().code == "fa":
        return f"{weekday_name(date)} {day_and_month(date, site)} {year_text(date, site)}"
    text = f"{date:%a} {date.day} {date:%b %Y}"
    return f"{text} · {jalali(date)}" if site.display == "jalali" else text


def short_day(date: dt.date, site: SiteCalendar) -> str:
    """``Mon 27 Oct``, in a Jalali site ``Sat 8 Azar · 29 Nov``; in Persian ``شنبه ۸ آذر``."""
    if spoken().code == "fa":
        return f"{weekday_name(date)} {day_and_month(date, site)}"
    if site.display == "jalali":
        return f"{date:%a} {day_and_month(date, site)} · {date.day} {date:%b}"
    return f"{date:%a} {date.day} {date:%b}"


def moment(when: dt.datetime, site: SiteCalendar) -> str:
    """``Mon 27 Oct, 08:30``: a moment of the site's clock."""
    return f"{short_day(when.date(), site)}{said(', ')}{digits(f'{when:%H:%M}')}"


def day_number(date: dt.date, site: SiteCalendar) -> str:
    """``Mon 27``, in a Jalali site ``Sat 8``: a day of a week whose dates are told beside it."""
    return f"{weekday_short(date)} {day_and_month(date, site).split()[0]}"


def jalali(date: dt.date) -> str:
    """``8 Azar 1405``."""
    return f"{day_and_month(date, _JALALI)} {year_text(date, _JALALI)}"


def week(start: dt.date, site: SiteCalendar) -> str:
    """A planning week by its first and last day, with its Jalali days beside it where the site shows them."""
    if spoken().code == "fa":
        last = start + dt.timedelta(days=6)
        return f"{short_day(start, site)} تا {short_day(last, site)} {year_text(last, site)}"
    return f"{plain_week(start)} · {jalali_week(start)}" if site.display == "jalali" else plain_week(start)


def spoken_week(start: dt.date, site: SiteCalendar) -> str:
    """A week in one calendar: in Persian that of the site, else the Gregorian one."""
    return week(start, site) if spoken().code == "fa" else plain_week(start)


def plain_week(start: dt.date) -> str:
    """``Mon 27 Oct – Sun 2 Nov 2003``."""
    last = start + dt.timedelta(days=6)
    if spoken().code == "fa":
        return week(start, _GREGORIAN)
    first = f"{start.day} {start:%b}" if start.year == last.year else f"{start.day} {start:%b %Y}"
    return f"{start:%a} {first} – {last:%a} {last.day} {last:%b %Y}"


def jalali_week(start: dt.date) -> str:
    """``30 Aban 1405 – 6 Azar 1405``."""
    return f"{jalali(start)} – {jalali(start + dt.timedelta(days=6))}"
