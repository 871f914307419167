"""Sample paths: the backtest's own errors, drawn in whole stretches, and counting noise within the day.

A path takes the standardised errors of one past origin over the whole horizon, so days move together as they
did; it scales them by each coming day's own deviation (wider further out, on holidays, for small queues) and by
a conformal factor per horizon, such that 80 % of past days lie inside (Vovk et al. 2005, section 2.2, with
normalised scores). Within the day it bends the shape by a past day's departure from its shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DEFAULT_DEVIATION = 0.2  # log units, where a queue is too young to have shown its errors
INSIDE, NORMAL_INSIDE = 0.8, 1.2816
KEEP = 0.85  # share of a path's variance taken from one origin; the rest from another, so that paths differ
SHRINK_ORIGINS = 8.0


@dataclass(frozen=True)
class DayNoise:
    """Standardised past errors.

    Attributes
    ----------
    surprises : origins × steps, scaled so that 80 % are within ±1.28 at every step.
    factors : per step, what the regression's own deviation must be multiplied by for that.
    """

    surprises: np.ndarray
    factors: np.ndarray

    def widths(self, steps: int) -> np.ndarray:
        """Factors of ``steps`` steps; the last one holds beyond the backtest."""
        if not len(self.factors):
            return np.ones(steps)
        return self.factors[np.minimum(np.arange(steps), len(self.factors) - 1)]

    def draw(self, steps: int, paths: int, rng: np.random.Generator) -> np.ndarray:
        """Paths × steps standard errors. Steps beyond the backtest go on with another stretch of it."""
        if not len(self.surprises):
            return 0.8 * rng.normal(size=(paths, 1)) + 0.6 * rng.normal(size=(paths, steps))
        stretches = -(-steps // self.surprises.shape[1])
        parts = [self._stretch(paths, rng) for _ in range(stretches)]
        return np.hstack(parts)[:, :steps]

    def _stretch(self, paths: int, rng: np.random.Generator) -> np.ndarray:
        rows = rng.integers(len(self.surprises), size=(2, paths))
        signs = rng.choice([-1.0, 1.0], size=(2, paths, 1))
        main, other = signs * self.surprises[rows]
        return np.sqrt(KEEP) * main + np.sqrt(1 - KEEP) * other


NO_NOISE = DayNoise(np.zeros((0, 0)), np.zeros(0))


def calibrate(surprises: np.ndarray) -> DayNoise:
    """Conformal scaling of standardised errors (origins × steps, NaN where unknown).

    The factor of a step is the 80 % quantile of the absolute errors at that step and its neighbours, with the
    finite-sample correction of split conformal prediction; unknown cells are drawn from known ones.
    """
    known = np.isfinite(surprises).sum(axis=0) >= 3
    surprises = surprises[:, : int(known.argmin()) if not known.all() else len(known)]
    if surprises.size == 0 or len(surprises) < 5:
        return NO_NOISE
    steps = surprises.shape[1]
    factors = np.array([_quantile(surprises[:, max(0, k - k // 2 - 1) : k + k // 2 + 2]) for k in range(steps)])
    filled = surprises.copy()
    for row in filled:  # late origins: their unseen tail continues with the tails of earlier ones
        gap = np.isnan(row)
        if gap.any():
            donor = surprises[np.flatnonzero(np.isfinite(surprises).all(axis=1))]
            row[gap] = donor[int(gap.sum()) % len(donor)][gap] if len(donor) else 0.0
    return DayNoise(filled / factors, factors)


def _quantile(errors: np.ndarray) -> float:
    values = np.sort(np.abs(errors[np.isfinite(errors)]))
    rank = min(1.0, INSIDE * (1 + 1 / max(len(errors), 1)))
    raw = float(np.quantile(values, rank)) / NORMAL_INSIDE
    return max((len(errors) * raw + SHRINK_ORIGINS) / (len(errors) + SHRINK_ORIGINS), 0.3)


def draw_counts(mean: np.ndarray, dispersion: float, rng: np.random.Generator) -> np.ndarray:
    """Counts around ``mean`` with variance ``dispersion`` × mean (negative binomial; Poisson at 1)."""
    if dispersion > 1.001:
        shape = np.maximum(mean, 1e-9) / (dispersion - 1.0)
        mean = rng.gamma(shape) * (dispersion - 1.0)
    return rng.poisson(mean).astype("float32")
