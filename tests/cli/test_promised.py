"""Chances are kept when a week is published, and held against what came once it has."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil

from tests import small


def test_what_was_promised_is_held_against_what_came(run, planned_workspace, tmp_path):
    desk = tmp_path / "desk"
    shutil.copytree(planned_workspace, desk)
    assert "No day that was promised" in run("accuracy", desk)[1]
    run("roster", desk, "--week", small.NEXT_WEEK, "--draft", "--out", tmp_path / "out")
    assert run("publish", desk, "--why", "first", "--by", "Sara", "--week", small.NEXT_WEEK, "--anyway")[0] == 0
    kept = (desk / "rosters" / "promised.csv").read_text().splitlines()
    assert kept[0] == "week,version,queue,day,promised,low,high,runs"
    assert sum(",voice," in line for line in kept) == 5  # the open days
    assert json.loads(run("accuracy", desk, "--json")[1])["chances"]["days"] == 0
    with (desk / "history" / "calls.csv").open("a", newline="", encoding="utf-8") as file:
        for k in range(5):
            day = dt.date.fromisoformat(small.NEXT_WEEK) + dt.timedelta(days=k)
            csv.writer(file).writerows([f"{day} {hour:02d}:00", "voice", 1, 300] for hour in range(8, 18))
    chances = json.loads(run("accuracy", desk, "--json")[1])["chances"]
    assert chances["days"] == 4  # the last may not be over
    assert sum(row["days"] for row in chances["bins"]) == 4
    assert 0 <= chances["brier"] <= 1
    assert not chances["enough"]
    assert "not enough days yet" in run("accuracy", desk)[1]
