"""What the pages have done in other processes: calls that can be handed over, on a planner that is opened there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from staffing.domain.calendar import SiteCalendar
from staffing.domain.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from staffing.advice import LaunchAdvice, LeaveWeek
    from staffing.api.value import Value
    from staffing.domain.demand import Event
    from staffing.evaluation.accuracy import Accuracy
    from staffing.forecast import Forecast
    from staffing.planner import Mending, Plan, Planner, Workload
    from staffing.planner.correcting import CorrectedPlan
    from staffing.requirements import SharedStaff
    from staffing.roster.desk.explain import Shortage
    from staffing.roster.desk.replan import Replan
    from staffing.roster.desk.today.moment import Moment
    from staffing.roster.desk.today.propose import RestOfDay
    from staffing.simulation.calibration import Calibration
    from staffing.store.absences import Absence
    from staffing.store.kept import Kept
    from staffing.work import Caller, WorkerTask

MOST_PLANNERS = 2  # a history with what it taught takes hundreds of megabytes
_planners: dict[tuple[str, str, str], Planner] = {}


@dataclass(frozen=True)
class PlannerSource:
    """What a planner is opened on: a workspace as one history and one site see it, and the rosters before the week."""

    place: str
    site: SiteCalendar
    history: str
    past: pd.DataFrame | None = None

    def planner(self) -> Planner:
        """The planner of this history, opened once in this process; what it has worked out stays."""
        from staffing.planner import Planner
        from staffing.store.cache import StageCache
        from staffing.store.workspace import Workspace

        key = self.place, self.site.model_dump_json(), self.history
        if key not in _planners:
            opened = Planner.open(Workspace.open(self.place), self.site)
            _planners[key] = replace(opened, cache=StageCache(opened.cache.folder, worth_keeping_s=0.0))
            while len(_planners) > MOST_PLANNERS:
                _planners.pop(next(iter(_planners)))
        past = self.past
        return replace(_planners[key], rosters_before=lambda _week: past)

    def without_history(self) -> Planner:
        """A planner for stages that look at no history: it need not be read."""
        from staffing.planner import Planner
        from staffing.store.cache import StageCache
        from staffing.store.workspace import Workspace

        nothing: Any = None
        return Planner(nothing, cache=StageCache(Workspace.open(self.place).cache_folder))


def named(task: WorkerTask) -> tuple[str, str]:
    """What a task is, as its function is called, and the workspace that it is of, where it is of one."""
    parts = getattr(task, "args", ())
    place = next((part.place for part in parts if isinstance(part, PlannerSource)), "")
    return getattr(task, "func", task).__name__.replace("_", " "), place


def told(line: Caller, stage: str) -> Callable[[float], None]:
    """The share of one stage, told on the line."""
    return lambda share: line.tell(stage, share)


def forecast(source: PlannerSource, scenario: Scenario, week: dt.date, line: Caller) -> Forecast:
    return source.planner().forecast(scenario, start=week, told=told(line, "learning from history"))


@dataclass(frozen=True)
class Lessons:
    """What history taught of events.

    ``learned`` and ``hours`` as ``forecast.events.report`` words them; ``past`` by kind and queue what past events did.
    """

    learned: pd.DataFrame
    hours: pd.DataFrame
    past: dict[tuple[str, str], pd.DataFrame]


def lessons(source: PlannerSource, scenario: Scenario, line: Caller) -> Lessons:
    from staffing.forecast.events.report import hour_table, learned_table, past_responses

    fitted = source.planner().baseline(scenario, told=told(line, "learning from history"))
    learned = learned_table(fitted)
    pairs = dict.fromkeys(zip(learned["kind"], learned["queue"], strict=True))
    return Lessons(learned, hour_table(fitted), {pair: past_responses(fitted, *pair) for pair in pairs})


def evidence(source: PlannerSource, scenario: Scenario, event: Event, line: Caller) -> dict[str, str]:
    """By queue where an event's effect comes from, in words."""
    from staffing.forecast.events.report import evidence as words

    fitted = source.planner().baseline(scenario, told=told(line, "learning from history"))
    touched = (model for model in fitted.queues.values() if event.touches(model.queue))
    return {model.effects.queue: words(model.effects, event) for model in touched}


def quarter(source: PlannerSource, scenario: Scenario, week: dt.date, line: Caller) -> pd.DataFrame:
    """Week by week for a quarter."""
    from staffing.evaluation.quarter import DAYS, WEEKS, by_week

    planner = source.planner()
    work = planner.workload(scenario, start=week, days=DAYS * WEEKS, told=told(line, "learning from history"))
    return by_week(work.forecast, work.requirements, scenario, week)


def requirements(source: PlannerSource, calls: Forecast, scenario: Scenario, _line: Caller) -> pd.DataFrame:
    return source.without_history().requirements(calls, scenario)


def shared_staff(source: PlannerSource, work: Workload, _line: Caller) -> SharedStaff:
    return source.without_history().shared_staff(work)


def found_events(source: PlannerSource, scenario: Scenario, _line: Caller) -> pd.DataFrame:
    return source.planner().found_events(scenario)


def promises(source: PlannerSource, kept: Sequence[Kept], scenario: Scenario, line: Caller) -> Accuracy:
    """What was promised against what came."""
    from staffing.evaluation.accuracy import accuracy

    planner = source.planner()
    frame = planner.history.aggregate(scenario.site.interval_min).frame
    return accuracy(list(kept), frame, scenario, planner.baseline(scenario, told=told(line, "learning from history")))


def chances(
    source: PlannerSource, told: tuple[pd.DataFrame, dict[dt.date, pd.DataFrame]], scenario: Scenario, _line: Caller
) -> Calibration:
    """What was ``told`` of days when their weeks were published, with the rosters that held, against what came."""
    return source.planner().calibration(scenario, *told)


def value(made: Plan, line: Caller) -> Value:
    """The plan in money."""
    from staffing.api.value import value as worth

    return worth(made, told=told(line, "people more and fewer"))


def correct(source: PlannerSource, made: Plan, line: Caller) -> CorrectedPlan:
    """The plan corrected by its simulation, round after round."""
    return source.planner().correct(made, progress=line.tell)


def certainty(source: PlannerSource, scenario: Scenario, week: dt.date, _line: Caller) -> pd.DataFrame:
    """Hours and money for more days that hold."""
    from staffing.planner.certainty import prices

    return prices(source.planner(), scenario, week)


def plans(source: PlannerSource, scenarios: Sequence[Scenario], week: dt.date, line: Caller) -> list[Plan]:
    """One plan a scenario, one after the other."""
    made, planner, count = [], source.planner(), len(scenarios)
    for place, scenario in enumerate(scenarios):
        name = f"{scenario.name}: " if count > 1 else ""
        made.append(planner.plan(scenario, start=week, progress=_part(line, name, place, count)))
    return made


def plan(source: PlannerSource, scenario: Scenario, week: dt.date, line: Caller) -> Plan:
    return plans(source, [scenario], week, line)[0]


def held(source: PlannerSource, scenario: Scenario, table: pd.DataFrame, week: dt.date, _line: Caller) -> Plan:
    """A kept roster under the scenario's forecast and requirements."""
    return source.planner().held(scenario, table, start=week)


def edited(source: PlannerSource, work: Workload, table: pd.DataFrame, _line: Caller) -> Plan:
    """The figures of a roster as it was edited."""
    return source.planner().edited(work, table)


def mend(source: PlannerSource, work: Workload, table: pd.DataFrame, mending: Mending, line: Caller) -> Replan:
    return source.planner().mend(work, table, mending, progress=line.tell)


def launch_dates(
    source: PlannerSource, scenario: Scenario, event: str, span: tuple[dt.date, dt.date], line: Caller
) -> LaunchAdvice:
    from staffing.advice import launch_dates as work_out

    return work_out(source.planner(), scenario, event, span, progress=line.tell)


def leave_cost(
    source: PlannerSource, scenario: Scenario, leave: Absence, rosters: dict[dt.date, pd.DataFrame], line: Caller
) -> list[LeaveWeek]:
    """What granting leave costs."""
    from staffing.advice import leave_cost as work_out

    line.tell("the weeks without the person", 0.1)
    return work_out(source.planner(), scenario, leave, rosters)


def rest_of_day(
    source: PlannerSource, scenario: Scenario, table: pd.DataFrame, moment: Moment, line: Caller
) -> RestOfDay:
    line.tell("what came until now", 0.1)
    return source.planner().rest_of_day(scenario, table, moment)


def ways_out(source: PlannerSource, work: Workload, table: pd.DataFrame, line: Caller) -> tuple[Any, Any, Any]:
    """Whose rules clash, why hours stay short and what would help, and which promises are missed."""
    from staffing.roster.desk.clash import clashes
    from staffing.roster.desk.explain import explain
    from staffing.roster.desk.promised import missed

    line.tell("whose rules clash", 0.1)
    inputs = source.planner().roster_inputs(work)
    clashing = clashes(inputs)
    line.tell("what would help", 0.4)
    return clashing, explain(inputs, table), missed(inputs, table)


def remedies(source: PlannerSource, work: Workload, table: pd.DataFrame, line: Caller) -> list[Shortage]:
    """What would help against each of the largest shortages."""
    from staffing.roster.desk.explain import explain

    line.tell("what would help", 0.1)
    return explain(source.planner().roster_inputs(work), table)


def warm_contacts(_line: Caller) -> bool:
    """Load and, once a machine, compile what first requirements need; whether what rosters need is compiled too."""
    import numpy as np

    from staffing import compiled
    from staffing.queueing import Targets, smallest_agents
    from staffing.roster.warm import DONE

    for patience_s in (float("inf"), 120.0):
        smallest_agents(np.array([5.0]), 180.0, patience_s, 20.0, Targets(service_level=0.8, asa_s=20.0))
    folder = compiled.kernels_folder()
    return folder is not None and (folder / DONE).exists()


def warm_rosters(_line: Caller) -> None:
    """Load and, once a machine, compile what a first roster needs."""
    from staffing.roster.warm import warm_up

    warm_up()


def _part(line: Caller, name: str, place: int, count: int) -> Callable[[str, float], None]:
    """Progress of one scenario as progress of the whole job."""
    return lambda stage, share: line.tell(f"{name}{stage}", (place + share) / count)
