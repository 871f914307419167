"""The shape of the day: each slot's share of the day's calls.

Day shapes are reduced to a few scores (correspondence analysis: Greenacre 1984, with the day's calls as mass),
and each score is given to the same calendar regression as the day totals. So a shape differs by weekday,
drifts slowly, and is another one on holidays, around them and in periods, as far as history shows it; those that come
back after a year bring what their older days showed (see ``recurring``). The scores left out are mostly counting noise,
which smooths the shape (Shen & Huang 2005).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from staffing.forecast.bends import Bends, learn_bends
from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.kernels import Term, shape_terms
from staffing.forecast.day_level.regression import Regression, fit_regression
from staffing.forecast.recurring import NamedDays, Recurring

SCORES = 6
RECENT_DAYS = 300
POOLED_HALF_LIFE_DAYS = 60.0
ALIKE_HOURS = 4.0  # hours so far apart bend alike to a degree of 1/e
AXIS_NOISE = 12.0  # variance of a slot of a direction, times its strength squared: counting noise, and its own blur
MIN_DAYS = 28
HALF_LIFE_WEEKS = 8.0
LESS_THAN_POISSON = 0.6  # a variance below this part of Poisson's is no chance
POOL_DAYS = 2.0  # the pooled shape counts as this many days of the weekday's own


CommonFacts = tuple[DayFacts, tuple[Term, ...], list[np.ndarray]]  # what all scores have in common


@dataclass(frozen=True)
class DayShape:
    """``shares`` of any day. ``usual`` is 7 × slots; the scores bend ``pooled`` where history is long enough.

    ``departures`` (days × slots) are past days' own relative bends of their shape, beyond counting noise;
    ``dispersion`` is the variance of an interval's count, given all that, over its mean (1 = Poisson); ``bends`` holds
    both as sample paths draw them, by kind of day; ``recurring`` is what older days of the same name add.
    """

    usual: np.ndarray
    pooled: np.ndarray
    axes: np.ndarray
    scores: tuple[Regression, ...]
    scales: tuple[float, ...]
    departures: np.ndarray
    dispersion: float
    bends: Bends
    recurring: Recurring

    def shares(self, facts: DayFacts) -> np.ndarray:
        """Days × slots, each row sums to 1 (or 0 for a weekday without any calls)."""
        if not self.scores:
            return self.usual[facts.weekday]
        return self._bent(np.array([score.predict(facts) for score in self.scores]), facts)

    def past_shares(self, ahead: int) -> tuple[np.ndarray, np.ndarray]:
        """Dates of the days fitted to, and the shares each would have been given ``ahead`` known days before."""
        if not self.scores:
            return np.zeros(0, "datetime64[D]"), np.zeros((0, self.usual.shape[1]))
        facts = self.scores[0].facts
        days = np.arange(len(facts))
        return facts.dates, self._bent(np.array([score.foreseen(days, ahead) for score in self.scores]), facts)

    def _bent(self, scores: np.ndarray, facts: DayFacts) -> np.ndarray:
        own = self.usual[facts.weekday]
        bent = self.pooled + np.sqrt(self.pooled) * ((scores.T * self.scales) @ self.axes) + self.recurring.of(facts)
        bent = np.where(own > 0, np.maximum(bent, 0.0), 0.0)
        total = bent.sum(axis=1, keepdims=True)
        return np.where(total > 0.5, bent / np.maximum(total, 0.5), own)


def fit_shape(calls: np.ndarray, facts: DayFacts, counting: float = 1.0) -> DayShape:
    """Fit to days × slots ``calls`` (0 where closed, NaN where missing).

    ``counting`` is the part of a Poisson count's variance that day totals have, below 1 where they hardly vary.
    """
    usual = weekday_shapes(calls, facts.weekday)
    total = calls.sum(axis=1)
    every = np.flatnonzero(np.isfinite(total) & (total > 0))
    comes_back = Recurring.none(calls.shape[1])
    if len(every) < MIN_DAYS or calls.shape[1] == 1:
        nothing = np.zeros((0, calls.shape[1]))
        none = Bends.none(calls.shape[1], counting)
        return DayShape(usual, usual.mean(axis=0), nothing, (), (), nothing, counting, none, comes_back)
    older = None
    if len(every) > RECENT_DAYS:
        older = NamedDays.of(calls[every], facts[every], len(every) - RECENT_DAYS)
        comes_back = older.periods()
    whole = every[-RECENT_DAYS:]
    actual, facts, total = calls[whole], facts[whole], total[whole]
    calls = comes_back.taken_from(actual, facts)
    recent = 0.5 ** ((facts.ordinal[-1] - facts.ordinal) / POOLED_HALF_LIFE_DAYS)
    pooled = recent @ calls / (recent @ total)
    root = np.sqrt(np.where(pooled > 0, pooled, 1.0))
    deviation = (calls / total[:, None] - pooled) / root
    mass = np.sqrt(np.minimum(total, np.median(total)))
    _, strengths, right = np.linalg.svd(deviation * mass[:, None], full_matrices=False)
    raw = right[:SCORES]
    axes = _smoothed(raw, strengths, np.sqrt(pooled))
    terms = shape_terms(periods=facts.any_period, kept_days=facts.any_kept)
    kernels = [term.kernel(facts, facts) for term in terms]
    fitted = [_fit_score(deviation @ axis, 1.0 / total, (facts, terms, kernels)) for axis in axes]
    scores, scales = tuple(f[0] for f in fitted), tuple(f[1] for f in fitted)
    departures = np.array([_beyond_counting(s, c, 1.0 / total) for s, c in zip(scores, scales, strict=True)]).T
    dispersion = _dispersion(deviation * np.sqrt(total)[:, None], raw, (pooled > 0).sum())
    none = Bends.none(calls.shape[1], dispersion)
    if older is not None:
        known = np.array([score.effect(older.facts, "holiday") for score in scores]).T * scales
        comes_back = comes_back.and_of(older.holidays(comes_back.of(older.facts) + (known @ axes) * np.sqrt(pooled)))
    made = DayShape(usual, pooled, axes, scores, scales, (departures @ axes) / root, dispersion, none, comes_back)
    bends = learn_bends(actual, made.past_shares(1)[1], made.departures, facts, dispersion)
    return replace(made, scores=tuple(score.light() for score in scores), bends=bends)


def _smoothed(axes: np.ndarray, strengths: np.ndarray, root: np.ndarray) -> np.ndarray:
    """Scores × slots: the directions in which days bend, smoothed as far as counting noise blurs them.

    ``strengths`` are their singular values, in units of a slot's counting noise; ``root`` holds the roots of the
    pooled shares, to which directions stay orthogonal: bending a day leaves its total.
    """
    slots = np.flatnonzero(root)
    alike = np.exp(-np.abs(slots[:, None] - slots) * 24 / (ALIKE_HOURS * axes.shape[1])) / len(slots)
    smooth = np.zeros_like(axes)
    for out, axis, strength in zip(smooth, axes, strengths, strict=False):
        blur = AXIS_NOISE / max(strength**2, 1e-9)
        out[slots] = alike @ np.linalg.solve(alike + blur * np.eye(len(slots)), axis[slots])
        out -= (out @ root) * root
    return np.asarray(np.linalg.qr(smooth.T)[0].T)


def _dispersion(deviation: np.ndarray, axes: np.ndarray, slots: int) -> float:
    """Variance of ``deviation`` (in units of counting noise) that ``axes`` leave, on the median day; at least 1,
    unless the calls are clearly more even than Poisson's."""
    rest = deviation - (deviation @ axes.T) @ axes
    freedom = max(slots - len(axes) - 1, 1)
    seen = float(np.median((rest**2).sum(axis=1)) / freedom)
    return seen if seen < LESS_THAN_POISSON else max(seen, 1.0)


def _beyond_counting(score: Regression, scale: float, poisson: np.ndarray) -> np.ndarray:
    """Past surprises of a score, shrunk by the part that counting noise explains."""
    surprise = score.left_out() * scale
    counting = float(poisson.mean())
    return surprise * np.sqrt(max(0.0, 1.0 - counting / max(float(np.var(surprise)), 1e-12)))


def _fit_score(score: np.ndarray, poisson: np.ndarray, shared: CommonFacts) -> tuple[Regression, float]:
    """Regression of the score in units of its own spread beyond counting noise."""
    facts, terms, kernels = shared
    spread = np.sqrt(max(score.var() - poisson.mean(), 0.05 * score.var(), 1e-12))
    poisson = poisson / spread**2
    fitted = fit_regression(facts, score / spread, poisson, terms, noise_prior=0.25, kernels=kernels)
    return fitted, float(spread)


def with_factors(days: np.ndarray, log_factors: np.ndarray) -> np.ndarray:
    """Days × slots moved by log factors; each day keeps its sum."""
    out = days.copy()
    rows = log_factors.any(axis=1)
    moved = days[rows] * np.exp(log_factors[rows])
    sums = np.maximum(moved.sum(axis=1, keepdims=True), 1e-12)
    out[rows] = moved * days[rows].sum(axis=1, keepdims=True) / sums
    return out


def weekday_shapes(calls: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """7 × slots shares: recent same weekdays weigh most, shrunk towards the shape of all days.

    Slots that never had a call on a weekday, though the weekday was seen often, stay at zero.
    """
    total = calls.sum(axis=1)
    whole = np.isfinite(total) & (total > 0)
    slots = calls.shape[1]
    if not whole.any():
        return np.full((7, slots), 1 / slots)
    share = calls[whole] / total[whole, None]
    weekday = weekday[whole]
    pooled = share[-60:].mean(axis=0)
    out = np.tile(pooled, (7, 1))
    for day in range(7):
        rows = share[weekday == day]
        weights = 0.5 ** (np.arange(len(rows))[::-1] / HALF_LIFE_WEEKS)
        if len(rows):
            out[day] = (weights @ rows + POOL_DAYS * pooled) / (weights.sum() + POOL_DAYS)
        if len(rows) >= 4:
            out[day][~(rows > 0).any(axis=0)] = 0.0
            out[day] /= max(out[day].sum(), 1e-12)
    return out
