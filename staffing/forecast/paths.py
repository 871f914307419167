"""Sample paths: the backtest's own errors, drawn in whole stretches, and counting noise within the day.

A path takes the standardised errors of one past origin over the whole horizon, so days move together as they
did; it scales them by each coming day's own deviation (wider further out, on holidays, for small queues) and by
a conformal factor per horizon, such that 80 % of past days lie inside (Vovk et al. 2005, section 2.2, with
normalised scores). Where a queue has lately been harder or easier to forecast than before, its ranges follow (the
aim of Gibbs & Candès 2021, "Adaptive conformal inference under distribution shift"). Within the day a path bends the
shape by a past day's departure from its shape.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.special import stdtrit

from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_risk import USUAL_RISK, DayRisk, learn_risk

DEFAULT_DEVIATION = 0.2  # log units, where a queue is too young to have shown its errors
INSIDE, NORMAL_INSIDE = 0.8, 1.2816
KEEP = 0.85  # share of a path's variance taken from one origin; the rest from another, so that paths differ
SHRINK_ORIGINS = 4.0
MIN_ORIGINS = 5
RISK_STEPS = 28  # that tell how far a day strays for what it is
LEAST_FREEDOM = 3.0
FEW_ORIGINS = 0.5  # power of the widening for few origins; in full, near days were covered too often
WEEK_DAYS, LEAST_LEFT = 7, 0.04  # of a path's variance, what is left however much of it is counting
FAR_STEPS, FAR_WIDER = 90, 0.15  # the past of a queue holds too few changes to tell how far off far days are
SPREAD_CALLS = 0.5
LEAST_FADED = 0.05  # of trust; where the oldest origin counts nearly like the last, all count alike
LEAST_FACTOR = 0.3
LARGEST, FARTHEST = 4.0, 10.0  # usual errors: what is further counts as so much, however many days were
OTHERS = 2  # days that may be further off than all others without being the way of the queue
LATELY_DAYS = 28.0  # half-life of what "lately" means
NEAR_STEPS = 14  # steps whose errors tell how hard the last days were
ALIKE_DAYS = 7.0  # errors of so many days are about as good as one
LEAST_POISSON = 0.999
LEAST_LATELY = 0.75  # calm weeks narrow a range by so much at most: they promise little
DRAWN_POWER = 2.0  # of trust: paths meet the errors of recent origins twice as readily as scales are learned from them


@dataclass(frozen=True)
class Shocks:
    """Which past errors each sample path meets: the same past days for all queues, so that what struck them together
    then strikes them together in a path."""

    seed: int
    paths: int

    def of(self, errors: np.ndarray, trust: np.ndarray, steps: int) -> np.ndarray:
        """Paths × steps of ``errors`` (origins × steps, oldest first), origins chosen by their ``trust``. Steps beyond
        the backtest go on with another stretch of it."""
        stretches = -(-steps // errors.shape[1])
        return np.hstack([self._stretch(errors, trust, number) for number in range(stretches)])[:, :steps]

    def _stretch(self, errors: np.ndarray, trust: np.ndarray, number: int) -> np.ndarray:
        stream = np.random.default_rng([self.seed, number])
        rows = _origins(stream.random((2, self.paths)), trust)
        main, other = stream.choice([-1.0, 1.0], size=(2, self.paths, 1)) * errors[rows]
        return np.asarray(np.sqrt(KEEP) * main + np.sqrt(1 - KEEP) * other)


def _origins(drawn: np.ndarray, trust: np.ndarray) -> np.ndarray:
    """Origins by their trust, the latest for the smallest numbers. As trust fades with age alone, a number means the
    same date whatever a queue's history; where that does not reach so far back, it means a later date."""
    reached = 1.0 - float(trust.min() / trust.max())
    places = np.mod(drawn, reached) / reached if reached > LEAST_FADED else drawn
    back = np.cumsum(trust[::-1]) / trust.sum()
    return np.asarray(len(trust) - 1 - np.minimum(np.searchsorted(back, places, side="right"), len(trust) - 1))


@dataclass(frozen=True)
class DayNoise:
    """Standardised past errors.

    Attributes
    ----------
    surprises : origins × steps, scaled so that 80 % are within ±1.28 at every step.
    trust : weight of each origin.
    factors : per step, what the regression's own deviation must be multiplied by for that, as errors are lately.
    risk : what it must be multiplied by besides, for what the day is.
    """

    surprises: np.ndarray
    trust: np.ndarray
    factors: np.ndarray
    risk: DayRisk = USUAL_RISK

    def widths(self, facts: DayFacts) -> np.ndarray:
        """Factors of the coming days ``facts``; the last step's holds beyond the backtest."""
        if not len(self.factors):
            return np.ones(len(facts))
        step = np.arange(len(facts))
        far = 1.0 + FAR_WIDER * np.minimum(step, FAR_STEPS) / FAR_STEPS
        return np.asarray(self.factors[np.minimum(step, len(self.factors) - 1)] * far * self.risk.of(facts))

    def draw(self, steps: int, shocks: Shocks, own: np.random.Generator) -> np.ndarray:
        """Paths × steps standard errors; ``own`` draws where there is no past to draw from."""
        if not len(self.surprises):
            paths = shocks.paths
            return 0.8 * own.normal(size=(paths, 1)) + 0.6 * own.normal(size=(paths, steps))
        return shocks.of(self.surprises, self.trust, steps)


def free_of_counting(drawn: np.ndarray, counting: np.ndarray) -> np.ndarray:
    """Errors (paths × days) with the variance that counting adds later taken off, ``counting`` of each day's share.

    Days are counted one by one: it comes off what days stray from the week about them, and only the rest, if any, off
    the weeks, which would else stray too little.
    """
    slow = uniform_filter1d(drawn, WEEK_DAYS, axis=1, mode="nearest")
    fast = drawn - slow
    of_weeks, of_days = np.mean(slow**2), np.mean(fast**2)
    left = np.maximum(1.0 - counting, LEAST_LEFT) * (of_weeks + of_days)
    weeks = np.sqrt(np.minimum(left / max(of_weeks, 1e-12), 1.0))
    days = np.sqrt(np.clip((left - of_weeks) / max(of_days, 1e-12), 0.0, 1.0))
    return np.asarray(weeks * slow + days * fast)


NO_NOISE = DayNoise(np.zeros((0, 0)), np.zeros(0), np.zeros(0))


@dataclass(frozen=True)
class PastErrors:
    """What forecasts from past origins erred by; arrays are origins × steps.

    Attributes
    ----------
    surprises : errors in units of the regression's deviation, NaN where unknown.
    trust : per origin, its weight.
    age_days : per origin, its days before the last one.
    days_back : days from each error's day to the last known one.
    day : of each error, the place of its day in ``facts``, which are those of the known days.
    """

    surprises: np.ndarray
    trust: np.ndarray
    age_days: np.ndarray
    days_back: np.ndarray
    day: np.ndarray
    facts: DayFacts

    def first(self, steps: int) -> PastErrors:
        """The first ``steps`` steps."""
        cut = {name: getattr(self, name)[:, :steps] for name in ("surprises", "days_back", "day")}
        return replace(self, **cut)

    def risk(self) -> DayRisk:
        """How far days stray for what they are."""
        near = self.first(RISK_STEPS)
        seen = np.isfinite(near.surprises)
        trust = np.broadcast_to((self.trust / self.trust.max())[:, None], seen.shape)
        return learn_risk(self.facts, near.day[seen], np.abs(near.surprises[seen]), trust[seen])


def calibrate(errors: PastErrors) -> DayNoise:
    """Conformal scaling of standardised errors.

    The factor of a step is the 80 % quantile of the absolute errors at that step and its neighbours, recent
    origins weighing most, widened as Student's t asks where few origins stand apart, once errors are told in what days
    stray for what they are. Unknown cells, the last origins' later steps, are filled from origins that know them.
    """
    known = np.isfinite(errors.surprises).sum(axis=0) >= MIN_ORIGINS
    errors = errors.first(int(known.argmin()) if not known.all() else len(known))
    if not errors.surprises.size:
        return NO_NOISE
    risk = errors.risk()
    surprises = errors.surprises / risk.of(errors.facts)[errors.day]
    steps = surprises.shape[1]
    near = [slice(max(0, k - k // 2 - 1), k + k // 2 + 2) for k in range(steps)]
    factors = np.array([_quantile(surprises[:, window], errors.trust) for window in near])
    largest = factors * _largest(errors.first(RISK_STEPS), surprises / factors)
    surprises = np.clip(surprises, -largest, largest)
    widened = factors * _few_origins(errors.age_days, steps) * _lately(surprises, errors.days_back)
    return DayNoise(_filled(surprises) / factors, errors.trust**DRAWN_POWER, widened, risk)


def _largest(near: PastErrors, scaled: np.ndarray) -> float:
    """How many usual errors count at most: as many as days strayed but for one or two, which may be slips of the data.

    As scaling keeps the mean of paths, those that meet such a day would push down all others. ``scaled`` are errors, of
    which those of ``near`` are the first steps, in usual ones.
    """
    size = np.abs(scaled[:, : near.surprises.shape[1]])
    seen = np.isfinite(size)
    count = np.bincount(near.day[seen])
    days = np.sort(np.bincount(near.day[seen], size[seen])[count > 0] / count[count > 0])
    return float(np.clip(days[: max(len(days) - OTHERS, 1)].max(initial=0.0), LARGEST, FARTHEST))


def _few_origins(age_days: np.ndarray, steps: int) -> np.ndarray:
    """Per step, the 90 % quantile of Student's t over the normal's, with as many degrees of freedom as origins do not
    forecast each other's days, less one."""
    span = float(age_days.max() - age_days.min())
    apart = np.minimum(len(age_days), span / np.arange(1, steps + 1) + 1.0)
    wider = stdtrit(np.maximum(apart - 1.0, LEAST_FREEDOM), (1 + INSIDE) / 2) / NORMAL_INSIDE
    return np.asarray(wider**FEW_ORIGINS)


def _lately(surprises: np.ndarray, days_back: np.ndarray) -> float:
    """Mean absolute error of the last weeks over that of all, a few steps ahead; shrunk towards 1."""
    near = np.abs(surprises[:, :NEAR_STEPS])
    seen = np.isfinite(near)
    trust = 0.5 ** (days_back[:, : near.shape[1]][seen] / LATELY_DAYS)
    if not near[seen].any():
        return 1.0  # nothing ever strayed
    ratio = float(trust @ near[seen] / trust.sum() / near[seen].mean())
    independent = LATELY_DAYS / np.log(2) / ALIKE_DAYS
    return max((independent * ratio + 1.0) / (independent + 1.0), LEAST_LATELY)


def _filled(surprises: np.ndarray) -> np.ndarray:
    """Each row's unknown tail taken from a row that is known throughout, a different one for each."""
    whole = surprises[np.isfinite(surprises).all(axis=1)]
    donors = whole[np.arange(len(surprises)) % len(whole)]
    return np.where(np.isfinite(surprises), surprises, donors)


def _quantile(errors: np.ndarray, trust: np.ndarray) -> float:
    """Weighted 80 % quantile of absolute errors over that of a standard normal, shrunk towards 1."""
    seen = np.isfinite(errors)
    values, weights = np.abs(errors[seen]), np.broadcast_to(trust[:, None], errors.shape)[seen]
    order = values.argsort()
    origins = float(trust[seen.any(axis=1)].sum())
    reached = np.cumsum(weights[order]) / weights.sum()
    raw = float(values[order][min(int(np.searchsorted(reached, INSIDE)), len(values) - 1)]) / NORMAL_INSIDE
    return max((origins * raw + SHRINK_ORIGINS) / (origins + SHRINK_ORIGINS), LEAST_FACTOR)


def draw_counts(mean: np.ndarray, dispersion: float, rng: np.random.Generator) -> np.ndarray:
    """Counts around ``mean`` with variance ``dispersion`` × mean: negative binomial, Poisson at 1, binomial below it
    (and a whole number beside the mean at 0)."""
    if dispersion < LEAST_POISSON:
        chance = 1.0 - dispersion
        tries = np.floor(mean / chance + rng.random(mean.shape))
        return rng.binomial(tries.astype(int), chance).astype("float32")
    if dispersion > 1.001:
        shape = np.maximum(mean, 1e-9) / (dispersion - 1.0)
        mean = rng.gamma(shape) * (dispersion - 1.0)
    return rng.poisson(mean).astype("float32")


def count_quantiles(paths: np.ndarray, levels: tuple[float, ...], rng: np.random.Generator) -> np.ndarray:
    """Levels × intervals quantiles of counts (paths × intervals), spread evenly over each count's unit.

    Between whole counts a range of 80 % would hold far more than 80 % of small counts; spreading removes that.
    Intervals that hardly ever have a call keep their plain quantiles.
    """
    unit = rng.random(paths.shape[::-1], dtype="float32") - 0.5
    ordered = np.sort(paths.T + unit * (paths.mean(axis=0) >= SPREAD_CALLS)[:, None], axis=1)  # row by row: fastest
    place = np.array(levels) * (len(paths) - 1)
    below = place.astype(int)
    above, beyond = np.minimum(below + 1, len(paths) - 1), place - below
    return np.maximum((1 - beyond) * ordered[:, below] + beyond * ordered[:, above], 0.0).T
