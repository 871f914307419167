"""Longer steps: sums by hand, ranges of sums, the hour that a clock change repeats, weeks of a quarter, accuracy."""

import datetime as dt
import types

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import DAY_MIN, SiteCalendar
from staffing.evaluation import grains
from staffing.evaluation.against import measures, pairs
from staffing.evaluation.quarter import by_week
from staffing.forecast import Forecast
from staffing.planner import Planner
from staffing.store.workspace import Workspace
from tests.small import NEXT_WEEK

BERLIN = SiteCalendar(timezone="Europe/Berlin", interval_min=30)
WEEK = dt.date.fromisoformat(NEXT_WEEK)


def forecast_of(site, start, hours, *, paths=40, seed=3):
    """A made-up forecast of half hours, its paths drawn by the test."""
    times = pd.Series(pd.date_range(start, periods=2 * hours, freq="30min", tz="UTC").tz_convert(site.zone))
    drawn = np.random.default_rng(seed).poisson(9.0, (paths, len(times))).astype("float32")
    table = pd.DataFrame(
        {
            "queue": "voice",
            "start": times,
            "calls": drawn.mean(axis=0, dtype=float),
            "aht_s": np.linspace(100, 300, len(times)),
        }
    ).assign(**{name: np.quantile(drawn, q, axis=0) for name, q in grains.RANGES.items()})
    nothing = pd.DataFrame(columns=["queue", "day", "cause", "calls"])
    return Forecast(table, {"voice": drawn}, nothing, nothing, nothing)


def test_an_hour_is_the_sum_of_its_halves_and_its_range_that_of_the_sums():
    made = forecast_of(BERLIN, "2026-11-23 08:00", 5)
    rows = grains.forecast_in(made, "voice", 60, BERLIN)
    drawn = made.paths["voice"].reshape(40, -1, 2).sum(axis=2)
    np.testing.assert_allclose(rows["calls"], made.table["calls"].to_numpy().reshape(-1, 2).sum(axis=1))
    np.testing.assert_allclose(rows["p90"], np.quantile(drawn, 0.9, axis=0))
    work = (made.table["calls"] * made.table["aht_s"]).to_numpy().reshape(-1, 2).sum(axis=1)
    np.testing.assert_allclose(rows["calls"] * rows["aht_s"], work)
    assert (rows["p90"] < made.table["p90"].to_numpy().reshape(-1, 2).sum(axis=1)).any()  # no sum of ranges


def test_a_repeated_hour_is_two_and_the_day_is_one():
    made = forecast_of(BERLIN, "2026-10-24 22:00", 25)  # 25 October 2026 has 25 hours in Berlin
    assert len(grains.forecast_in(made, "voice", 60, BERLIN)) == 25
    (day,) = grains.forecast_in(made, "voice", DAY_MIN, BERLIN)["calls"]
    assert day == pytest.approx(made.table["calls"].sum(), rel=1e-6)


def test_tehrans_hours_begin_on_the_hour_of_its_own_clock():
    site = SiteCalendar(timezone="Asia/Tehran", interval_min=30)
    made = forecast_of(site, "2026-11-23 04:30", 3)  # 08:00 in Tehran
    starts = grains.forecast_in(made, "voice", 60, site)["start"].dt.tz_convert(site.zone)
    assert [f"{one:%H:%M}" for one in starts] == ["08:00", "09:00", "10:00"]


def test_steps_are_the_sites_own_and_what_it_divides():
    assert grains.offered(15) == (15, 30, 60, DAY_MIN)
    assert grains.offered(30) == (30, 60, DAY_MIN)
    assert grains.offered(60) == (60, DAY_MIN)


def test_accuracy_of_pairs_is_what_a_hand_counts():
    made = forecast_of(BERLIN, "2026-11-23 08:00", 2)
    came = made.table[["queue", "start"]].assign(calls=[10.0, 8.0, 9.0, np.nan])
    rows = pairs(made, "voice", 30, came, BERLIN)
    assert list(rows["actual"]) == [10, 8, 9]
    assert len(pairs(made, "voice", 60, came, BERLIN)) == 1  # the second hour has not come whole
    told = measures(rows)
    off = (rows["calls"] - rows["actual"]).abs().sum()
    assert told["wape"] == pytest.approx(off / 27)
    assert told["bias"] == pytest.approx((rows["calls"].sum() - 27) / 27)
    assert np.isnan(measures(rows[:0])["wape"])


def test_weeks_of_a_quarter_add_up_to_the_forecast_and_the_requirement(planned_workspace):
    workspace = Workspace.open(planned_workspace)
    planner, scenario = Planner.open(workspace), workspace.scenario("base")
    work = planner.workload(scenario, start=WEEK, days=28)
    rows = by_week(work.forecast, work.requirements, scenario, WEEK)
    assert list(rows["week"]) == [WEEK + dt.timedelta(days=7 * k) for k in range(4)]
    assert rows["calls"].sum() == pytest.approx(work.forecast.table["calls"].sum())
    assert rows["hours"].sum() == pytest.approx(work.requirements["agents_scheduled"].sum())  # intervals of an hour
    assert (rows["low"] <= rows["high"]).all()
    assert rows["events"].iloc[0] == "app-2.0"
    assert rows["people_hours"].iloc[0] == pytest.approx(40 * 3 + 40 * 4 / 5)  # Cyd is off one of five days
    assert rows["people_hours"].iloc[1] == pytest.approx(160)


def test_need_in_days_keeps_the_hours_and_names_the_peak():
    starts = pd.Series(pd.date_range("2026-11-23 08:00", periods=4, freq="30min", tz=BERLIN.zone))
    rows = pd.DataFrame({"start": starts, "agents": [2.0, 4.0, 6.0, 4.0], "agents_scheduled": [3.0, 5.0, 7.0, 5.0]})
    day = types.SimpleNamespace(**grains.need_in(rows, DAY_MIN, BERLIN).iloc[0])
    assert (day.agents, day.most, day.hours, day.hours_scheduled) == (4.0, 6.0, 8.0, 10.0)
