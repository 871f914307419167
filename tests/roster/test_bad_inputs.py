"""Inputs that cannot be meant, or hardly: each has a clear word or a whole roster, and nothing is lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from staffing.domain.duties import Pin
from staffing.domain.workforce import Agent, DaySpan
from staffing.errors import InputError
from staffing.roster import SolveLimits, solve
from staffing.roster.desk.board import Board
from staffing.roster.desk.edit import Edit
from staffing.roster.desk.replan import replan
from staffing.roster.inputs.build import build
from staffing.roster.inputs.pins import pinned_rows
from staffing.roster.inputs.unused import unused_notes
from staffing.roster.rules import check
from staffing.roster.rules.pins import broken_by_pins
from tests.roster.sites import START, need, people, shifts_of, site

LIMITS = SolveLimits(1.0, 0.0)
BUSY = need(dict.fromkeys(range(8, 18), 2.0))


def test_a_pin_outside_the_employment_names_person_day_and_rule() -> None:
    ada = Agent.parse({"name": "p0", "contract": "free", "employed_from": "2026-03-04"})
    plain = site(ada, requirements=BUSY)
    pin = Pin(agent="p0", day=START + dt.timedelta(days=1), shift="08:00-17:00")
    inputs = replace(plain, pinned=pinned_rows([pin], plain.calendar))
    assert [(fault.agent, fault.date, fault.rule) for fault in broken_by_pins(inputs)] == [
        ("p0", pin.day, "employment")
    ]
    with pytest.raises(InputError, match="on 2026-03-03 works outside the employment"):
        solve(inputs, LIMITS)


@pytest.mark.parametrize("first", ["2026-02-01", "2026-03-02"])
def test_leave_longer_than_the_horizon_leaves_the_others_at_work(first: str) -> None:
    away = Agent.parse({"name": "away", "contract": "free", "time_off": [f"{first}..2026-06-30"]})
    inputs = site(*people(2), away, requirements=BUSY)
    made = solve(inputs, LIMITS)
    assert check(made.table, inputs) == []
    assert set(made.table["agent"]) == {"p0", "p1"}


def test_a_queue_that_nobody_has_the_skill_for_stays_short_and_is_named() -> None:
    rows = pd.concat([need({9: 1.0}), need({9: 2.0}, queue="mail")], ignore_index=True)
    callers = site(*people(2, skills=("calls",)), requirements=rows)
    (note,) = [note for note in unused_notes(callers, build(callers)) if "skill" in note]
    assert note == "Nobody has the skill 'mail': the 14 agent-hours that it needs stay short."
    both = site(people(1, skills=("calls",))[0], people(2)[1], requirements=rows)
    assert not any("skill" in note for note in unused_notes(both, build(both)))


def test_an_edit_of_yesterday_is_refused_and_the_roster_stays() -> None:
    table = shifts_of("p0", "Mon 08:00-17:00", "Wed 08:00-17:00")
    now = pd.Timestamp("2026-03-03 12:00", tz="UTC")
    board = Board(replace(site(*people(2), requirements=BUSY), now=now), table)
    for edit in (Edit("p0", START, "off"), Edit("p1", START, "08:00-17:00")):
        with pytest.raises(InputError, match="2026-03-02 is over: it is 2026-03-03 12:00"):
            board.edited([Edit("p1", START + dt.timedelta(days=3), "08:00-17:00"), edit])
    with pytest.raises(InputError, match="would have begun already"):
        board.edited([Edit("p1", START + dt.timedelta(days=1), "08:00-17:00")])
    assert board.table is table


@pytest.mark.parametrize("told", [None, "2026-03-04 12:00"])
def test_when_everybody_is_sick_what_has_begun_stays_and_the_rest_is_short(told: str | None) -> None:
    inputs = site(*people(3), requirements=BUSY)
    made = solve(inputs, LIMITS)
    now = None if told is None else pd.Timestamp(told, tz="UTC")
    first = START if now is None else now.date() + dt.timedelta(days=1)
    off = (DaySpan(start=first, end=START + dt.timedelta(days=6)),)
    sick = replace(inputs, agents=tuple(a.model_copy(update={"time_off": off}) for a in inputs.agents), now=now)
    mended = replan(sick, made.table, LIMITS)
    left = made.table[made.table["start"].dt.date < first]
    assert len(mended.roster.table) == len(left)
    assert set(mended.roster.table["start"]) == set(left["start"])
    assert mended.roster.short_hours >= 20 * (START + dt.timedelta(days=7) - first).days
    assert mended.changes["forced"].all()
