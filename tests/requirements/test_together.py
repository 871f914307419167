"""A service level that the day or the week keeps: fewer hours, the promise held, the pieces a roster can take."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.domain.service import ServiceTarget
from staffing.errors import InputError
from staffing.evaluation.outlook import staffed_at
from staffing.requirements import requirements, service_pieces
from tests.requirements.test_work_out import agents, forecast, scenario

CALLS = [4.0, 15, 40, 60, 25, 8, 0, 0]
TWO_DAYS = pd.concat([
    forecast("voice", CALLS), forecast("voice", [9.0, 30, 30], start=pd.Timestamp("2026-11-24", tz="Europe/Berlin")),
])  # fmt: skip
QUEUES = {
    "erlang_a": Queue(name="voice", patience_s=180.0),
    "erlang_c": Queue(name="voice", model="erlang_c"),
    "redials": Queue(name="voice", patience_s=120.0, redial_share=0.5, resolution=0.9),
    "transient": Queue(name="voice", patience_s=180.0, model="transient"),
    "chat": Queue(name="voice", channel="chat", concurrency=3, patience_s=180.0),
}


def promise(over: str, **more) -> ServiceTarget:
    return ServiceTarget(service_level=0.8, over=over, **more)


def by_day(plan: Scenario, needed: pd.DataFrame) -> pd.Series:
    """Service level of each day, weighted by calls."""
    found = staffed_at(TWO_DAYS, needed, plan)
    sums = found.assign(day=found["start"].dt.date).groupby("day")[["in_time", "base"]].sum()
    return sums["in_time"] / sums["base"]


@pytest.mark.parametrize("kind", QUEUES)
def test_the_day_keeps_the_promise_with_fewer_agents_than_its_intervals(kind):
    each, day, week = (scenario(QUEUES[kind], service=promise(over)) for over in ("interval", "day", "week"))
    needed = {plan.service.over: requirements(TWO_DAYS, plan) for plan in (each, day, week)}
    hours = {over: table["agents"].sum() for over, table in needed.items()}
    assert hours["week"] <= hours["day"] < hours["interval"]
    assert (by_day(day, needed["day"]) >= 0.8 - 1e-9).all()
    assert by_day(day, needed["day"]).max() < 0.86
    together = staffed_at(TWO_DAYS, needed["week"], week)[["in_time", "base"]].sum()
    assert 0.8 - 1e-9 <= together["in_time"] / together["base"] < 0.83


@pytest.mark.parametrize("kind", ["erlang_a", "chat", "transient"])
def test_a_floor_holds_in_every_interval_and_other_targets_too(kind):
    target = promise("day", floor=0.7, max_occupancy=0.85)
    plan = scenario(QUEUES[kind], service=target)
    found = staffed_at(TWO_DAYS, requirements(TWO_DAYS, plan), plan)
    some = found["calls"] > 0
    assert (found.loc[some, "service_level"] >= 0.7 - 1e-9).all()
    assert (found.loc[some, "occupancy"] <= 0.85 + 1e-9).all()


def test_minimum_and_opening_hours_bind_as_ever():
    queue = Queue(name="voice", patience_s=180.0, minimum_agents=5)
    plan = scenario(queue, service=promise("day"), opening={"monday": ("00:30-03:30",)})
    assert agents(requirements(forecast("voice", CALLS), plan))[0] == 0
    assert min(agents(requirements(forecast("voice", CALLS), plan))[1:7]) == 5


def test_pieces_hold_the_promise_exactly_where_the_requirement_does():
    plan = scenario(QUEUES["erlang_a"], service=promise("day"))
    pieces, needed = service_pieces(TWO_DAYS, plan), requirements(TWO_DAYS, plan)
    assert set(pieces["period"].dt.strftime("%d")) == {"23", "24"}
    total = pd.Series(0.0, index=pieces["period"].unique())
    for start, rows in pieces.groupby("start"):
        staff = needed.loc[needed["start"] == start, "agents"].iloc[0]
        total[rows["period"].iloc[0]] += np.interp(staff, rows["agents"], rows["surplus"])
        slopes = np.diff(rows["surplus"]) / np.diff(rows["agents"])
        assert (np.diff(slopes) < 0).all()
    assert (total >= -1e-9).all()


def test_no_promise_over_the_day_has_no_pieces():
    assert service_pieces(TWO_DAYS, scenario(QUEUES["erlang_a"])).empty


def test_a_changed_scenario_says_so_and_a_nonsense_one_is_refused():
    base = scenario(QUEUES["erlang_a"])
    day = base.with_changes(service_level=0.85, service_level_over="day", service_level_floor=0.6)
    assert (day.service.over, day.service.floor) == ("day", 0.6)
    assert Scenario.from_toml(day.to_toml()) == day
    for wrong in ({"service_level_floor": 0.5}, {"service_level_over": "day", "service_level_floor": 0.9}):
        with pytest.raises(InputError, match="floor"):
            base.with_changes(**wrong)
    with pytest.raises(InputError, match="over"):
        scenario(QUEUES["erlang_a"], service=ServiceTarget(asa_s=20)).with_changes(service_level_over="week")


def test_a_queue_may_promise_over_the_week_what_another_keeps_in_every_interval():
    own = Queue(name="voice", patience_s=180.0, service=promise("week"))
    other = Queue(name="other", patience_s=180.0)
    rows = pd.concat([TWO_DAYS, TWO_DAYS.assign(queue="other")])
    table = requirements(rows, scenario(own, other))
    assert sum(agents(table)) < sum(agents(table, "other"))
    assert set(service_pieces(rows, scenario(own, other))["queue"]) == {"voice"}
