"""The spine: history and a scenario in, a plan out. The command line, the batch and the pages call this."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from staffing.contacts import forecast, next_week
from staffing.domain.scenario import Scenario
from staffing.errors import PlanError
from staffing.needs import frame_hash, requirements, service_pieces
from staffing.store.cache import StageCache

if TYPE_CHECKING:
    import pandas as pd

    from staffing.evaluation import Evaluation
    from staffing.forecast import Forecast
    from staffing.history import History
    from staffing.roster import Roster

#: Told which stage has begun and the share of the work done; may raise Cancelled.
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Plan:
    """What was planned for the ``days`` local days from ``start``, stage by stage."""

    scenario: Scenario
    start: dt.date
    days: int
    forecast: Forecast
    requirements: pd.DataFrame
    roster: Roster
    evaluation: Evaluation

    @property
    def notes(self) -> tuple[str, ...]:
        """What the figures do not say by themselves: of the forecast, then of the evaluation, then of the roster."""
        return tuple(dict.fromkeys((*self.forecast.notes, *self.evaluation.notes, *self.roster.notes)))


def plan(
    history: History,
    scenario: Scenario,
    *,
    start: dt.date | None = None,
    days: int = 7,
    past: pd.DataFrame | None = None,
    weekly: bool = False,
    cache: StageCache | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Forecast, requirements, roster and evaluation of ``days`` days from ``start`` (default: the next week).

    ``past`` is the roster of the weeks before (see ``store.rosters``): rest, runs of days, shifts across the first
    midnight and what each has carried so far are carried on. With ``weekly`` several weeks are rostered one after
    the other instead of in one go. Stages whose inputs are unchanged come from
    ``cache``. Raises PlanError, and whatever a stage raises.
    """
    cache, tell = cache or StageCache(), progress or silent
    start = start or next_week(history, scenario)
    tell("forecast", 0.0)
    calls = forecast(
        history, scenario, start=start, days=days, cache=cache, told=lambda share: tell("forecast", 0.4 * share)
    )
    tell("requirements", 0.4)
    needed = requirements(calls, scenario, cache=cache)
    tell("roster", 0.5)
    pieces = service_pieces(calls, scenario, cache=cache)
    people = roster(
        needed,
        scenario,
        start=start,
        days=days,
        past=past,
        weekly=weekly,
        cache=cache,
        progress=progress,
        pieces=pieces,
    )
    tell("evaluation", 0.95)
    made = evaluate(calls, needed, people, scenario, start=start, days=days, past=past)
    tell("done", 1.0)
    return Plan(scenario, start, days, calls, needed, people, made)


def roster(
    needed: pd.DataFrame,
    scenario: Scenario,
    *,
    start: dt.date,
    days: int,
    past: pd.DataFrame | None = None,
    weekly: bool = False,
    cache: StageCache | None = None,
    progress: Progress | None = None,
    pieces: pd.DataFrame | None = None,
) -> Roster:
    """Named shifts that cover the requirement, or keep the promises of `pieces` (see `service_pieces`).

    Raises PlanError when there is nobody to roster.
    """
    from staffing.roster import Roster
    from staffing.roster import roster as work_out

    if not scenario.agents or not scenario.shifts:
        missing = "agents (agents.csv)" if not scenario.agents else "shifts (shifts.toml)"
        raise PlanError(f"there are no {missing} to roster.", remedy="Add them, or ask for requirements only.")
    inputs = (
        frame_hash(needed),
        None if pieces is None else frame_hash(pieces),
        scenario.site,
        scenario.agents,
        scenario.contracts,
        scenario.shifts,
        scenario.rules,
        (scenario.rule_changes, scenario.rotations, scenario.minimums, scenario.sessions, scenario.pins),
        scenario.prices,
        scenario.solve,
        scenario.seed,
        start,
        days,
        None if past is None else frame_hash(past),
        weekly,
    )
    return (cache or StageCache()).get(
        "roster",
        inputs,
        lambda: work_out(
            needed,
            scenario,
            start=start,
            days=days,
            progress=progress,
            past=past,
            apart=True,
            weekly=weekly,
            pieces=pieces,
        ),
        kind=Roster,
    )


def with_table(made: Plan, table: pd.DataFrame, *, past: pd.DataFrame | None = None) -> Plan:
    """The plan with another roster table, as a planner edited or published it; no solver stands behind its figures."""
    from staffing.roster import inputs_of
    from staffing.roster.desk.cover import as_roster

    inputs = inputs_of(made.requirements, made.scenario, start=made.start, days=made.days, past=past)
    people = as_roster(inputs, table)
    figures = evaluate(
        made.forecast, made.requirements, people, made.scenario, start=made.start, days=made.days, past=past
    )
    return replace(made, roster=people, evaluation=figures)


def held(
    history: History,
    scenario: Scenario,
    table: pd.DataFrame,
    *,
    start: dt.date,
    past: pd.DataFrame | None = None,
    cache: StageCache | None = None,
) -> Plan:
    """A week's kept roster, drafted or published, under the scenario's forecast and requirements."""
    from staffing.roster import inputs_of
    from staffing.roster.desk.cover import as_roster

    calls = forecast(history, scenario, start=start, days=7, cache=cache)
    needed = requirements(calls, scenario, cache=cache)
    people = as_roster(inputs_of(needed, scenario, start=start, past=past), table)
    figures = evaluate(calls, needed, people, scenario, start=start, days=7, past=past)
    return Plan(scenario, start, 7, calls, needed, people, figures)


def evaluate(
    calls: Forecast,
    needed: pd.DataFrame,
    people: Roster,
    scenario: Scenario,
    *,
    start: dt.date,
    days: int,
    past: pd.DataFrame | None = None,
) -> Evaluation:
    """Service, hours, money and fairness of the roster; shifts of ``past`` that reach into it serve too."""
    from staffing.evaluation import evaluate as work_out

    return work_out(calls.table, needed, people.table, scenario, start=start, days=days, past=past)


def silent(_stage: str, _share: float) -> None:
    """A `Progress` that nobody hears."""
