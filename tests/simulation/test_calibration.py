"""Stated chances against what came: scores by hand, and days whose outcome nobody doubts."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.simulation.calibration import calibration, came
from staffing.simulation.lines import Shapes
from tests.simulation.desk import MONDAY, roster, scenario

ALL_DAY = [(k, 8, 20, "voice") for k in range(10)]


def told(promised: list[float], held: list[int]) -> pd.DataFrame:
    days = [MONDAY + dt.timedelta(days=k) for k in range(len(held))]
    return pd.DataFrame({"queue": "voice", "day": days, "promised": promised, "held": held})


def test_scores_as_by_hand():
    found = calibration(told([0.9, 0.9, 0.6, 1.0], [1, 0, 1, 1]))
    assert found.brier == pytest.approx((0.01 + 0.81 + 0.16 + 0.0) / 4)
    assert found.base_brier == pytest.approx(0.75 * 0.25)
    assert found.bins["days"].tolist() == [1, 2, 1]
    assert found.bins["promised"].tolist() == pytest.approx([0.6, 0.9, 1.0])
    assert found.bins["held"].tolist() == [1.0, 0.5, 1.0]
    assert (found.bins["low"] < found.bins["held"] + 1e-9).all()
    assert not found.enough
    assert "not enough days yet" in found.sentence()


def test_true_chances_beat_their_mean_and_false_ones_do_not():
    rng = np.random.default_rng(1)
    chance = rng.choice([0.3, 0.9], 400)
    held = (rng.random(400) < chance).astype(int)
    true, false = calibration(told([*chance], [*held])), calibration(told([*rng.permutation(chance)], [*held]))
    assert true.enough
    assert true.brier < true.base_brier < false.brier
    assert "better than" in true.sentence()
    assert "no better than" in false.sentence()
    assert "same risk" not in false.sentence()
    assert (true.bins["low"] <= true.bins["promised"]).all()
    assert (true.bins["promised"] <= true.bins["high"]).all()


def test_days_staffed_to_the_same_risk_are_not_blamed_for_being_alike():
    """A roster that levels the risk leaves nothing that could tell its days apart."""
    chance = np.tile([0.86, 0.94], 20)
    found = calibration(told([*chance], [1, 1, 1, 0] * 10))
    assert found.brier > found.base_brier
    assert "nearly the same risk" in found.sentence()


def test_nothing_has_come_yet():
    found = calibration(told([], []))
    assert found.bins.empty
    assert np.isnan(found.brier)
    assert "has come yet" in found.sentence()


def history(case, hourly: list[float]) -> pd.DataFrame:
    """A Monday of twelve hours and the morning after, from which the Monday is over."""
    start = case.site.midnight(MONDAY) + pd.to_timedelta([*range(8, 20), 32], unit="h")
    return pd.DataFrame({"queue": "voice", "start": start, "calls": [*hourly, 1.0], "aht_s": 300.0})


@pytest.mark.parametrize(("hourly", "held"), [(40.0, 1), (250.0, 0)])
def test_a_day_is_played_with_what_came(hourly, held):
    case = scenario(10)
    rows = roster(case, [*ALL_DAY]).drop(columns="shift")
    found = came(history(case, [hourly] * 12), rows, case, MONDAY, Shapes())
    day = found[found["queue"] == "voice"]
    assert day["day"].tolist() == [MONDAY]
    assert day["held"].tolist() == [held]


def test_people_who_left_take_their_shifts_with_them():
    case = scenario(10)
    rows = roster(case, [*ALL_DAY]).drop(columns="shift")
    gone = rows.assign(agent=["nobody " * (k > 0) + name for k, name in enumerate(rows["agent"])])
    assert came(history(case, [40.0] * 12), gone, case, MONDAY, Shapes())["held"].max() == 0


def test_weeks_that_have_not_come_say_nothing():
    case = scenario(10)
    rows = roster(case, [*ALL_DAY]).drop(columns="shift")
    later = MONDAY + dt.timedelta(days=7)
    assert came(history(case, [40.0] * 12), rows, case, later, Shapes()).empty
