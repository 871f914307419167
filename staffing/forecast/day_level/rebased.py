"""History told as if the week had always been today's, so that every model sees one week only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from staffing.domain.demand import Event
from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.first_holidays import FirstHolidays, rule_of_first_holidays
from staffing.forecast.day_level.quiet_holidays import QuietHolidays, learn_quiet_holidays
from staffing.forecast.day_level.weekday_steps import WeekdayStep, as_today, find_steps


@dataclass(frozen=True)
class WeekToday:
    """What single weekdays and holidays do that no sum of causes can tell."""

    steps: tuple[WeekdayStep, ...] = ()
    first_holidays: FirstHolidays = field(default_factory=FirstHolidays)
    quiet_holidays: QuietHolidays = field(default_factory=QuietHolidays)

    def as_today(self, facts: DayFacts) -> np.ndarray:
        """Log units to add to known days before models are told of them."""
        return as_today(facts, self.steps) - self.holidays(facts)

    def holidays(self, facts: DayFacts) -> np.ndarray:
        """Log units to add to what the models say of days."""
        return self.first_holidays.offset(facts) + self.quiet_holidays.offset(facts)

    def notes(self) -> list[str]:
        return [step.note() for step in self.steps]


def learn_week(facts: DayFacts, log_total: np.ndarray, variance: np.ndarray, events: Sequence[Event]) -> WeekToday:
    """From known days; ``variance`` is their counting noise in log units."""
    skip = explained(facts, events)
    steps = find_steps(facts, log_total, variance, skip)
    told = log_total + as_today(facts, steps)
    first = rule_of_first_holidays(facts, told)
    return WeekToday(steps, first, learn_quiet_holidays(facts, told - first.offset(facts)))


def explained(facts: DayFacts, events: Sequence[Event]) -> np.ndarray:
    """Days with a holiday, one beside them, or one of the ``events``: what is odd about them has a cause."""
    out = np.abs(facts.holiday_offset) <= 1
    for event in events:
        out |= (facts.dates >= np.datetime64(event.start)) & (facts.dates <= np.datetime64(event.last))
    return out
