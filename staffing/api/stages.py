"""The stages as functions: each takes what the one before gave, or your own table in its place."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, overload

import pandas as pd

from staffing.api.arguments import day_of, days_of, history_of, requirement_of, scenario_of
from staffing.domain.scenario import Scenario
from staffing.errors import InputError, Where
from staffing.forecast import Forecast
from staffing.grids import covers
from staffing.history import History
from staffing.planner import Plan, Planner, Workload
from staffing.planner.correcting import ROUNDS, SECONDS, CorrectedPlan
from staffing.store.cache import StageCache
from staffing.tables import FORECAST, HISTORY, ROSTER
from staffing.work import Progress, silent

if TYPE_CHECKING:
    from staffing.evaluation import Evaluation
    from staffing.roster.result import Roster


def required_agents(forecast: Forecast, scenario: Scenario) -> pd.DataFrame:
    """Agents per queue and interval that keep the scenario's targets.

    Returns ``queue, start, agents, agents_scheduled``: whole people on the phone, and people to roster so that, after
    shrinkage, so many are left. Raises InputError naming the queue whose target cannot be met, TableError for rows that
    are not the site's intervals.
    """
    return _planner(scenario_of(scenario)).requirements(_forecast(forecast), scenario)


def make_roster(
    required: pd.DataFrame,
    scenario: Scenario,
    *,
    start: dt.date | str,
    days: int = 7,
    forecast: Forecast | None = None,
    past: pd.DataFrame | None = None,
    weekly: bool = False,
    progress: Progress | None = None,
) -> Roster:
    """Named shifts for the scenario's people, covering a requirement of your own or of `required_agents`.

    Parameters
    ----------
    required : ``queue, start, agents, agents_scheduled`` for every open interval of the days.
    start, days : first local day, and 7 to 42 days, whole weeks.
    forecast : needed where a service level is kept over the day or week, not in every interval.
    past : roster table of the weeks before, whose rest and runs of days are carried on.
    weekly : several weeks one after the other, not in one go.

    Raises InputError, TableError for days that the requirement does not cover, PlanError when there is nobody.
    """
    table = requirement_of(required, scenario_of(scenario))
    if forecast is None and any(scenario.target(queue).over != "interval" for queue in scenario.queues):
        raise InputError(
            "is needed: a service level is kept over the day or week.",
            where=Where(field="forecast"),
            remedy="Give the forecast that the requirement was worked out from.",
        )
    span = (day_of(start, "start"), days_of(days))
    work = Workload(scenario, *span, _forecast(forecast) if forecast else _no_forecast(), table)
    return _planner(scenario, past).roster(work, weekly=weekly, progress=progress or silent)


def evaluate(
    roster: Roster | pd.DataFrame,
    forecast: Forecast,
    required: pd.DataFrame,
    scenario: Scenario,
    *,
    start: dt.date | str,
    days: int = 7,
    past: pd.DataFrame | None = None,
) -> Evaluation:
    """Service, hours, money and fairness of a roster, made here or elsewhere.

    ``roster`` may be a table ``agent, start, end, activity, queue``. Raises TableError when tables do not fit.
    """
    from staffing.evaluation import evaluate as work_out

    needed = requirement_of(required, scenario_of(scenario))
    table = roster if isinstance(roster, pd.DataFrame) else roster.table
    first, length = day_of(start, "start"), days_of(days)
    return work_out(_forecast(forecast).table, needed, table, scenario, start=first, days=length, past=past)


@overload
def plan(
    history: History | None,
    scenario: Scenario,
    *,
    start: dt.date | str | None = ...,
    days: int = ...,
    forecast: Forecast | None = ...,
    required: pd.DataFrame | None = ...,
    people: Literal[True] = ...,
    past: pd.DataFrame | None = ...,
    weekly: bool = ...,
    cache: StageCache | None = ...,
    progress: Progress | None = ...,
) -> Plan: ...


@overload
def plan(
    history: History | None,
    scenario: Scenario,
    *,
    start: dt.date | str | None = ...,
    days: int = ...,
    forecast: Forecast | None = ...,
    required: pd.DataFrame | None = ...,
    people: Literal[False],
    past: pd.DataFrame | None = ...,
    weekly: bool = ...,
    cache: StageCache | None = ...,
    progress: Progress | None = ...,
) -> Workload: ...


def plan(
    history: History | None,
    scenario: Scenario,
    *,
    start: dt.date | str | None = None,
    days: int = 7,
    forecast: Forecast | None = None,
    required: pd.DataFrame | None = None,
    people: bool = True,
    past: pd.DataFrame | None = None,
    weekly: bool = False,
    cache: StageCache | None = None,
    progress: Progress | None = None,
) -> Plan | Workload:
    """History and a scenario in, a plan out: forecast, requirement, roster, evaluation, simulation.

    Parameters
    ----------
    history : what came; None where ``forecast`` and ``start`` are given.
    start : first local day; by default the first whole week that history does not reach into.
    days : local days; with people 7 to 42, whole weeks.
    forecast, required : your own, in place of those worked out here.
    people : False stops before the roster: a `Workload` of forecast and requirement comes back.
    past : roster table of the weeks before.
    weekly : several weeks are rostered one after the other, not in one go.
    cache : finished stages; what is unchanged is not worked out again.
    progress : told the stage and the share done; may raise Cancelled.

    Raises StaffingError: InputError, TableError, PlanError.
    """
    scenario_of(scenario)
    known = _known(history, forecast, start)
    planner = Planner(known or _no_history(scenario), lambda _start: past, cache or StageCache())
    first = planner.next_week(scenario) if start is None else day_of(start, "start")
    if forecast is None and required is None and people:
        return planner.plan(scenario, start=first, days=days_of(days), weekly=weekly, progress=progress or silent)
    if forecast is not None:
        covers(_forecast(forecast).table, scenario.site, (first, days_of(days)), "forecast")
    made = forecast or planner.forecast(scenario, start=first, days=days_of(days))
    needed = planner.requirements(made, scenario) if required is None else requirement_of(required, scenario)
    work = Workload(scenario, first, days_of(days), made, needed)
    if not people:
        return work
    roster = planner.roster(work, weekly=weekly, progress=progress or silent)
    judged = planner.evaluate(work, roster)
    return Plan.of(work, roster, judged, planner.simulate(work, judged))


def correct(
    plan: Plan,
    *,
    rounds: int = ROUNDS,
    seconds: float = SECONDS,
    past: pd.DataFrame | None = None,
    weekly: bool = False,
    progress: Progress | None = None,
) -> CorrectedPlan:
    """Let a plan's simulated days correct its requirement until they keep their targets at the least paid hours.

    Parameters
    ----------
    rounds : at most so many, each a roster, an evaluation and a simulation.
    seconds : no round begins after so many.
    past : roster table of the weeks before.
    weekly : several weeks are rostered one after the other, not in one go.
    progress : told the stage and the share done; may raise Cancelled.

    Returns the best ``plan`` and the ``rounds``, a table: hours, expected service, chances, whether each was kept.
    """
    door = _planner(plan.scenario, past)
    return door.correct(plan, rounds=rounds, seconds=seconds, weekly=weekly, progress=progress or silent)


def broken_rules(
    roster: Roster | pd.DataFrame,
    required: pd.DataFrame,
    scenario: Scenario,
    *,
    start: dt.date | str,
    days: int = 7,
    past: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Every rule that a roster breaks, by checkers that know nothing of how it was made.

    Returns ``rule, agent, date, what``, empty where all is kept.
    """
    from staffing.roster import inputs_of
    from staffing.roster.rules import check

    table = ROSTER.check(roster if isinstance(roster, pd.DataFrame) else roster.table)
    needed = requirement_of(required, scenario_of(scenario))
    first = day_of(start, "start")
    found = check(table, inputs_of(needed, scenario, start=first, days=days_of(days), past=past))
    rows = [(one.rule, one.agent, one.date, one.what) for one in found]
    return pd.DataFrame(rows, columns=["rule", "agent", "date", "what"])


def _known(history: History | None, forecast: Forecast | None, start: dt.date | str | None) -> History | None:
    if history is not None:
        return history_of(history)
    if forecast is None:
        raise InputError("is None.", where=Where(field="history"), remedy="Give history, or a forecast of your own.")
    if start is None:
        raise InputError("is needed where there is no history.", where=Where(field="start"))
    return None


def _forecast(value: Forecast) -> Forecast:
    if isinstance(value, Forecast):
        return value
    raise InputError(
        f"must be a Forecast, not {type(value).__name__}.",
        where=Where(field="forecast"),
        remedy="Make one: Forecast.from_frame(table, scenario).",
    )


def _planner(scenario: Scenario, past: pd.DataFrame | None = None) -> Planner:
    """The door for stages that look at no history."""
    return Planner(_no_history(scenario), lambda _start: past)


def _no_forecast() -> Forecast:
    """For a roster that looks at the requirement alone."""
    nothing = pd.DataFrame(columns=FORECAST.column_names)
    return Forecast(nothing, {}, pd.DataFrame(), pd.DataFrame(), pd.DataFrame())


def _no_history(scenario: Scenario) -> History:
    starts = pd.DatetimeIndex([], tz=scenario.site.zone)
    nothing = pd.DataFrame({"queue": pd.Series(dtype=object), "start": starts, "calls": pd.Series(dtype=float)})
    return History(HISTORY.check(nothing), scenario.site.interval_min)
