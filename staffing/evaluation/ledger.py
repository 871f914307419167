"""What everybody has carried over the weeks: unloved shifts against those who can be compared, and the drift."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.roster.inputs.fairness import CARRIED, above_share, comparable, days_present
from staffing.roster.inputs.of_scenario import inputs_of

_COLUMNS = {
    "weekend_days": "weekend",
    "nights": "night",
    "late_shifts": "late",
    "undesired_shifts": "undesired",
    "missed_wishes": "missed",
}


def ledger(shifts: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Per agent of the scenario: ``agent, team, contract, weeks`` (with a shift), ``shifts``, the counts of
    ``CARRIED``, ``preference_success`` (undefined without wishes or shifts), ``above_…``: each count less the fair
    share by days present among those with the same contract and the same choice (see ``roster.inputs.fairness``), and
    ``among_…``: a number for those people."""
    people = pd.DataFrame(
        [(agent.name, agent.team, agent.contract) for agent in scenario.agents],
        columns=["agent", "team", "contract"],
    ).set_index("agent")
    dated = _with_week(shifts, scenario)
    counts = dated.groupby("agent").agg(
        weeks=("week", "nunique"),
        shifts=("agent", "size"),
        **{name: (column, "sum") for name, column in _COLUMNS.items()},
    )
    table = people.join(counts)
    names = ["weeks", "shifts", *CARRIED]
    table[names] = table[names].fillna(0).astype("int64")
    table["preference_success"] = dated.groupby("agent")["wish_kept"].mean()
    alike = comparable(inputs_of(pd.DataFrame(), scenario, start=scenario.site.week_of(dt.date(2001, 1, 1))))
    above = _above(dated, scenario, alike)
    for m, name in enumerate(CARRIED):
        table[f"among_{name}"], table[f"above_{name}"] = alike[:, m], above[:, m]
    return table.reset_index()


def _above(dated: pd.DataFrame, scenario: Scenario, alike: np.ndarray) -> np.ndarray:
    """How far each agent (row) lies above the fair share of each measure, week by week by the days present."""
    weeks, names = sorted(set(dated["week"])), [agent.name for agent in scenario.agents]
    counts = [_carried(dated[dated["week"] == week], names) for week in weeks]
    days = [[week + dt.timedelta(days=k) for k in range(7)] for week in weeks]
    present = [days_present(scenario.agents, scenario.site, dates) for dates in days]
    shape = len(weeks), len(names), len(CARRIED)
    return above_share(np.array(counts, np.int64).reshape(shape), alike, np.array(present, np.int64).reshape(shape))


def _carried(dated: pd.DataFrame, names: list[str]) -> np.ndarray:
    counts = dated.groupby("agent")[list(_COLUMNS.values())].sum().reindex(names).fillna(0)
    return counts.to_numpy(dtype=np.int64)


def drift(shifts: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Per week and measure, everything up to that week counted: ``week, measure, spread`` (the widest most − least
    among people of one contract with the same choice), ``above`` (the most that anybody lies above their mean) and
    ``agent`` (who)."""
    dated = _with_week(shifts, scenario)
    rows: list[tuple[dt.date, str, float, float, str]] = []
    for week in sorted(set(dated["week"])):
        table = ledger(dated[dated["week"] <= week].drop(columns=["week", "missed"]), scenario)
        for name in CARRIED:
            above = table[f"above_{name}"].to_numpy(dtype=float)
            worst = int(above.argmax())
            spread = float(table.groupby(f"among_{name}")[name].agg(np.ptp).max())
            rows.append((week, name, spread, float(above[worst]), str(table["agent"].iloc[worst])))
    return pd.DataFrame(rows, columns=["week", "measure", "spread", "above", "agent"])


def _with_week(shifts: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Shifts with their planning week, and whether they miss a wish."""
    weeks = [scenario.site.week_of(day) for day in shifts["day"]]
    return shifts.assign(week=weeks, missed=(shifts["wish_kept"] == 0).astype(int))
