"""The first holidays that a queue meets.

Where no holiday is known yet, a holiday is no ordinary weekday: most desks have then something of their weekend, the
quieter the weekend, the quieter the holiday, and a desk whose weekend is like its week has its holidays alike. Every
holiday that is known speaks for itself, and less of this rule is left.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from staffing.forecast.day_level.days import DayFacts

OF_WEEKEND = 0.6  # of the way from its weekday to the weekend, log units, a holiday goes as a rule
RULE_HOLIDAYS = 2.0  # holidays that the rule counts as
USUAL_DAYS = 26  # last ordinary days of a weekday that tell its level


@dataclass(frozen=True)
class FirstHolidays:
    """``gaps`` are seven log units that a holiday on each weekday is moved by; 0 on the weekend."""

    gaps: np.ndarray = field(default_factory=lambda: np.zeros(7))

    def offset(self, facts: DayFacts) -> np.ndarray:
        """Log units by day; 0 on days that are no holiday."""
        return np.where(facts.holiday_offset == 0, self.gaps[facts.weekday], 0.0)


def rule_of_first_holidays(facts: DayFacts, log_total: np.ndarray) -> FirstHolidays:
    """What is left of the rule after the known days; nothing where no day of the weekend is known."""
    ordinary = facts.holiday_offset != 0
    own = [log_total[ordinary & (facts.weekday == k)][-USUAL_DAYS:] for k in range(7)]
    usual = np.array([np.median(days) if len(days) else np.nan for days in own])
    weekend = np.isin(np.arange(7), facts.weekday[facts.weekend])
    known = np.isfinite(usual)
    if not (known & weekend).any():
        return FirstHolidays()
    left = OF_WEEKEND * RULE_HOLIDAYS / (RULE_HOLIDAYS + (~ordinary & ~facts.weekend).sum())
    return FirstHolidays(np.where(known & ~weekend, left * (usual[known & weekend].mean() - usual), 0.0))
