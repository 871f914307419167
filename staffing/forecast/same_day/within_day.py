"""How a surprise in the morning carries into the afternoon, learned on past days.

Each hour's log residual is a Gaussian process within the day: a part that fades over hours (so the last hours weigh
most) or lasts, a part that is the hour's own, and counting noise of variance dispersion / expected calls (so quiet
hours weigh little). The afternoon is its conditional mean given the morning: simple kriging, a ridge regression whose
penalty is that noise (Rasmussen & Williams 2006, eq. 2.19). It plays the part of the penalised least squares of
Shen & Huang 2008 ("Interday forecasting and intraday updating of call center arrivals", section 4), without
principal components, which past days' noise would bend.

Which process it is, past days rarely tell for sure. So candidates, no update among them, are averaged by how well
they did on past days; picking the best one moved some series the wrong way early in the day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SIZES = (0.3, 0.6, 1.0, 1.7)  # variance tried, in units of what past days showed
FADING_HOURS = (1.5, 4.0, 10.0, 30.0, np.inf)
OWN_SHARES = (0.0, 0.5)  # of the variance: what an hour shares with no other
HALF_LIFE_DAYS = 50.0  # of a past day's say
COUNT_OFFSET = 0.375  # logs of small counts
CAP = 6.0
OUTLIER = 3.0  # an hour further off than this many usual deviations counts as this many: an outage ends
LEAST_EXPECTED = 1e-6
LEAST_WEIGHT = 0.002


@dataclass(frozen=True)
class Split:
    """Days × blocks, each day cut at the same time of day.

    ``came``, ``expected`` are calls before the cut, ``later``, ``later_expected`` those after it; a block that
    the cut divides has some of both. Slots whose count is unknown are in neither.
    """

    came: np.ndarray
    expected: np.ndarray
    later: np.ndarray
    later_expected: np.ndarray

    @classmethod
    def at(cls, actual: np.ndarray, expected: np.ndarray, seen: np.ndarray, rest: np.ndarray, width: int) -> Split:
        """Cut days × slots ``actual`` (NaN = unknown) by the slot masks ``seen`` and ``rest``."""

        def blocks(values: np.ndarray, mask: np.ndarray) -> np.ndarray:
            kept = np.where(mask & np.isfinite(actual), values, 0.0)
            return kept.reshape(len(kept), -1, width).sum(axis=2)

        return cls(blocks(actual, seen), blocks(expected, seen), blocks(actual, rest), blocks(expected, rest))


@dataclass(frozen=True)
class MorningCarry:
    """One reading of what a morning says about the rest of its day.

    ``covariance`` is blocks × blocks, log units.
    """

    covariance: np.ndarray
    dispersion: float

    def log_factors(self, split: Split) -> np.ndarray:
        """Days × blocks: log factor by which each block is expected to differ from its forecast."""
        seen = np.flatnonzero((split.expected > LEAST_EXPECTED).any(axis=0))
        noise = self.dispersion / np.maximum(split.expected[:, seen], LEAST_EXPECTED)
        among = self.covariance[np.ix_(seen, seen)]
        usual = np.sqrt(np.diag(among) + noise)
        residual = np.clip(_log_ratio(split.came, split.expected)[:, seen], -OUTLIER * usual, OUTLIER * usual)
        system = among + noise[:, :, None] * np.eye(len(seen))
        return np.asarray(np.linalg.solve(system, residual[:, :, None])[:, :, 0] @ self.covariance[seen])


@dataclass(frozen=True)
class Mixture:
    """Several readings with their weights; what they lack to 1 is the weight of no update."""

    weights: np.ndarray
    carries: tuple[MorningCarry, ...]

    @property
    def idle(self) -> bool:
        """Past days support no update."""
        return not self.carries

    def log_factors(self, split: Split) -> np.ndarray:
        """Days × blocks: log factor by which each block is expected to differ from its forecast."""
        parts = [weight * carry.log_factors(split) for weight, carry in zip(self.weights, self.carries, strict=True)]
        return np.sum(parts, axis=0) + np.zeros(split.came.shape)


def learn_carry(past: Split, dispersion: float, block_hours: float) -> Mixture:
    """Candidates weighted by the absolute error they would have left on past days, recent ones most.

    A candidate's weight is exp(−z²/2), z being the mean by which its error exceeds the best one's, in standard errors
    of that mean; no update weighs as much beforehand as all others together. A day counts at most like CAP usual
    days, so that one outage or crowd does not decide for all others.
    """
    usual = _usual_variance(past, dispersion)
    if usual == 0.0:
        return Mixture(np.zeros(0), ())
    tried = [
        MorningCarry(size * usual * kernel, dispersion) for kernel in _kernels(past, block_hours) for size in SIZES
    ]
    stands = np.abs(past.later - past.later_expected).sum(axis=1)
    losses = [stands] + [np.abs(past.later - _moved(past, carry)).sum(axis=1) for carry in tried]
    weights = _weigh(np.minimum(np.array(losses), CAP * np.median(stands)))[1:]
    kept = np.flatnonzero(weights >= LEAST_WEIGHT)
    return Mixture(weights[kept], tuple(tried[k] for k in kept))


def _moved(split: Split, carry: MorningCarry) -> np.ndarray:
    """Days × blocks calls expected after the cut, knowing what came before it."""
    return split.later_expected * np.exp(carry.log_factors(split))


def _weigh(losses: np.ndarray) -> np.ndarray:
    """Weights, summing to 1, of candidates × days losses; the first candidate is no update."""
    say = 0.5 ** (np.arange(losses.shape[1])[::-1] / HALF_LIFE_DAYS)
    say /= say.sum()
    excess = losses - losses[(losses @ say).argmin()]
    mean = excess @ say
    error = np.sqrt((excess - mean[:, None]) ** 2 @ say**2)
    weights = np.exp(-0.5 * (mean / np.maximum(error, 1e-9)) ** 2)
    weights[0] *= len(losses) - 1
    return np.asarray(weights / weights.sum())


def _kernels(past: Split, block_hours: float) -> list[np.ndarray]:
    position = np.arange(past.came.shape[1]) * block_hours
    gap = np.abs(position[:, None] - position[None, :])
    return [(1 - own) * np.exp(-gap / hours) + own * np.eye(len(gap)) for own in OWN_SHARES for hours in FADING_HOURS]


def _usual_variance(past: Split, dispersion: float) -> float:
    """Variance of a block's log residual beyond counting noise, over past mornings; noisy blocks weigh less."""
    known = past.expected > 0.5
    if not known.any():
        return 0.0
    noise = dispersion / np.maximum(past.expected, 0.5)
    weight = known / (noise + np.median(noise[known]))
    beyond = _log_ratio(past.came, past.expected) ** 2 - noise
    return max(float((weight * beyond).sum() / weight.sum()), 0.0)


def _log_ratio(came: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return np.log((came + COUNT_OFFSET) / (expected + COUNT_OFFSET))
