"""What the planner has on the desk: a workspace, its history, a scenario's draft and a week.

Drafts belong to their planner and are kept in the workspace; finished plans belong to the browser session; opened
workspaces, finished stages and running jobs are shared by all sessions of the server.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from staffing.content import content_hash
from staffing.domain.scenario import Scenario
from staffing.errors import StaffingError
from staffing.language import text as said
from staffing.planner.seen import by_forecast, by_requirements
from staffing.store.cache import StageCache
from staffing.store.drafts import Draft
from staffing.store.workspace import Workspace
from staffing.ui import drafts, tasks, workspaces
from staffing.ui.jobs import Work
from staffing.ui.messages import clear_errors, show_error
from staffing.ui.session import held, this_run
from staffing.ui.tasks import PlannerSource
from staffing.ui.waiting import finished, jobs

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.calendar import SiteCalendar
    from staffing.evaluation import Evaluation
    from staffing.forecast import Forecast
    from staffing.history import History
    from staffing.planner import Plan, Planner, Workload
    from staffing.requirements import SharedStaff
    from staffing.work import WorkerTask

DAYS = 7


@dataclass(frozen=True)
class Desk:
    """An opened workspace with one scenario and one week on it."""

    workspace: Workspace
    history: History
    cache: StageCache
    name: str
    week: dt.date

    @property
    def site(self) -> SiteCalendar:
        return self.workspace.base.site

    @property
    def draft(self) -> Draft:
        return drafts.draft_of(self.workspace, self.name)

    @property
    def scenario(self) -> Scenario:
        return self.draft.current

    @property
    def version(self) -> str:
        """Names the draft's present version: inputs whose key holds it begin anew when the draft changes elsewhere."""
        life = drafts.life(self.workspace, self.name)
        return f"{self.workspace.folder.name}/{self.name}/{self.draft.number}/{life}"

    def change(self, scenario: Scenario) -> None:
        """Take a changed scenario into the planner's draft; it is kept before the page answers."""
        drafts.step(self.workspace, self.name, self.draft, scenario)

    def attempt(self, changed: Callable[[Scenario], Scenario]) -> None:
        """Change the draft; what is wrong with the change is shown at the top of the page instead."""
        try:
            self.change(changed(self.scenario))
        except StaffingError as error:
            st.session_state["problem"] = error

    @property
    def planner(self) -> Planner:
        """Every stage on this history; the rosters before the week are as they stand now."""
        from staffing.planner import Planner

        past = self.past
        return Planner(self.history, lambda _week: past, self.cache, records=self.workspace.records)

    @property
    def source(self) -> PlannerSource:
        """What other processes open a planner on."""
        return PlannerSource(self.workspace.place, self.site, self.history.sha256, self.past)

    def forecast_work(self, scenario: Scenario) -> tuple[str, Work]:
        """The key of a scenario's forecast, and what a job does for it."""
        seen = by_forecast(scenario)
        task = partial(tasks.forecast, self.source, seen, self.week)
        return self.stage_key("forecast", seen), Work(task, history=self.history.sha256)

    def forecast(self, scenario: Scenario | None = None) -> Forecast:
        """The week's forecast of a scenario, worked out beside the page."""
        key, work = self.forecast_work(scenario or self.scenario)
        made: Forecast = finished(key, said("Forecasting the week"), work)
        return made

    def requirements(self, scenario: Scenario | None = None) -> pd.DataFrame:
        """Agents per queue and interval of a scenario, worked out beside the page."""
        wanted = scenario or self.scenario
        seen = by_requirements(wanted)
        work = Work(partial(tasks.requirements, self.source, self.forecast(wanted), seen))
        key = f"requirements-{content_hash(self.forecast_work(wanted)[0], seen)}"
        made: pd.DataFrame = finished(key, said("Working out the agents needed"), work)
        return made

    def workload(self, scenario: Scenario | None = None) -> Workload:
        """Forecast and requirements of the week, worked out beside the page."""
        from staffing.planner import Workload

        wanted = scenario or self.scenario
        return Workload(wanted, self.week, DAYS, self.forecast(wanted), self.requirements(wanted))

    def shared_staff(self) -> SharedStaff:
        """Staffing of every interval with agents whom the queues share, worked out beside the page."""
        load = self.workload()
        work = Work(partial(tasks.shared_staff, self.source, load))
        key = self.stage_key("shared", load.scenario)
        made: SharedStaff = finished(key, said("Sharing agents between queues"), work)
        return made

    @property
    def past(self) -> pd.DataFrame | None:
        """The rosters of the weeks before, published or drafted."""
        ground, key = self.workspace.ground, ("stamp", str(self.workspace.folder))
        if key not in this_run():
            this_run()[key] = ground.stamp()
        return workspaces.remembered(ground, self.site, self.week, key[1], this_run()[key])

    def plan_key(self, scenario: Scenario) -> str:
        past = self.past
        return self.stage_key("plan" if past is None else f"plan-after-{content_hash(past)[:16]}", scenario)

    def plan_work(self, scenario: Scenario) -> Work:
        """What a job does to plan the week of a scenario."""
        return self.plans_work([scenario], partial(tasks.plan, self.source, scenario, self.week))

    def plans_work(self, scenarios: Sequence[Scenario], task: WorkerTask) -> Work:
        """What a job does in the rosters' pool, once the forecasts of these scenarios are there."""
        return Work(task, "rosters", first=tuple(self.forecast_work(scenario) for scenario in scenarios))

    def plan(self, scenario: Scenario) -> Plan | None:
        """The plan of a scenario if it has been made (in any session), else None."""
        kept: Plan | None = plans().get(self.plan_key(scenario))
        job = jobs().find(self.plan_key(scenario))
        if kept is None and job is not None and job.done and job.error is None:
            kept = job.result
        if kept is not None:
            self.keep(kept)
        return kept

    def keep(self, made: Plan) -> None:
        """Remember a finished plan, and that it is the newest of its scenario."""
        plans()[self.plan_key(made.scenario)] = made
        latest()[(str(self.workspace.folder), made.scenario.name, self.week)] = made

    def latest_plan(self) -> Plan | None:
        """The newest plan of this scenario's name and week, whatever has changed since."""
        return latest().get((str(self.workspace.folder), self.name, self.week))

    def forget_latest(self) -> None:
        """Let go of the newest plan of this scenario's name and week: another roster takes its place."""
        latest().pop((str(self.workspace.folder), self.name, self.week), None)

    def stage_key(self, stage: str, scenario: Scenario) -> str:
        """Names a piece of work on this scenario, history and week."""
        return f"{stage}-{content_hash(str(self.workspace.folder), self.history.sha256, scenario, self.week)}"


def plans() -> dict[str, Plan]:
    """Finished plans of this session by content."""
    return held("plans")


def evaluations() -> dict[tuple[str, str], Evaluation]:
    """Rosters evaluated under other scenarios than their own: by key of the scenario and of the roster's plan."""
    return held("evaluations")


def latest() -> dict[tuple[str, str, dt.date], Plan]:
    return held("latest_plans")


def show(page: Callable[[Desk], None]) -> None:
    """Run a page on the desk that the sidebar set up."""
    with clear_errors():
        problem = st.session_state.pop("problem", None)
        if problem is not None:
            show_error(problem)
        page(st.session_state["desk"])
