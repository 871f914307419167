"""Whether a level goes back to the year's mean or moves further from it, as the mix's own past errors tell.

Every model lets the level stay, or forgets it at a pace that all queues share. Where a queue's last weeks ran above
its year, the months after brought it back, or carried it on; the errors of the mix are regressed on that gap, by ridge
(Hoerl & Kennard 1970), so that a short backtest says little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.forecast.day_level.mix import independent_origins, recency

YEAR_DAYS, LATELY_DAYS = 364, 28  # whole weeks, so that weekdays weigh alike
HALF_WAY_DAYS = 45.0  # half of what comes back has come back by then
SHRINK_ORIGINS = 2.0
FURTHEST, NEAREST = -0.4, 0.6  # limits of the share: on by so much of the gap, or back by so much


@dataclass(frozen=True)
class LevelReturn:
    """``share`` of the ``gap`` (log units, the year's mean less the last weeks') that closes in the end."""

    share: float
    gap: float

    def effect(self, ahead: np.ndarray) -> np.ndarray:
        """Log units to add to forecasts of days ``ahead`` (1 = tomorrow)."""
        return self.share * self.gap * way(ahead)


def way(ahead: np.ndarray) -> np.ndarray:
    """How much of the way a level has gone on days ``ahead``: 0 at first, 1 in the end."""
    return np.asarray(1.0 - 0.5 ** (ahead / HALF_WAY_DAYS))


def gaps(ordinal: np.ndarray, log_total: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Mean log total of the last year less that of the last weeks, knowing the first ``known`` days each (at least 1).

    NaN where less than a year is known.
    """
    sums, last = np.append(0.0, np.cumsum(log_total)), ordinal[known - 1]
    starts = [np.searchsorted(ordinal, last - days, side="right") for days in (YEAR_DAYS, LATELY_DAYS)]
    year, lately = ((sums[known] - sums[start]) / (known - start) for start in starts)
    return np.where(last - ordinal[0] >= YEAR_DAYS - 1, year - lately, np.nan)


def learn_return(errors: np.ndarray, ahead: np.ndarray, gap: np.ndarray, age_days: np.ndarray) -> float:
    """The share, from past ``errors`` (origins × steps, what came less what was said) and the origins' gaps.

    0 where no origin knew a year.
    """
    moved = gap[:, None] * way(ahead)
    told = np.isfinite(errors) & np.isfinite(moved)
    weight = np.broadcast_to(recency(age_days)[:, None], errors.shape)[told]
    if not weight.sum():
        return 0.0
    moved, errors = moved[told], errors[told]
    independent = independent_origins(age_days[told.any(axis=1)])[-1]
    pull = SHRINK_ORIGINS * (weight @ errors**2) / independent
    share = weight @ (moved * errors) / max(weight @ moved**2 + pull, 1e-12)
    return float(np.clip(share, FURTHEST, NEAREST))
