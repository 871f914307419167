"""How the load is shared among people."""

from __future__ import annotations

import numpy as np
import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.domain.workforce import Agent
from staffing.evaluation.shifts import contract_of
from staffing.roster.inputs.fairness import CARRIED

DEFINITIONS = {
    "paid_hours": "hours paid in the period",
    "contract_share": "paid hours ÷ the most the contract allows in so many weeks",
    "shifts": "shifts begun",
    **{name: text for name, text in CARRIED.items() if name != "missed_wishes"},
    "preference_success": "share of the agent's shifts that go against none of the agent's wishes "
    "(preferred kinds, avoided kinds, weekdays wished off); undefined without wishes or shifts",
}


def agent_table(shifts: pd.DataFrame, scenario: Scenario, days: int) -> pd.DataFrame:
    """One row per agent of the scenario, also those without a shift: ``agent, team, contract``, the figures of
    ``DEFINITIONS`` and ``cost``."""
    people = pd.DataFrame(
        [(agent.name, agent.team, agent.contract, _most_hours(scenario, agent, days)) for agent in scenario.agents],
        columns=["agent", "team", "contract", "most_hours"],
    ).set_index("agent")
    worked = shifts.groupby("agent").agg(
        paid_hours=("paid_hours", "sum"),
        shifts=("agent", "size"),
        weekend_days=("weekend", "sum"),
        nights=("night", "sum"),
        late_shifts=("late", "sum"),
        undesired_shifts=("undesired", "sum"),
        cost=("cost", "sum"),
    )
    table = people.join(worked).fillna(dict.fromkeys(worked.columns, 0))
    counts = ["shifts", "weekend_days", "nights", "late_shifts", "undesired_shifts"]
    table = table.astype(dict.fromkeys(counts, "int64"))
    table["contract_share"] = table["paid_hours"] / table["most_hours"].where(table["most_hours"] > 0)
    table["preference_success"] = shifts.groupby("agent")["wish_kept"].mean()
    return table.reset_index()[["agent", "team", "contract", *DEFINITIONS, "cost"]]


def _most_hours(scenario: Scenario, agent: Agent, days: int) -> float:
    return contract_of(agent, scenario).max_hours * days / 7


def spread_table(agents: pd.DataFrame) -> pd.DataFrame:
    """Per figure: ``measure, mean, least, most, spread`` (most − least), ``deviation`` (standard deviation over
    the agents for whom it is defined), ``agents`` (how many those are), ``definition``."""
    rows = []
    for name, definition in DEFINITIONS.items():
        values = agents[name].dropna().to_numpy(dtype=float)
        some = values if len(values) else np.array([np.nan])
        figures = (some.mean(), some.min(), some.max(), np.ptp(some), some.std(), len(values), definition)
        rows.append((name, *figures))
    columns = ["measure", "mean", "least", "most", "spread", "deviation", "agents", "definition"]
    return pd.DataFrame(rows, columns=columns)
