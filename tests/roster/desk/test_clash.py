"""Clashing rules are named, none too many, with ways out that were really solved."""

from __future__ import annotations

import pytest

from staffing.domain.labour import LOOSEST, PRICED
from staffing.domain.workforce import Contract, LabourRules
from staffing.roster.desk.clash import NAMES, clashes
from tests.roster.sites import DAY, need, people, shifts_of, site

WANTED = need(dict.fromkeys(range(8, 17), 1.0))
FULL = Contract(name="free", min_hours=32, max_hours=40, max_days=5)


def test_availability_and_contract_clash_and_nothing_else_is_named() -> None:
    three = people(2, days=("monday", "tuesday", "wednesday"))
    inputs = site(*three, contracts=(FULL,), shifts=(DAY,), requirements=WANTED, rules=LabourRules(max_weekends=1))
    (clash,) = clashes(inputs)
    assert clash.agents == ("p0", "p1")
    assert set(clash.rules) == {"weekdays available", "fewest hours of the contract"}
    ways = {way.rule: way for way in clash.ways_out}
    assert ways["weekdays available"].hours == pytest.approx(40.0)
    assert ways["weekdays available"].price == pytest.approx(16.0)  # 40 hours instead of 24, at 1 an hour
    assert "No week exists for p0, p1" in str(clash)


def test_three_rules_clash_together() -> None:
    contract = Contract(name="free", min_hours=40, max_hours=40, min_days=5, max_days=5)
    rules = LabourRules(max_days_in_row=2, min_days_off_in_row=2)
    (clash,) = clashes(site(*people(1), contracts=(contract,), shifts=(DAY,), requirements=WANTED, rules=rules))
    assert {"most days in a row", "fewest days off in a row"} <= set(clash.rules)
    assert "rest between shifts" not in clash.rules


def test_pins_that_break_a_rule_are_named() -> None:
    tight = shifts_of("p0", "Mon 14:00-22:00", "Tue 08:00-17:00")
    (clash,) = clashes(site(*people(2), requirements=WANTED, pinned=tight))
    assert clash.agents == ("p0",)
    assert set(clash.rules) == {"rest between shifts", "pinned shifts"}


def test_no_clash_where_everybody_has_a_week() -> None:
    assert clashes(site(*people(3), requirements=WANTED)) == []


def test_every_rule_that_can_forbid_a_week_has_a_name_and_can_be_bent() -> None:
    assert set(NAMES) == set(LOOSEST)
    assert set(PRICED) <= set(LOOSEST)
    LabourRules.model_validate(LOOSEST)
