"""Who has carried what over the known weeks: people down, unloved shifts across, and how the spread has gone."""

from __future__ import annotations

import math
from typing import Any

from staffing.export.plan_like import PlanLike
from staffing.export.workbook import Book
from staffing.language import marked, text

FIRST_ROW = 3
TEXTS = (("agent", marked("Agent")), ("team", marked("Team")), ("contract", marked("Contract")))
COUNTS = {
    "weekend_days": marked("Weekend days"),
    "nights": marked("Nights"),
    "late_shifts": marked("Late"),
    "undesired_shifts": marked("Undesired"),
    "missed_wishes": marked("Wishes missed"),
}


def fairness_sheet(sheet: Any, book: Book, plan: PlanLike) -> None:
    """Fill ``sheet`` (its title stands in row 1): each count over all known weeks and its difference from the mean
    of people with the same contract and choice, then the spread week by week."""
    heads = [label for _, label in TEXTS] + [marked("Weeks"), marked("Shifts")]
    heads += [head for count in COUNTS.values() for head in (count, marked("± mean"))] + [marked("Wishes kept")]
    for column, label in enumerate(heads):
        sheet.write_string(1, column, text(label), book.style("head_left" if column < len(TEXTS) else "head_wrap"))
        sheet.write_string(2, column, "", book.style("head_left"))
    table = plan.evaluation.ledger
    for row, person in enumerate(table.to_dict("records"), FIRST_ROW):
        _person(sheet, book, row, person)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 13)
    sheet.set_column(3, len(heads) - 1, 9)
    sheet.freeze_panes(FIRST_ROW, 1)
    _drift(sheet, book, plan, FIRST_ROW + len(table) + 2)


def _person(sheet: Any, book: Book, row: int, person: dict[str, Any]) -> None:
    for column, (name, _) in enumerate(TEXTS):
        sheet.write_string(row, column, str(person[name]), book.style("name"))
    figures = [("count", person["weeks"]), ("count", person["shifts"])]
    for name in COUNTS:
        figures += [("count", person[name]), ("over", person[f"above_{name}"])]
    for column, (style, value) in enumerate(figures, len(TEXTS)):
        sheet.write_number(row, column, float(value), book.style(style))
    last, kept = len(TEXTS) + len(figures), float(person["preference_success"])
    if math.isnan(kept):
        sheet.write_string(row, last, "–", book.style("cell"))
    else:
        sheet.write_number(row, last, kept, book.style("share"))


def _drift(sheet: Any, book: Book, plan: PlanLike, first: int) -> None:
    """Most less least within a contract, the widest, up to each week."""
    drift = plan.evaluation.drift
    sheet.write_string(first, 0, text("Spread up to the week of"), book.style("head_left"))
    for column, label in enumerate(COUNTS.values(), len(TEXTS)):
        sheet.write_string(first, column, text(label), book.style("head_wrap"))
    for row, (week, rows) in enumerate(drift.groupby("week"), first + 1):
        sheet.write_string(row, 0, str(week), book.style("name"))
        spread = rows.set_index("measure")["spread"]
        for column, name in enumerate(COUNTS, len(TEXTS)):
            sheet.write_number(row, column, float(spread[name]), book.style("count"))
