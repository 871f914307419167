"""Past days beside what would have been forecast of them: the material of the same-day reforecast.

One fit serves all days: the models of day total and day shape are rolled over their own past, so every past day is
forecast from the days before it only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.forecast.counts import QueueCounts
from staffing.forecast.queue_model import QueueModel


@dataclass(frozen=True)
class PastDays:
    """Days × slots, oldest day first; only days that were both forecast and (nearly) whole.

    Attributes
    ----------
    actual : calls, NaN where missing.
    expected : calls forecast the evening before, in the shape of the day.
    next_surprise : log of the next known day's total over what was forecast of it two evenings before; NaN for
        the last day.
    """

    actual: np.ndarray
    expected: np.ndarray
    next_surprise: np.ndarray

    def __len__(self) -> int:
        return len(self.actual)


def past_days(model: QueueModel, counts: QueueCounts, last: int) -> PastDays:
    """The most recent ``last`` days that ``model`` was fitted to; ``counts`` must hold them."""
    if model.days is None:
        return _none(counts.calls.shape[1])
    known = model.days.calendar.facts.dates[-last:]
    shaped, shares = model.shape.past_shares(1)
    surprise = model.days.past_surprises(last, 1)
    later = np.append(model.days.past_surprises(last, 2)[1:], np.nan)
    _, of_known, of_shaped = np.intersect1d(known, shaped, return_indices=True)
    row = (known[of_known] - counts.dates[0]).astype("int64")
    total = model.totals.total[(known[of_known] - model.totals.dates[0]).astype("int64")]
    expected = (total * np.exp(-surprise[of_known]))[:, None] * shares[of_shaped]
    actual = np.where(counts.open[row], counts.calls[row], 0.0)
    return PastDays(actual, expected, later[of_known])


def _none(slots: int) -> PastDays:
    return PastDays(np.zeros((0, slots)), np.zeros((0, slots)), np.zeros(0))
