"""The mean log total of the last eight same weekdays: the plainest model, and the guard of the mix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.forecast.day_level.known import LEAST_DAYS, ComingDays, KnownDays
from staffing.forecast.day_level.model import DayModel, FittedDays

WEEKS = 8


@dataclass(frozen=True)
class FittedMeans(FittedDays):
    """``means`` is (known days + 1) × 7, knowing the first 0 … n days; ``weekday`` that of each known day."""

    means: np.ndarray
    weekday: np.ndarray

    def predict(self, coming: ComingDays) -> np.ndarray:
        return np.asarray(self.means[-1][coming.facts.weekday])

    def replay(self, known: KnownDays) -> np.ndarray:
        past = known.past
        rows = np.arange(len(past.origins))[:, None]
        return np.asarray(self.means[past.origins][rows, self.weekday[past.columns]])

    def foreseen(self, days: np.ndarray, ahead: int) -> np.ndarray:
        return np.asarray(self.means[np.maximum(days - ahead + 1, 1), self.weekday[days]])


@dataclass(frozen=True)
class WeekdayMean(DayModel):
    """Knows nothing of the calendar but the weekday."""

    name: str = "weekday_mean"
    prior_share: float = 0.04
    least_days: int = LEAST_DAYS

    def fit(self, known: KnownDays) -> FittedMeans:
        return FittedMeans(weekday_means(known.facts.weekday, known.log_total, WEEKS), known.facts.weekday)


def weekday_means(weekday: np.ndarray, y: np.ndarray, weeks: int = WEEKS) -> np.ndarray:
    """(n + 1) × 7 mean log total of the last ``weeks`` same weekdays, knowing the first 0 … n days.

    A weekday not seen yet takes the mean of all days seen; before any day everything is the first value.
    """
    out = np.empty((len(y) + 1, 7))
    out[0] = y[0]
    last: list[list[float]] = [[] for _ in range(7)]
    for t, (day, value) in enumerate(zip(weekday, y, strict=True)):
        last[day] = [*last[day], float(value)][-weeks:]
        out[t + 1] = out[t]
        out[t + 1, day] = np.mean(last[day])
        unseen = [k for k in range(7) if not last[k]]
        if unseen:
            out[t + 1, unseen] = y[: t + 1].mean()
    return out
