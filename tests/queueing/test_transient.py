"""The transient day against long simulations, steady state, and its own promises."""

from __future__ import annotations

import math

import numpy as np
import pytest

from staffing.errors import InputError
from staffing.queueing import Targets, measures, smallest_agents
from staffing.queueing.interval import Demand
from staffing.queueing.transient import least_staff, transient_day
from tests.queueing.daysim import simulate

STEADY = (
    "service_level",
    "service_level_answered",
    "service_level_excl_short_abandons",
    "probability_wait_within_threshold",
    "abandonment",
    "asa_s",
    "mean_wait_s",
    "queue_length",
    "occupancy",
)
SHAPE = np.array([0.2, 0.5, 0.9, 1.0, 0.95, 0.8, 0.7, 0.8, 0.85, 0.6, 0.35, 0.15])


def day_of(load: float, aht_s: float = 300.0, patience_s: float = 180.0, threshold_s: float = 20.0) -> Demand:
    calls = SHAPE * load / aht_s * 1800
    return Demand.of(calls, aht_s, patience_s, interval_s=1800, threshold_s=threshold_s)


@pytest.mark.parametrize(
    ("load", "aht_s", "patience_s", "threshold_s", "days"),
    [(5, 300, 180, 20, 3000), (60, 300, 180, 20, 1500), (60, 1800, 60, 90, 1500), (20, 300, math.inf, 20, 2500)],
)
def test_a_long_simulation_agrees(load, aht_s, patience_s, threshold_s, days):
    demand = day_of(load, aht_s, patience_s, threshold_s)
    agents = smallest_agents(demand.load, aht_s, patience_s, threshold_s, Targets(service_level=0.8))
    agents = agents + np.tile([2, -1, 0], 4)
    exact, seen = transient_day(demand, agents), simulate(demand, agents, days, seed=1)
    for name, near in (("service_level", 0.002), ("abandonment", 0.002), ("asa_s", 0.5), ("mean_wait_s", 0.5)):
        apart = np.abs(getattr(exact, name) - seen[name])
        assert (apart <= near + 3.5 * seen[f"{name}_error"]).all(), name
    assert leavers_overrun_min(demand, agents) == pytest.approx(float(seen["overrun_min"]), rel=0.04, abs=1.0)


@pytest.mark.parametrize(("patience_s", "staffed"), [(900.0, 0.7), (math.inf, 0.9), (240.0, 0.0)])
def test_callers_who_wait_through_several_intervals_are_counted_as_they_fare(patience_s, staffed):
    """Three short intervals of far too few agents, or nobody at all, and relief after them."""
    demand = Demand.of(np.full(9, 24.0), 300.0, patience_s, interval_s=300, threshold_s=60)
    agents = np.full(9, 28)
    agents[3:6] = staffed * 24
    exact, seen = transient_day(demand, agents), simulate(demand, agents, 6000, seed=2)
    for name, near in (("service_level", 0.003), ("abandonment", 0.003), ("asa_s", 1.5), ("mean_wait_s", 1.5)):
        apart = np.abs(getattr(exact, name) - seen[name])
        assert (apart <= near + 3.5 * seen[f"{name}_error"]).all(), (name, apart)


def test_all_that_wait_are_counted_once():
    """Waits of callers by interval of arrival add up to the queue's time; those lost to patience are its share."""
    demand = Demand.of(np.append(np.full(6, 24.0), np.zeros(20)), 300.0, 400.0, interval_s=300, threshold_s=20)
    agents = np.append([20, 22, 15, 26, 0, 25], np.full(20, 25))
    day = transient_day(demand, agents)
    some = demand.calls > 0
    assert (day.mean_wait_s[some] * demand.calls[some]).sum() == pytest.approx(300 * day.queue_length.sum(), rel=2e-3)
    lost = (day.abandonment[some] * demand.calls[some]).sum()
    assert lost == pytest.approx(300 * day.queue_length.sum() / 400, rel=2e-3)


def leavers_overrun_min(demand: Demand, agents: np.ndarray) -> float:
    """Overrun of those who leave while the site is open: after a long quiet time nobody is left to leave at close."""
    quiet = np.zeros(40)
    longer = Demand.of(
        np.append(demand.calls, quiet), demand.aht_s[0], demand.patience_s[0],
        interval_s=1800, threshold_s=demand.threshold_s,
    )  # fmt: skip
    return float(transient_day(longer, np.append(agents, quiet + agents[-1])).overrun_min.sum())


def test_constant_day_settles_at_steady_state():
    demand = Demand.of(np.full(30, 300.0), 180.0, 90.0, interval_s=1800, threshold_s=20)
    last = transient_day(demand, np.full(30, 31))
    steady = measures(calls_per_hour=600, aht_s=180, agents=31, threshold_s=20, patience_s=90)
    for name in STEADY:
        assert getattr(last, name)[-1] == pytest.approx(getattr(steady, name), rel=1e-6), name


def test_an_understaffed_hour_is_felt_hours_later():
    calls = np.full(8, 500 / 300 * 1800)
    demand = Demand.of(calls, 300.0, math.inf, interval_s=1800, threshold_s=20)
    enough = smallest_agents(500, 300, math.inf, 20, Targets(service_level=0.8))
    agents = np.full(8, enough)
    agents[2:4] = 0.9 * enough
    day = transient_day(demand, agents)
    assert day.service_level[1] > 0.78
    assert day.backlog[3] > 100
    assert day.service_level[5] < 0.3


def test_least_staff_keeps_the_target_and_one_fewer_anywhere_breaks_it():
    demand, targets = day_of(25), Targets(service_level=0.8, abandonment=0.06)
    day = least_staff(demand, targets)
    kept = transient_day(demand, day.agents)
    assert (kept.service_level >= 0.8 - 1e-9).all()
    assert (kept.abandonment <= 0.06 + 1e-9).all()
    for i in range(len(SHAPE)):
        fewer = day.agents.copy()
        fewer[i] -= 1
        worse = transient_day(demand, fewer)
        assert (worse.service_level < 0.8).any() or (worse.abandonment > 0.06).any(), i


def test_least_staff_saves_against_interval_wise_erlang_c():
    demand = day_of(50)
    least = least_staff(demand, Targets(service_level=0.8))
    erlang_c = smallest_agents(demand.load, 300, math.inf, 20, Targets(service_level=0.8))
    assert least.agents.sum() < 0.95 * erlang_c.sum()


def test_closed_intervals_take_the_minimum_and_have_no_service_level():
    calls = np.array([0.0, 30.0, 0.0, 30.0])
    demand = Demand.of(calls, 300.0, 180.0, interval_s=1800, threshold_s=20)
    day = least_staff(demand, Targets(service_level=0.8), minimum=[0, 2, 1, 2])
    assert day.agents[0] == 0
    assert day.agents[2] == 1
    assert np.isnan(day.service_level[[0, 2]]).all()
    assert day.day_service_level() == pytest.approx(np.mean(day.service_level[[1, 3]]))


def test_bad_days_are_refused():
    with pytest.raises(InputError, match="calls"):
        Demand.of([1, math.nan], 300, 180, interval_s=1800, threshold_s=20)
    with pytest.raises(InputError, match="aht_s"):
        Demand.of([1, 1], [300, 0], 180, interval_s=1800, threshold_s=20)
    with pytest.raises(InputError, match="agents"):
        transient_day(day_of(5), 2.5)
    with pytest.raises(InputError, match="patience_s"):
        least_staff(day_of(5), Targets(abandonment=0.0))
