"""Corrections of a requirement: the fewest agents that fill what a day lacks, found by trying all ways."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from staffing.queueing import measures
from staffing.requirements import requirements
from staffing.simulation.corrections import Balance, balances, corrected
from staffing.simulation.lines import Worlds
from staffing.simulation.week import simulate
from tests.simulation.desk import MONDAY, forecast, poisson, scenario, week

HOURLY = np.array([30.0, 90.0, 60.0, 120.0])
DAILY = {"service_level": 0.8, "threshold_s": 20, "over": "day"}


def case(agents: list[int], service: dict | None = None):
    """Four hours of one certain path, and so many agents required and there."""
    made = scenario(10, service=service or DAILY)
    paths = np.repeat(np.concatenate([HOURLY, np.zeros(8)])[None], 20, axis=0)
    calls = forecast(made, {"voice": paths}).table
    needed = requirements(calls, made).assign(agents=[*map(float, agents), *np.zeros(8)])
    needed = needed.assign(agents_scheduled=needed["agents"])
    return made, Worlds(calls, {"voice": paths}), needed


def in_time(agents) -> float:
    """Contacts in time of the four hours."""
    exact = measures(
        arrival_rate_per_s=HOURLY / 3600, aht_s=300.0, agents=np.array(agents), threshold_s=20.0, patience_s=120.0
    )
    return float((exact.service_level * HOURLY).sum())


def change(agents: list[int], lacking: float, **how) -> np.ndarray:
    made, worlds, needed = case(agents, how.pop("service", None))
    spans = [Balance("voice", MONDAY, lacking, float(HOURLY.sum()))]
    found = corrected(worlds, needed, needed[["queue", "start", "agents"]], spans, made, **how)
    return found.table["agents"].to_numpy()[:4] - agents


@pytest.mark.parametrize("lacking", [3.0, 20.0, 55.0])
def test_what_lacks_is_filled_by_the_fewest_agents(lacking):
    agents = [3, 8, 5, 10]
    more = change(agents, lacking)
    assert in_time(agents + more) - in_time(agents) >= lacking - 1e-6
    every = (np.array(way) for way in itertools.product(range(5), repeat=4))
    enough = [way.sum() for way in every if in_time(agents + way) - in_time(agents) >= lacking]
    assert more.sum() == min(enough)
    assert np.all(more >= 0)


def test_what_is_to_spare_is_given_back_and_no_more():
    agents, spare = [7, 14, 10, 17], 15.0
    fewer = change(agents, -spare)
    lost = in_time(agents) - in_time(agents + fewer)
    assert np.all(fewer <= 0)
    assert fewer.sum() < 0
    assert lost <= spare
    one_more = [lost + in_time(agents + fewer) - in_time(agents + fewer - np.eye(4)[i]) for i in range(4)]
    assert min(one_more) > spare or np.any(fewer == -4)
    assert np.all(change(agents, -spare, boldly=0.3) >= fewer)


def test_an_interval_that_keeps_its_promise_by_itself_is_not_cut_below_it():
    every = {"service_level": 0.8, "threshold_s": 20}
    made, worlds, _ = case([1, 1, 1, 1], every)
    needed = requirements(worlds.calls, made)["agents"].to_numpy()[:4].astype(int)
    assert np.all(change([*needed], -40.0, service=every) == 0)
    assert np.all(needed + 2 + change([*(needed + 2)], -1000.0, service=every) >= needed)


def test_days_that_hold_are_left_alone():
    assert np.all(change([3, 8, 5, 10], 0.0) == 0)


def test_a_day_lacks_what_its_simulation_says():
    """Of ten people who get 110 calls an hour seventy per cent are in time, some ten points of all calls too few."""
    made = scenario(10, service=DAILY | {"service_level": 0.9})
    rows = [(k, 8, 20, "voice") for k in range(10)]
    played = simulate(week(made, {"voice": poisson(np.random.default_rng(1), 110)}, rows), runs=60)
    (found,) = balances(played, made)
    total = played.queues.set_index("queue").loc["voice"]
    assert found.contacts == pytest.approx(12 * 110, rel=0.05)
    assert found.lacking == pytest.approx((0.9 - total["service_level"]) * found.contacts)
    surely = made.patched({"service": {"meet": 0.95}})
    assert balances(played, surely)[0].lacking > found.lacking  # not only on average
    assert not balances(played, made.patched({"service": {"service_level": 0.1}}))[0].lacks


def test_a_lost_contact_too_many_lacks_too():
    made = scenario(10, service={"abandonment": 0.01, "max_occupancy": 0.9})
    rows = [(k, 8, 20, "voice") for k in range(10)]
    played = simulate(week(made, {"voice": poisson(np.random.default_rng(1), 110)}, rows), runs=60)
    (found,) = balances(played, made)
    lost = played.queues.set_index("queue").loc["voice", "abandonment"]
    assert found.lacking == pytest.approx((lost - 0.01) * found.contacts)
