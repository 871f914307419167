"""Sample paths: whole stretches of past forecast errors for the days, counting noise within them.

One path draws the day errors of one past origin as they came, so that errors of neighbouring days move
together as the backtest's did; intervals of a day share its error.
"""

from __future__ import annotations

import numpy as np

DEFAULT_DAY_ERROR = 0.15  # log units, where a queue is too young to have shown its errors


def origin_errors(regression, log_total: np.ndarray, ahead: int = 28, origins: int = 40) -> np.ndarray:
    """Origins × days-ahead log errors (actual − forecast) of the regression on its own past."""
    known = len(log_total)
    first = max(28, known // 3)
    starts = np.unique(np.linspace(first, known - ahead, origins).astype(int)) if known - ahead > first else []
    return np.array([log_total[s : s + ahead] - regression.from_origin(s, ahead) for s in starts])


def day_errors(errors: np.ndarray, days: int, paths: int, rng: np.random.Generator) -> np.ndarray:
    """Paths × days log errors, centred; stretches of past errors, repeated where the horizon is longer."""
    if not len(errors):
        common = rng.normal(0, DEFAULT_DAY_ERROR, (paths, 1))
        return common + rng.normal(0, DEFAULT_DAY_ERROR / 2, (paths, days))
    rows = (errors - errors.mean(axis=0))[rng.integers(len(errors), size=paths)]
    signs = rng.choice([-1.0, 1.0], size=(paths, 1))
    return np.tile(signs * rows, (1, -(-days // rows.shape[1])))[:, :days]


def draw(mean: np.ndarray, day_of: np.ndarray, errors: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Paths × intervals counts: Poisson around the mean × its day's error factor."""
    return rng.poisson(mean[None, :] * np.exp(errors)[:, day_of]).astype("float32")
