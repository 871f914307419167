"""The pages of a roster, in the order in which they are handed on."""

from __future__ import annotations

import datetime as dt

from staffing.export.clock import weeks_of
from staffing.export.edition import Edition
from staffing.export.paper.coverage import coverage_pages
from staffing.export.paper.day import day_page
from staffing.export.paper.people import people_pages
from staffing.export.paper.sheet import Paper
from staffing.export.paper.week import week_pages
from staffing.export.personal import own_part
from staffing.export.plan_like import PlanLike
from staffing.language import text


def roster_pdf_bytes(plan: PlanLike, *, edition: Edition | None = None, agent: str = "") -> bytes:
    """The roster as PDF in the spoken language: by week, by day, coverage, by person; or one person's shifts alone.

    The same plan and edition give the same bytes. Raises InputError for an agent the scenario does not know.
    """
    edition = edition or Edition(plan.start)
    site = plan.scenario.site
    created = edition.when or dt.datetime.combine(plan.start, dt.time(), dt.UTC)
    foot = " · ".join((edition.told(site), text("Times in {zone}", zone=site.timezone)))
    sheet = Paper(text("Roster"), foot, created)
    if agent:
        people_pages(sheet, own_part(plan, agent))
        return sheet.content()
    for days in weeks_of(plan.start, plan.days, site):
        week_pages(sheet, plan, days)
        for day in days:
            day_page(sheet, plan, day)
        coverage_pages(sheet, plan, days)
    people_pages(sheet, plan)
    return sheet.content()
