"""The stages as functions: each takes what the one before gave, or your own table in its place."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, overload

import pandas as pd

from staffing.api.arguments import days_of, forecast_of, history_of, requirement_of, scenario_of
from staffing.domain.base import day_of
from staffing.domain.scenario import Scenario
from staffing.errors import InputError, Where
from staffing.forecast import Forecast
from staffing.grids import covers
from staffing.history import History
from staffing.planner import Plan, Planner, Workload
from staffing.planner.correcting import ROUNDS, SECONDS, CorrectedPlan
from staffing.store.cache import StageCache
from staffing.tables import FORECAST, HISTORY
from staffing.work import Progress, silent

if TYPE_CHECKING:
    from staffing.roster.result import Roster


def required_agents(forecast: Forecast, scenario: Scenario) -> pd.DataFrame:
    """Agents per queue and interval that keep the scenario's targets.

    Parameters
    ----------
    forecast : contacts and handle times of the days.
    scenario : targets, shrinkage, queues.

    Returns
    -------
    DataFrame
        ``queue, start, agents, agents_scheduled``: whole people on the phone, and people to roster so that, after
        shrinkage, so many are left.

    Raises
    ------
    InputError
        Naming the queue whose target cannot be met.
    TableError
        For rows that are not the site's intervals.
    """
    return _planner(scenario_of(scenario)).requirements(forecast_of(forecast), scenario)


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
    scenario : people, contracts, shifts, rules, prices.
    start, days : first local day, and 7 to 42 days, whole weeks.
    forecast : needed where a service level is kept over the day or week, not in every interval.
    past : roster table of the weeks before, whose rest and runs of days are carried on.
    weekly : several weeks one after the other, not in one go.
    progress : told the stage and the share done; may raise Cancelled.

    Returns
    -------
    Roster
        Table ``agent, start, end, activity, queue``, with the gap proven.

    Raises
    ------
    InputError
        Naming the argument.
    TableError
        For days that the requirement does not cover.
    PlanError
        When there is nobody, or no roster was found.
    """
    table = requirement_of(required, scenario_of(scenario))
    if forecast is None and any(scenario.target(queue).over != "interval" for queue in scenario.queues):
        raise InputError(
            "is needed: a service level is kept over the day or week.",
            where=Where(field="forecast"),
            remedy="Give the forecast that the requirement was worked out from.",
        )
    span = (day_of(start, "start"), days_of(days))
    work = Workload(scenario, *span, forecast_of(forecast) if forecast else _no_forecast(), table)
    return _planner(scenario, past).roster(work, weekly=weekly, progress=progress or silent)


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
    scenario : everything else that a plan depends on.
    start : first local day; by default the first whole week that history does not reach into.
    days : local days; with people 7 to 42, whole weeks.
    forecast, required : your own, in place of those worked out here.
    people : False stops before the roster.
    past : roster table of the weeks before.
    weekly : several weeks are rostered one after the other, not in one go.
    cache : finished stages; what is unchanged is not worked out again.
    progress : told the stage and the share done; may raise Cancelled.

    Returns
    -------
    Plan or Workload
        With ``people=False`` the `Workload` of forecast and requirement.

    Raises
    ------
    StaffingError
        InputError naming the argument, TableError the column, PlanError where there is no roster.
    """
    scenario_of(scenario)
    known = _known(history, forecast, start)
    planner = Planner(known or _no_history(scenario), lambda _start: past, cache or StageCache())
    first = planner.next_week(scenario) if start is None else day_of(start, "start")
    if forecast is None and required is None and people:
        return planner.plan(scenario, start=first, days=days_of(days), weekly=weekly, progress=progress or silent)
    if forecast is not None:
        covers(forecast_of(forecast).table, scenario.site, (first, days_of(days)), "forecast")
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
    plan : a plan with its roster and simulation.
    rounds : at most so many, each a roster, an evaluation and a simulation.
    seconds : no round begins after so many.
    past : roster table of the weeks before.
    weekly : several weeks are rostered one after the other, not in one go.
    progress : told the stage and the share done; may raise Cancelled.

    Returns
    -------
    CorrectedPlan
        The best ``plan`` and the ``rounds``, a table: hours, expected service, chances, whether each was kept.

    Raises
    ------
    StaffingError
        What a round raises: PlanError where there is no roster.
    """
    door = _planner(plan.scenario, past)
    return door.correct(plan, rounds=rounds, seconds=seconds, weekly=weekly, progress=progress or silent)


def _known(history: History | None, forecast: Forecast | None, start: dt.date | str | None) -> History | None:
    if history is not None:
        return history_of(history)
    if forecast is None:
        raise InputError("is None.", where=Where(field="history"), remedy="Give history, or a forecast of your own.")
    if start is None:
        raise InputError("is needed where there is no history.", where=Where(field="start"))
    return None


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
