"""Pay on top, worked out by hand."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from staffing.domain.scenario import Scenario
from staffing.domain.workforce import Contract, LabourRules
from staffing.evaluation.pay import pay_factors

MONDAY = dt.date(2026, 3, 2)


def shift(day: int, start: int, hours: int) -> dict[str, object]:
    begin = pd.Timestamp(MONDAY, tz="UTC") + pd.Timedelta(days=day, hours=start)
    return {"agent": "ann", "contract": "full", "day": begin.date(), "start": begin,
            "end": begin + pd.Timedelta(hours=hours), "weekend": day >= 5, "paid_hours": float(hours)}  # fmt: skip


def factors(rules: LabourRules, *rows: dict[str, object]) -> list[float]:
    contract = Contract(name="full", max_hours=16, overtime_hours=16, overtime_factor=1.5)
    scenario = Scenario(queues=({"name": "calls"},), contracts=(contract,), rules=rules)
    return pay_factors(pd.DataFrame(rows), scenario).tolist()


def test_hours_at_night_and_on_weekends_cost_their_allowance() -> None:
    rules = LabourRules(night_from="22:00", night_to="06:00", night_allowance=0.4, weekend_allowance=0.5)
    assert factors(rules, shift(0, 8, 8), shift(1, 20, 8)) == pytest.approx([1.0, 1.0 + 0.4 * 6 / 8])
    assert factors(rules, shift(5, 8, 8)) == pytest.approx([1.5])


def test_overtime_of_a_week_is_laid_on_its_shifts_and_ends_with_it() -> None:
    plain = LabourRules()
    assert factors(plain, shift(0, 8, 8), shift(1, 8, 8), shift(7, 8, 8)) == pytest.approx([1.0, 1.0, 1.0])
    three = factors(plain, shift(0, 8, 8), shift(1, 8, 8), shift(2, 8, 8))
    assert three == pytest.approx([1.0 + 0.5 * 8 / 24] * 3)
