"""A week with what is known of it: its forecast, and its roster where one is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from staffing.content import content_hash
from staffing.export import Edition, kept_roster
from staffing.language import text as said
from staffing.ui import tasks, text
from staffing.ui.jobs import Work
from staffing.ui.waiting import finished

if TYPE_CHECKING:
    from staffing.forecast import Forecast
    from staffing.planner import Plan
    from staffing.ui.state import Desk


@dataclass(frozen=True)
class WeekOverview:
    """A week with what is known of it: its forecast, and its roster where one is kept."""

    first: dt.date
    title: str
    forecast: Forecast
    plan: Plan | None
    edition: Edition | None


def overview(desk: Desk, title: str = "") -> WeekOverview:
    """Forecast and kept roster of the desk's week, worked out beside the page."""
    scenario, found = desk.scenario, kept_roster(desk.workspace.rosters, desk.week)
    if found is None:
        return WeekOverview(desk.week, title, desk.forecast(), None, None)
    table, edition = found
    task = partial(tasks.held, desk.source, scenario, table, desk.week)
    key = f"{desk.stage_key('home', scenario)}-{content_hash(table)[:16]}"
    looking = said("Looking at {week}", week=text.plain_week(desk.week))
    plan: Plan = finished(key, looking, Work(task, first=(desk.forecast_work(scenario),)))
    return WeekOverview(desk.week, title, plan.forecast, plan, edition)
