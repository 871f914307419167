"""``staffing simulate``: the names it promises, a plan's folder like its workspace, what cannot be meant."""

from __future__ import annotations

import itertools
import json

import pytest

NAMES = {
    "service_level", "service_level_low", "service_level_high", "p_day_meets_target", "p_week_meets_target",
    "abandonment", "asa_s", "wait_p90_s", "occupancy", "overrun_hours", "calls_per_second",
}  # fmt: skip


def test_a_plan_is_simulated_from_its_folder_as_from_its_workspace(run, planned_workspace, tmp_path):
    out = tmp_path / "plan"
    run("plan", planned_workspace, "--out", out)
    told = [
        json.loads(run("simulate", place, "--days", 40, "--seed", 3, "--json")[1]) for place in (planned_workspace, out)
    ]
    for one in told:
        assert set(one) >= NAMES
        assert set(one["queues"]["voice"]) >= NAMES
        assert {"p_meets_target", "p_low", "p_high", "service_level_low"} <= set(one["by_day"][0])
        assert one["runs"] == 40
        assert one["service_level_low"] <= one["service_level"] <= one["service_level_high"]
        assert {"start", "service_level", "asa_s"} <= set(one["intervals"][0])
        for speed in (one, one["totals"], *one["queues"].values()):
            assert speed.pop("calls_per_second") > 0
    assert told[0] == told[1]


def test_every_plan_tells_what_is_to_be_expected(run, planned_workspace, tmp_path):
    out = tmp_path / "plan"
    said = run("plan", planned_workspace, "--out", out)[1]
    assert "Expected service" in said
    assert "a day holds with a chance of" in said
    kept = json.loads((out / "summary.json").read_text())["simulated"]
    assert kept["runs"] >= 100
    assert 0 <= kept["totals"]["p_day_meets_target"] <= 1


def test_a_plan_has_its_own_scenario(run, planned_workspace, tmp_path):
    out = tmp_path / "plan"
    run("plan", planned_workspace, "--out", out)
    code, _, said = run("simulate", out, "--scenario", "launch")
    assert code == 2
    assert "own scenario" in said
    (out / "paths.parquet").unlink()
    code, _, said = run("simulate", out)
    assert code == 2
    assert "paths.parquet" in said


def test_more_certain_days_cost_more(run, planned_workspace):
    code, out, _ = run("certainty", planned_workspace, "--json")
    assert code == 0
    levels = json.loads(out)["levels"]
    assert [one["meet"] for one in levels] == [None, 0.8, 0.85, 0.9, 0.95]
    hours = [one["rostered_hours"] for one in levels[1:]]
    assert hours[-1] > hours[0]
    assert all(more >= 0.98 * fewer for fewer, more in itertools.pairwise(hours))  # whole agents of few
    assert "90% of days" in run("certainty", planned_workspace)[1]


def test_a_plan_is_corrected_by_its_simulation_round_by_round(run, planned_workspace, tmp_path):
    out = tmp_path / "plan"
    told = json.loads(run("plan", planned_workspace, "--correct", "--out", out, "--json")[1])
    rounds = told["corrections"]
    assert [row["round"] for row in rounds] == list(range(len(rounds)))
    best = [row for row in rounds if row["kept"]][-1]
    assert best["service_level"] == pytest.approx(told["simulated"]["totals"]["service_level"])
    assert json.loads((out / "summary.json").read_text())["simulated"]["totals"] == told["simulated"]["totals"]
    said = run("plan", planned_workspace, "--correct", "--out", out)[1]
    assert "Corrected by the simulation" in said
