"""Gradient-boosted trees on log day totals: they see where weekday, month, holiday and recent level bend each other.

Every past origin and step ahead is one example (direct forecasting, all horizons in one model). What the trees
learn is the day's log total over the mean of its last eight same weekdays as known at the origin, by absolute
error, so that one outage bends little (Friedman 2001, "Greedy function approximation", section 4.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.known import ComingDays, KnownDays
from staffing.forecast.day_level.model import DayModel, FittedDays
from staffing.forecast.day_level.recall import recalled

if TYPE_CHECKING:
    from lightgbm import Booster

MIN_DAYS = 180  # with fewer, trees know nothing that the regression does not
LEARNED_DAYS = 730  # more days cost time and did not help
YEAR_DAYS = 400  # from then on the season of the year can be seen
FIRST_ORIGIN, ORIGIN_EVERY = 56, 5  # days
STEPS = np.array([0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 24, 27, 34, 41, 48, 55, 62, 69, 76, 83, 89])
WEEKS = (1, 4, 8, 52)  # same weekdays that a mean is taken over
REFERENCE = WEEKS.index(8)
LEVEL_DAYS = (7, 28)
HALF_LIFE_DAYS = 365.0
ROUNDS = 120
SETTINGS = {
    "objective": "l1",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}


@cache
def loadable() -> bool:
    """Whether LightGBM can be loaded here: it needs the system's OpenMP library (libgomp), which few machines lack."""
    try:
        import lightgbm  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


@dataclass(frozen=True)
class Boosting(FittedDays):
    """Fitted trees and what was known when they were."""

    refits: ClassVar[bool] = True

    model: Booster
    facts: DayFacts
    log_total: np.ndarray

    def predict(self, coming: ComingDays) -> np.ndarray:
        known = np.full(len(coming.facts), len(self.facts))
        inputs, reference = _examples(self.facts, self.log_total, known, coming.facts)
        return np.asarray(reference + self.model.predict(inputs))

    def replay(self, known: KnownDays) -> np.ndarray:
        return known.refitted(BoostedTrees().fit, MIN_DAYS)


@dataclass(frozen=True)
class BoostedTrees(DayModel):
    """Alone as good as the best peer and worse than the regression: its prior share is small, its past decides."""

    name: str = "boosting"
    prior_share: float = 0.05
    least_days: int = MIN_DAYS

    def fit(self, known: KnownDays) -> Boosting:
        return fit_boosting(known.facts, known.log_total, known.trust)

    def unusable(self) -> str:
        return "" if loadable() else "boosted trees are left out, LightGBM does not load here; install libgomp1."


def fit_boosting(facts: DayFacts, log_total: np.ndarray, trust: np.ndarray) -> Boosting:
    """Fit to known days (at least MIN_DAYS); a day counts by its ``trust`` in [0, 1] and its age."""
    facts, log_total, trust = facts[-LEARNED_DAYS:], log_total[-LEARNED_DAYS:], trust[-LEARNED_DAYS:]
    return Boosting(recalled("boosting", lambda: _grown(facts, log_total, trust)), facts, log_total)


def _grown(facts: DayFacts, log_total: np.ndarray, trust: np.ndarray) -> Booster:
    import lightgbm

    origins, steps = np.meshgrid(np.arange(FIRST_ORIGIN, len(facts), ORIGIN_EVERY), STEPS, indexing="ij")
    inside = origins + steps < len(facts)
    known, day = origins[inside], (origins + steps)[inside]
    inputs, reference = _examples(facts, log_total, known, facts[day])
    weight = trust[day] * 0.5 ** ((len(facts) - day) / HALF_LIFE_DAYS)
    examples = lightgbm.Dataset(inputs, log_total[day] - reference, weight=weight)
    trees = lightgbm.train(SETTINGS, examples, ROUNDS, keep_training_booster=True)  # else written and read again
    return trees.free_dataset()


def _examples(
    facts: DayFacts, log_total: np.ndarray, known: np.ndarray, ahead: DayFacts
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs of the days ``ahead``, each from the first ``known`` days only, and the reference of each."""
    same = _weekday_means(facts.weekday, log_total)[known, :, ahead.weekday]
    level = _last_means(log_total)[known]
    reference = same[:, REFERENCE]
    columns = [
        ahead.weekday,
        ahead.day_of_month,
        ahead.days_to_month_end,
        ahead.holiday_offset,
        ahead.ordinal - facts.ordinal[known - 1],
        *(np.delete(same, REFERENCE, axis=1) - reference[:, None]).T,
        *(level - reference[:, None]).T,
        level[:, 0] - level[:, 1],
    ]
    if len(facts) > YEAR_DAYS:
        columns.append(ahead.year_angle)
    return np.column_stack(columns), reference


def _weekday_means(weekday: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(n + 1) × WEEKS × 7 means of the last same weekdays, knowing the first 0 … n days; all days' where none is."""
    known = np.arange(len(y) + 1)
    out = np.empty((len(y) + 1, len(WEEKS), 7))
    overall = np.append(0.0, np.cumsum(y)) / np.maximum(known, 1)
    for day in range(7):
        rows = np.flatnonzero(weekday == day)
        sums, seen = np.append(0.0, np.cumsum(y[rows])), np.searchsorted(rows, known)
        for place, weeks in enumerate(WEEKS):
            first = np.maximum(seen - weeks, 0)
            out[:, place, day] = np.where(seen > 0, (sums[seen] - sums[first]) / np.maximum(seen - first, 1), overall)
    return out


def _last_means(y: np.ndarray) -> np.ndarray:
    """(n + 1) × LEVEL_DAYS means of the last days, knowing the first 0 … n."""
    sums, known = np.append(0.0, np.cumsum(y)), np.arange(len(y) + 1)
    firsts = [np.maximum(known - days, 0) for days in LEVEL_DAYS]
    return np.transpose([(sums - sums[first]) / np.maximum(known - first, 1) for first in firsts])
