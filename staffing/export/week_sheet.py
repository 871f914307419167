"""A week on one sheet: people down, days across, shifts in colour, totals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.evaluation.text import gap_lines
from staffing.export.clock import clock_spans
from staffing.export.plan_like import PlanLike
from staffing.export.workbook import Book
from staffing.language import date_text, jalali, spoken, text, weekday_name

FIRST_ROW, FIRST_DAY = 3, 3
Key = tuple[str, dt.date]


def week_sheet(sheet: Any, book: Book, plan: PlanLike, days: list[dt.date]) -> None:
    """Fill ``sheet`` (its title stands in row 1) with the shifts begun on ``days``."""
    shifts = plan.evaluation.shifts
    shifts = shifts[shifts["day"].isin(days)]
    _head(sheet, book, plan.scenario.site, days)
    _people(sheet, book, plan, days, shifts)
    row = FIRST_ROW + len(plan.scenario.agents)
    _totals(sheet, book, plan, days, shifts, row)
    _legend(sheet, book, plan, row + 4)
    _gaps(sheet, book, plan, days, row + 5 + len(plan.scenario.shifts))
    sheet.freeze_panes(FIRST_ROW, FIRST_DAY)


def day_head(day: dt.date, site: SiteCalendar) -> tuple[str, str]:
    """Weekday, and the date with the Jalali one below it where the site shows Jalali."""
    both = site.display == "jalali" and spoken().code != "fa"
    return weekday_name(day), f"{day}\n{jalali(day)}" if both else date_text(day, site)


def _head(sheet: Any, book: Book, site: SiteCalendar, days: list[dt.date]) -> None:
    for column, label in enumerate((text("Agent"), text("Team"), text("Contract"))):
        sheet.merge_range(1, column, 2, column, "", book.style("head_left"))
        sheet.write_string(1, column, label, book.style("head_left"))
    for column, day in enumerate(days, FIRST_DAY):
        weekday, date = day_head(day, site)
        sheet.write_string(1, column, weekday, book.style("head"))
        sheet.write_string(2, column, date, book.style("head_wrap"))
    for column, label in enumerate((text("Shifts"), text("Paid hours")), FIRST_DAY + len(days)):
        sheet.merge_range(1, column, 2, column, "", book.style("head"))
        sheet.write_string(1, column, label, book.style("head"))
    if site.display == "jalali":
        sheet.set_row(2, 28)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 13)
    sheet.set_column(FIRST_DAY, FIRST_DAY + len(days) - 1, 13)
    sheet.set_column(FIRST_DAY + len(days), FIRST_DAY + len(days) + 1, 10)


def _people(sheet: Any, book: Book, plan: PlanLike, days: list[dt.date], shifts: pd.DataFrame) -> None:
    colour = {shift.name: number for number, shift in enumerate(plan.scenario.shifts)}
    spans, kinds = _by_day(shifts, plan.scenario.site)
    hours = shifts.groupby("agent")["paid_hours"].sum()
    count = shifts.groupby("agent").size()
    for row, agent in enumerate(plan.scenario.agents, FIRST_ROW):
        for column, told in enumerate((agent.name, agent.team, agent.contract)):
            sheet.write_string(row, column, told, book.style("name"))
        for column, day in enumerate(days, FIRST_DAY):
            if (agent.name, day) in spans:
                kind = kinds[agent.name, day]
                style = book.kind(colour[kind]) if kind in colour else book.style("cell")
                sheet.write_string(row, column, spans[agent.name, day], style)
            else:
                away = any(day in span for span in agent.time_off)
                sheet.write_string(row, column, text("time off") if away else "", book.style("away"))
        sheet.write_number(row, FIRST_DAY + len(days), int(count.get(agent.name, 0)), book.style("count"))
        sheet.write_number(row, FIRST_DAY + len(days) + 1, float(hours.get(agent.name, 0)), book.style("hours"))


def _by_day(shifts: pd.DataFrame, site: SiteCalendar) -> tuple[dict[Key, str], dict[Key, str]]:
    """Per agent and day the hours of the shifts begun, a line each, and the kind of the first."""
    spans: dict[Key, str] = {}
    kinds: dict[Key, str] = {}
    keys = zip(shifts["agent"].tolist(), shifts["day"].tolist(), strict=True)
    for key, span, kind in zip(keys, clock_spans(shifts, site), shifts["kind"].tolist(), strict=True):
        spans[key] = f"{spans[key]}\n{span}" if key in spans else span
        kinds.setdefault(key, kind)
    return spans, kinds


def _totals(sheet: Any, book: Book, plan: PlanLike, days: list[dt.date], shifts: pd.DataFrame, row: int) -> None:
    from staffing.evaluation import ALL_QUEUES

    by_day = shifts.groupby("day")
    short = plan.evaluation.days
    short = short[short["queue"] == ALL_QUEUES].set_index("day")["short_hours"]
    lines = (
        (text("People"), by_day["agent"].nunique(), "total_count"),
        (text("Paid hours"), by_day["paid_hours"].sum(), "total"),
        (text("Hours short on the phone"), short, "total"),
    )
    for line, (label, values, style) in enumerate(lines, row):
        missing = line == row + 2
        for column in range(FIRST_DAY + len(days) + 2):
            sheet.write_blank(line, column, None, book.style("total"))
        sheet.write_string(line, 0, label, book.style("total"))
        for column, day in enumerate(days, FIRST_DAY):
            value = float(values.get(day, 0.0))
            shown = "short_total" if missing and value > 0 else style
            sheet.write_number(line, column, value, book.style(shown))
    end = FIRST_DAY + len(days)
    sheet.write_number(row, end, len(shifts), book.style("total_count"))
    sheet.write_number(row + 1, end + 1, float(shifts["paid_hours"].sum()), book.style("total"))
    sheet.write_number(row + 2, end + 1, float(short.reindex(days).sum()), book.style("total"))


def _legend(sheet: Any, book: Book, plan: PlanLike, row: int) -> None:
    for number, shift in enumerate(plan.scenario.shifts):
        sheet.write_string(row + number, 0, shift.name, book.kind(number))
        hours = {"hours": f"{shift.length_min / 60:g}", "paid": f"{shift.paid_min / 60:g}"}
        parts = [text("{hours} h, {paid} h paid", **hours), *([text("undesired")] if shift.undesired else [])]
        note = " · ".join(parts)
        sheet.write_string(row + number, 1, note, book.style("quiet"))


def _gaps(sheet: Any, book: Book, plan: PlanLike, days: list[dt.date], row: int) -> None:
    """What stays uncovered, by day and hour."""
    uncovered = plan.evaluation.uncovered
    lines = gap_lines(uncovered[uncovered["day"].isin(days)], lambda day: date_text(day, plan.scenario.site))
    sheet.write_string(
        row, 0, text("Not covered") if lines else text("Everything is covered."), book.style("total_text")
    )
    for number, line in enumerate(lines, row + 1):
        sheet.write_string(number, 0, line, book.style("quiet"))
