"""Every day model replayed: what it would have said on past days, knowing only the days before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.mix import HORIZONS, horizon_of, independent_origins, recency
from staffing.forecast.day_level.regression import Regression
from staffing.forecast.day_level.smoothing import RATES, Smoothing

LAST_DAYS = 500  # past days that origins are drawn from
STEPS = 90
ORIGINS = 60
SLOW_BACK = (28, 91)  # origins of the slow models, known days before the end; each costs a fit
CANDIDATE_SHARPNESS = 12.0


class Fitted(Protocol):
    """A model that forecasts log totals."""

    def predict(self, facts: DayFacts) -> np.ndarray: ...


Refit = Callable[[int], Fitted]  # the model as it would have been, knowing so many days


@dataclass(frozen=True)
class Past:
    """The past origins of one queue; all arrays are origins × steps unless said otherwise.

    Attributes
    ----------
    origins : per origin, how many of the known days it knows.
    columns : the known days it forecasts; beyond the end the last day is repeated, and ``actual`` is NaN.
    ahead : calendar days from the last day it knows.
    actual : log totals that came.
    age_days : per origin, its days before the last one.
    """

    told: Regression
    origins: np.ndarray
    columns: np.ndarray
    ahead: np.ndarray
    actual: np.ndarray
    age_days: np.ndarray

    @property
    def trust(self) -> np.ndarray:
        """Per origin, its weight; recent ones weigh most."""
        return recency(self.age_days)

    @property
    def days_back(self) -> np.ndarray:
        """Origins × steps, days from each forecast day to the last known one."""
        return np.maximum(self.age_days[:, None] + 1 - self.ahead, 0)

    @classmethod
    def of(cls, regression: Regression) -> Past:
        """Origins spread over the later half of what ``regression`` knows."""
        facts, known = regression.facts, len(regression.facts)
        first = max(min(28, known // 2), known - LAST_DAYS, known // 2 - 20)
        origins = np.unique(np.linspace(first, known - 1, ORIGINS).astype(int))
        wanted = origins[:, None] + np.arange(min(STEPS, known - first))[None, :]
        columns = np.minimum(wanted, known - 1)
        last_known = facts.ordinal[origins - 1]
        return cls(
            told=regression,
            origins=origins,
            columns=columns,
            ahead=facts.ordinal[columns] - last_known[:, None],
            actual=np.where(wanted < known, regression.log_total[columns], np.nan),
            age_days=last_known.max() - last_known,
        )

    @property
    def days(self) -> np.ndarray:
        """The known days that origins forecast."""
        return np.arange(int(self.columns.min()), len(self.told.facts))

    def regression(self, regression: Regression) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Forecasts of a regression told the same days, their standard deviations, and for each of ``days`` the
        forecast made the evening before."""
        days = self.days
        mean, deviation = regression.rolling(days)
        where = (self.origins[:, None], self.columns - days[0])
        return mean[where], deviation[where], mean[days, days - days[0]]

    def smoothing(self, smoothing: Smoothing, adjustments: Sequence[Collection[str]]) -> np.ndarray:
        """Origins × steps × candidates of the smoothing."""
        return replay_smoothing(smoothing, self.told, self.origins, self.columns, adjustments)

    def candidate_weights(self, tried: np.ndarray) -> np.ndarray:
        """Horizons × candidates: smoothing candidates share by past error, the best by far the most."""
        errors = np.nan_to_num(np.abs(tried - self.actual[:, :, None])) * self.trust[:, None, None]
        bucket = horizon_of(self.ahead)
        sums = np.array([errors[bucket == horizon].sum(axis=0) for horizon in range(len(HORIZONS))])
        sums += 0.1 * sums.sum(axis=0) + 1e-9
        independent = independent_origins(self.age_days)
        sharpness = CANDIDATE_SHARPNESS * independent / (independent + 2.0)
        weights = (sums / sums.min(axis=1, keepdims=True)) ** -sharpness[:, None]
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def refitted(self, fit: Refit, least_days: int) -> np.ndarray:
        """Forecasts of a slow model, fitted anew at a few origins of at least ``least_days``; NaN from the others."""
        out = np.full(self.columns.shape, np.nan)
        for back in SLOW_BACK:
            row = int(np.searchsorted(self.origins, len(self.told.facts) - back, side="right")) - 1
            if row >= 0 and self.origins[row] >= least_days:
                out[row] = fit(int(self.origins[row])).predict(self.told.facts[self.columns[row]])
        return out


def replay_smoothing(
    smoothing: Smoothing,
    told: Regression,
    origins: np.ndarray,
    columns: np.ndarray,
    adjustments: Sequence[Collection[str]],
) -> np.ndarray:
    """Origins × steps × candidates, each with the calendar effects that ``told`` saw at the origin."""
    weekday = told.facts.weekday
    pairs = zip(origins, columns, strict=True)
    states = np.array([smoothing.from_origin(origin, weekday[steps]) for origin, steps in pairs])
    effects = [told.adjustments(origins, columns, groups) for groups in adjustments]
    return states + np.repeat(np.stack(effects, axis=-1), len(RATES), axis=-1)
