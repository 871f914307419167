"""The Home page: two weeks at a glance, each figure that of a stage."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.scenario import Scenario
from staffing.planner import Planner
from staffing.roster.desk.explain import explain
from staffing.store.leave import LeaveRequest
from staffing.store.leave_book import ask
from staffing.store.publications import Signed
from staffing.store.rights import acting
from staffing.store.workspace import Workspace
from staffing.ui import glance, workspaces
from staffing.ui.home_roster import on_duty
from tests.small import NEXT_WEEK
from tests.ui.desk import metric, opened, shown

WEEK = dt.date.fromisoformat(str(NEXT_WEEK))


@pytest.fixture(autouse=True)
def _fresh_workspace(small_workspace, monkeypatch):
    monkeypatch.setenv(workspaces.VARIABLE, str(small_workspace))


def test_a_week_without_a_roster_says_what_comes_and_what_to_do(small_workspace):
    app = opened("home")
    planner = Planner.open(Workspace.open(small_workspace))
    scenario = Workspace.open(small_workspace).scenario("base")
    running = scenario.site.week_of(planner.day_after(scenario))
    calls = planner.forecast(scenario, start=running).table["calls"].sum()
    assert metric(app, "Contacts expected").value == f"{calls:,.0f}"
    assert "No roster is kept for this week." in shown(app)
    assert "No week is published yet." in shown(app)
    assert "Changed since yesterday" in shown(app)
    assert "Nothing." not in shown(app)  # its files have just been made


def test_a_published_week_shows_its_chance_its_gaps_and_who_published_it(small_workspace):
    workspace = Workspace.open(small_workspace)
    planner, scenario = Planner.open(workspace), workspace.scenario("base")
    made = planner.plan(scenario, start=WEEK)
    workspace.rosters.publish(WEEK, made.roster.table, Signed("Sara", "the week"), dt.datetime.now(dt.UTC))
    told = shown(opened("home"))
    assert "Published version 1" in told.replace("\\", "")
    assert "by Sara" in told
    assert "Chance that each day holds" in told
    days = glance.chances(made.forecast, made, WEEK)
    assert [day.chance is None for day in days] == [False] * 5 + [True] * 2  # closed at the weekend
    spans = glance.worst_spans(made)
    assert spans["short_hours"].is_monotonic_decreasing
    np.testing.assert_allclose(spans["price"], spans["short_hours"] * scenario.prices.shortage_hour)


def test_what_came_stands_beside_what_was_expected_for_the_same_hours(small_workspace):
    planner = Planner.open(Workspace.open(small_workspace))
    scenario = Workspace.open(small_workspace).scenario("base")
    rows = planner.history.frame
    begun = WEEK - dt.timedelta(days=7)
    site = scenario.site
    cut = site.midnight(begun + dt.timedelta(days=2))
    known = planner.history.before(cut)
    made = planner.forecast(scenario, start=begun)
    found = glance.expected(made, known, scenario, begun)
    inside = (rows["start"] >= site.midnight(begun)) & (rows["start"] < cut)
    assert found.came == pytest.approx(rows.loc[inside, "calls"].sum())
    assert found.until_now == pytest.approx(made.table.loc[made.table["start"] < cut, "calls"].sum())
    assert found.low < found.calls < found.high


def test_who_works_on_a_day_is_one_press_away_and_nights_belong_to_both_days():
    site = SiteCalendar(timezone="Asia/Tehran")
    day = site.midnight(WEEK)
    hour = pd.Timedelta("1h")
    spans = [("Ada", 22, 30, "shift"), ("Bob", 8, 16, "shift"), ("Bob", 12, 13, "lunch"), ("Cyd", 8, 16, "shift")]
    table = pd.DataFrame(
        [{"agent": who, "start": day + first * hour, "end": day + last * hour, "activity": what}
         for who, first, last, what in spans]
    )  # fmt: skip
    assert on_duty(table, WEEK, site) == {"08:00–16:00": ["Bob", "Cyd"], "22:00–06:00": ["Ada"]}
    assert on_duty(table, WEEK + dt.timedelta(days=1), site) == {"22:00–06:00": ["Ada"]}
    assert on_duty(table, WEEK + dt.timedelta(days=2), site) == {}


def test_each_span_names_the_way_out_that_is_worth_most_and_the_launch_behind_it(small_workspace):
    workspace = Workspace.open(small_workspace)
    planner, scenario = Planner.open(workspace), workspace.scenario("base")
    made = planner.plan(scenario, start=WEEK)
    found = explain(planner.roster_inputs(made), made.roster.table)
    spans = glance.worst_spans(made).to_dict("records")
    assert spans
    for span in spans:
        near = [one for one in found if one.start < span["end"] and one.end > span["start"]]
        ways = [remedy for one in near for remedy in one.remedies]
        best = glance.remedy_of(found, span)
        assert (best is None) == (not ways)
        assert best is None or all(best.saves >= way.saves for way in ways)
    launch_days = {dt.date(2026, 11, 24) + dt.timedelta(days=k) for k in range(3)}
    told = {span["day"] for span in spans if glance.launch_of(made, span) is not None}
    assert told == launch_days & {span["day"] for span in spans}


def test_a_change_is_named_as_planners_name_it_with_who_made_it(small_workspace):
    workspace = Workspace.open(small_workspace)
    ask(workspace, LeaveRequest("Dan", WEEK, WEEK), "Sara")
    told = {
        change.name: change.who for change in workspace.ground.changes_since(dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    }
    assert told["leave.csv"] == acting()
    assert told["agents.csv"] == ""  # written by other hands


def test_what_moved_a_week_is_told_in_contacts_that_arrive():
    """A site that plans for half of what is recorded has half of what its launch brings, and no lever for a cause."""
    scenario = Scenario(volume_factor=0.5, queues=[{"name": "voice", "contained": 0.2}])
    causes = {"level": 100.0, "launch": 50.0, "volume factor": -75.0, "self-service": -15.0}
    days = pd.DataFrame(
        {"queue": "voice", "day": pd.Timestamp("2026-11-30"), "cause": list(causes), "calls": causes.values()}
    )
    made = SimpleNamespace(days=days, paths={"voice": None}, table=pd.DataFrame({"calls": [60.0]}))
    assert glance._moved(made, scenario) == (("launch", pytest.approx(0.4 * 50.0)),)
