"""Weeks one after the other: each knows the one before; a shift across the first midnight is counted."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from staffing.domain.workforce import LabourRules
from staffing.roster import SolveLimits, solve
from staffing.roster.rules import check
from staffing.roster.weekly import NOTE, solve_weekly
from tests.roster.sites import DAY, NIGHT, START, need, people, shifts_of, site

LIMITS = SolveLimits(seconds=20, gap=0.02)


def test_rules_hold_across_the_weeks_and_figures_add_up() -> None:
    rules = LabourRules(max_days_in_row=5, min_days_off_in_row=2)
    inputs = site(*people(4), days=14, requirements=need(dict.fromkeys(range(8, 17), 2.0), days=14), rules=rules)
    made = solve_weekly(inputs, LIMITS)
    assert check(made.table, inputs) == []
    assert NOTE in made.notes
    starts = made.table.loc[made.table["activity"] == "shift", "start"]
    assert {(start.date() - START).days // 7 for start in starts} == {0, 1}
    assert made.fairness["paid_hours"].sum() == pytest.approx(made.paid_hours)
    assert made.fairness["past_nights"].sum() == 0
    assert made.bound <= made.objective
    assert made.short_hours == pytest.approx(made.uncovered["short_hours"].sum())


def test_limits_of_the_whole_plan_hold_week_by_week_too() -> None:
    rules = LabourRules(max_weekends=1, max_shifts_of={"day": 6})
    wanted = need(dict.fromkeys(range(8, 17), 1.0), days=14)
    inputs = site(*people(1), days=14, shifts=(DAY,), requirements=wanted, rules=rules)
    for made in (solve_weekly(inputs, LIMITS), solve(inputs, LIMITS)):
        assert check(made.table, inputs) == []
        days = [start.date() for start in made.table.loc[made.table["activity"] == "shift", "start"]]
        assert len(days) == 6
        assert len({day.isocalendar().week for day in days if day.weekday() >= 5}) <= 1


def test_a_night_that_reaches_in_covers_the_first_hours() -> None:
    first_night = need(dict.fromkeys(range(6), 1.0))
    first_night.loc[first_night["start"] >= first_night["start"].min() + dt.timedelta(days=1), "agents_scheduled"] = 0.0
    unknown = solve(site(*people(1), shifts=(DAY, NIGHT), requirements=first_night), LIMITS)
    assert unknown.short_hours == pytest.approx(6.0)
    past = shifts_of("p0", "Sun-1 22:00-06:00")
    known = solve(site(*people(1), shifts=(DAY, NIGHT), requirements=first_night, past=past), LIMITS)
    assert known.short_hours == pytest.approx(0.0)
    gone = solve(
        site(*people(1), shifts=(DAY, NIGHT), requirements=first_night, past=past.assign(agent="left")), LIMITS
    )
    assert np.isclose(gone.short_hours, 0.0)  # who has left the crew since is still there that night
