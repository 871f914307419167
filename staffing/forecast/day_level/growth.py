"""A level on its way: growth, or decline, that goes on week after week, carried on and damped.

Models let the level stay where it is, or forget it; that is right until weeks in a row have gone one way by far more
than weeks stray. Then the way is carried on, each week a little less far (a damped trend: Gardner & McKenzie 1985,
"Forecasting trends in time series"). How long it lasts is not known: sample paths share its end out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from staffing.forecast.day_level.level_changes import LevelChange
from staffing.forecast.day_level.regression import Regression

FEWEST_WEEKS, MOST_WEEKS = 4, 12
BEFORE_WEEKS = 12  # that tell how weeks stray
LEAST_SCORE = 9.0  # at 7, four of 107 real origins carried on what did not go on
LEAST_WAY = 0.08  # log units, over the weeks seen
DAMPED = 0.85  # a week
DOUBT = 0.6  # standard deviation of what comes of it, as a share
LEAST_DAYS = 4  # of a week that must be known
FLOOR = 0.01  # log units that any week strays


@dataclass(frozen=True)
class Growth:
    """``weekly`` log units a week, seen over ``weeks`` weeks; 0 where there is none."""

    weekly: float = 0.0
    weeks: int = 0

    def effect(self, ahead: np.ndarray) -> np.ndarray:
        """Log units to add to forecasts of days ``ahead`` (1 = tomorrow)."""
        return np.asarray(self.weekly * (1.0 - DAMPED ** (ahead / 7.0)) / -np.log(DAMPED))

    def doubt(self, ahead: np.ndarray, normal: np.ndarray) -> np.ndarray:
        """Paths × days log units, from standard ``normal`` numbers of the paths."""
        return DOUBT * normal[:, None] * self.effect(ahead)

    def note(self) -> str:
        """ "" where there is none."""
        if not self.weeks:
            return ""
        way = "grows" if self.weekly > 0 else "shrinks"
        month = float(np.expm1(self.effect(np.array([28.0]))[0]))
        return (
            f"the level {way} by {abs(np.expm1(self.weekly)):.1%} a week, for {self.weeks} weeks now; the forecast "
            f"carries it on, a little less each week ({month:+.0%} in four weeks). If it stops, take that off."
        )


def find_growth(regression: Regression, changes: Sequence[LevelChange]) -> Growth:
    """From the weekly means of the level that ``regression`` was told, since the last of the ``changes``."""
    level, weeks_since = _weekly_levels(regression), MOST_WEEKS
    if changes:
        weeks_since = int((regression.facts.ordinal[-1] - changes[-1].first) // 7)
    best, surest = Growth(), LEAST_SCORE
    for weeks in range(FEWEST_WEEKS, min(MOST_WEEKS, weeks_since, len(level) - FEWEST_WEEKS) + 1):
        inside, before = level[-weeks:], level[-weeks - BEFORE_WEEKS : -weeks]
        place = np.arange(weeks) - (weeks - 1) / 2
        slope = float(place @ inside / (place @ place))
        rest = float(np.std(inside - inside.mean() - slope * place)) * np.sqrt(weeks / (weeks - 2))
        strays = 1.4826 * float(np.median(np.abs(np.diff(before)))) / np.sqrt(2)
        score = abs(slope) * np.sqrt(place @ place) / max(rest, strays, FLOOR)
        if score > surest and abs(slope) * (weeks - 1) >= LEAST_WAY:
            best, surest = Growth(slope, weeks), score
    return best


def _weekly_levels(regression: Regression) -> np.ndarray:
    """Mean level of the weeks back from the last known day, oldest first, up to the first that is hardly known."""
    facts = regression.facts
    others = [part for group, part in regression.known_parts.items() if group != "level"]
    level, age = regression.log_total - np.sum(others, axis=0), ((facts.ordinal[-1] - facts.ordinal) // 7).astype(int)
    known, sums = np.bincount(age), np.bincount(age, level)
    few = np.flatnonzero(known < LEAST_DAYS)
    count = min(int(few[0]) if len(few) else len(known), 2 * MOST_WEEKS + 1)
    return np.asarray((sums[:count] / np.maximum(known[:count], 1))[::-1])
