"""What leave costs: the roster without the person, counted by hand; a week without a roster by its cheapest cover."""

import datetime as dt

import pytest

from staffing.advice import leave_cost
from staffing.planner import Planner
from staffing.store.absences import Absence
from staffing.store.workspace import Workspace
from tests.small import NEXT_WEEK

WEEK = dt.date.fromisoformat(NEXT_WEEK)


@pytest.fixture(scope="module")
def planned(planned_workspace):
    workspace = Workspace.open(planned_workspace)
    planner, scenario = Planner.open(workspace), workspace.scenario("base")
    return planner, scenario, planner.plan(scenario, start=WEEK)


def test_a_rostered_week_costs_what_the_roster_without_the_person_lacks(planned):
    planner, scenario, made = planned
    table = made.roster.table
    shifts = table[table["activity"] == "shift"]
    name = shifts["agent"].iloc[0]
    days = shifts.loc[shifts["agent"] == name, "start"].dt.tz_convert(scenario.site.zone).dt.date
    (cost,) = leave_cost(planner, scenario, Absence(name, WEEK, WEEK + dt.timedelta(days=6)), {WEEK: table})
    assert (cost.week, cost.rostered, cost.shifts) == (WEEK, True, days.nunique())
    alone = planner.held(scenario, table[table["agent"] != name].reset_index(drop=True), start=WEEK)
    assert cost.after.short_hours == pytest.approx(alone.evaluation.totals["short_hours"])
    assert cost.before.short_hours == pytest.approx(made.evaluation.totals["short_hours"])
    price = scenario.prices
    lost = alone.evaluation.totals["lost_cost"] - made.evaluation.totals["lost_cost"]
    short = (cost.after.short_hours - cost.before.short_hours) * price.shortage_hour
    assert cost.money == pytest.approx(short + lost)
    assert cost.after.service_level <= cost.before.service_level


def test_days_on_which_nobody_works_cost_nothing(planned):
    planner, scenario, made = planned
    weekend = Absence("Dan", WEEK + dt.timedelta(days=5), WEEK + dt.timedelta(days=6))
    (cost,) = leave_cost(planner, scenario, weekend, {WEEK: made.roster.table})
    assert (cost.shifts, cost.money, cost.remedy) == (0, 0.0, None)


def test_a_week_without_a_roster_is_priced_by_its_cheapest_cover(planned):
    planner, scenario, _ = planned
    later = WEEK + dt.timedelta(days=14)
    (cost,) = leave_cost(planner, scenario, Absence("Dan", later, later + dt.timedelta(days=4)), {})
    assert not cost.rostered
    assert cost.money >= 0
    assert cost.after.short_hours >= cost.before.short_hours - 1e-6
