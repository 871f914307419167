"""The roster as a workbook: who works when, every shift with its breaks, and what that covers."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from staffing.export.clock import weeks_of
from staffing.export.coverage_sheet import coverage_sheet
from staffing.export.edition import Edition
from staffing.export.fairness_sheet import fairness_sheet
from staffing.export.personal import own_part
from staffing.export.plan_like import PlanLike
from staffing.export.service_sheet import service_sheet
from staffing.export.shift_sheet import shift_sheet
from staffing.export.week_sheet import week_sheet
from staffing.export.workbook import Book, book
from staffing.language import date_text, marked, spoken, text
from staffing.store.files import atomic_path

#: Rows at the top of each kind of sheet that are printed on every page.
HEAD_ROWS = {marked("Week"): 3, marked("Shifts"): 2, marked("Coverage"): 3, marked("Service"): 2, marked("Fairness"): 3}


def roster_xlsx_bytes(plan: PlanLike, *, site: str = "", edition: Edition | None = None, agent: str = "") -> bytes:
    """The workbook: a sheet per planning week, one of shifts with breaks, one of coverage per week, one of what is to
    be expected of each day, one of what everybody has carried over the known weeks; of one ``agent``, their shifts.

    ``site`` is printed in the page header, the edition in its footer. The same plan and edition give the same bytes.
    Raises InputError for an agent the scenario does not know.
    """
    stream = io.BytesIO()
    edition = edition or Edition(plan.start)
    with book(stream, plan.start) as opened:
        paper = _Paper(opened, own_part(plan, agent) if agent else plan, site, edition)
        weeks = weeks_of(plan.start, plan.days, plan.scenario.site)
        for days in () if agent else weeks:
            week_sheet(paper.sheet("Week", days), opened, plan, days)
        shift_sheet(paper.sheet("Shifts", [plan.start], one=True), opened, paper.plan)
        for days in () if agent else weeks:
            coverage_sheet(paper.sheet("Coverage", days, one=len(weeks) == 1), opened, plan, days)
        if not agent and plan.simulated is not None:
            service_sheet(paper.sheet("Service", [plan.start], one=True), opened, plan, plan.simulated)
        if not agent:
            fairness_sheet(paper.sheet("Fairness", [plan.start], one=True), opened, plan)
    return stream.getvalue()


def write_roster_xlsx(
    path: Path, plan: PlanLike, *, site: str = "", edition: Edition | None = None, agent: str = ""
) -> None:
    """Write the workbook, whole or not at all. Raises InputError when the folder cannot be written."""
    content = roster_xlsx_bytes(plan, site=site, edition=edition, agent=agent)
    with atomic_path(Path(path)) as temporary:
        temporary.write_bytes(content)


@dataclass(frozen=True)
class _Paper:
    """What stands on every sheet: the site, the scenario, and which roster it is."""

    opened: Book
    plan: Any
    site: str
    edition: Edition

    def sheet(self, what: str, days: list[dt.date], *, one: bool = False) -> Any:
        calendar, name = self.plan.scenario.site, self.plan.scenario.name
        day, told = date_text(days[0], calendar), self.edition.told(calendar)
        header = (self.site or calendar.timezone, text("Week of {day}", day=day), text("Scenario {name}", name=name))
        foot = " · ".join((told, text("Times in {zone}", zone=calendar.timezone)))
        shown = text(what)
        title = shown if one else f"{shown} {days[0]}"
        sheet = self.opened.sheet(title, header, foot, head_rows=HEAD_ROWS[what])
        if spoken().right_to_left:
            sheet.right_to_left()
        sheet.write_string(0, 0, f"{shown} · {name} · {day} · {told}", self.opened.style("title"))
        return sheet
