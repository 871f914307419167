"""What every model of day totals is told: the known days, what the calendar does to them, and their past origins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np

from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.past import Past
from staffing.forecast.day_level.regression import Regression

LEAST_DAYS = 21  # known days below which nothing but the weekday mean is tried
FEW_REFITS = (28, 91)  # origins of slow models, known days before the end; each costs a fit
ALONE_REFITS = (7, 14, 28, 42, 56, 77, 98, 126, 154, 182)  # of a model that no other stands beside


@dataclass(frozen=True)
class ComingDays:
    """Days to forecast, and what the calendar regression says of them."""

    facts: DayFacts
    calendar: Regression

    @cached_property
    def effects(self) -> dict[str, np.ndarray]:
        """Log effects of the calendar regression by group; they sum to its log totals."""
        parts = self.calendar.components(self.facts)
        parts["level"] = parts["level"] + self.calendar.centre
        return parts


@dataclass(frozen=True)
class Replayed:
    """Past forecasts of a regression, log units.

    ``mean`` is origins × steps; ``evening`` is what was said of each of the past's days the evening before.
    """

    mean: np.ndarray
    evening: np.ndarray


class Predicts(Protocol):
    """Whatever forecasts log totals."""

    def predict(self, coming: ComingDays) -> np.ndarray: ...


@dataclass(frozen=True)
class KnownDays:
    """Days with known totals, as they would have been without events.

    Attributes
    ----------
    log_total, poisson, trust : per day, what came, its counting variance in log units, and how far it is to be
        believed, in [0, 1 and a little more]: outages and spikes less.
    calendar : the regression that knows what level, week, season and holidays do.
    refits : origins of models whose fits are slow, known days before the end.
    """

    facts: DayFacts
    log_total: np.ndarray
    poisson: np.ndarray
    trust: np.ndarray
    calendar: Regression
    refits: tuple[int, ...] = FEW_REFITS

    @classmethod
    def of(cls, calendar: Regression) -> KnownDays:
        """What ``calendar`` was told."""
        return cls(calendar.facts, calendar.log_total, calendar.poisson, calendar.weights, calendar)

    def __len__(self) -> int:
        return len(self.facts)

    @cached_property
    def past(self) -> Past:
        """Origins in the past, and the days forecast from each."""
        return Past.of(self.facts, self.log_total)

    @cached_property
    def calendar_past(self) -> Replayed:
        """The calendar regression's own past forecasts."""
        return self._seen(self.calendar.means(self._forward))

    @cached_property
    def calendar_deviation(self) -> np.ndarray:
        """Origins × steps, the standard deviations of these forecasts, log units."""
        return np.asarray(self.calendar.deviations(self._forward, self.past.days)[self._where])

    @cached_property
    def _forward(self) -> np.ndarray:
        return self.calendar.forward(self.past.days)

    def first(self, count: int) -> KnownDays:
        """The first ``count`` days, as if no later ones were known."""
        rows = slice(0, count)
        return replace(
            self,
            facts=self.facts[rows],
            log_total=self.log_total[rows],
            poisson=self.poisson[rows],
            trust=self.trust[rows],
        )

    def replayed(self, regression: Regression) -> Replayed:
        """Past forecasts of a regression told the same days."""
        return self._seen(regression.means(regression.forward(self.past.days)))

    def _seen(self, means: np.ndarray) -> Replayed:
        days = self.past.days
        return Replayed(means[self._where], means[days, days - days[0]])

    @property
    def _where(self) -> tuple[np.ndarray, np.ndarray]:
        """Of each origin and step, the place among forecasts of the past's days from every origin."""
        return self.past.origins[:, None], self.past.columns - self.past.days[0]

    def refitted(self, fit: Callable[[KnownDays], Predicts], least_days: int) -> np.ndarray:
        """Origins × steps of a slow model, ``fit`` anew at a few origins of at least ``least_days``; NaN elsewhere."""
        past = self.past
        out = np.full(past.columns.shape, np.nan)
        for back in self.refits:
            row = int(np.searchsorted(past.origins, len(self) - back, side="right")) - 1
            if row >= 0 and past.origins[row] >= least_days and np.isnan(out[row]).all():
                made = fit(self.first(int(past.origins[row])))
                out[row] = made.predict(ComingDays(self.facts[past.columns[row]], self.calendar))
        return out
