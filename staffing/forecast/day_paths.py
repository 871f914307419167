"""What the days of sample paths stray from the forecast by, in log units."""

from __future__ import annotations

import numpy as np

from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.level_changes import going_back
from staffing.forecast.day_level.mixture import DayModels
from staffing.forecast.paths import DayNoise, Shocks, free_of_counting


def log_paths(
    days: DayModels,
    noise: DayNoise,
    facts: DayFacts,
    usual: np.ndarray,
    dispersion: float,
    shocks: Shocks,
    own: np.random.Generator,
) -> np.ndarray:
    """Paths × days log units, ``usual`` calls (above 0) expected of each, without what counting adds to them later."""
    drawn, counting = noise.draw(len(facts), shocks, own), 1.0 / usual
    whole = noise.widths(facts) * days.calendar.deviation(facts, counting)
    return whole * free_of_counting(drawn, dispersion * counting / whole**2) + _turns(days, facts, own, shocks.paths)


def _turns(days: DayModels, facts: DayFacts, own: np.random.Generator, paths: int) -> np.ndarray:
    """Paths × days log units: young changes that go back, growth that ends or goes on."""
    ahead = np.maximum(facts.ordinal - days.last_day, 1.0)
    back = going_back(facts, days.last_day, days.changes, own.random(paths))
    return back + days.growth.doubt(ahead, own.standard_normal(paths))
