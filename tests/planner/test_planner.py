"""The spine: what is unchanged is not worked out again, and a broken workspace changes nothing."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import staffing
from staffing import move
from staffing.errors import InputError, PlanError
from staffing.planner import Planner
from staffing.store.cache import StageCache


@pytest.fixture(scope="module")
def desk(planned_workspace):
    workspace = staffing.Workspace.open(planned_workspace)
    return workspace.base, staffing.read_history(workspace.history_folder, workspace.base.site)


@pytest.fixture(scope="module")
def first(desk):
    base, history = desk
    cache = StageCache()
    return cache, staffing.plan(history, base, cache=cache)


def made_again(first, desk, scenario):
    """Which stages a plan of ``scenario`` works out, after the base has been planned."""
    cache = first[0]
    before = len(cache.made)
    staffing.plan(desk[1], scenario, cache=cache)
    return cache.made[before:]


def test_the_same_plan_again_works_nothing_out(first, desk):
    assert first[0].made[:2] == ["baseline", "forecast"]
    assert made_again(first, desk, desk[0]) == []


def test_a_changed_target_does_not_forecast_again(first, desk):
    assert made_again(first, desk, desk[0].with_changes(service_level=0.97)) == ["requirements", "roster", "simulation"]


def test_a_moved_launch_does_not_fit_again(first, desk):
    later = desk[0].with_changes(move("app-2.0", to="2026-11-26"))
    assert "baseline" not in made_again(first, desk, later)


def test_the_workspace_chooses_the_models(desk):
    base, history = desk
    alone = base.with_changes(forecast={"models": ["prophet"]})
    assert set(Planner(history).forecast(alone).weights["model"]) == {"prophet"}
    assert staffing.Scenario.from_toml(alone.to_toml()) == alone
    with pytest.raises(InputError, match="not oracle"):
        Planner(history).forecast(base.with_changes(forecast={"models": ["oracle"]}))


def test_a_moved_launch_moves_its_calls(desk):
    base, history = desk
    planner, week = Planner(history), dt.date(2026, 11, 23)
    tables = [
        planner.forecast(scenario, start=week).table
        for scenario in (base, base.with_changes(move("app-2.0", to="2026-11-26")))
    ]
    tuesday, friday = (
        [table[table["start"].dt.day_of_week == day]["calls"].sum() for table in tables] for day in (1, 4)
    )
    assert tuesday[0] > tuesday[1] * 1.05
    assert friday[1] > friday[0] * 1.05
    assert planner.cache.made.count("baseline") == 1


def test_the_next_week_begins_after_history(desk):
    base, history = desk
    assert Planner(history).day_after(base) == dt.date(2026, 11, 21)
    assert Planner(history).next_week(base) == dt.date(2026, 11, 23)


def test_a_week_that_history_reaches_into_is_forecast_from_what_came_before(desk):
    base, history = desk
    monday = dt.date(2026, 11, 16)
    told = Planner(history).forecast(base, start=monday)
    known = replace(history, frame=history.frame[history.frame["start"] < base.site.midnight(monday)])
    blind = Planner(known).forecast(base, start=monday)
    assert_frame_equal(told.table, blind.table)
    assert "History reaches to 2026-11-20; the forecast knows only what came before 2026-11-16" in told.notes[0]
    with pytest.raises(InputError, match="nothing is known before"):
        Planner(history).forecast(base, start=history.frame["start"].min().date())


def test_a_site_that_takes_half_the_contacts_holds_half_of_what_came_against_its_morning(desk):
    base, history = desk
    now = pd.Timestamp("2026-11-18 12:00", tz=base.site.zone)
    whole, half = (
        Planner(history).reforecast(base.with_changes(volume_factor=factor), now=now).spans.set_index("span")
        for factor in (1.0, 0.5)
    )
    assert half["calls"]["so far"] == pytest.approx(whole["calls"]["so far"] / 2)
    assert half["calls"]["rest of day"] == pytest.approx(whole["calls"]["rest of day"] / 2, rel=0.05)


def test_every_interval_of_the_week_is_carried_through(first, desk):
    made, base = first[1], desk[0]
    grid = base.site.open_grid(made.start, made.days)
    for table in (made.forecast.table, made.requirements):
        assert list(table["start"]) == list(grid)
    assert (made.roster.table["start"] >= grid[0]).all()
    assert made.evaluation.totals["calls"] == pytest.approx(made.forecast.table["calls"].sum())


def test_nobody_to_roster_is_said(desk):
    base, history = desk
    alone = base.patched({"agents": [{"name": agent.name, "remove": True} for agent in base.agents]})
    with pytest.raises(PlanError, match=r"no agents \(agents\.csv\) to roster"):
        staffing.plan(history, alone)


def test_five_lines_read_aloud(desk):
    base, history = desk
    launch = base.with_changes(move("app-2.0", to="2026-11-25"), service_level=0.85)
    plans = [staffing.plan(history, scenario) for scenario in (base, launch)]
    comparison = staffing.compare(plans)
    assert comparison.scenarios == ("base", "base 2")
    assert "service.service_level" in set(comparison.changes["path"])


def test_a_declared_total_is_forecast_and_kept(desk, tmp_path):
    base, history = desk
    scenario = base.patched({"totals": [{"name": "site"}]})
    made, kept = (Planner(history, cache=StageCache(tmp_path)).forecast(scenario) for _ in range(2))
    assert made.totals["calls"].sum() == pytest.approx(made.table["calls"].sum())
    assert kept.sums == made.sums == {"site": tuple(queue.name for queue in base.queues)}


@pytest.mark.parametrize(
    ("total", "says"),
    [
        ({"name": "site", "queues": ["fax"]}, "total 'site' names the unknown queue 'fax'"),
        ({"name": "voice"}, "'voice' is a queue; a total needs a name of its own"),
    ],
)
def test_a_total_that_cannot_be_is_refused(desk, total, says):
    with pytest.raises(InputError, match=says):
        desk[0].patched({"totals": [total]})
