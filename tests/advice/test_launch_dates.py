"""Launch-date advice on a desk small enough to plan in seconds."""

import datetime as dt

import numpy as np
import pytest

from staffing.advice import launch_dates
from staffing.advice.launch_dates import STRENGTHS
from staffing.domain.changes import move
from staffing.errors import Cancelled, InputError, PlanError
from staffing.history import read_history
from staffing.planner import Planner
from staffing.store.workspace import Workspace
from tests import small

SPAN = dt.date(2026, 11, 30), dt.date(2026, 12, 4)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    workspace = Workspace.open(small.make(tmp_path_factory.mktemp("desk")))
    return Planner(read_history(workspace.history_folder, workspace.base.site)), workspace.base


@pytest.fixture(scope="module")
def advice(desk):
    planner, scenario = desk
    return launch_dates(planner, scenario, "app-2.0", SPAN)


def test_every_date_is_ranked_by_cost_with_its_reason(advice):
    table = advice.table
    assert sorted(table["date"]) == [SPAN[0] + dt.timedelta(days=k) for k in range(5)]
    assert table["cost"].is_monotonic_increasing
    assert f"{table['date'].iloc[0]} is best" in advice.why_best
    assert f"{table['date'].iloc[-1]} is worst" in advice.why_worst
    assert set(advice.as_dict()["dates"][0]) == {"date", "open", "extra_hours", "shortage_hours", "wait_s", "cost"}


def test_extra_hours_are_those_of_the_plans_own_requirements(desk, advice):
    planner, scenario = desk
    hours = []
    for plan in (scenario.patched({"events": [{"name": "app-2.0", "enabled": False}]}), None):
        plan = plan or scenario.with_changes(move("app-2.0", SPAN[0]))
        calls = planner.forecast(plan, start=dt.date(2026, 11, 23), days=35)
        hours.append(planner.requirements(calls, plan)["agents_scheduled"].sum())
    row = advice.table.set_index("date").loc[SPAN[0]]
    assert row["extra_hours"] == pytest.approx(hours[1] - hours[0], abs=1e-6)


def test_a_closed_day_is_ranked_and_said_to_be_closed(desk):
    planner, scenario = desk
    found = launch_dates(planner, scenario, "app-2.0", (dt.date(2026, 12, 4), dt.date(2026, 12, 6)))
    opened = found.table.set_index("date")["open"]
    assert opened.to_dict() == {dt.date(2026, 12, 4): True, dt.date(2026, 12, 5): False, dt.date(2026, 12, 6): False}
    if not found.table["open"].iloc[0]:
        assert "meets nobody" in found.why_best
        assert "the best open day is Friday 2026-12-04" in found.why_best


def test_the_cost_is_the_mean_over_how_strong_the_event_may_be():
    """Weights and points integrate polynomials of degree five against a normal exactly."""
    z, w = (np.array(part) for part in zip(*STRENGTHS, strict=True))
    assert [float(w @ z**k) for k in range(6)] == pytest.approx([1, 0, 1, 0, 3, 0], abs=1e-12)


def test_no_date_refits_the_forecast(desk, advice):
    assert desk[0].cache.made.count("baseline") == 1


def test_what_cannot_be_ranked_is_said(desk):
    planner, scenario = desk
    with pytest.raises(InputError, match="no event 'app-9'"):
        launch_dates(planner, scenario, "app-9", SPAN)
    with pytest.raises(InputError, match="can be ranked"):
        launch_dates(planner, scenario, "app-2.0", (SPAN[1], SPAN[0]))
    fixed = scenario.patched({"events": [{"name": "app-2.0", "movable": False}]})
    with pytest.raises(InputError, match="is fixed"):
        launch_dates(planner, fixed, "app-2.0", SPAN)
    with pytest.raises(InputError, match=r"'app-1\.0' began on 2026-10-06, within history"):
        launch_dates(planner, scenario, "app-1.0", SPAN)
    with pytest.raises(InputError, match=r"2026-11-10 lies within history\. Begin on 2026-11-21 or later"):
        launch_dates(planner, scenario, "app-2.0", (dt.date(2026, 11, 10), SPAN[1]))
    with pytest.raises(PlanError, match="no agents or shifts"):
        launch_dates(planner, scenario.model_copy(update={"agents": ()}), "app-2.0", SPAN)


def test_progress_is_told_date_by_date_and_stops_when_asked(desk, advice):
    planner, scenario = desk
    told = []
    found = launch_dates(planner, scenario, "app-2.0", SPAN, progress=lambda stage, share: told.append((stage, share)))
    assert found.table.equals(advice.table)
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] < 1
    assert [stage for stage, _ in told][-5:] == [f"date {k} of 5" for k in range(1, 6)]

    def stop(stage, _share):
        if stage == "date 2 of 5":
            raise Cancelled

    with pytest.raises(Cancelled):
        launch_dates(planner, scenario, "app-2.0", SPAN, progress=stop)
