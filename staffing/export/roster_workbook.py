"""The roster as a workbook: who works when, every shift with its breaks, and what that covers."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

from staffing.export.coverage_sheet import coverage_sheet
from staffing.export.dates import date_text, weeks_of
from staffing.export.fairness_sheet import fairness_sheet
from staffing.export.plan_like import PlanLike
from staffing.export.shift_sheet import shift_sheet
from staffing.export.week_sheet import week_sheet
from staffing.export.workbook import Book, book
from staffing.store.files import atomic_path

#: Rows at the top of each kind of sheet that are printed on every page.
HEAD_ROWS = {"Week": 3, "Shifts": 2, "Coverage": 3, "Fairness": 3}


def roster_xlsx_bytes(plan: PlanLike, *, site: str = "") -> bytes:
    """The workbook: a sheet per planning week, one of shifts with breaks, one of coverage per week, one of
    what everybody has carried over the known weeks.

    ``site`` is printed in the page header. The same plan gives the same bytes.
    """
    stream = io.BytesIO()
    with book(stream, plan.start) as opened:
        weeks = weeks_of(plan.start, plan.days, plan.scenario.site)
        for days in weeks:
            week_sheet(_sheet(opened, plan, "Week", days, site), opened, plan, days)
        shift_sheet(_sheet(opened, plan, "Shifts", [plan.start], site, one=True), opened, plan)
        for days in weeks:
            coverage_sheet(_sheet(opened, plan, "Coverage", days, site, one=len(weeks) == 1), opened, plan, days)
        fairness_sheet(_sheet(opened, plan, "Fairness", [plan.start], site, one=True), opened, plan)
    return stream.getvalue()


def write_roster_xlsx(path: Path, plan: PlanLike, *, site: str = "") -> None:
    """Write the workbook, whole or not at all. Raises InputError when the folder cannot be written."""
    content = roster_xlsx_bytes(plan, site=site)
    with atomic_path(Path(path)) as temporary:
        temporary.write_bytes(content)


def _sheet(opened: Book, plan: PlanLike, what: str, days: list[dt.date], site: str, *, one: bool = False) -> Any:
    calendar = plan.scenario.site
    header = (site or calendar.timezone, f"Week of {date_text(days[0], calendar)}", f"Scenario {plan.scenario.name}")
    name = what if one else f"{what} {days[0]}"
    sheet = opened.sheet(name, header, f"Times in {calendar.timezone}", head_rows=HEAD_ROWS[what])
    title = f"{what} · {plan.scenario.name} · {date_text(days[0], calendar)}"
    sheet.write_string(0, 0, title, opened.style("title"))
    return sheet
