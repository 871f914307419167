"""The day level of one queue: all models fitted, replayed on their past, and mixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from staffing.domain.demand import Event
from staffing.forecast.days import DayFacts
from staffing.forecast.events import rough_terms
from staffing.forecast.kernels import day_terms, shift_term
from staffing.forecast.mix import HORIZONS, Replay, combine, horizon_of, mix_weights, recency
from staffing.forecast.prophet_days import MIN_DAYS, ProphetDays, fit_prophet
from staffing.forecast.regression import Regression, find_shifts, fit_regression
from staffing.forecast.smoothing import RATES, Smoothing, fit_smoothing, weekday_means

RATE_SHARPNESS = 12.0
REPLAY_DAYS = 500  # past days that origins are drawn from
REPLAY_STEPS = 90
EVENT_SHIFT_DAYS = 10
ORIGINS = 60
PROPHET_BACK = (28, 91)  # Prophet's own origins, known days before the end
CALENDAR = ("day of month", "holiday", "period")  # taken out before smoothing,
ADJUSTMENTS = ((*CALENDAR, "season"), CALENDAR)  # with the year's shape and without


@dataclass(frozen=True)
class DayModels:
    """Fitted and weighted. All forecasts are log totals without events.

    Attributes
    ----------
    rates : horizons × smoothing candidates, their shares.
    weights : horizons × models.
    guarded : horizons that the weekday mean took over.
    surprises : origins × steps, past errors of the mix in units of the regression's deviation.
    trust : weight of each origin.
    shifts : ordinals of the level shifts found.
    """

    regression: Regression
    prophet: ProphetDays | None
    smoothing: Smoothing
    rates: np.ndarray
    means: np.ndarray
    models: tuple[str, ...]
    weights: np.ndarray
    guarded: np.ndarray
    surprises: np.ndarray
    trust: np.ndarray
    shifts: tuple[float, ...]

    @property
    def last_day(self) -> float:
        return float(self.regression.facts.ordinal[-1])

    def past_surprises(self, last: int, ahead: int) -> np.ndarray:
        """Log totals of the ``last`` known days, less the mix's forecast made ``ahead`` known days before (1 = the
        evening before); Prophet, whose past fits are slow, leaves its weight to the others."""
        facts = self.regression.facts
        days = np.arange(max(0, len(facts) - last), len(facts))
        origins = np.maximum(days - ahead + 1, 1)
        bucket = horizon_of(np.maximum(facts.ordinal[days] - facts.ordinal[origins - 1], 1))
        tried = _replay_smoothing(self.smoothing, self.regression, origins, days[:, None])[:, 0]
        made = {
            "regression": self.regression.foreseen(ahead)[days],
            "smoothing": np.einsum("dc,dc->d", tried, self.rates[bucket]),
            "weekday_mean": self.means[origins, facts.weekday[days]],
        }
        shares = {model: self.weights[bucket, k] for k, model in enumerate(self.models) if model in made}
        mixed = sum((share * made[model] for model, share in shares.items()), np.zeros(len(days)))
        return np.asarray(self.regression.log_total[days] - mixed / sum(shares.values()))

    def components(self, facts: DayFacts) -> dict[str, np.ndarray]:
        """Causes in log units, summing to the mix: Prophet's where it takes part, else the regression's."""
        own = self.regression.components(facts)
        own["level"] = own["level"] + self.regression.centre
        told = own if self.prophet is None else self.prophet.components(facts)
        mixed = self._mix(facts, own, told)
        return {**told, "other models": mixed - _total(told)}

    def _mix(self, facts: DayFacts, own: dict[str, np.ndarray], told: dict[str, np.ndarray]) -> np.ndarray:
        ahead = np.maximum(facts.ordinal - self.last_day, 1)
        bucket = horizon_of(ahead)
        known = len(self.smoothing.level) - 1
        candidates = self.smoothing.from_origin(known, facts.weekday)
        made = {
            "regression": _total(own),
            "prophet": _total(told),
            "smoothing": np.einsum("dc,dc->d", candidates + _adjustments(own), self.rates[bucket]),
            "weekday_mean": self.means[-1][facts.weekday],
        }
        return np.asarray(sum(self.weights[bucket, k] * made[model] for k, model in enumerate(self.models)))


def calendar_regression(
    facts: DayFacts, log_total: np.ndarray, poisson: np.ndarray, events: Sequence[Event]
) -> tuple[Regression, tuple[float, ...]]:
    """The regression on known days, past ``events`` roughly allowed for, and the level shifts found.

    A shift that begins with an event is left to the event.
    """
    terms = day_terms(len(facts), periods=bool(facts.periods.any())) + rough_terms(events)
    regression = fit_regression(facts, log_total, poisson, terms)
    starts = np.array([np.datetime64(event.start) for event in events], dtype="datetime64[D]").astype("int64")
    shifts = tuple(day for day in find_shifts(regression) if not (np.abs(starts - day) <= EVENT_SHIFT_DAYS).any())
    if shifts:
        regression = fit_regression(facts, log_total, poisson, terms + tuple(shift_term(day) for day in shifts))
    return regression, shifts


def fit_days(regression: Regression, shifts: tuple[float, ...], models: tuple[str, ...]) -> DayModels:
    """All models, fitted to what ``regression`` was told: days without events. ``models`` may take part."""
    facts, base = regression.facts, regression.log_total
    own = regression.components(facts)
    smoothing = fit_smoothing(facts.weekday, base[:, None] - _adjustments(own)[:, :: len(RATES)])
    means = weekday_means(facts.weekday, base)
    origins, columns = _replay_grid(len(facts))
    ahead = facts.ordinal[columns] - facts.ordinal[origins - 1][:, None]
    trust = recency(facts.ordinal[origins - 1])
    beyond = np.arange(columns.shape[1])[None, :] + origins[:, None] >= len(facts)
    actual = np.where(beyond, np.nan, base[columns])
    past, deviation = _rolled(regression, origins, columns)
    tried = _replay_smoothing(smoothing, regression, origins, columns)
    rates = _rate_weights(tried, actual, ahead, trust)
    forecasts = {
        "regression": past,
        "smoothing": np.einsum("osc,osc->os", tried, rates[horizon_of(ahead)]),
        "weekday_mean": means[origins][np.arange(len(origins))[:, None], facts.weekday[columns]],
    }
    prophet = None
    if "prophet" in models:
        fit = {"shifts": shifts, "trust": regression.weights}
        prophet = fit_prophet(facts, base, **fit)
        forecasts["prophet"] = _replay_prophet(facts, base, origins, columns, fit)
    replay = Replay(trust, ahead, actual, forecasts)
    taking_part = tuple(model for model in ("regression", *models) if model in forecasts)
    taking_part = tuple(dict.fromkeys(taking_part))
    weights, guarded = mix_weights(replay, taking_part)
    surprises = (replay.actual - combine(replay, taking_part, weights)) / deviation
    return DayModels(
        regression, prophet, smoothing, rates, means, taking_part, weights, guarded, surprises, trust, shifts
    )


def _total(parts: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.asarray(np.sum(list(parts.values()), axis=0))


def _adjustments(parts: Mapping[str, np.ndarray]) -> np.ndarray:
    """Days × smoothing candidates: the calendar effects each candidate leaves to the regression."""
    sums = [sum((parts[g] for g in groups if g in parts), np.zeros_like(parts["level"])) for groups in ADJUSTMENTS]
    return np.repeat(np.transpose(sums), len(RATES), axis=1)


def _replay_smoothing(
    smoothing: Smoothing, regression: Regression, origins: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """Origins × steps × candidates, each with the calendar effects as the regression saw them at the origin."""
    weekday = regression.facts.weekday
    states = np.array([smoothing.from_origin(o, weekday[c]) for o, c in zip(origins, columns, strict=True)])
    effects = np.array([regression.adjustments(origins, columns, groups) for groups in ADJUSTMENTS])
    return states + np.repeat(np.moveaxis(effects, 0, -1), len(RATES), axis=-1)


def _replay_grid(known: int) -> tuple[np.ndarray, np.ndarray]:
    """Origins (number of known days) and the columns each forecasts; columns beyond the end repeat the last day."""
    first = max(min(28, known // 2), known - REPLAY_DAYS, known // 2 - 20)
    origins = np.unique(np.linspace(first, known - 1, ORIGINS).astype(int))
    steps = np.arange(min(REPLAY_STEPS, known - first))
    return origins, np.minimum(origins[:, None] + steps[None, :], known - 1)


def _rolled(regression: Regression, origins: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    every = np.arange(columns.min(), len(regression.facts))
    mean, deviation = regression.rolling(every)
    where = (origins[:, None], columns - columns.min())
    return mean[where], deviation[where]


def _rate_weights(tried: np.ndarray, actual: np.ndarray, ahead: np.ndarray, trust: np.ndarray) -> np.ndarray:
    """Horizons × candidates weights: the smoothing candidates share by past error, the best by far the most."""
    errors = np.nan_to_num(np.abs(tried - actual[:, :, None])) * trust[:, None, None]
    bucket = horizon_of(ahead)
    sums = np.array([errors[bucket == horizon].sum(axis=0) for horizon in range(len(HORIZONS))])
    sums += 0.1 * sums.sum(axis=0)
    weights = (sums / sums.min(axis=1, keepdims=True)) ** -RATE_SHARPNESS
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _replay_prophet(facts, log_total, origins, columns, fit):
    """Prophet's past forecasts: two origins, the rest unknown."""
    out = np.full(columns.shape, np.nan)
    for back in PROPHET_BACK:
        row = int(np.searchsorted(origins, len(facts) - back, side="right")) - 1
        if row >= 0 and origins[row] >= 2 * MIN_DAYS:
            known = slice(0, origins[row])
            trust = fit["trust"][known]
            shifts = [day for day in fit["shifts"] if day <= facts.ordinal[origins[row] - 1]]
            past = fit_prophet(facts[known], log_total[known], shifts=shifts, trust=trust)
            out[row] = past.predict(facts[columns[row]])
    return out
