"""How much each day model counts, judged by its own past forecasts.

Every quick model is replayed from many past origins, Prophet and the boosted trees from two (their fits are
slow). A model's weight at a horizon is its prior share × (reference's error ÷ its own error)⁴, over the origins
that both forecast from, errors being shrunk towards each other so
that a short backtest moves little. Where the mix would still have done worse than the weekday mean, by more
than chance, the weekday mean is used instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

FIRST_AHEAD = np.array([1, 3, 8, 15, 29])  # first day ahead of each horizon
HORIZONS = ("1-2 days", "3-7 days", "8-14 days", "15-28 days", "29 days on")
REFERENCES = ("regression", "smoothing", "weekday_mean")  # the first that takes part; replayed from every origin
SHARPNESS = 4.0
DAYS_AHEAD = np.array([1.5, 5.0, 11.0, 21.5, 60.0])  # typical of each horizon
SHRINK_ORIGINS = 2.0  # a model starts with the reference's error at this many independent origins
HALF_LIFE_DAYS = 120.0
GUARD_MARGIN = 0.15  # by how much one origin may speak against the mix by chance


def horizon_of(ahead: np.ndarray) -> np.ndarray:
    """Index into HORIZONS of days ahead (1 = tomorrow)."""
    return np.searchsorted(FIRST_AHEAD, ahead, side="right") - 1


def recency(age_days: np.ndarray) -> np.ndarray:
    """Weight of origins this many days back: 1 for the last, halving every HALF_LIFE_DAYS."""
    return np.asarray(0.5 ** (age_days / HALF_LIFE_DAYS))


def independent_origins(age_days: np.ndarray) -> np.ndarray:
    """Per horizon, how many origins do not forecast each other's days: neighbours repeat one another's errors."""
    span = age_days.max() - age_days.min() if len(age_days) else 0.0
    return np.minimum(len(age_days), span / DAYS_AHEAD + 1.0)


@dataclass(frozen=True)
class Replay:
    """Past forecasts of one model: origins × steps; NaN where it made none.

    ``ahead`` counts calendar days from the last known day; ``actual`` is the log total that came; ``age_days``
    counts each origin's days before the last one.
    """

    age_days: np.ndarray
    ahead: np.ndarray
    actual: np.ndarray
    forecasts: dict[str, np.ndarray]

    def mean_errors(self, model: str, reference: str) -> np.ndarray:
        """Mean absolute log error of ``model`` per horizon, relative to ``reference`` where both forecast."""
        own, other = (np.abs(self.forecasts[name] - self.actual) for name in (model, reference))
        both = np.isfinite(own) & np.isfinite(other)
        bucket, trust = horizon_of(self.ahead)[both], np.broadcast_to(recency(self.age_days)[:, None], both.shape)[both]
        sums = [np.bincount(bucket, weights=trust * e[both], minlength=len(HORIZONS)) for e in (own, other)]
        days = np.bincount(bucket, weights=trust, minlength=len(HORIZONS))
        overall = max(sums[1].sum() / max(days.sum(), 1e-9), 1e-9)
        independent = independent_origins(self.age_days[both.any(axis=1)])
        pull = SHRINK_ORIGINS * overall * np.maximum(days / np.maximum(independent, 1), 1)
        return (sums[0] + pull) / (sums[1] + pull)


@dataclass(frozen=True)
class Weights:
    """How much each model counts, and why.

    Attributes
    ----------
    shares : horizons × models; rows sum to 1.
    priors : models, their shares before their past says anything; they sum to 1.
    ratios : horizons × models, past error over the reference's, each shrunk towards the other.
    guarded : per horizon, whether the weekday mean took over.
    """

    shares: np.ndarray
    priors: np.ndarray
    ratios: np.ndarray
    guarded: np.ndarray


def reference_of(models: Sequence[str]) -> str:
    """The model that the errors of all are held against."""
    return next((model for model in REFERENCES if model in models), models[0])


def mix_weights(
    replay: Replay, prior_shares: Mapping[str, float], ratios_of: Mapping[str, np.ndarray] | None = None
) -> Weights:
    """Weights of the models of ``prior_shares``, in their order; ``ratios_of`` those whose past errors over the
    reference's are known, by horizon."""
    models, told = tuple(prior_shares), ratios_of or {}
    reference = reference_of(models)
    ratios = np.array([told[m] if m in told else replay.mean_errors(m, reference) for m in models]).T
    priors = np.array(list(prior_shares.values()))
    priors = priors / priors.sum()
    weights = priors * ratios**-SHARPNESS
    weights /= weights.sum(axis=1, keepdims=True)
    guarded = np.zeros(len(HORIZONS), dtype=bool)
    if "weekday_mean" in models:
        mixed = replace(replay, forecasts={**replay.forecasts, "mix": combine(replay, models, weights)})
        doubt = GUARD_MARGIN / np.sqrt(independent_origins(replay.age_days))
        guarded = mixed.mean_errors("mix", "weekday_mean") > 1.0 + doubt
        weights[guarded] = [float(model == "weekday_mean") for model in models]
    return Weights(weights, priors, ratios, guarded)


def combine(replay: Replay, models: tuple[str, ...], weights: np.ndarray) -> np.ndarray:
    """Mixed past forecasts; a model without a forecast leaves its weight to the others."""
    bucket = horizon_of(replay.ahead)
    total, mass = np.zeros(replay.actual.shape), np.zeros(replay.actual.shape)
    for column, model in enumerate(models):
        made = np.isfinite(replay.forecasts[model])
        weight = np.where(made, weights[bucket, column], 0.0)
        total += weight * np.nan_to_num(replay.forecasts[model])
        mass += weight
    return np.divide(total, mass, out=np.full(total.shape, np.nan), where=mass > 0)
