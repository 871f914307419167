"""The time zone that a title or a heading names for times that carry no offset of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from staffing.history.layout.words import concepts, plain
from staffing.history.meaning.numerals import DIGITS

#: Words before the name of a zone.
NAMED = re.compile(
    r"(?i)(?:time ?zone|timezone|zeitzone|fuseau(?: horaire)?|zona horaria|huso horario|saat dilimi|منطقه زمانی"
    r"|المنطقة الزمنية|(?:all )?times?(?: are| is)?(?: shown| displayed| given)? in|all times(?: are)?"
    r"|(?:alle )?zeiten in|alle zeitangaben(?: in)?)\b\W*(.+)"
)
ZONE_WORDS = r"(?i)zone|zona|huso|fuseau|منطق|all times|alle zeit"
#: Zones by the names that people give them, where only one is meant.
USUAL: dict[str, str] = {
    "America/New_York": "eastern|est|edt|et", "America/Denver": "mountain|mst|mdt",
    "America/Los_Angeles": "pacific|pst|pdt|pt", "America/Chicago": "central time|cdt|central",
    "Europe/Berlin": "cet|cest|mez|mesz|central european", "Europe/London": "bst", "Asia/Tehran": "irst|iran|ایران",
    "Europe/Helsinki": "eet|eest", "Asia/Tokyo": "jst", "Australia/Sydney": "aest|aedt",
}  # fmt: skip
OFFSET = re.compile(r"(?i)\b(?:utc|gmt)\s*([+-−]\s*\d{1,2}(?::?\d{2})?)?")
IANA = re.compile(r"\b[A-Z][A-Za-z_]+/[A-Z][A-Za-z_]+(?:/[A-Za-z_]+)?\b")


def titled_zone(lines: Iterable[str], heading: str) -> tuple[str, float | str] | None:
    """What names the zone, and the zone: minutes east of UTC or an IANA name; None where nothing does."""
    for line in lines:
        match = NAMED.search(line)
        zone = _zone(match[1]) if match else None
        if zone is not None:
            return line, zone
    if "utc" in concepts(heading) and "date" not in plain(heading).split()[:1]:
        zone = _zone(heading)
        return (heading, zone) if zone is not None else None
    bracket = re.search(r"[(\[]([^)\]]+)[)\]]", heading)
    zone = _zone(bracket[1]) if bracket and (IANA.search(bracket[1]) or _usual(bracket[1])) else None
    return (heading, zone) if zone is not None else None


def unknown_zone(lines: Iterable[str]) -> str | None:
    """A line that names a zone which is not known, such as 'Time zone: Eastern'."""
    named = (line for line in lines if NAMED.search(line) and re.search(ZONE_WORDS, line))
    return next((line for line in named if titled_zone([line], "") is None), None)


def _zone(text: str) -> float | str | None:
    text = text.translate(DIGITS)
    city = _zone_of_city(text)
    if city:
        return city
    named = IANA.search(text)
    if named:
        try:
            ZoneInfo(named[0])
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None
        return named[0]
    match = OFFSET.search(text)
    if not match:
        return _usual(text)
    if not match[1]:
        return 0.0
    digits = re.sub(r"\s", "", match[1]).replace("−", "-")
    hours, _, minutes = digits[1:].partition(":")
    if not minutes and len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    return (-1 if digits[0] == "-" else 1) * (int(hours) * 60.0 + int(minutes or 0))


def _zone_of_city(text: str) -> str | None:
    """The zone of the first city that a menu of zones names behind its offset: '(UTC+01:00) Amsterdam, Berlin'."""
    behind = re.search(r"\([^)]*\)\s*(\w.*)$", text)
    cities = re.split(r"\s*,\s*", behind[1]) if behind else []
    return next((zone for city in cities for zone in (_cities().get(city.replace(" ", "_")),) if zone), None)


@cache
def _cities() -> dict[str, str]:
    return {zone.rpartition("/")[2]: zone for zone in sorted(available_timezones()) if "/" in zone[:8]}


def _usual(text: str) -> str | None:
    words = plain(text)
    found = (zone for zone, names in USUAL.items() if re.match(rf"(?:{names})(?!\w)", words))
    return next(found, None)
