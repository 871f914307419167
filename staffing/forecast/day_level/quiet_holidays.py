"""A holiday on a weekday that is quiet anyway.

Where a holiday makes the desk's Sunday of any weekday, weekday and holiday must not be taken off twice; where it
halves any weekday, they must. Past holidays on quiet weekdays tell; until there are some, a holiday is a quiet day and
no more: the smaller of the two effects is given back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from staffing.forecast.day_level.days import DayFacts

QUIET = -0.1  # log gap to the busy weekdays, below which a weekday is quiet
NEAR_DAYS = 21  # ordinary days around a holiday that tell the level then
BUSY_DAYS = 5  # of a week
RULE_HOLIDAYS = 1.0  # holidays on quiet days that the rule of thumb counts as
SAME_NAME = 1.0  # holidays of one name at which its own effect counts by half
MOST_SHARE = 1.2


@dataclass(frozen=True)
class QuietHolidays:
    """By how much a holiday on a quiet weekday lies above what the two alone would make of it.

    Attributes
    ----------
    gaps : seven log gaps of the weekdays to the busy ones; 0 for those.
    effect : log effect of a holiday on a busy weekday; ``by_name`` that of each known one.
    share : how much of what would be taken off twice is given back: at 1 a holiday has its level whatever the weekday,
        at 0 its factor.
    """

    gaps: np.ndarray = field(default_factory=lambda: np.zeros(7))
    effect: float = 0.0
    by_name: Mapping[str, float] = field(default_factory=dict)
    share: float = 1.0

    def offset(self, facts: DayFacts) -> np.ndarray:
        """Log units above the sum of weekday and holiday, by day."""
        return self.share * self.twice(facts)

    def twice(self, facts: DayFacts) -> np.ndarray:
        """What weekday and holiday would both take off, by day: the smaller of the two, in log units."""
        out = np.zeros(len(facts))
        for day in np.flatnonzero(facts.holiday_offset == 0):
            effect = self.by_name.get(str(facts.holiday_name[day]), self.effect)
            out[day] = max(min(-self.gaps[facts.weekday[day]], -effect), 0.0)
        return out


def learn_quiet_holidays(facts: DayFacts, log_total: np.ndarray) -> QuietHolidays:
    """From all past holidays among the known days."""
    holiday = facts.holiday_offset == 0
    usual = _usual(facts, log_total, ~holiday)
    if not holiday.any() or not np.isfinite(usual).any():
        return QuietHolidays()
    busy = float(np.median(np.sort(usual[np.isfinite(usual)])[-BUSY_DAYS:]))
    gaps = np.where(np.isfinite(usual), np.minimum(usual - busy, 0.0), 0.0)
    here = log_total - np.where(np.isfinite(usual), usual, busy)[facts.weekday]
    here -= _level_around(facts, here, holiday)  # what the holiday did to its weekday
    on_busy = holiday & (gaps > QUIET)[facts.weekday]
    if not on_busy.any():
        return QuietHolidays()
    effect = float(here[on_busy].mean())
    made = QuietHolidays(gaps, effect, _by_name(facts.holiday_name[on_busy].astype(str), here[on_busy], effect))
    return QuietHolidays(gaps, effect, made.by_name, _share(made, facts[holiday & ~on_busy], here[holiday & ~on_busy]))


def _usual(facts: DayFacts, log_total: np.ndarray, ordinary: np.ndarray) -> np.ndarray:
    """Seven median log totals of ordinary days; NaN for a weekday without any."""
    own = [log_total[ordinary & (facts.weekday == k)] for k in range(7)]
    return np.array([np.median(days) if len(days) else np.nan for days in own])


def _level_around(facts: DayFacts, residual: np.ndarray, holiday: np.ndarray) -> np.ndarray:
    """Median residual of the ordinary days around each holiday; 0 on other days, and where there are none."""
    out = np.zeros(len(facts))
    for day in np.flatnonzero(holiday):
        near = ~holiday & (np.abs(facts.ordinal - facts.ordinal[day]) <= NEAR_DAYS)
        out[day] = np.median(residual[near]) if near.any() else 0.0
    return out


def _by_name(names: np.ndarray, effects: np.ndarray, common: float) -> dict[str, float]:
    """Each holiday's own effect, shrunk towards the common one."""
    return {
        str(name): float((effects[names == name].sum() + SAME_NAME * common) / ((names == name).sum() + SAME_NAME))
        for name in np.unique(names)
    }


def _share(made: QuietHolidays, quiet: DayFacts, here: np.ndarray) -> float:
    """How much past holidays on quiet weekdays gave back, by least squares; the rule of thumb counts as one of them."""
    twice = made.twice(quiet)
    given_back = here - np.array([made.by_name.get(str(name), made.effect) for name in quiet.holiday_name])
    quiet_gaps = made.gaps[made.gaps < QUIET]
    rule = float(np.mean(np.minimum(-quiet_gaps, max(-made.effect, 0.0)))) if len(quiet_gaps) else 0.0
    mass = float(twice @ twice) + RULE_HOLIDAYS * rule**2
    return float(np.clip((twice @ given_back + RULE_HOLIDAYS * rule**2) / mass, 0.0, MOST_SHARE)) if mass > 0 else 1.0
