"""``staffing value``: the week's roster in money, beside more and fewer people."""

from __future__ import annotations

import json


def test_the_week_in_money(run, planned_workspace):
    told = json.loads(run("value", planned_workspace, "--json")[1])
    by_step = {row["more"]: row for row in told["frontier"]}
    assert {-1, 0, 1} <= set(by_step)
    assert by_step[0]["total"] > by_step[0]["wages"] > 0
    assert by_step[1]["paid_hours"] > by_step[0]["paid_hours"] > by_step[-1]["paid_hours"]
    ceilings = [row["hours"] for row in told["guards"] if row["guard"].startswith("occupancy")]
    assert ceilings == sorted(ceilings)
    said = run("value", planned_workspace)[1]
    assert "One person fewer" in said
    assert "breaks in full" in said
