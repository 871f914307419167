"""Required, scheduled and net agents: time of day down, days across, queue after queue."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.evaluation.coverage import TOLERANCE
from staffing.export.plan_like import PlanLike
from staffing.export.week_sheet import day_head
from staffing.export.workbook import Book
from staffing.language import marked, text

FIRST_ROW, FIRST_DAY = 3, 2
PARTS = (("required", marked("Need")), ("scheduled", marked("Have")), ("net", marked("Net")))


def coverage_sheet(sheet: Any, book: Book, plan: PlanLike, days: list[dt.date]) -> None:
    """Fill ``sheet`` (its title stands in row 1); where agents are missing the net says "short", in red."""
    site = plan.scenario.site
    _head(sheet, book, site, days)
    table = _by_clock(plan.evaluation.intervals, site, days)
    column_of = {day: FIRST_DAY + len(PARTS) * number for number, day in enumerate(days)}
    row, breaks = FIRST_ROW, []
    for queue in plan.scenario.queues:
        own = table[table["queue"] == queue.name]
        if row > FIRST_ROW and len(own):
            breaks.append(row)
        clocks = dict(sorted(zip(own["order"].tolist(), own["clock"].tolist(), strict=True)))
        row_of = {order: row + number for number, order in enumerate(clocks)}
        for order, clock in clocks.items():
            sheet.write_string(row_of[order], 0, queue.name, book.style("name"))
            sheet.write_string(row_of[order], 1, clock, book.style("cell"))
        cells = zip(*(own[name].tolist() for name in ("order", "day", *dict(PARTS))), strict=True)
        for order, day, *figures in cells:
            _write(sheet, book, row_of[order], column_of[day], figures)
        row += len(clocks)
    sheet.set_h_pagebreaks(breaks)
    sheet.freeze_panes(FIRST_ROW, FIRST_DAY)


def _head(sheet: Any, book: Book, site: SiteCalendar, days: list[dt.date]) -> None:
    for column, label in enumerate((text("Queue"), text("From"))):
        sheet.write_string(1, column, label, book.style("head_left"))
        sheet.write_string(2, column, "", book.style("head_left"))
    for number, day in enumerate(days):
        left = FIRST_DAY + len(PARTS) * number
        sheet.merge_range(1, left, 1, left + len(PARTS) - 1, "", book.style("head_wrap"))
        sheet.write_string(1, left, " ".join(day_head(day, site)), book.style("head_wrap"))
        for column, (_, label) in enumerate(PARTS, left):
            sheet.write_string(2, column, text(label), book.style("head"))
        sheet.set_column(left, left + 1, 6)
        sheet.set_column(left + 2, left + 2, 10)
    sheet.set_row(1, 28)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 8)


def _by_clock(intervals: pd.DataFrame, site: SiteCalendar, days: list[dt.date]) -> pd.DataFrame:
    """Intervals of ``days`` with ``day``, ``clock`` (HH:MM) and ``order``; an hour that the change of clocks
    repeats comes a second time with a mark."""
    local = intervals["start"].dt.tz_convert(site.zone)
    table = intervals.assign(day=local.dt.date, clock=local.dt.strftime("%H:%M"))
    table = table[table["day"].isin(days)]
    again = table.groupby(["queue", "day", "clock"]).cumcount()
    table["order"] = table["clock"] + again.astype(str)
    table["clock"] = table["clock"].where(again == 0, table["clock"] + " again")
    return table


def _write(sheet: Any, book: Book, row: int, column: int, figures: list[float]) -> None:
    required, scheduled, net = figures
    style = "short" if net < -TOLERANCE else "over" if net > TOLERANCE else "even"
    sheet.write_number(row, column, required, book.style("even"))
    sheet.write_number(row, column + 1, scheduled, book.style("even"))
    sheet.write_number(row, column + 2, net if style != "even" else 0, book.style(style))
