"""Rounds of correction on a small site: never worse than before, and as good when simulated anew."""

from __future__ import annotations

import numpy as np
import pytest

import staffing
from staffing.planner.correcting import lacking
from staffing.requirements import requirements
from staffing.simulation.lines import Worlds
from staffing.simulation.week import SimulatedWeek, simulate
from tests.simulation.desk import MONDAY, forecast, scenario

SHIFTS = [
    {"name": name, "length_min": hours * 60, "first_start": "08:00", "last_start": f"{20 - hours}:00", "step_min": 60}
    for name, hours in (("long", 8), ("half", 4))
]
PEAKS = np.array([40, 60, 90, 110, 100, 70, 60, 70, 90, 80, 50, 30])
CASE = scenario(
    20,
    service={"service_level": 0.8, "threshold_s": 20},
    contracts=[{"name": "full", "min_hours": 0, "max_hours": 60}],
    shifts=SHIFTS,
    solve={"seconds": 2.0, "gap": 0.001},
)


def planned(factor: float) -> staffing.Plan:
    """A plan whose requirement is so many times what it should be."""
    calls = forecast(CASE, {"voice": np.random.default_rng(1).poisson(PEAKS, (60, 12)).astype("float32")})
    needed = requirements(calls.table, CASE)
    agents = (needed["agents"] * factor).round()
    wrong = needed.assign(agents=agents, agents_scheduled=agents)
    return staffing.plan(None, CASE, forecast=calls, required=wrong, start=MONDAY)


@pytest.fixture(scope="module", params=[0.6, 1.6])
def found(request):
    first = planned(request.param)
    return first, staffing.correct(first)


def test_no_round_that_is_kept_is_worse(found):
    first, made = found
    rounds, kept = made.rounds, made.rounds[made.rounds["kept"]]
    assert 2 <= len(rounds) <= 5
    assert rounds["round"].tolist() == list(range(len(rounds)))
    assert kept["lacking"].is_monotonic_decreasing
    assert (kept["paid_hours"].diff()[kept["lacking"].diff() == 0] < 0).all()
    assert lacking(made.plan) == kept["lacking"].iloc[-1]
    assert made.plan.evaluation.totals["paid_hours"] == kept["paid_hours"].iloc[-1]
    assert rounds["paid_hours"].iloc[0] == first.evaluation.totals["paid_hours"]


def test_the_target_holds_in_the_end_and_nothing_is_left_over(found):
    """Too few hours become enough, too many fewer, never below what every interval takes; with other callers too."""
    first, made = found
    before, after = (plan.evaluation.totals["paid_hours"] for plan in (first, made.plan))
    assert (before < after) == (first.simulated.total["service_level"] < 0.8)
    assert before != after
    plan = made.plan
    worlds = Worlds(plan.forecast.table, plan.forecast.paths)
    week = SimulatedWeek(worlds, plan.requirements, plan.evaluation.activities, CASE, MONDAY, 1)
    assert simulate(week, runs=200, seed=99).total["service_level"] == pytest.approx(0.84, abs=0.05)


def test_no_round_begins_without_time():
    assert len(staffing.correct(planned(0.6), seconds=-1.0).rounds) == 1
