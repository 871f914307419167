"""A change judged by what it touches has the verdict of every rule asked of everybody."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.duties import Pin, Session
from staffing.domain.workforce import Agent, BreakRule, Contract, DaySpan, LabourRules, RuleChange, ShiftTemplate
from staffing.errors import InputError
from staffing.roster.desk.board import Board, edited, judge
from staffing.roster.desk.edit import Edit
from staffing.roster.given import Inputs
from staffing.roster.inputs.pins import pinned_rows
from staffing.tables import on_the_clock
from tests.roster.desk.verdicts import judged_twice
from tests.roster.sites import PRICES, START, need

EDITS = int(os.environ.get("STAFFING_RANDOM_EDITS", "200"))
LUNCH = BreakRule(name="lunch", minutes=30, paid=False, earliest_min=180, latest_min=300)
SHIFTS = (
    ShiftTemplate(name="day", length_min=510, first_start="07:00", last_start="12:00", breaks=(LUNCH,)),
    ShiftTemplate(name="late", length_min=510, first_start="11:00", last_start="15:30", breaks=(LUNCH,)),
    ShiftTemplate(name="night", length_min=480, first_start="22:00", last_start="23:00"),
    ShiftTemplate(name="half", length_min=240, first_start="07:00", last_start="18:00", home=True),
)
RULES = LabourRules(
    max_nights_per_week=2, max_nights_in_row=2, days_off_after_nights=1, min_days_off_in_row=2, min_days_in_row=2,
    weekly_rest_h=36, max_weekends=1, whole_weekends=True, forbidden_next=(("late", "day"),), max_shifts_of={"late": 3},
    max_start_spread_min=480, max_days_in_row=5, max_days_off_in_row=5, max_weekend_days=1,
    prices={"max_start_spread_min": 3.0},
)  # fmt: skip


def _site(count: int = 5, days: int = 14) -> Inputs:
    contracts = (
        Contract(name="full", min_hours=30, max_hours=40, min_days=4, max_days=5, shifts=("day", "late", "night")),
        Contract(name="half", max_hours=24, max_days=6, period_weeks=2, period_start=START, max_period_hours=40.0),
    )
    agents = tuple(
        Agent(
            name=f"p{i}", contract="half" if i % 4 == 3 else "full", skills=(("a",), ("a", "b"))[i % 2],
            home=i % 8 == 3, latest="20:00" if i % 5 == 4 else "24:00",
            time_off=(DaySpan(start=START + dt.timedelta(days=i % 9), end=START + dt.timedelta(days=i % 9 + 1)),)
            * (i % 3 == 0),
        )
        for i in range(count)
    )  # fmt: skip
    wanted = pd.concat([need(dict.fromkeys(range(7, 22), 1.5), days=days, queue=queue) for queue in ("a", "b")])
    meeting = Session(name="talk", activity="talk", minutes=60, start=START, end=START, teams=("x",), together=True)
    pin = Pin(agent="p1", day=START + dt.timedelta(days=2), shift="off")
    calendar = SiteCalendar(timezone="UTC", interval_min=60, opening=dict.fromkeys(_days(), ("00:00-24:00",)))
    return Inputs(
        wanted.sort_values(["queue", "start"], ignore_index=True), agents, contracts, SHIFTS, RULES, PRICES, calendar,
        START, days, past=None, pinned=pinned_rows([pin], calendar), sessions=(meeting,),
        rule_changes=(RuleChange(name="odd", agents=("p2",), rules={"min_rest_h": 12.0}),),
    )  # fmt: skip


def _days() -> tuple[str, ...]:
    return ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


def test_random_edits_have_the_verdict_of_the_whole_check() -> None:
    rng, inputs = np.random.default_rng(7), _site()
    table = edited(inputs, _past(inputs).iloc[:0], Edit("p0", inputs.date(3), "day 08:00-16:30"))
    inputs = replace(inputs, past=_past(inputs))
    made = judged_twice(inputs, table, rng, EDITS)
    assert made.differences == []
    assert made.broken > EDITS // 10  # the rules were asked in earnest


def _past(inputs: Inputs) -> pd.DataFrame:
    """A week before in which everybody worked late on some days."""
    rows = []
    for number, agent in enumerate(inputs.agents):
        for day in range(number % 3 + 1, 7, 2):
            begin = pd.Timestamp(START, tz="UTC") - pd.Timedelta(days=day) + pd.Timedelta(hours=14)
            rows.append((agent.name, begin, begin + pd.Timedelta(hours=8.5), "shift", "a", "late"))
            lunch = begin + pd.Timedelta(hours=4)
            rows.append((agent.name, lunch, lunch + pd.Timedelta(minutes=30), "lunch", None, None))
    return pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "queue", "kind"])


def test_what_cannot_be_done_in_one_of_several_edits_changes_nothing() -> None:
    inputs = _site()
    board = Board(inputs, _past(inputs).iloc[:0])
    with pytest.raises(InputError, match="no agent 'who'"):
        board.edited([Edit("p0", START, "day 08:00-16:30"), Edit("who", START, "off")])
    assert board.table.empty


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_a_roster_told_in_another_zone_is_edited_and_judged_as_the_same_one(zone: str) -> None:
    inputs, abroad = _site(), partial(on_the_clock, zone=ZoneInfo(zone))
    before = edited(inputs, _past(inputs).iloc[:0], Edit("p0", inputs.date(3), "day 08:00-16:30"))
    edit = Edit("p0", inputs.date(4), "day 08:00-16:30")
    after = edited(inputs, before, edit)
    pd.testing.assert_frame_equal(edited(inputs, abroad(before), edit), after)
    for one, other in ((before, abroad(after)), (abroad(before), after), (abroad(before), abroad(after))):
        effect = judge(inputs, one, other)
        assert (effect.paid_hours, effect.broken) == (8.0, judge(inputs, before, after).broken)
    copy = Board(inputs, abroad(before)).turned(abroad(after))
    assert copy.broken == Board(inputs, after).broken
    pd.testing.assert_frame_equal(copy.table, after)


def test_people_who_are_no_longer_in_the_roster_are_told() -> None:
    inputs = _site()
    before = edited(inputs, _past(inputs).iloc[:0], Edit("p0", START, "day 08:00-16:30"))
    stranger = before.assign(agent="who")
    effect = judge(inputs, before, pd.concat([before, stranger], ignore_index=True))
    assert [fault.rule for fault in effect.broken] == ["people"]
    assert "people" in [fault.rule for fault in Board(inputs, before).turned(stranger).broken]
    assert judge(inputs, before, before.iloc[:0]).paid_hours == pytest.approx(-8.0)
