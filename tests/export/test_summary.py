"""Figures for machines."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from staffing.evaluation import MEASURES, compare
from staffing.export import comparison_summary, roster_summary, summary, write_plan
from tests.evaluation.two_people import roster, scenario

from .plans import plan


def dumped(value: dict[str, object]) -> dict[str, object]:
    return json.loads(json.dumps(value, allow_nan=False))


def test_the_summary_holds_figures_units_and_definitions() -> None:
    found = dumped(summary(plan()))
    assert found["totals"]["paid_hours"] == 4.5
    assert found["totals"]["cost"] == 110
    assert found["units"]["cost"] == "EUR"
    assert set(found["totals"]) == set(found["units"]) == set(found["definitions"]) == set(MEASURES)
    assert found["definitions"]["service_level"] == "answered within 20 s ÷ all offered"
    assert found["roster"] == {"status": "optimal", "objective": 101, "bound": 100, "gap": pytest.approx(1 / 101)}
    gap = found["uncovered"][0]
    assert [gap[name] for name in ("queue", "day", "from", "to", "short_agents")] == [
        "voice",
        "2026-11-23",
        "09:00",
        "11:00",
        1,
    ]
    assert all(found["definitions"].values())


def test_what_is_undefined_is_null_and_what_is_endless_says_so() -> None:
    nobody = roster().iloc[:0]
    endless = dumped(summary(plan(people=nobody)))["totals"]
    assert (endless["asa_s"], endless["service_level"], endless["occupancy"]) == ("not bounded", 0, None)
    mail = scenario(queues=[{"name": "voice", "channel": "email"}])
    deferred = dumped(summary(plan(mail)))
    assert deferred["totals"]["service_level"] is None
    assert "deferred" in deferred["notes"][0]


def test_the_rosters_own_figures() -> None:
    found = dumped(roster_summary(plan()))
    assert (found["agents_rostered"], found["shifts"], found["seconds"]) == (2, 2, 3.5)
    assert (found["paid_hours"], found["short_hours"], found["excess_hours"]) == (8.5, 2.25, 0.5)
    assert found["on_phone"]["short_hours"] == 1.5


def test_the_comparison_lists_differences_and_changes() -> None:
    other = scenario(name="dear", prices={"agent_hour": 25})
    found = dumped(comparison_summary(compare([plan(), plan(other)])))
    assert (found["base"], found["scenarios"]) == ("base", ["base", "dear"])
    assert found["changes"] == [{"scenario": "dear", "path": "prices.agent_hour", "base": 20, "value": 25}]
    cost = [row for row in found["figures"] if row["level"] == "total" and row["measure"] == "cost"]
    assert [row["value"] for row in cost] == [110, 122.5]
    assert cost[1]["difference"] == 12.5
    assert cost[0]["day"] is None


def test_a_plan_is_a_folder_of_six_files_that_do_not_change(tmp_path: Path) -> None:
    one, two = (write_plan(plan(), tmp_path / name) for name in ("one", "two"))
    assert [path.name for path in one] == [
        "forecast.parquet", "requirements.parquet", "roster.parquet", "roster.xlsx", "scenario.toml",
        "summary.json",
    ]  # fmt: skip
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    assert list(pd.read_parquet(one[2]).columns) == ["agent", "start", "end", "activity", "queue"]
    assert json.loads(one[-1].read_text())["start"] == "2026-11-23"
    assert not math.isnan(json.loads(one[-1].read_text())["totals"]["asa_s"])
