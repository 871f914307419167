"""The week on paper: people down, days across, kinds of shift in colour."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from staffing.export.clock import clock_spans
from staffing.export.paper.sheet import BOTTOM_MM, HEAD, NAME, PLAIN, QUIET, ROOM_MM, Look, Paper, colour
from staffing.export.plan_like import PlanLike
from staffing.export.workbook import KIND_FILLS
from staffing.language import date_text, day_month, digits, text, weekday_short

NAME_MM, HOURS_MM, ROW_MM = 46.0, 16.0, 5.6
AWAY = Look(ink=QUIET, size=7)


def week_pages(sheet: Paper, plan: PlanLike, days: list[dt.date]) -> None:
    """As many pages as the people of the plan need."""
    shifts = plan.evaluation.shifts
    shifts = shifts[shifts["day"].isin(days)]
    spans = _by_day(shifts, plan)
    hours = shifts.groupby("agent")["paid_hours"].sum()
    widths = [NAME_MM, *[(ROOM_MM - NAME_MM - HOURS_MM) / len(days)] * len(days), HOURS_MM]
    site = plan.scenario.site
    heading = text("Roster of the week of {day}", day=date_text(days[0], site))
    heads = [f"{weekday_short(day)} {day_month(day, site)}" for day in days]
    top = BOTTOM_MM
    for agent in plan.scenario.agents:
        if top + ROW_MM > BOTTOM_MM:
            top = sheet.page(heading)
            cells = [text("Agent"), *heads, text("Paid hours")]
            sheet.row(top, ROW_MM, widths, [(shown, HEAD) for shown in cells])
            top += ROW_MM
        away = [any(day in span for span in agent.time_off) for day in days]
        cells_of = [
            spans.get((agent.name, day), (text("time off") if off else "", AWAY))
            for day, off in zip(days, away, strict=True)
        ]
        paid = digits(f"{hours.get(agent.name, 0.0):.1f}")
        sheet.row(top, ROW_MM, widths, [(agent.name, NAME), *cells_of, (paid, PLAIN)])
        top += ROW_MM


def _by_day(shifts: pd.DataFrame, plan: PlanLike) -> dict[tuple[str, dt.date], tuple[str, Look]]:
    """Per person and day the hours of the shifts begun, in the colour of the first one's kind."""
    fills = {shift.name: colour(KIND_FILLS[k % len(KIND_FILLS)]) for k, shift in enumerate(plan.scenario.shifts)}
    cells: dict[tuple[str, dt.date], tuple[str, Look]] = {}
    spans = clock_spans(shifts, plan.scenario.site)
    for agent, day, kind, span in zip(shifts["agent"], shifts["day"], shifts["kind"], spans, strict=True):
        before = cells.get((agent, day))
        look = before[1] if before else Look(fill=fills.get(kind))
        cells[agent, day] = (f"{before[0]}, {digits(span)}" if before else digits(span), look)
    return cells
