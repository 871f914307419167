"""What the steps call things."""

from __future__ import annotations

from staffing.domain.calendar import WEEKDAYS
from staffing.language import marked, text
from staffing.language.heard import DAYS

CALENDARS = {"gregorian": marked("Gregorian"), "jalali": marked("Jalali")}
CHANNELS = {
    "voice": marked("voice"),
    "chat": marked("chat"),
    "email": marked("e-mail"),
    "back_office": marked("back office"),
    "callback": marked("callback"),
}


def weekday(name: str) -> str:
    """A weekday of the calendar (``monday``) in the spoken language."""
    return text(DAYS[[*WEEKDAYS].index(name)])  # type: ignore[arg-type]


def channel(name: str) -> str:
    """A channel in the spoken language."""
    return text(CHANNELS[name])
