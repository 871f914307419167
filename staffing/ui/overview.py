"""A week with what is known of it: its forecast, and its roster where one is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from staffing.content import content_hash
from staffing.export import Edition, kept_roster
from staffing.language import text as said
from staffing.ui import tasks, text, waiting
from staffing.ui.jobs import Work
from staffing.ui.who import user

if TYPE_CHECKING:
    from staffing.domain.calendar import SiteCalendar
    from staffing.forecast import Forecast
    from staffing.planner import Plan
    from staffing.ui.state import Desk


SOON_S = 0.15  # what is known already is there by then


@dataclass(frozen=True)
class WeekOverview:
    """A week with what is known of it: its forecast, and its roster where one is kept."""

    first: dt.date
    title: str
    forecast: Forecast
    plan: Plan | None
    edition: Edition | None
    pending: str = ""  # names the work that looks at the roster, while it is on its way


def overview(desk: Desk, title: str = "", *, patient: bool = True) -> WeekOverview:
    """Forecast and kept roster of the desk's week, worked out beside the page.

    Who is not ``patient`` is told the forecast while the roster is still looked at.
    """
    scenario, found = desk.scenario, kept_roster(desk.workspace.rosters, desk.week)
    if found is None:
        return WeekOverview(desk.week, title, desk.forecast(), None, None)
    table, edition = found
    task = partial(tasks.held, desk.source, scenario, table, desk.week)
    key = f"{desk.stage_key('home', scenario)}-{content_hash(table)[:16]}"
    work = Work(task, first=(desk.forecast_work(scenario),))
    if not patient:
        calls, job = desk.forecast(), waiting.jobs().start(key, work, user())
        if not waiting.soon(job, SOON_S):
            return WeekOverview(desk.week, title, calls, None, edition, key)
    plan: Plan = waiting.finished(key, looking_at(desk.week, desk.site), work)
    return WeekOverview(desk.week, title, plan.forecast, plan, edition)


def looking_at(week: dt.date, site: SiteCalendar) -> str:
    """What is told while a week's roster is looked at."""
    return said("Looking at {week}", week=text.spoken_week(week, site))
