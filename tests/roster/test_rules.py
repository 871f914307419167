"""Each rule alone, on two people: one keeps it, the other breaks it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.workforce import (
    Agent,
    BreakRule,
    Contract,
    DaySpan,
    LabourRules,
    Rotation,
    RuleChange,
    ShiftTemplate,
)
from staffing.roster.result import bent_notes
from staffing.roster.rules import bent, check
from tests.roster.sites import DAY, FREE, LATE, NIGHT, START, people, shifts_of, site

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
    "most days off in a row": (
        {"rules": LabourRules(max_days_off_in_row=3)},
        days("08:00-17:00", "Thu"),
        days("08:00-17:00", "Wed"),
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
    "shifts of a kind": (
        {"rules": LabourRules(max_shifts_of={"late": 2}), "days": 14},
        ("Mon 14:00-22:00", "Tue 14:00-22:00", "Mon+1 08:00-17:00"),
        ("Mon 14:00-22:00", "Tue 14:00-22:00", "Mon+1 14:00-22:00"),
    ),
    "start spread": (
        {"rules": LabourRules(max_start_spread_min=60)},
        ("Mon 08:00-17:00", "Tue 09:00-18:00"),
        ("Mon 08:00-17:00", "Tue 10:00-19:00"),
    ),
    "weekly rest": (
        {"rules": LabourRules(weekly_rest_h=36)},
        days("08:00-17:00", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"),
        (*days("14:00-22:00", "Mon", "Tue", "Wed", "Thu", "Fri"), "Sat 14:00-22:00"),
    ),
    "hours per period": (
        {
            "contracts": (
                FREE.model_copy(update={"period_weeks": 2, "period_start": START, "max_period_hours": 24.0}),
            ),
            "days": 14,
        },
        ("Mon 08:00-17:00", "Mon+1 08:00-17:00", "Tue+1 08:00-17:00"),
        ("Mon 08:00-17:00", "Tue 08:00-17:00", "Mon+1 08:00-17:00", "Tue+1 08:00-17:00"),
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


def test_a_run_of_work_may_be_too_short() -> None:
    inputs = site(*people(2), rules=LabourRules(min_days_in_row=2))
    table = pd.concat([shifts_of("p0", *days("08:00-17:00", "Tue", "Wed")), shifts_of("p1", "Tue 08:00-17:00")])
    assert [(v.agent, v.field, v.amount) for v in check(table, inputs)] == [("p1", "min_days_in_row", 1)]


def test_hours_of_a_period_have_a_least_that_counts_where_the_period_ends() -> None:
    terms = {"period_weeks": 2, "period_start": START, "min_period_hours": 16.0}
    inputs = site(*people(2), contracts=(FREE.model_copy(update=terms),), days=14)
    table = pd.concat([shifts_of("p0", "Mon 08:00-17:00", "Tue+1 08:00-17:00"), shifts_of("p1", "Mon 08:00-17:00")])
    assert [(v.rule, v.agent) for v in check(table, inputs)] == [("hours per period", "p1")]
    assert check(table, replace(inputs, days=7)) == []


def test_shifts_of_a_kind_are_counted_over_the_contracts_period_with_the_past() -> None:
    rules = LabourRules(max_shifts_of={"late": 2}, prices={"max_shifts_of": 3.0})
    monthly = FREE.model_copy(update={"period_weeks": 4, "period_start": START - dt.timedelta(weeks=2)})
    past = pd.concat([shifts_of("p0", "Mon-1 14:00-22:00"), shifts_of("p1", *days("14:00-22:00", "Mon-2", "Mon-1"))])
    inputs = site(*people(2), contracts=(monthly,), rules=rules, past=past)
    table = pd.concat([shifts_of(name, "Mon 14:00-22:00") for name in ("p0", "p1")])
    assert [(v.agent, v.what, price) for v, price in bent(table, inputs)] == [("p1", "3 shifts 'late', at most 2", 3.0)]


def test_more_rest_is_owed_after_a_night() -> None:
    inputs = site(*people(2), rules=NIGHTS.model_copy(update={"min_rest_after_night_h": 24.0}))
    table = pd.concat([shifts_of("p0", "Mon 14:00-22:00", "Tue 09:00-18:00"),
                       shifts_of("p1", "Mon 22:00-06:00", "Tue 22:00-06:00")])  # fmt: skip
    assert [(v.rule, v.agent) for v in check(table, inputs)] == [("rest", "p1")]


def test_shifts_of_a_team_and_at_home_are_for_those_who_can() -> None:
    shifts = (DAY.model_copy(update={"teams": ("blue",)}), LATE.model_copy(update={"home": True}))
    blue = Agent(name="p0", contract="free", team="blue", home=True)
    table = pd.concat([shifts_of(name, "Mon 08:00-17:00", "Tue 14:00-22:00") for name in ("p0", "p1")])
    found = check(table, site(blue, people(2)[1], shifts=shifts))
    assert [(v.agent, v.date.day, v.rule) for v in found] == [("p1", 2, "shift kind"), ("p1", 3, "shift kind")]


def test_a_team_follows_its_rotation_and_a_person_may_begin_elsewhere() -> None:
    pattern = Rotation(name="early-late", start=START, weeks=(("day",), ("late", "off", *["any"] * 5)), teams={"": 0})
    ahead = Agent(name="p1", contract="free", rotation="early-late", rotation_week=1)
    inputs = replace(site(people(1)[0], ahead), rotations=(pattern,))
    kept = shifts_of("p0", "Mon 08:00-17:00", "Tue 08:00-17:00")
    found = check(pd.concat([kept, shifts_of("p1", "Tue 10:00-19:00")]), inputs)
    assert [(v.agent, v.date.day, v.what) for v in found] == [
        ("p1", 2, "the rotation wants 'late'"),
        ("p1", 3, "works 'day', the rotation says 'off'"),
    ]


def test_a_priced_rule_may_be_broken_and_a_change_holds_for_whom_and_from_when_it_says() -> None:
    changes = (
        RuleChange(name="fewer", start=START + dt.timedelta(days=7), agents=("p1",), rules={"max_weekend_days": 0}),
        RuleChange(name="at a price", rules={"prices": {"max_weekend_days": 5.0}}),
    )
    base = site(*people(2), rules=LabourRules(max_weekend_days=1), days=14)
    inputs, hard = (replace(base, rule_changes=some) for some in (changes, changes[:1]))
    weekends = ("Sat 08:00-17:00", "Sat+1 08:00-17:00", "Sun+1 08:00-17:00")
    table = pd.concat([shifts_of(name, *weekends) for name in ("p0", "p1")], ignore_index=True)
    assert check(table, inputs) == []
    assert [(v.agent, v.date.day, price) for v, price in bent(table, inputs)] == [("p0", 9, 5.0), ("p1", 9, 10.0)]
    assert bent_notes(inputs, table) == ["The rule 'weekend days' is broken 2 times at its price, 15 in all."]
    assert bent_notes(hard, table) == []
    assert [(v.agent, v.amount) for v in check(table, hard)] == [("p0", 1), ("p1", 2)]


def test_overtime_and_voluntary_time_off_widen_the_week() -> None:
    contract = Contract(name="free", min_hours=24, max_hours=24, max_days=3, min_days=3, overtime_hours=8,
                        overtime_days=1, voluntary_hours=8)  # fmt: skip
    tables = [shifts_of("p0", *days("08:00-17:00", *WEEK[:count])) for count in (1, 2, 3, 4, 5)]
    broken = [{v.rule for v in check(table, site(*people(1), contracts=(contract,)))} for table in tables]
    both = {"hours per week", "days per week"}
    assert broken == [both, set(), set(), set(), both]


def test_breaks_and_hours_go_by_the_length_of_a_shift() -> None:
    lunch = BreakRule(name="lunch", minutes=60, paid=False, earliest_min=180, latest_min=300, from_length_min=480)
    flexible = ShiftTemplate(name="day", length_min=300, longest_min=540, length_step_min=240, first_start="08:00",
                             last_start="10:00", step_min=60, breaks=(lunch,))  # fmt: skip
    inputs = site(*people(1), shifts=(flexible,), contracts=(Contract(name="free", min_hours=13, max_hours=13),))
    table = shifts_of("p0", "Mon 08:00-17:00", "Tue 09:00-14:00")
    assert check(table, inputs) == []
    assert [v.rule for v in check(table.assign(activity="shift"), inputs)]  # a lunch that is no lunch


def test_a_split_shift_is_one_shift_with_a_long_break() -> None:
    gap = BreakRule(name="gap", minutes=240, paid=False, earliest_min=180, latest_min=300)
    split = ShiftTemplate(name="split", length_min=720, first_start="08:00", last_start="09:00", breaks=(gap,))
    table = shifts_of("p0", "Mon 08:00-20:00")
    monday = table["start"].iloc[0]
    rest = pd.DataFrame([("p0", monday + pd.Timedelta(hours=4), monday + pd.Timedelta(hours=8), "gap", None)],
                        columns=table.columns)  # fmt: skip
    inputs = site(*people(1), shifts=(split,), contracts=(Contract(name="free", min_hours=8, max_hours=8),))
    assert check(pd.concat([table, rest], ignore_index=True), inputs) == []


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
    assert found == {"people", "breaks", "skills", "pinned"}


def test_a_lunch_outside_its_window_is_found() -> None:
    table = shifts_of("p0", "Mon 08:00-17:00")
    table.loc[1, ["start", "end"]] += pd.Timedelta(hours=2)
    assert [v.rule for v in check(table, site(shifts=(DAY, LATE, NIGHT)))] == ["breaks"]


def test_granted_time_off_is_no_day_off_in_a_row_and_the_past_counts() -> None:
    rules = LabourRules(max_days_off_in_row=3, prices={"max_days_off_in_row": 2.0})
    away = Agent(name="p0", contract="free", time_off=(DaySpan.model_validate("2026-02-28..2026-03-03"),))
    past = pd.concat([shifts_of(name, "Thu-1 08:00-17:00") for name in ("p0", "p1")])
    table = pd.concat([shifts_of(name, "Thu 08:00-17:00", "Sun 08:00-17:00") for name in ("p0", "p1")])
    found = bent(table, site(away, people(2)[1], rules=rules, past=past))
    assert [(v.agent, v.date.day, v.what, price) for v, price in found] == [
        ("p1", 2, "day off 4 in a row, at most 3", 2.0),
        ("p1", 3, "day off 5 in a row, at most 3", 2.0),
        ("p1", 4, "day off 6 in a row, at most 3", 2.0),
    ]


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
