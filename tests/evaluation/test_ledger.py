"""What two people have carried over two weeks, by hand."""

import datetime as dt

import pytest

from staffing.evaluation import evaluate

from .two_people import MONDAY, demand, roster, scenario

PAST = (
    "Ann 2026-11-21T22:00 2026-11-22T06:00 shift voice\n"  # a Saturday night
    "Ann 2026-11-22T22:00 2026-11-23T06:00 shift voice\n"  # a Sunday night, into the planned Monday
    "Bo 2026-11-18T14:00 2026-11-18T21:00 shift voice"  # late
)
NOW = "Ann 2026-11-27T08:00 2026-11-27T16:00 shift voice\nBo 2026-11-28T08:00 2026-11-28T16:00 shift voice"


def evaluated():
    both = [{"name": name, "contract": "full"} for name in ("Ann", "Bo")]
    case = scenario(site={"opening": {"saturday": "00:00-24:00"}}, agents=both)
    table = demand(case, [0.0] * 54, [0.0] * 54, days=6)
    return evaluate(*table, roster(NOW), case, start=MONDAY, days=7, past=roster(PAST))


def test_past_weeks_are_counted_in() -> None:
    held = evaluated().ledger.set_index("agent")
    names = ["weeks", "shifts", "weekend_days", "nights", "late_shifts"]
    assert held.loc["Ann", names].tolist() == [2, 3, 2, 2, 0]
    assert held.loc["Bo", names].tolist() == [2, 2, 1, 0, 1]
    assert held["above_nights"].tolist() == pytest.approx([1.0, -1.0])
    assert held["above_weekend_days"].tolist() == pytest.approx([0.5, -0.5])


def test_the_drift_is_seen_week_by_week() -> None:
    rows = evaluated().drift.set_index(["week", "measure"])
    before = MONDAY - dt.timedelta(days=7)
    assert rows.loc[(before, "weekend_days"), ["spread", "agent"]].tolist() == [2.0, "Ann"]
    assert rows.loc[(MONDAY, "weekend_days"), ["spread", "above"]].tolist() == [1.0, 0.5]


def test_the_past_is_no_part_of_the_plan() -> None:
    made = evaluated()
    assert len(made.shifts) == 2
    assert made.agents.set_index("agent").loc["Ann", "nights"] == 0
