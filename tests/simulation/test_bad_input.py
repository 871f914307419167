"""What cannot be meant: a clear error, or a default that is said; other weeks and empty queues are in test_week."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from staffing.errors import InputError, StaffingError, TableError
from staffing.evaluation.shifts import read_roster
from staffing.simulation.week import simulate
from tests.simulation.desk import poisson, roster, scenario, week

ALL_DAY = [(k, 8, 20, "voice") for k in range(6)]


def calls(per_hour: float = 40.0) -> dict[str, np.ndarray]:
    return {"voice": poisson(np.random.default_rng(1), per_hour)}


def test_people_without_a_queue_are_refused_where_there_are_several():
    case = scenario(2, ({"name": "voice"}, {"name": "mail", "channel": "email"}))
    rows = roster(case, [(0, 8, 16, "voice"), (1, 8, 16, "voice")]).drop(columns="shift").assign(queue=None)
    with pytest.raises(TableError, match="names no queue"):
        read_roster(rows, case)
    alone = scenario(2)  # where there is but one it is that one
    assert set(read_roster(rows, alone).activities["queue"]) == {"voice"}


def test_handle_time_nought_is_refused_where_somebody_calls_and_taken_as_usual_where_nobody_does():
    made = week(scenario(6), calls(), ALL_DAY)
    table = made.worlds.calls
    wrong = dataclasses.replace(made, worlds=dataclasses.replace(made.worlds, calls=table.assign(aht_s=0.0)))
    with pytest.raises(InputError, match="aht_s"):
        simulate(wrong, runs=20)
    quiet = table.assign(calls=0.0, aht_s=0.0)
    nothing = {"voice": np.zeros((20, 12))}
    told = simulate(
        dataclasses.replace(made, worlds=dataclasses.replace(made.worlds, calls=quiet, paths=nothing)), runs=20
    )
    assert told.total["contacts"] == 0
    assert np.isnan(told.total["service_level"])
    with pytest.raises(StaffingError, match="aht_s"):
        scenario(6, ({"name": "voice", "aht_s": 0.0},))


@pytest.mark.parametrize("meet", [1.0, 0.0, 1.5])
def test_certainty_cannot_be_had_whole(meet):
    with pytest.raises(StaffingError, match="meet"):
        scenario(6, service={"service_level": 0.8, "meet": meet})


def test_meet_needs_a_service_level():
    with pytest.raises(StaffingError, match="needs a service_level"):
        scenario(6, service={"abandonment": 0.05, "meet": 0.9})


def test_nothing_comes_back_without_its_interval_or_the_runs_behind_it():
    made = simulate(week(scenario(6), calls(), ALL_DAY), runs=20)
    assert made.runs == 20
    for table in (made.queues, made.days, made.weeks):
        assert {"service_level_low", "service_level_high"} <= set(table)
    for table in (made.days, made.weeks):
        known = table[table["p_meets_target"].notna()]
        assert (known["p_low"] <= known["p_meets_target"]).all()
        assert (known["p_meets_target"] <= known["p_high"]).all()
        assert (known["p_low"] < known["p_high"]).all()  # also where all runs hold, or none
