"""Rules that a roster breaks, in the reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffing.language import heard, marked
from staffing.language import text as said
from staffing.ui import text

if TYPE_CHECKING:
    from staffing.domain.calendar import SiteCalendar
    from staffing.roster.rules.people import Violation

RULES = (
    marked("hours per week"),
    marked("hours per period"),
    marked("shifts of a kind"),
    marked("days per week"),
    marked("weekend days"),
    marked("nights per week"),
    marked("start spread"),
    marked("people"),
    marked("sessions"),
    marked("rest"),
    marked("weekly rest"),
    marked("one shift a day"),
    marked("days in a row"),
    marked("days off in a row"),
    marked("most days off in a row"),
    marked("nights in a row"),
    marked("weekends"),
    marked("whole weekends"),
    marked("forbidden succession"),
    marked("shift kind"),
    marked("breaks"),
    marked("availability"),
    marked("time off"),
    marked("employment"),
    marked("skills"),
    marked("opening hours"),
    marked("rotation"),
    marked("pinned"),
)


def line(fault: Violation, site: SiteCalendar) -> str:
    """Who, on which day, what is wrong, and by which rule."""
    return f"{fault.agent}, {text.short_day(fault.date, site)}: {heard(fault.what, site)} ({said(fault.rule)})"
