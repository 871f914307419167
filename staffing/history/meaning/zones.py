"""The time zone that a title or a heading names for times that carry no offset of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from staffing.history.layout.words import concepts, plain
from staffing.history.meaning.numerals import DIGITS

#: Words before the name of a zone.
NAMED = re.compile(
    r"(?i)(?:time ?zone|timezone|zeitzone|fuseau(?: horaire)?|zona horaria|huso horario|saat dilimi|منطقه "
    r"زمانی|المنطقة الزمنية"
    r"|times? (?:are |is |shown )?in)\W*(.+)"
)
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
    return None


def unknown_zone(lines: Iterable[str]) -> str | None:
    """A line that names a zone which is not known, such as 'Time zone: Eastern'."""
    named = (line for line in lines if NAMED.search(line) and re.search(r"(?i)zone|zona|huso|fuseau|منطق", line))
    return next((line for line in named if titled_zone([line], "") is None), None)


def _zone(text: str) -> float | str | None:
    text = text.translate(DIGITS)
    named = IANA.search(text)
    if named:
        try:
            ZoneInfo(named[0])
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None
        return named[0]
    match = OFFSET.search(text)
    if not match:
        return None
    if not match[1]:
        return 0.0
    digits = re.sub(r"\s", "", match[1]).replace("−", "-")
    hours, _, minutes = digits[1:].partition(":")
    if not minutes and len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    return (-1 if digits[0] == "-" else 1) * (int(hours) * 60.0 + int(minutes or 0))
