"""The part of a plan that one person may see: their own shifts, nobody else's absence, fairness or pay."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from staffing.errors import InputError
from staffing.export.plan_like import PlanLike

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario
    from staffing.evaluation import Evaluation


@dataclass(frozen=True)
class _Rows:
    table: pd.DataFrame


@dataclass(frozen=True)
class OwnPart:
    """What ``PlanLike`` asks for of one person, where a file of one person needs it."""

    scenario: Scenario
    start: dt.date
    days: int
    roster: _Rows
    evaluation: Evaluation


def own_part(plan: PlanLike, agent: str) -> Any:
    """The plan with one person's rows alone. Raises InputError for somebody the scenario does not know."""
    people = tuple(one for one in plan.scenario.agents if one.name == agent)
    if not people:
        raise InputError(f"there is no agent '{agent}'.", remedy="Add or correct the name.")
    table, made = plan.roster.table, plan.evaluation
    figures = dataclasses.replace(
        made,
        shifts=made.shifts[made.shifts["agent"] == agent],
        activities=made.activities[made.activities["agent"] == agent],
    )
    alone = plan.scenario.model_copy(update={"agents": people})
    return OwnPart(alone, plan.start, plan.days, _Rows(table[table["agent"] == agent]), figures)
