"""Past origins of a queue: what is forecast from each, and what came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.mix import recency

LAST_DAYS = 500  # past days that origins are drawn from
STEPS = 90
ORIGINS = 60


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
    known : how many days are known in all.
    """

    origins: np.ndarray
    columns: np.ndarray
    ahead: np.ndarray
    actual: np.ndarray
    age_days: np.ndarray
    known: int

    @classmethod
    def of(cls, facts: DayFacts, log_total: np.ndarray) -> Past:
        """Origins spread over the later half of the known days."""
        known = len(facts)
        first = max(min(28, known // 2), known - LAST_DAYS, known // 2 - 20)
        origins = np.unique(np.linspace(first, known - 1, ORIGINS).astype(int))
        wanted = origins[:, None] + np.arange(min(STEPS, known - first))[None, :]
        columns = np.minimum(wanted, known - 1)
        last_known = facts.ordinal[origins - 1]
        return cls(
            origins=origins,
            columns=columns,
            ahead=facts.ordinal[columns] - last_known[:, None],
            actual=np.where(wanted < known, log_total[columns], np.nan),
            age_days=last_known.max() - last_known,
            known=known,
        )

    @property
    def trust(self) -> np.ndarray:
        """Per origin, its weight; recent ones weigh most."""
        return recency(self.age_days)

    @property
    def days_back(self) -> np.ndarray:
        """Origins × steps, days from each forecast day to the last known one."""
        return np.maximum(self.age_days[:, None] + 1 - self.ahead, 0)

    @property
    def days(self) -> np.ndarray:
        """The known days that origins forecast."""
        return np.arange(int(self.columns.min()), self.known)
