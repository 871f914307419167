"""Days on which clocks change: the wall clock decides who may work, elapsed time what is worked, paid and rested."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.duties import Pin
from staffing.domain.workforce import Agent, Contract, ShiftTemplate
from staffing.roster import SolveLimits, solve
from staffing.roster.desk.board import edited, judge
from staffing.roster.desk.edit import Edit
from staffing.roster.given import Inputs
from staffing.roster.inputs.pins import pinned_rows
from staffing.roster.rules import check
from staffing.roster.rules.people import people_of
from tests.roster.sites import PRICES, LabourRules

LIMITS = SolveLimits(seconds=1.5, gap=0.0)
NIGHT = ShiftTemplate(name="night", length_min=480, first_start="22:00", last_start="22:00")
EARLY = ShiftTemplate(name="early", length_min=480, first_start="00:00", last_start="00:00")
CONTRACT = Contract(name="free", max_hours=60, max_days=7)
# zone, day of the change, its hours, end on the wall of the night of 8 h that the change falls into
CHANGES = [
    ("Europe/Berlin", "2026-03-29", 23, "07:00"),
    ("Europe/Berlin", "2026-10-25", 25, "05:00"),
    ("America/New_York", "2026-03-08", 23, "07:00"),
    ("America/New_York", "2026-11-01", 25, "05:00"),
    ("Australia/Sydney", "2026-10-04", 23, "07:00"),
    ("Australia/Sydney", "2026-04-05", 25, "05:00"),
    ("Africa/Cairo", "2026-04-24", 23, "07:00"),
    ("Africa/Cairo", "2026-10-29", 25, "05:00"),  # there, as in Tehran, the hour before midnight comes twice
    ("Asia/Tehran", "2021-03-22", 23, "07:00"),
    ("Asia/Tehran", "2021-09-21", 25, "05:00"),
    ("Australia/Lord_Howe", "2026-10-04", 23.5, "06:30"),
    ("Australia/Lord_Howe", "2026-04-05", 24.5, "05:30"),
]


def _site(zone: str, change: str, *agents: Agent, shifts: tuple[ShiftTemplate, ...] = (NIGHT,)) -> Inputs:
    """One agent wanted at every hour of the seven days in which the clocks change on the fifth."""
    calendar = SiteCalendar(timezone=zone, interval_min=30)
    start = dt.date.fromisoformat(change) - dt.timedelta(days=4)
    grid = calendar.grid(start, 7)
    wanted = pd.DataFrame({"queue": "calls", "start": grid, "agents": 1.0, "agents_scheduled": 1.0})
    who = agents or (Agent(name="a", contract="free"),)
    return Inputs(wanted, who, (CONTRACT,), shifts, LabourRules(min_rest_h=0), PRICES, calendar, start, 7)


@pytest.mark.parametrize(("zone", "change", "hours", "shown"), CHANGES)
def test_a_night_over_the_change_has_its_hours_and_is_edited_and_pinned_as_shown(zone, change, hours, shown) -> None:
    inputs = _site(zone, change)
    day = inputs.calendar.grid(dt.date.fromisoformat(change), 1)
    assert len(day) * 0.5 == hours
    before_midnight = hours == 25 and zone in ("Africa/Cairo", "Asia/Tehran")
    eve = dt.date.fromisoformat(change) - dt.timedelta(days=int(not before_midnight))
    made = solve(inputs, LIMITS)
    assert check(made.table, inputs) == []
    night = next(shift for shift in people_of(made.table, inputs)[0].shifts if shift.date == eve)
    assert f"{night.start:%H:%M}-{night.end:%H:%M}" == f"22:00-{shown}"
    assert night.paid_min == 480
    empty = edited(inputs, made.table, Edit("a", eve, "off"))
    back = edited(inputs, empty, Edit("a", eve, f"22:00-{shown}"))
    assert judge(inputs, made.table, back).intervals.empty
    pinned = replace(inputs, pinned=pinned_rows([Pin(agent="a", day=eve, shift=f"22:00-{shown}")], inputs.calendar))
    assert check(solve(pinned, LIMITS).table, pinned) == []


@pytest.mark.parametrize(("zone", "change", "hours", "shown"), CHANGES)
def test_nobody_is_rostered_beyond_latest_on_the_wall(zone, change, hours, shown) -> None:
    """A shift of eight hours from midnight ends at 09:00 where an hour is left out, at 07:00 where one comes twice."""
    ada = Agent(name="a", contract="free", latest="08:00")
    inputs = _site(zone, change, ada, shifts=(EARLY,))
    made = solve(inputs, LIMITS)
    assert check(made.table, inputs) == []
    worked = {shift.date for shift in people_of(made.table, inputs)[0].shifts}
    assert (dt.date.fromisoformat(change) in worked) == (hours > 24)
    assert len(worked) >= 6
    plain = replace(inputs, agents=(Agent(name="a", contract="free"),))
    beyond = solve(plain, LIMITS).table
    assert {fault.rule for fault in check(beyond, inputs)} == ({"availability"} if hours < 24 else set())


def _by_the_wall(inputs: Inputs) -> Inputs:
    """The site whose shifts end on the wall, worked every day."""
    wall = inputs.calendar.model_copy(update={"shift_clock": "wall"})
    return replace(inputs, calendar=wall, rules=inputs.rules.model_copy(update={"max_days_in_row": 14}))


@pytest.mark.parametrize(("zone", "change", "hours", "_shown"), CHANGES)
def test_a_site_may_keep_the_end_on_the_wall_and_pay_what_passes(zone, change, hours, _shown) -> None:
    """A night of eight hours is shown 22:00-06:00 on every day; nine hours are paid where one comes twice."""
    inputs = _site(zone, change)
    inputs = _by_the_wall(inputs)
    made = solve(inputs, LIMITS)
    assert check(made.table, inputs) == []
    nights = people_of(made.table, inputs)[0].shifts
    assert {f"{night.start:%H:%M}-{night.end:%H:%M}" for night in nights} == {"22:00-06:00"}
    eve = dt.date.fromisoformat(change) - dt.timedelta(days=1)
    if hours == 25 and zone in ("Africa/Cairo", "Asia/Tehran"):
        eve += dt.timedelta(days=1)
    assert {night.date: night.paid_min for night in nights} == {
        night.date: 480 + (60 * (hours - 24) if night.date == eve else 0) for night in nights
    }
    assert eve in {night.date for night in nights}
    assert made.paid_hours == pytest.approx(sum(night.paid_min for night in nights) / 60)
    back = edited(inputs, edited(inputs, made.table, Edit("a", eve, "off")), Edit("a", eve, "22:00-06:00"))
    assert judge(inputs, made.table, back).intervals.empty
    pinned = replace(inputs, pinned=pinned_rows([Pin(agent="a", day=eve, shift="22:00-06:00")], inputs.calendar))
    assert check(solve(pinned, LIMITS).table, pinned) == []


@pytest.mark.parametrize(("zone", "change", "hours", "_shown"), CHANGES)
def test_an_end_on_the_wall_keeps_latest(zone, change, hours, _shown) -> None:
    """A shift shown 00:00-08:00 ends in time whatever the clocks do."""
    inputs = _site(zone, change, Agent(name="a", contract="free", latest="08:00"), shifts=(EARLY,))
    inputs = _by_the_wall(inputs)
    made = solve(inputs, LIMITS)
    assert check(made.table, inputs) == []
    assert len(made.table) == 7
