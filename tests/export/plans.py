"""The two-person Monday as a plan to export."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from types import SimpleNamespace

import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.evaluation import Evaluation, evaluate
from tests.evaluation.two_people import BASE, MONDAY, demand, roster, scenario


@dataclass(frozen=True)
class FoundRoster:
    table: pd.DataFrame
    status: str = "optimal"
    objective: float = 101.0
    bound: float = 100.0
    gap: float = 1 / 101
    seconds: float = 3.5
    paid_hours: float = 8.5
    short_hours: float = 2.25
    excess_hours: float = 0.5


@dataclass(frozen=True)
class FakePlan:
    scenario: Scenario
    forecast: SimpleNamespace
    requirements: pd.DataFrame
    roster: FoundRoster
    evaluation: Evaluation
    days: int
    start: dt.date = field(default=MONDAY)
    simulated: None = None

    @property
    def notes(self) -> tuple[str, ...]:
        return self.evaluation.notes


def plan(
    case: Scenario | None = None, people: pd.DataFrame | None = None, *, days: int = 7, needed: float = 2.0
) -> FakePlan:
    """10 contacts in each half-hour but the fifth of every Monday morning; two agents needed."""
    case = case or scenario()
    people = roster() if people is None else people
    weeks = (days + 6) // 7
    calls, agents = [10.0, 10, 10, 10, 0, 10] * weeks, [needed] * 6 * weeks
    forecast, required = demand(case, calls, agents, aht_s=90, days=days)
    made = evaluate(forecast, required, people, case, start=MONDAY, days=days)
    return FakePlan(case, SimpleNamespace(table=forecast), required, FoundRoster(people), made, days)


def renamed(name: str, team: str = "") -> FakePlan:
    """The plan with Ann under another name and team."""
    agents = [{**agent, "name": name, "team": team} if agent["name"] == "Ann" else agent for agent in BASE["agents"]]
    people = roster()
    people["agent"] = people["agent"].replace("Ann", name)
    return plan(Scenario.parse({**BASE, "agents": agents}), people, days=1)
