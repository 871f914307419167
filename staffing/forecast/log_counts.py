"""Logs of day counts, and the calls behind them."""

from __future__ import annotations

import numpy as np

from staffing.forecast.day_level.regression import Regression

COUNT_OFFSET = 0.5  # logs of small counts: log(calls + 0.5)
EVEN_NOISE = 0.5  # of the counting noise, above which days are surely no more even than Poisson counts
LESS_THAN_POISSON = 0.6  # a variance below this part of Poisson's is taken as such
LATELY_DAYS = 200


def expected_calls(log_total: np.ndarray, counting: float = 1.0) -> np.ndarray:
    """Calls behind a mean of log(calls + COUNT_OFFSET).

    The mean log of a Poisson count lies below the log of its mean by about half its relative variance
    (second-order Taylor expansion); for counts below 2 the expansion is held at 2. ``counting`` is the part of a
    Poisson count's variance that the counts have: 0 for calls that never vary.
    """
    usual = np.exp(log_total)
    return np.maximum(usual * np.exp(0.5 * counting / np.maximum(usual, 2.0)) - COUNT_OFFSET, 0.0)


def counting_share(calendar: Regression) -> float:
    """How much of a Poisson count's variance the days have, in [0, 1]; 1 unless it is clearly less."""
    counting = float(calendar.poisson.mean())
    if calendar.noise > EVEN_NOISE * counting:
        return 1.0
    rest = calendar.left_out()[-LATELY_DAYS:] ** 2
    share = float(rest.mean()) / counting
    return 1.0 if share > LESS_THAN_POISSON else share
