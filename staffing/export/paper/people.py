"""Everybody's own shifts on paper, with breaks; person after person."""

from __future__ import annotations

from typing import Any

from staffing.export.clock import breaks_told, clock_spans
from staffing.export.paper.sheet import BOTTOM_MM, HEAD, NAME, PLAIN, ROOM_MM, Look, Paper
from staffing.language import date_text, digits, text, weekday_name

ROW_MM, GAP_MM = 5.4, 3.0
WIDTHS = (34.0, 34.0, 34.0, ROOM_MM - 34.0 * 3 - 20.0, 20.0)
TITLE = Look(bold=True, size=10, align="L", border=False)


def people_pages(sheet: Paper, plan: Any) -> None:
    """A table per person with shifts, as many on a page as fit whole."""
    site, made = plan.scenario.site, plan.evaluation
    heading = text("Shifts by person, week of {day}", day=date_text(plan.start, site))
    heads = [text("Day"), text("Date"), text("Hours"), text("Breaks"), text("Paid hours")]
    breaks = breaks_told(made.activities, site)
    top = BOTTOM_MM
    for agent in plan.scenario.agents:
        shifts = made.shifts[made.shifts["agent"] == agent.name].sort_values("start")
        if shifts.empty:
            continue
        if top + ROW_MM * (len(shifts) + 2) > BOTTOM_MM:
            top = sheet.page(heading)
        total = digits(f"{shifts['paid_hours'].sum():.1f}")
        paid = text("{hours} h paid", hours=total)
        sheet.write(top, 0, ROOM_MM, ROW_MM, f"{agent.name} · {paid}", TITLE)
        sheet.row(top + ROW_MM, ROW_MM, WIDTHS, [(shown, HEAD) for shown in heads])
        top += 2 * ROW_MM
        for shift, span in zip(shifts.itertuples(), clock_spans(shifts, site), strict=True):
            cells = (weekday_name(shift.day), date_text(shift.day, site), digits(span))
            hours = digits(f"{shift.paid_hours:.1f}")
            rest = ((digits(breaks.get(shift.Index, "")), NAME), (hours, PLAIN))
            sheet.row(top, ROW_MM, WIDTHS, [*((shown, PLAIN) for shown in cells), *rest])
            top += ROW_MM
        top += GAP_MM
