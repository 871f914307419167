"""Each rule alone, on two people: one keeps it, the other breaks it."""

from __future__ import annotations

import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.workforce import Agent, Contract, DaySpan, LabourRules
from staffing.roster.rules import check
from tests.roster.sites import DAY, FREE, LATE, NIGHT, people, shifts_of, site

WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NIGHTS = LabourRules(night_from="23:00", night_to="06:00", max_nights_per_week=2, max_nights_in_row=2)


def days(text: str, *which: str) -> tuple[str, ...]:
    return tuple(f"{day} {text}" for day in which)


CASES = {
    "hours per week": (
        {"contracts": (Contract(name="free", min_hours=16, max_hours=24, max_days=7),)},
        days("08:00-17:00", "Mon", "Tue"),
        days("08:00-17:00", "Mon"),
    ),
    "days per week": (
        {"contracts": (Contract(name="free", max_hours=60, min_days=2, max_days=3),)},
        days("08:00-17:00", "Mon", "Tue"),
        days("08:00-17:00", "Mon", "Tue", "Thu", "Fri"),
    ),
    "weekend days": (
        {"rules": LabourRules(max_weekend_days=1)},
        days("08:00-17:00", "Sat"),
        days("08:00-17:00", "Sat", "Sun"),
    ),
    "nights per week": (
        {"rules": NIGHTS},
        days("22:00-06:00", "Mon", "Wed"),
        days("22:00-06:00", "Mon", "Wed", "Fri"),
    ),
    "nights in a row": (
        {"rules": NIGHTS.model_copy(update={"max_nights_per_week": None})},
        days("22:00-06:00", "Mon", "Tue", "Thu"),
        days("22:00-06:00", "Mon", "Tue", "Wed"),
    ),
    "days off after nights": (
        {"rules": NIGHTS.model_copy(update={"days_off_after_nights": 2})},
        ("Mon 22:00-06:00", "Thu 08:00-17:00"),
        ("Mon 22:00-06:00", "Wed 08:00-17:00"),
    ),
    "rest": ({}, ("Mon 14:00-22:00", "Tue 09:00-18:00"), ("Mon 14:00-22:00", "Tue 08:00-17:00")),
    "one shift a day": (
        {"rules": LabourRules(min_rest_h=0)},
        ("Mon 14:00-22:00", "Tue 14:00-22:00"),
        ("Mon 14:00-22:00", "Mon 22:00-06:00"),
    ),
    "days in a row": (
        {"rules": LabourRules(max_days_in_row=3)},
        days("08:00-17:00", "Mon", "Tue", "Wed", "Fri"),
        days("08:00-17:00", "Mon", "Tue", "Wed", "Thu"),
    ),
    "days off in a row": (
        {"rules": LabourRules(min_days_off_in_row=2)},
        days("08:00-17:00", "Mon", "Thu"),
        days("08:00-17:00", "Mon", "Wed"),
    ),
    "weekends": (
        {"rules": LabourRules(max_weekends=1), "days": 14},
        ("Sat 08:00-17:00", "Sun 08:00-17:00"),
        ("Sat 08:00-17:00", "Sat+1 08:00-17:00"),
    ),
    "whole weekends": (
        {"rules": LabourRules(whole_weekends=True)},
        days("08:00-17:00", "Sat", "Sun"),
        days("08:00-17:00", "Sat"),
    ),
    "forbidden succession": (
        {"rules": LabourRules(forbidden_next=(("late", "day"),), min_rest_h=8)},
        ("Mon 14:00-22:00", "Tue 14:00-22:00"),
        ("Mon 14:00-22:00", "Tue 10:00-19:00"),
    ),
    "start spread": (
        {"rules": LabourRules(max_start_spread_min=60)},
        ("Mon 08:00-17:00", "Tue 09:00-18:00"),
        ("Mon 08:00-17:00", "Tue 10:00-19:00"),
    ),
    "shift kind": (
        {"contracts": (FREE.model_copy(update={"shifts": ("day",)}),)},
        ("Mon 08:00-17:00",),
        ("Mon 14:00-22:00",),
    ),
    "opening hours": (
        {"calendar": SiteCalendar(interval_min=60, opening=dict.fromkeys(("monday", "tuesday"), "08:00-17:00"))},
        ("Mon 08:00-17:00",),
        ("Mon 10:00-19:00",),
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_one_keeps_the_rule_and_the_other_breaks_it(rule: str) -> None:
    fields, kept, broken = CASES[rule]
    inputs = site(*people(2), **fields)
    table = pd.concat([shifts_of("p0", *kept), shifts_of("p1", *broken)], ignore_index=True)
    found = check(table, inputs)
    assert {(violation.rule, violation.agent) for violation in found} == {(rule, "p1")}


def test_a_shift_outside_availability_or_in_time_off_is_found() -> None:
    off = DaySpan.model_validate("2026-03-04")
    ann = Agent(name="ann", contract="free", earliest="09:00", latest="18:00", days=("monday", "tuesday"))
    bob = Agent(name="bob", contract="free", time_off=(off,))
    table = pd.concat(
        [
            shifts_of("ann", "Mon 08:00-17:00", "Tue 10:00-19:00", "Fri 09:00-18:00"),
            shifts_of("bob", "Tue 22:00-06:00"),
        ],
        ignore_index=True,
    )
    found = [(v.agent, v.date.day, v.rule) for v in check(table, site(ann, bob))]
    assert found == [
        ("ann", 2, "availability"),
        ("ann", 3, "availability"),
        ("ann", 6, "availability"),
        ("bob", 3, "time off"),
    ]


def test_skills_breaks_strangers_and_pins_are_checked() -> None:
    ann = Agent(name="ann", contract="free", skills=("calls",))
    table = pd.concat(
        [
            shifts_of("ann", "Mon 08:00-17:00", lunch=False),
            shifts_of("ann", "Tue 14:00-22:00", queue="mail"),
            shifts_of("who", "Mon 08:00-17:00"),
        ],
        ignore_index=True,
    )
    pinned = shifts_of("ann", "Thu 08:00-17:00")
    found = {violation.rule for violation in check(table, site(ann, pinned=pinned))}
    assert found == {"people", "shift kind", "skills", "pinned"}


def test_a_lunch_outside_its_window_is_found() -> None:
    table = shifts_of("p0", "Mon 08:00-17:00")
    table.loc[1, ["start", "end"]] += pd.Timedelta(hours=2)
    assert [v.rule for v in check(table, site(shifts=(DAY, LATE, NIGHT)))] == ["breaks"]


def test_the_past_counts_in() -> None:
    past = shifts_of("p0", "Fri-1 08:00-17:00", "Sat-1 08:00-17:00", "Sun-1 14:00-22:00")
    inputs = site(*people(2), past=past, rules=LabourRules(max_days_in_row=3))
    found = {violation.rule for violation in check(shifts_of("p0", "Mon 08:00-17:00"), inputs)}
    assert found == {"days in a row", "rest"}


def test_a_granted_day_off_lowers_the_minimum_by_its_share() -> None:
    contract = Contract(name="free", min_hours=40, max_hours=40, min_days=5, max_days=5)
    away = Agent(name="p0", contract="free", time_off=(DaySpan.model_validate("2026-03-02..2026-03-03"),))
    inputs = site(away, contracts=(contract,))
    three = shifts_of("p0", "Wed 08:00-17:00", "Thu 08:00-17:00", "Fri 08:00-17:00")
    assert check(three, inputs) == []
    assert {v.rule for v in check(three.iloc[:4], inputs)} == {"hours per week", "days per week"}
