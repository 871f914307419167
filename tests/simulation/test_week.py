"""Whole weeks: formulas, hand-made days, chances, what cannot be meant."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from staffing.errors import InputError
from staffing.queueing import measures
from staffing.simulation.lines import Shapes
from staffing.simulation.shapes import exponential, lognormal
from staffing.simulation.week import simulate
from tests.simulation.desk import MONDAY, poisson, scenario, week

ALL_DAY = [(k, 8, 20, "voice") for k in range(10)]
MEMORYLESS = Shapes({"voice": exponential()})


def test_erlang_a_lies_within_the_interval():
    case = scenario(10, simulation={"runs": 800, "tolerance": 1e-6})
    made = simulate(week(case, {"voice": poisson(np.random.default_rng(1), 110, 800)}, ALL_DAY, MEMORYLESS))
    seen = made.intervals[made.intervals["queue"] == "voice"].iloc[2:]  # the first hours begin with nobody in line
    exact = measures(arrival_rate_per_s=110 / 3600, aht_s=300, agents=10, threshold_s=20, patience_s=120)
    half = 3 * (seen["service_level_high"] - seen["service_level_low"]).to_numpy() / 2
    assert np.all(np.abs(seen["service_level"] - float(exact.service_level)) <= half)
    assert seen["service_level"].mean() == pytest.approx(float(exact.service_level), abs=0.01)
    assert seen["abandonment"].mean() == pytest.approx(float(exact.abandonment), abs=0.005)
    assert seen["asa_s"].mean() == pytest.approx(float(exact.asa_s), rel=0.05)
    assert seen["occupancy"].mean() == pytest.approx(float(exact.occupancy), abs=0.01)


def test_the_same_seed_gives_the_same_week_and_another_another():
    paths = {"voice": poisson(np.random.default_rng(2), 80)}
    case = scenario(10, shrinkage={"planned": 0.05, "unplanned": 0.1})
    one, same, other = (simulate(week(case, paths, ALL_DAY), runs=30, seed=seed) for seed in (1, 1, 2))
    assert one.total == same.total
    assert one.total != other.total


def test_two_scenarios_differ_by_their_difference():
    """One agent more: the difference is known far better than either."""
    paths = {"voice": poisson(np.random.default_rng(3), 110, 100)}
    case = scenario(11, shrinkage={"unplanned": 0.1})
    more = [*ALL_DAY, (10, 8, 20, "voice")]
    pairs = [[simulate(week(case, paths, rows), runs=20, seed=s).total for rows in (ALL_DAY, more)] for s in range(12)]
    levels = np.array([[one["service_level"] for one in pair] for pair in pairs])
    assert np.std(levels[:, 1] - levels[:, 0]) < 0.6 * np.std(levels[:, 0])
    assert np.all(levels[:, 1] > levels[:, 0])


def test_a_day_is_as_likely_to_hold_as_its_paths_say():
    """Three paths in four bring next to nothing, one brings three times what ten can do."""
    paths = np.full((40, 12), 20.0, dtype="float32")
    paths[::4] = 360
    made = simulate(week(scenario(10), {"voice": paths}, ALL_DAY), runs=200)
    day = made.days.iloc[0]
    assert day["p_meets_target"] == pytest.approx(0.75)
    assert day["p_low"] < 0.75 < day["p_high"]
    assert made.total["p_week_meets_target"] == pytest.approx(0.75)
    assert made.total["service_level_low"] < made.total["service_level"] < made.total["service_level_high"]


def test_simulating_stops_when_the_service_level_is_known():
    paths = {"voice": poisson(np.random.default_rng(4), 110)}
    loose = scenario(10, simulation={"runs": 400, "tolerance": 0.05})
    assert simulate(week(loose, paths, ALL_DAY)).runs == 100
    tight = scenario(10, simulation={"runs": 160, "tolerance": 1e-5})
    assert simulate(week(tight, paths, ALL_DAY)).runs == 160


def test_overrun_is_counted_and_paid_per_person():
    """One person until ten, calls of two hours: whoever is called before ten works on."""
    case = scenario(1, ({"name": "voice", "aht_s": 7200.0, "patience_s": None},), prices={"agent_hour": 30.0})
    constant = Shapes({"voice": lognormal(0.0)})
    made = simulate(week(case, {"voice": np.array([[1.0] + [0.0] * 11])}, [(0, 8, 10, "voice")], constant), runs=60)
    hours = made.people["overrun_hours"].iloc[0]
    assert hours == pytest.approx(0.5, abs=0.15)  # the call comes evenly between eight and nine
    assert made.people["overrun_cost"].iloc[0] == pytest.approx(30 * hours)
    assert made.total["overrun_hours"] == pytest.approx(hours)
    assert made.total["overrun_cost"] == pytest.approx(30 * hours)


@pytest.mark.parametrize("routing", ["rostered", "skills"])
def test_who_takes_twice_as_long_works_twice_as_long_on_the_same_calls(routing):
    """One person until ten, one call of an hour from between eight and nine: at factor two it ends after ten."""
    queues = ({"name": "voice", "aht_s": 3600.0, "patience_s": None}, {"name": "other"})
    paths = {"voice": np.array([[1.0] + [0.0] * 11]), "other": np.zeros((1, 12))}
    constant, seen = Shapes({"voice": lognormal(0.0)}), []
    for factors in ({"other": 3.0}, {"voice": 2.0}):
        case = scenario(1, queues, simulation={"routing": routing})
        agents = tuple(one.model_copy(update={"handle_factors": factors}) for one in case.agents)
        case = case.model_copy(update={"agents": agents})
        seen.append(simulate(week(case, paths, [(0, 8, 10, "voice")], constant), runs=60).total)
    usual, slow = seen
    assert usual["overrun_hours"] == 0.0
    assert slow["overrun_hours"] == pytest.approx(0.5, abs=0.15)
    assert usual["occupancy"] == pytest.approx(1 / 2)
    assert slow["occupancy"] == pytest.approx(2 / (2 + slow["overrun_hours"]), abs=0.01)
    assert slow["service_level"] == usual["service_level"] == 1.0


def test_work_is_done_by_its_deadline_or_not():
    """Two hours to answer: what comes in the morning waits for the agent of ten o'clock, two hours of work for one."""
    mail = {"name": "mail", "channel": "email", "aht_s": 600.0, "deadline_min": 120}
    paths = np.array([[6.0, 6.0] + [0.0] * 10])
    made = simulate(week(scenario(1, (mail,)), {"mail": paths}, [(0, 10, 18, "mail")]), runs=40)
    assert made.total["occupancy"] == pytest.approx(2 / 8, abs=0.05)
    level = made.queues.set_index("queue").loc["mail", "service_level"]
    assert level < 0.5  # the first six are due at ten, before anybody comes; most of the others at eleven


@pytest.mark.parametrize("put_down", [True, False])
def test_mail_in_hand_at_the_end_of_a_shift_is_put_down_or_finished(put_down):
    """Five hours of mail for one who works four, and a colleague later: whoever comes takes up what was put down."""
    mail = {"name": "mail", "channel": "email", "aht_s": 6000.0, "deadline_min": 720}
    case = scenario(2, (mail,), simulation={"put_down": put_down})
    rows = [(0, 9, 13, "mail"), (1, 15, 20, "mail")]
    constant = Shapes({"mail": lognormal(0.0)})
    made = simulate(week(case, {"mail": np.array([[3.0] + [0.0] * 11])}, rows, constant), runs=20)
    assert made.total["overrun_hours"] == pytest.approx(
        0.0 if put_down else 1.0
    )  # the third, begun at 12:20, ends at 14
    assert made.queues.set_index("queue").loc["mail", "service_level"] == 1.0


def test_a_call_that_runs_into_work_off_the_phone_is_no_overrun():
    session = {"name": "coaching", "activity": "coaching", "start": "2026-03-02", "minutes": 60, "earliest": "10:00",
               "latest": "11:00"}  # fmt: skip
    case = scenario(1, ({"name": "voice", "aht_s": 3600.0, "patience_s": None},), sessions=[session])
    made = week(
        case, {"voice": np.array([[0.0, 1.0] + [0.0] * 10])}, [(0, 9, 12, "voice")], Shapes({"voice": lognormal(0.0)})
    )
    hour, midnight = pd.Timedelta(hours=1), case.site.midnight(MONDAY)
    row = {"agent": "agent 0", "start": midnight + 10 * hour, "end": midnight + 11 * hour, "queue": None, "shift": 0}
    for activity, hours in (("coaching", 0.0), ("lunch", 0.5)):
        away = pd.DataFrame([{**row, "activity": activity}])
        rows = pd.concat([made.activities, away], ignore_index=True)
        seen = simulate(dataclasses.replace(made, activities=rows), runs=60)
        assert seen.total["overrun_hours"] == pytest.approx(hours, abs=0.12)


def test_people_of_two_queues_help_where_skills_route():
    rng = np.random.default_rng(6)
    paths = {"a": poisson(rng, 60), "b": poisson(rng, 60)}
    rows = [(k, 8, 20, "a" if k < 6 else "b") for k in range(12)]
    queues = ({"name": "a"}, {"name": "b"})
    apart, shared = (
        simulate(week(scenario(12, queues, simulation={"routing": how}), paths, rows), runs=60).total
        for how in ("rostered", "skills")
    )
    assert shared["service_level"] > apart["service_level"] + 0.03


def test_a_queue_that_nobody_serves_loses_its_contacts_and_says_so():
    paths = {name: poisson(np.random.default_rng(7), 20) for name in ("voice", "other")}
    made = simulate(week(scenario(10, ({"name": "voice"}, {"name": "other"})), paths, ALL_DAY), runs=20)
    other = made.queues.set_index("queue").loc["other"]
    assert (other["service_level"], other["abandonment"]) == (0.0, 1.0)
    assert any("nobody is rostered" in note for note in made.notes)


def test_roster_and_forecast_of_other_weeks_are_refused():
    import datetime as dt

    made = week(scenario(10), {"voice": poisson(np.random.default_rng(8), 20)}, ALL_DAY)
    with pytest.raises(InputError, match="same week"):
        simulate(dataclasses.replace(made, start=made.start + dt.timedelta(days=7)), runs=20)
    late = made.activities.assign(
        start=made.activities["start"] + np.timedelta64(7, "D"), end=made.activities["end"] + np.timedelta64(7, "D")
    )
    with pytest.raises(InputError, match="nobody works in the week"):
        simulate(dataclasses.replace(made, activities=late), runs=20)


def test_without_patience_nobody_hangs_up():
    case = scenario(10, ({"name": "voice", "patience_s": None},))
    made = simulate(week(case, {"voice": poisson(np.random.default_rng(9), 100)}, ALL_DAY), runs=20)
    assert made.total["abandonment"] < 0.01  # those still waiting when the last agent has gone
    assert any("no patience is known" in note for note in made.notes)


def test_a_forecast_without_sample_paths_is_taken_as_known_and_that_is_said():
    made = week(scenario(10), {"voice": np.full((20, 12), 90.0)}, ALL_DAY)
    seen = simulate(dataclasses.replace(made, worlds=dataclasses.replace(made.worlds, paths={})), runs=40)
    calls = seen.intervals["calls"].sum()
    assert calls == pytest.approx(12 * 90, rel=0.02)
    assert any("no sample paths" in note for note in seen.notes)
