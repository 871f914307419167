"""What a model of day totals is: one file in ``models/``, one line in its registry.

A model is told the known days and forecasts log totals of days without events. Its past forecasts, made again as it
would have made them, decide how much it counts in the mix.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Protocol, Self

import numpy as np

from staffing.forecast.day_level.known import ComingDays, KnownDays


class FittedDays(Protocol):
    """A model fitted to known days. What has a body here need not be written again.

    ``refits`` says that `replay` fits it anew at past origins: a history that has grown by a day takes its past errors
    from before.
    """

    refits: ClassVar[bool] = False

    @abstractmethod
    def predict(self, coming: ComingDays) -> np.ndarray:
        """Log totals of days after the known ones."""

    @abstractmethod
    def replay(self, known: KnownDays) -> np.ndarray:
        """Past forecasts of the same days that it was fitted to: origins × steps of ``known.past``, each knowing the
        days before its origin only; NaN where it made none. A model whose fits are slow uses ``known.refitted``."""

    def causes(self, coming: ComingDays) -> Mapping[str, np.ndarray] | None:
        """Log effects by cause that sum to ``predict``; None where the model cannot tell."""
        return None

    def evening_errors(self, known: KnownDays) -> np.ndarray | None:
        """What came on ``known.past.days``, less what was said the evening before; None where it is slow to tell."""
        return None

    def foreseen(self, days: np.ndarray, ahead: int) -> np.ndarray | None:
        """Log totals of the known ``days`` (positions), said ``ahead`` known days before; None where slow to tell."""
        return None

    def light(self) -> Self:
        """The same without what only a fit under way needs: a site may have hundreds of queues."""
        return self


class DayModel(Protocol):
    """A kind of model.

    Attributes
    ----------
    name : as scenarios choose it and as the weights are shown.
    prior_share : its weight in the mix before its past says anything, relative to the others'.
    least_days : known days below which it stands aside.
    """

    name: str
    prior_share: float
    least_days: int

    def fit(self, known: KnownDays) -> FittedDays:
        """Fit to at least ``least_days`` known days."""

    def unusable(self) -> str:
        """Why it cannot run on this machine and what to do; "" where it can."""
        return ""
