"""A planner's edit on a two-person site: what it breaks, what it does to cover, where its breaks go."""

import pandas as pd
import pytest

from staffing.domain.workforce import Contract, LabourRules
from staffing.errors import InputError
from staffing.roster.desk.board import edited, judge
from staffing.roster.desk.edit import Edit
from tests.roster.sites import DAY, LATE, START, need, people, shifts_of, site

WANTED = need(dict.fromkeys(range(8, 17), 1.0))
RULES = LabourRules(max_days_in_row=6, min_rest_h=11)


def test_a_shift_is_added_with_its_break_where_it_costs_least() -> None:
    hole = need(dict.fromkeys(range(8, 17), 1.0) | {12: 0.0})
    inputs = site(*people(2), requirements=hole)
    after = edited(inputs, shifts_of("p0", "Tue 08:00-17:00"), Edit("p1", START, "8:00 - 17:00"))
    lunch = after[(after["agent"] == "p1") & (after["activity"] == "lunch")].iloc[0]
    assert lunch["start"].hour == 12
    effect = judge(inputs, shifts_of("p0", "Tue 08:00-17:00"), after)
    assert effect.allowed
    assert effect.short_hours == pytest.approx(-8.0)
    assert effect.excess_hours == pytest.approx(0.0)
    assert effect.paid_hours == pytest.approx(8.0)
    assert len(effect.intervals) == 16  # half hours
    assert (effect.intervals["after"] - effect.intervals["before"] == 1).all()


def test_every_rule_is_asked_at_once_and_undoing_mends_it() -> None:
    contract = Contract(name="free", max_hours=16, max_days=2)
    inputs = site(*people(1), contracts=(contract,), rules=RULES, requirements=WANTED)
    before = shifts_of("p0", "Mon 08:00-17:00", "Tue 14:00-22:00")
    after = edited(inputs, before, Edit("p0", inputs.date(2), "08:00–17:00"))
    broken = judge(inputs, before, after)
    assert {fault.rule for fault in broken.broken} == {"rest", "hours per week", "days per week"}
    assert not broken.allowed
    back = judge(inputs, after, edited(inputs, after, Edit("p0", inputs.date(2), "off")))
    assert {fault.rule for fault in back.mended} == {"rest", "hours per week", "days per week"}
    assert "breaks a rule" in str(broken)


def test_a_day_off_takes_the_shift_and_all_that_lies_in_it() -> None:
    inputs = site(*people(2), requirements=WANTED)
    before = pd.concat([shifts_of("p0", "Mon 08:00-17:00"), shifts_of("p1", "Mon 08:00-17:00")])
    after = edited(inputs, before, Edit("p0", START, "off"))
    assert set(after["agent"]) == {"p1"}
    assert len(after) == 2


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Edit("who", START, "off"), "no agent 'who'"),
        (Edit("p0", START.replace(year=2027), "off"), "no day"),
        (Edit("p0", START, "whenever"), "no shift"),
        (Edit("p0", START, "25:00-26:00"), "'25:00-26:00' is no shift"),
        (Edit("p0", START, "03:00-04:00"), "there is no shift 03:00-04:00"),
    ],
)
def test_what_cannot_be_meant_is_refused(edit: Edit, said: str) -> None:
    inputs = site(*people(1), shifts=(DAY, LATE), requirements=WANTED)
    with pytest.raises(InputError, match=said if said != "no day" else "is not a day"):
        edited(inputs, shifts_of("p0", "Mon 08:00-17:00"), edit)
