"""Service levels of a whole day: the bound lies below the true optimum, the roster near it, the promise is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pulp
import pytest

from staffing.domain.workforce import Contract, DaySpan, ShiftTemplate
from staffing.roster import SolveLimits, solve
from staffing.roster.desk.promised import missed
from staffing.roster.desk.replan import replan
from staffing.roster.given import Inputs
from staffing.roster.inputs.build import build
from staffing.roster.promise import Promises, promises_of
from staffing.roster.rules import check
from tests.roster.sites import START, need, people, site

FIRST, SECOND = (
    ShiftTemplate(name=name, length_min=240, first_start=start, last_start=start, step_min=60)
    for name, start in (("first", "08:00"), ("second", "12:00"))
)
HOURS = range(8, 16)


def pieces(days: int, busy: dict[int, float]) -> pd.DataFrame:
    """Contacts in time beyond the promise, per day: each agent of an hour adds less than the one before."""
    rows = []
    for day in range(days):
        midnight = pd.Timestamp(START, tz="UTC") + pd.Timedelta(days=day)
        for hour in HOURS:
            calls = busy[hour]
            for agents, share in enumerate((0.0, 0.6, 0.9, 0.99)):
                start, surplus = midnight + pd.Timedelta(hours=hour), calls * (share - 0.8)
                rows.append(("calls", start, midnight, agents, surplus, float(agents)))
    return pd.DataFrame(rows, columns=["queue", "start", "period", "agents", "surplus", "agents_scheduled"])


def optimum(inputs: Inputs, promises: Promises) -> float:
    """Least true price: how many people work each shift of each day, by integer programme."""
    model, prices = pulp.LpProblem("promise", pulp.LpMinimize), []
    count = len(inputs.agents)
    surplus: list[list[tuple[pulp.LpVariable, float]]] = [[] for _ in promises.names]
    worked = []
    for day in range(inputs.days):
        shifts = [model.add_variable(f"s{day}_{k}", 0, count, cat=pulp.LpInteger) for k in range(2)]
        worked += shifts
        prices += [(shift, 4 * inputs.prices.agent_hour) for shift in shifts]
        model += pulp.lpSum(shifts) <= count  # nobody works twice a day
        for hour in HOURS:
            slot = 24 * day + hour
            levels = [model.add_variable(f"y{slot}_{n}", cat=pulp.LpBinary) for n in range(count + 1)]
            model += pulp.lpSum(levels) == 1
            model += pulp.lpSum(n * y for n, y in enumerate(levels)) == shifts[hour >= 12]
            values = promises.surplus[0, slot, : count + 1]
            surplus[promises.period[0, slot]] += list(zip(levels, values.tolist(), strict=True))
            prices += list(zip(levels, promises.floor[0, slot, : count + 1].tolist(), strict=True))
    most = inputs.contracts[0].max_days
    model += pulp.lpSum(worked) <= most * count
    for p, terms in enumerate(surplus):
        lacking = model.add_variable(f"l{p}", 0)
        model += lacking + pulp.LpAffineExpression(terms) >= 0
        prices.append((lacking, float(promises.lacking[p])))
    model.setObjective(pulp.LpAffineExpression(prices))
    assert model.solve(pulp.HiGHS(msg=False)) == pulp.LpStatusOptimal
    return float(pulp.value(model.objective))


@pytest.mark.parametrize("max_days", [5, 6])
def test_bound_true_optimum_and_roster_stand_in_order(max_days: int) -> None:
    busy = dict(zip(HOURS, (9, 14, 20, 16, 10, 8, 6, 3), strict=True))
    contract = Contract(name="free", max_hours=40, max_days=max_days)
    inputs = replace(
        site(*people(4), contracts=(contract,), shifts=(FIRST, SECOND), requirements=need(dict.fromkeys(HOURS, 2.0))),
        pieces=pieces(7, busy),
    )
    promises = promises_of(inputs, build(inputs))
    assert promises is not None
    best = optimum(inputs, promises)
    made = solve(inputs, SolveLimits(seconds=20, gap=0.0))
    assert check(made.table, inputs) == []
    assert made.bound <= best + 1e-6
    assert best - 1e-6 <= made.objective <= 1.03 * best
    kept = made.promises
    assert kept is not None
    assert len(kept) == 7
    paid = 4 * (made.table["activity"] == "shift").sum()
    lacking = np.maximum(-kept["surplus"], 0) @ promises.lacking
    idle = sum(promises.floor[0, slot, n] for slot, n in enumerate(presence(made.table)))
    assert made.objective == pytest.approx(paid + lacking + idle)


def presence(table: pd.DataFrame) -> list[int]:
    """People present in each hour of the week, and of the day after it."""
    hours = pd.date_range(pd.Timestamp(START, tz="UTC"), periods=8 * 24, freq="60min")
    return [int(((table["start"] <= hour) & (hour < table["end"])).sum()) for hour in hours]


def test_a_promise_that_cannot_be_kept_is_said() -> None:
    busy = dict.fromkeys(HOURS, 20.0)
    inputs = replace(site(*people(1), shifts=(FIRST, SECOND)), pieces=pieces(7, busy))
    made = solve(inputs, SolveLimits(seconds=5))
    assert sum("service level of 'calls' is missed" in note for note in made.notes) == 7


def test_a_sick_call_is_mended_so_that_the_day_still_keeps_its_promise() -> None:
    busy = dict(zip(HOURS, (9, 14, 20, 16, 10, 8, 6, 3), strict=True))
    inputs = replace(site(*people(6), shifts=(FIRST, SECOND)), pieces=pieces(7, busy))
    published = solve(inputs, SolveLimits(seconds=5))
    worked = published.table.loc[published.table["activity"] == "shift", "agent"]
    ill = worked.value_counts().index[0]
    away = DaySpan(start=START, end=inputs.date(6))
    now = replace(
        inputs,
        agents=tuple(a.model_copy(update={"time_off": (away,)}) if a.name == ill else a for a in inputs.agents),
    )
    assert len(missed(now, published.table[published.table["agent"] != ill])) > 1
    made = replan(now, published.table, SolveLimits(seconds=5), most_changed=1.0)
    assert missed(inputs, published.table)[1:] == []
    assert not any("is missed" in note for note in made.roster.notes)
    assert made.roster.promises is not None
    assert ill not in set(made.roster.table["agent"])
    assert made.roster.bound <= made.roster.objective + 1e-6
