"""Pins that break a rule whatever else is worked, told with person, day and rule."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from staffing.domain.workforce import Contract, LabourRules
from staffing.roster.given import Inputs
from staffing.roster.rules.pins import broken_by_pins
from tests.roster.sites import shifts_of, site

FULL = Contract(name="free", min_hours=24, max_hours=24, min_days=3, max_days=3)


def pinned(*spans: str, rules: LabourRules | None = None, past: pd.DataFrame | None = None) -> Inputs:
    """p0's pins on a site of two; as a planner types them, without breaks."""
    pins = shifts_of("p0", *spans)
    return site(rules=rules, contracts=(FULL,), pinned=pins[pins["activity"] == "shift"], past=past)


def found(inputs: Inputs) -> list[tuple[str, int, str]]:
    return [(fault.agent, fault.date.day, fault.rule) for fault in broken_by_pins(inputs)]


@pytest.mark.parametrize(
    ("spans", "rules", "said"),
    [
        (("Mon 14:00-22:00", "Tue 08:00-17:00"), {}, [("p0", 3, "rest")]),
        (("Mon 08:00-17:00", "Tue 08:00-17:00"), {"max_days_in_row": 1}, [("p0", 3, "days in a row")]),
        (("Sat 08:00-17:00", "Sun 08:00-17:00"), {"max_weekend_days": 1}, [("p0", 2, "weekend days")]),
        (
            tuple(f"{day} 08:00-17:00" for day in ("Mon", "Tue", "Wed", "Thu")),
            {},
            [("p0", 2, "hours per week"), ("p0", 2, "days per week")],
        ),
    ],
)
def test_what_no_other_shift_can_mend_is_found(
    spans: tuple[str, ...], rules: dict[str, object], said: list[tuple[str, int, str]]
) -> None:
    assert found(pinned(*spans, rules=LabourRules.model_validate(rules))) == said


def test_what_other_shifts_may_mend_or_what_has_a_price_is_not() -> None:
    """A contract's minimum, a lone day off that may yet be worked, and a rule that may be broken at a price."""
    loose = LabourRules(min_days_off_in_row=2, max_days_off_in_row=2, whole_weekends=True, min_days_in_row=2)
    assert found(pinned("Mon 08:00-17:00", "Wed 08:00-17:00", rules=loose)) == []
    priced = LabourRules(prices={"min_rest_h": 5.0})
    assert found(pinned("Mon 14:00-22:00", "Tue 08:00-17:00", rules=priced)) == []
    assert found(site()) == []


def test_the_past_counts_in_and_days_off_are_no_shifts() -> None:
    late = shifts_of("p0", "Sun-1 14:00-22:00")
    inputs = pinned("Mon 08:00-17:00", past=late)
    assert found(inputs) == [("p0", 2, "rest")]
    assert inputs.pinned is not None
    assert found(replace(inputs, pinned=inputs.pinned.assign(activity="off"))) == []
