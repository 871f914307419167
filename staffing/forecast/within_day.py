"""How a surprise in the morning carries into the afternoon, learned on past days.

Each hour's log residual is a Gaussian process within the day: a part that lasts all day, a part that fades over
hours (so the last hours weigh most), and counting noise of variance dispersion / expected calls (so quiet hours
weigh little). The afternoon is its conditional mean given the morning: simple kriging, a ridge regression whose
penalty is that noise (Rasmussen & Williams 2006, eq. 2.19). It plays the part of the penalised least squares of
Shen & Huang 2008 ("Interday forecasting and intraday updating of call center arrivals", section 4), without
principal components, which past days' noise would bend.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SIZES = (0.3, 0.6, 1.0, 1.7)  # variance tried, in units of what past days showed
LASTING_SHARES = (1.0, 0.7, 0.4, 0.0)
FADING_HOURS = (1.5, 4.0, 10.0)
HALF_LIFE_DAYS = 50.0  # of a past day's say in the choice
SLACK = 0.01  # an update must have saved this share of the absolute error to be used at all
COUNT_OFFSET = 0.375  # logs of small counts
SURE = 0.5
CAP = 6.0
OUTLIER = 3.0  # an hour further off than this many usual deviations counts as this many: an outage ends
LEAST_EXPECTED = 1e-6


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
class Carry:
    """What a morning says about the rest of its day.

    ``covariance`` is blocks × blocks, log units; all zero where past days support no update.
    """

    covariance: np.ndarray
    dispersion: float

    @property
    def idle(self) -> bool:
        return not self.covariance.any()

    def log_factors(self, split: Split) -> np.ndarray:
        """Days × blocks: log factor by which each block is expected to differ from its forecast."""
        if self.idle:
            return np.zeros(split.came.shape)
        seen = np.flatnonzero((split.expected > LEAST_EXPECTED).any(axis=0))
        noise = self.dispersion / np.maximum(split.expected[:, seen], LEAST_EXPECTED)
        among = self.covariance[np.ix_(seen, seen)]
        usual = np.sqrt(np.diag(among) + noise)
        residual = np.clip(_log_ratio(split.came, split.expected)[:, seen], -OUTLIER * usual, OUTLIER * usual)
        system = among + noise[:, :, None] * np.eye(len(seen))
        return np.asarray(np.linalg.solve(system, residual[:, :, None])[:, :, 0] @ self.covariance[seen])

    def updated(self, split: Split) -> np.ndarray:
        """Days × blocks calls expected after the cut, knowing what came before it."""
        return split.later_expected * np.exp(self.log_factors(split))


def learn_carry(past: Split, dispersion: float, block_hours: float) -> Carry:
    """The candidate that would have left the least absolute error on past days.

    None unless it saves SLACK and SURE standard errors of the saving. A day counts at most like CAP usual days, so
    that one outage or crowd does not choose for all others.
    """
    nothing = Carry(np.zeros((past.came.shape[1],) * 2), dispersion)
    usual = _usual_variance(past, dispersion)
    say = 0.5 ** (np.arange(len(past.came))[::-1] / HALF_LIFE_DAYS)
    say /= say.sum()
    stands = np.abs(past.later - past.later_expected).sum(axis=1)
    cap = CAP * np.median(stands)

    def losses(carry: Carry) -> np.ndarray:
        return np.minimum(np.abs(past.later - carry.updated(past)).sum(axis=1), cap)

    tried = [Carry(size * usual * kernel, dispersion) for kernel in _kernels(past, block_hours) for size in SIZES]
    best = min(tried, key=lambda carry: float(say @ losses(carry)))
    saved = np.minimum(stands, cap) - losses(best)
    mean = float(say @ saved)
    error = float(np.sqrt(say**2 @ (saved - mean) ** 2))
    return best if mean > max(SLACK * float(say @ np.minimum(stands, cap)), SURE * error) else nothing


def _kernels(past: Split, block_hours: float) -> list[np.ndarray]:
    position = np.arange(past.came.shape[1]) * block_hours
    gap = np.abs(position[:, None] - position[None, :])
    fading = [
        share + (1 - share) * np.exp(-gap / hours) for share in LASTING_SHARES if share < 1 for hours in FADING_HOURS
    ]
    return [np.ones_like(gap), *fading]


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
