"""What the mix erred by on the last day, carried into the next as far as it used to last.

Each model carries its own last residuals at a pace it learned for itself; where the mix of them still errs alike from
one day to the next, that is seen in its forecasts of every past day, made the evening before (an autoregression of
the errors: Box & Jenkins 1970, section 3.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.forecast.day_level.mix import recency

CLIP = 3.0  # an error beyond three usual ones, an outage or a spike, counts as three
SHRINK_DAYS = 50.0  # days that speak for errors which do not last
MOST = 0.6


@dataclass(frozen=True)
class Carry:
    """``share`` of an error that is left a day later; ``errors`` of the known days (log units, 0 where not known)."""

    share: float
    errors: np.ndarray

    def effect(self, known: np.ndarray, ahead: np.ndarray) -> np.ndarray:
        """Log units to add to forecasts ``ahead`` calendar days on (1 = tomorrow), knowing the first ``known`` days."""
        return np.asarray(self.errors[known - 1] * self.share**ahead)


def learn_carry(ordinal: np.ndarray, errors: np.ndarray) -> Carry:
    """From the errors of forecasts made the evening before, one for each known day, NaN where there was none."""
    seen = np.isfinite(errors)
    if not seen.any():
        return Carry(0.0, np.zeros(len(errors)))
    usual = 1.4826 * np.median(np.abs(errors[seen]))
    errors = np.clip(np.where(seen, errors, 0.0), -CLIP * usual, CLIP * usual)
    next_day = np.flatnonzero(seen[1:] & seen[:-1] & (np.diff(ordinal) == 1))
    before, after, weight = errors[next_day], errors[next_day + 1], recency(ordinal[-1] - ordinal[next_day + 1])
    pull = SHRINK_DAYS * np.mean(errors[seen] ** 2)
    share = weight @ (before * after) / max(weight @ before**2 + pull, 1e-12)
    return Carry(float(np.clip(share, 0.0, MOST)), errors)
