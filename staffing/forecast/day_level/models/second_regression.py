"""A second opinion: the calendar regression with the doubtful causes seen otherwise.

What single dates of the year and the days beside holidays do is never sure; the two mixed are better than either.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from staffing.forecast.day_level.kernels import second_opinion
from staffing.forecast.day_level.known import LEAST_DAYS, ComingDays, KnownDays, Replayed
from staffing.forecast.day_level.model import DayModel, FittedDays
from staffing.forecast.day_level.regression import Regression, fit_regression


@dataclass(frozen=True)
class FittedOpinion(FittedDays):
    """A regression of its own, and its past while a fit is under way."""

    regression: Regression
    past: Replayed | None = field(repr=False)

    def predict(self, coming: ComingDays) -> np.ndarray:
        return self.regression.predict(coming.facts)

    def replay(self, known: KnownDays) -> np.ndarray:
        return self._past(known).mean

    def evening_errors(self, known: KnownDays) -> np.ndarray:
        return np.asarray(known.log_total[known.past.days] - self._past(known).evening)

    def foreseen(self, days: np.ndarray, ahead: int) -> np.ndarray:
        return self.regression.foreseen(days, ahead)

    def light(self) -> Self:
        return replace(self, regression=self.regression.light(), past=None)

    def _past(self, known: KnownDays) -> Replayed:
        return self.past or known.replayed(self.regression)


@dataclass(frozen=True)
class SecondRegression(DayModel):
    """Fitted to the same days, with the terms of ``kernels.second_opinion``."""

    name: str = "second_regression"
    prior_share: float = 0.45
    least_days: int = LEAST_DAYS

    def fit(self, known: KnownDays) -> FittedOpinion:
        terms = second_opinion(known.calendar.terms)
        regression = fit_regression(known.facts, known.log_total, known.poisson, terms)
        return FittedOpinion(regression, known.replayed(regression))
