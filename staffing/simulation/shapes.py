"""Shapes of handle times and patience: what is drawn for one contact, of mean 1 or in seconds.

A shape is its quantile function at evenly spaced shares, straight between them, with an exponential tail behind the
last: so every shape is drawn equally fast, and a caller drawn under one scenario is the same under another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from staffing.compiled import part
from staffing.queueing.fit import kaplan_meier

Floats = NDArray[np.float64]
PARTS = 1024
TAIL_S = 60.0  # beyond so long a wait patience is measured by its rate of hanging up alone
LEAST_AT_RISK = 50  # callers still waiting, below which a survival curve is left for its tail
USUAL_CV = 1.0  # of handle times where nothing tells it, as with the exponential
PAIRS = 50  # neighbouring intervals, fewer than which tell nothing of the spread of handle times
LEAST_ANSWERED = 5


@dataclass(frozen=True)
class Shape:
    """``knots[i]`` is the quantile of share i / PARTS; beyond the last the excess has mean ``tail``; inf: endless."""

    knots: Floats
    tail: float

    @property
    def mean(self) -> float:
        """The mean of what is drawn."""
        between = 0.5 * (self.knots[1:] + self.knots[:-1]).sum()
        return float((between + self.knots[-1] + self.tail) / PARTS)

    def scaled(self, factor: float) -> Shape:
        """Every value times ``factor``."""
        return Shape(self.knots * factor, self.tail * factor)


@part
def value(knots, tail, share):
    """The value of a shape at a ``share`` in [0, 1)."""
    at = share * knots.size
    i = int(at)
    if i + 1 < knots.size:
        return knots[i] + (at - i) * (knots[i + 1] - knots[i])
    return knots[i] - tail * np.log(1.0 - (at - i)) if tail > 0 else knots[i]


def exponential() -> Shape:
    """Of mean 1."""
    return Shape(-np.log1p(-np.arange(PARTS) / PARTS), 1.0)


def lognormal(cv: float) -> Shape:
    """Of mean 1 and coefficient of variation ``cv``, at least 0; 0 is a constant."""
    if cv == 0:
        return Shape(np.ones(PARTS), 0.0)
    sigma = np.sqrt(np.log1p(cv**2))
    normal = ndtri(np.arange(PARTS) / PARTS)
    knots = np.exp(sigma * normal - sigma**2 / 2)
    beyond = PARTS * ndtr(sigma - normal[-1]) - knots[-1]
    raw = Shape(knots, max(float(beyond), 0.0))
    return raw.scaled(1 / raw.mean)


def empirical(seconds: ArrayLike) -> Shape:
    """As measured, scaled to mean 1. ``seconds``: at least one value above 0."""
    seen = np.sort(np.asarray(seconds, dtype=float))
    knots = np.quantile(seen, np.arange(PARTS) / PARTS)
    above = seen[seen > knots[-1]]
    raw = Shape(knots, float(above.mean() - knots[-1]) if above.size else 0.0)
    return raw.scaled(1 / raw.mean)


def endless() -> Shape:
    """Nobody hangs up."""
    return Shape(np.full(PARTS, np.inf), 0.0)


def patience(wait_s: ArrayLike, abandoned: ArrayLike) -> Shape:
    """Patience by Kaplan & Meier from each call's time in queue and whether it hung up.

    In units of all time waited ÷ hang-ups, what interval exports tell as mean patience; its own mean is another.
    Where few have waited so long, those who still wait hang up at the rate seen beyond a minute. Raises InputError
    without calls or abandons.
    """
    waits, gone = np.asarray(wait_s, dtype=float), np.asarray(abandoned, dtype=bool)
    curve = kaplan_meier(waits, gone)
    at_risk = waits.size - np.searchsorted(np.sort(waits), curve.time_s)
    known = at_risk >= min(LEAST_AT_RISK, at_risk.max())
    times, shares = curve.time_s[known], curve.share[known]
    late = waits > TAIL_S if (gone & (waits > TAIL_S)).any() else waits > 0
    mean_beyond_s = float((waits[late] - (TAIL_S if late.sum() < waits.size else 0.0)).clip(0).sum() / gone[late].sum())
    left = 1 - np.arange(PARTS) / PARTS
    inside = left >= shares[-1]
    at = np.searchsorted(-shares, -left, side="left")
    told = times[np.minimum(at, times.size - 1)]
    knots = np.where(inside, told, times[-1] - mean_beyond_s * np.log(left / shares[-1]))
    knots[0] = 0.0
    return Shape(np.maximum.accumulate(knots), mean_beyond_s).scaled(float(gone.sum() / waits.sum()))


def cv_from_intervals(aht_s: ArrayLike, answered: ArrayLike) -> float:
    """Coefficient of variation of single handle times from the means of intervals that follow each other.

    Means of n contacts differ from their neighbours' by chance with variance σ²(1/n + 1/n′); the largest hundredth
    of differences is left out. USUAL_CV where too few intervals tell it.
    """
    aht, count = np.asarray(aht_s, dtype=float), np.asarray(answered, dtype=float)
    told = np.isfinite(aht) & (count >= LEAST_ANSWERED)
    both = told[1:] & told[:-1]
    if both.sum() < PAIRS:
        return USUAL_CV
    n, m = count[1:][both], count[:-1][both]
    squares = (aht[1:][both] - aht[:-1][both]) ** 2 / (1 / n + 1 / m)
    usual = squares <= np.quantile(squares, 0.99)
    mean = float(np.average(aht[told], weights=count[told]))
    return float(np.sqrt(squares[usual].mean()) / mean)
