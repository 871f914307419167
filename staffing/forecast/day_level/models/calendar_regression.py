"""The calendar regression as one of the models: level, week, season, holidays and periods in one linear system."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from staffing.forecast.day_level.known import LEAST_DAYS, ComingDays, KnownDays
from staffing.forecast.day_level.model import DayModel, FittedDays
from staffing.forecast.day_level.regression import Regression


@dataclass(frozen=True)
class FittedCalendar(FittedDays):
    """The regression that every model is told of, as a model of its own."""

    regression: Regression

    def predict(self, coming: ComingDays) -> np.ndarray:
        return np.asarray(np.sum(list(coming.effects.values()), axis=0))

    def replay(self, known: KnownDays) -> np.ndarray:
        return known.calendar_past.mean

    def evening_errors(self, known: KnownDays) -> np.ndarray:
        return np.asarray(known.log_total[known.past.days] - known.calendar_past.evening)

    def foreseen(self, days: np.ndarray, ahead: int) -> np.ndarray:
        return self.regression.foreseen(days, ahead)

    def light(self) -> Self:
        return replace(self, regression=self.regression.light())


@dataclass(frozen=True)
class CalendarRegression(DayModel):
    """See the module ``regression`` of the floor below for the method."""

    name: str = "regression"
    prior_share: float = 0.25
    least_days: int = LEAST_DAYS

    def fit(self, known: KnownDays) -> FittedCalendar:
        return FittedCalendar(known.calendar)
