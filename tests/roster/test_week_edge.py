"""The edge of the week: nights that begin on its last day are worth their hours after midnight."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from staffing.domain.workforce import Contract, ShiftTemplate
from staffing.roster import SolveLimits, solve
from staffing.roster.rules import check
from staffing.roster.weekly import solve_weekly
from tests.roster.sites import PRICES, need, people, site

LIMITS = SolveLimits(seconds=4.0, gap=0.001)
SHIFTS = tuple(
    ShiftTemplate(name=name, length_min=480, first_start=start, last_start=start)
    for name, start in (("early", "07:00"), ("late", "15:00"), ("night", "23:00"))
)
CONTRACT = Contract(name="free", max_hours=40, max_days=5)


def _around_the_clock(days: int):
    return site(*people(8), contracts=(CONTRACT,), shifts=SHIFTS, requirements=need(1.0, days=days), days=days)


def _nights(table: pd.DataFrame) -> list[int]:
    shifts = table[table["activity"] == "shift"]
    return sorted(shifts.loc[shifts["start"].dt.hour == 23, "start"].dt.day)


def test_the_last_night_of_a_week_is_worked_and_week_by_week_is_no_worse_than_at_once() -> None:
    week = solve(_around_the_clock(7), LIMITS)
    assert _nights(week.table) == list(range(2, 9))
    assert week.short_hours == pytest.approx(7.0)  # before the first night that could be worked
    two = _around_the_clock(14)
    one_by_one, at_once = solve_weekly(two, LIMITS), solve(two, LIMITS)
    assert check(one_by_one.table, two) == []
    assert _nights(one_by_one.table) == list(range(2, 16))
    assert one_by_one.short_hours <= at_once.short_hours + 1e-6
    assert one_by_one.paid_hours == pytest.approx(at_once.paid_hours)


def test_where_the_next_day_has_a_shift_at_midnight_the_night_is_worth_its_pay_and_no_more() -> None:
    """The hour before midnight is cheaper short than worked; those after it can be worked by next week's shift."""
    midnight = ShiftTemplate(name="midnight", length_min=420, first_start="00:00", last_start="00:00")
    evening = ShiftTemplate(name="evening", length_min=480, first_start="22:00", last_start="22:00")
    wanted = need({**dict.fromkeys(range(7), 1.0), 23: 0.1})
    inputs = site(*people(3), contracts=(CONTRACT,), shifts=(midnight, evening), requirements=wanted)
    made = solve(replace(inputs, prices=PRICES), LIMITS)
    last = made.table[made.table["activity"] == "shift"]["start"].max()
    assert (last.day, last.hour) == (8, 0)
    assert made.short_hours == pytest.approx(0.7)


def test_what_the_requirements_say_of_the_day_after_goes_before_what_was_a_week_ago() -> None:
    wanted = need(1.0, days=8)
    quiet = wanted["start"] >= pd.Timestamp("2026-03-09", tz="UTC")
    wanted.loc[quiet, ["agents", "agents_scheduled"]] = 0.0
    made = solve(replace(_around_the_clock(7), requirements=wanted), LIMITS)
    assert 8 not in _nights(made.table)
