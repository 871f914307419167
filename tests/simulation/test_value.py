"""A roster in money: the sums by hand, and people whose worth nobody doubts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from staffing.simulation.value import MONEY, POINT, Valued, frontier, guards, steps_of, worth
from staffing.simulation.week import simulate
from tests.simulation.desk import poisson, scenario, week

PRICES = {"agent_hour": 30.0, "lost_contact": 7.0, "waited_minute": 0.5, "repeat_contact": 4.0, "leaver": 1000.0}


def valued(people: int, per_hour: float, **prices) -> Valued:
    case = scenario(people, ({"name": "voice", "redial_share": 0.25},), prices=PRICES | prices)
    rows = [(k, 8, 18, "voice") for k in range(people)]
    made = week(case, {"voice": poisson(np.random.default_rng(1), per_hour)}, rows, days=1)
    names = [f"agent {k}" for k in range(people)]
    return Valued(made, pd.DataFrame({"agent": names, "paid_hours": 10.0, "cost": 300.0}), runs=30)


def test_money_is_what_came_times_its_price():
    desk = valued(8, 90, busy_above=0.5, leavers_per_point=0.1)
    told, played = desk.point(), simulate(desk.week, runs=30)
    queue = played.queues.set_index("queue").loc["voice"]
    answered = queue["contacts"] - queue["lost"]
    assert set(told) == set(POINT)
    assert told["wages"] == 8 * 300
    assert told["overrun"] == pytest.approx(played.total["overrun_cost"])
    assert told["lost"] == pytest.approx(7 * queue["lost"])
    assert told["waiting"] == pytest.approx(0.5 * answered * queue["asa_s"] / 60)
    assert told["repeats"] == pytest.approx(4 * 0.25 * queue["lost"])
    points = 100 * (played.total["occupancy"] - 0.5)
    assert told["leavers"] == pytest.approx(1000 * 8 * points * 0.1 / 7 / 52)
    assert told["total"] == pytest.approx(sum(told[name] for name in MONEY))


def test_what_is_left_unpriced_has_a_price_of_its_own():
    prices = scenario(1).prices
    assert prices.of_waited_minute == pytest.approx(20 / 60 / 4)
    assert prices.of_repeat(180.0) == pytest.approx(1.0)
    assert prices.of_leaver == 3200
    assert scenario(1, prices=PRICES).prices.of_repeat(180.0) == 4.0


def test_a_person_more_is_worth_much_where_people_lack_and_nothing_where_they_do_not():
    for people, per_hour, worthwhile in ((6, 110, True), (16, 40, False)):
        desk = valued(people, per_hour)
        now, more, fewer = desk.point(), desk.point(1), desk.point(-1)
        assert (more["people"], fewer["people"]) == (people + 1, people - 1)
        assert more["paid_hours"] == now["paid_hours"] + 10
        assert fewer["lost_contacts"] >= now["lost_contacts"] >= more["lost_contacts"]
        assert (more["total"] < now["total"]) == worthwhile
        if not worthwhile:
            assert more["total"] - now["total"] == pytest.approx(300, abs=15)


def test_a_paid_break_is_not_paid_a_second_time():
    """A call that runs into a paid break costs nothing more; so protecting breaks never saves money by it."""
    desk = valued(7, 100)
    rows = desk.week.activities
    breaks = rows.assign(activity="break", start=rows["start"] + pd.Timedelta(hours=4))
    breaks["end"] = breaks["start"] + pd.Timedelta(minutes=15)
    every = pd.concat([rows, breaks]).sort_values(["agent", "start"], ignore_index=True)
    told = {}
    for paid in (True, False):
        unpaid = (every["activity"] == "break") & (not paid)
        own = replace(desk, week=replace(desk.week, activities=every.assign(unpaid=unpaid)))
        told[paid] = simulate(own.week, runs=30).total, guards(own, pd.DataFrame()).set_index("guard")
    (free, free_guards), (dear, dear_guards) = told[True], told[False]
    assert free["overrun_hours"] == dear["overrun_hours"]
    assert 0 < free["overrun_cost"] < dear["overrun_cost"]
    assert free_guards.loc["breaks in full", "money"] > dear_guards.loc["breaks in full", "money"]
    assert free_guards.loc["breaks in full", "money"] > 0


def test_the_frontier_falls():
    told = []
    table = frontier(valued(10, 110), told.append)
    assert table["more"].tolist() == steps_of(10)
    assert table["paid_hours"].is_monotonic_increasing
    assert table["waited_hours"].is_monotonic_decreasing
    assert told[-1] == 1.0


def test_guard_rails_have_a_price():
    desk = valued(10, 110)
    nothing = pd.DataFrame({"guard": ["occupancy at most 85%"], "hours": [12.0], "money": [360.0]})
    found = guards(desk, nothing).set_index("guard")
    assert found["money"].iloc[0] == 360
    five, ten = (found.loc[f"{share} of calls listened to"] for share in ("5%", "10%"))
    calls = simulate(desk.week, runs=30).queues.set_index("queue").loc["voice"]
    assert five["hours"] == pytest.approx(0.05 * (calls["contacts"] - calls["lost"]) * 300 / 3600)
    assert ten["money"] == pytest.approx(2 * 30 * five["hours"])
    assert found.loc["an hour of coaching each week", "money"] == pytest.approx(10 / 7 * 30)
    assert "breaks in full" in found.index


def test_worth_needs_no_call():
    desk = valued(3, 0)
    told = worth(simulate(desk.week, runs=30), desk.paid, desk.scenario)
    assert told["total"] == told["wages"] == 900
