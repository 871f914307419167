"""Figures in words."""

from __future__ import annotations

import math

import pytest

from staffing.evaluation import MEASURES
from staffing.evaluation.text import difference_text, figure_text


@pytest.mark.parametrize(
    ("measure", "value", "unit", "figure", "difference"),
    [
        ("service_level", 0.8314, "share", "83.1 %", "+83.1 points"),
        ("service_level", -0.0001, "share", "0.0 %", "+0.0 points"),
        ("asa_s", 12.34, "s", "12.3 s", "+12.3 s"),
        ("asa_s", math.inf, "s", "not bounded", "not bounded"),
        ("asa_s", math.nan, "s", "undefined", "undefined"),
        ("calls", 12345.6, "contacts", "12,346 contacts", "+12,346 contacts"),
        ("cost", 1234.5, "EUR", "1,234 EUR", "+1,234 EUR"),
        ("paid_hours", -2.0, "h", "-2.0 h", "-2.0 h"),
    ],
)
def test_figures_and_differences(measure: str, value: float, unit: str, figure: str, difference: str) -> None:
    assert figure_text(MEASURES[measure], value, unit) == figure
    assert difference_text(MEASURES[measure], value, unit) == difference
