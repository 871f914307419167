"""What the steps call things."""

from __future__ import annotations

from staffing.domain.calendar import WEEKDAYS
from staffing.language import marked, text

CALENDARS = {"gregorian": marked("Gregorian"), "jalali": marked("Jalali")}
CHANNELS = {
    "voice": marked("voice"),
    "chat": marked("chat"),
    "email": marked("e-mail"),
    "back_office": marked("back office"),
    "callback": marked("callback"),
}
_DAYS = (
    marked("Monday"),
    marked("Tuesday"),
    marked("Wednesday"),
    marked("Thursday"),
    marked("Friday"),
    marked("Saturday"),
    marked("Sunday"),
)


def weekday(name: str) -> str:
    """A weekday of the calendar (``monday``) in the spoken language."""
    return text(_DAYS[[*WEEKDAYS].index(name)])  # type: ignore[arg-type]


def channel(name: str) -> str:
    """A channel in the spoken language."""
    return text(CHANNELS[name])
