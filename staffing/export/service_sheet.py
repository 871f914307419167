"""What is to be expected of each day: service under uncertainty, its range, and the chance that the day holds."""

from __future__ import annotations

from typing import Any

from staffing.evaluation import ALL_QUEUES
from staffing.export.plan_like import PlanLike
from staffing.export.workbook import Book
from staffing.language import date_text, marked, text
from staffing.simulation.result import Simulated

FIRST_ROW = 2
COLUMNS = (
    ("service_level", marked("Expected service"), "share"),
    ("service_level_p10", marked("One in ten below"), "share"),
    ("service_level_p90", marked("One in ten above"), "share"),
    ("p_meets_target", marked("Chance that it holds"), "share"),
    ("exact", marked("If the forecast comes exactly"), "share"),
    ("abandonment", marked("Abandonment"), "share"),
    ("overrun_hours", marked("Overrun, hours"), "hours"),
)


def service_sheet(sheet: Any, book: Book, plan: PlanLike, played: Simulated) -> None:
    """Fill ``sheet`` (its title stands in row 1): queue after queue, a row for each day with contacts."""
    for column, label in enumerate((text("Queue"), text("Day"), *(text(label) for _, label, _ in COLUMNS))):
        sheet.write_string(1, column, label, book.style("head_wrap" if column > 1 else "head_left"))
    exact = plan.evaluation.days.set_index(["queue", "day"])["service_level"]
    rows = played.days[played.days["service_level"].notna()].to_dict("records")
    for row, told in enumerate(rows, FIRST_ROW):
        queue, day = told["queue"], told["day"]
        told["exact"] = exact.get((queue, day), float("nan"))
        sheet.write_string(row, 0, text("all queues") if queue == ALL_QUEUES else queue, book.style("name"))
        sheet.write_string(row, 1, date_text(day, plan.scenario.site), book.style("name"))
        for column, (name, _, style) in enumerate(COLUMNS, 2):
            if told[name] == told[name]:  # what is undefined stays blank
                sheet.write_number(row, column, float(told[name]), book.style(style))
    note = text("Every day simulated {runs} times, contact by contact.", runs=played.runs)
    sheet.write_string(FIRST_ROW + len(rows) + 1, 0, note, book.style("quiet"))
    sheet.set_row(1, 42)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1 + len(COLUMNS), 13)
    sheet.freeze_panes(FIRST_ROW, 2)
