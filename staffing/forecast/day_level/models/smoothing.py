"""Exponential smoothing of calendar-adjusted log day totals, weekly season, every past origin at once.

Additive Holt–Winters in logs without trend (Holt 1957; Winters 1960): a level and seven weekday effects, both
updated by each known day. All candidate smoothing rates run side by side, and the states of every day are
kept, so a forecast from any origin is a sum of two numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Self

import numpy as np

from staffing.forecast.day_level.known import LEAST_DAYS, ComingDays, KnownDays
from staffing.forecast.day_level.mix import HORIZONS, horizon_of, independent_origins
from staffing.forecast.day_level.model import DayModel, FittedDays
from staffing.forecast.day_level.past import Past
from staffing.forecast.day_level.regression import Regression

LEVEL_RATES = (0.03, 0.1, 0.25, 0.5, 0.8)
WEEKDAY_RATES = (0.02, 0.08, 0.2)
RATES = np.array(list(product(LEVEL_RATES, WEEKDAY_RATES)))
CLIP = 4.0  # a surprise beyond four usual surprises counts as four
USUAL_RATE = 0.05
CANDIDATE_SHARPNESS = 12.0
CALENDAR = ("day of month", "holiday", "period")  # taken out before smoothing,
ADJUSTMENTS = ((*CALENDAR, "season"), CALENDAR)  # with the year's shape and without


@dataclass(frozen=True)
class Smoothing:
    """States after each day.

    Attributes
    ----------
    level : (n + 1) × candidates.
    season : (7 + n) × candidates: the weekdays' effects at the start, then that of each day's own weekday after it.
    latest : (n + 1) × 7, the row of ``season`` that holds a weekday's effect.
    """

    level: np.ndarray
    season: np.ndarray
    latest: np.ndarray

    def from_origin(self, known: int, weekday: np.ndarray) -> np.ndarray:
        """Days × candidates log forecasts of days with these weekdays, knowing the first ``known`` days."""
        return np.asarray(self.level[known] + self.season[self.latest[known][weekday]])

    def surprises(self, weekday: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Known days × candidates: each day's target less what each candidate said the evening before."""
        latest = self.latest[np.arange(len(weekday)), weekday]
        return np.asarray(np.repeat(targets, len(RATES), axis=1) - self.level[:-1] - self.season[latest])


def fit_smoothing(weekday: np.ndarray, targets: np.ndarray) -> Smoothing:
    """Run every candidate over the known days.

    ``targets`` is known days × adjustments; each adjustment is smoothed at all RATES, adjustments outermost.
    """
    adjustments = targets.shape[1]
    rates = np.tile(RATES, (adjustments, 1))
    y = np.repeat(targets, len(RATES), axis=1)
    level, season = np.empty((len(y) + 1, len(rates))), np.zeros((7 + len(y), len(rates)))
    latest = np.tile(np.arange(7, dtype="int32"), (len(y) + 1, 1))
    start, first = y[:28], weekday[:28]
    level[0] = np.median(start, axis=0)
    for day in np.unique(first):
        season[day] = np.median(start[first == day], axis=0) - level[0]
    usual = np.maximum(start.std(axis=0), 0.02)
    new = set(range(7)) - set(first.tolist())
    for t, day in enumerate(weekday):
        if day in new:  # a weekday's first day tells all there is to know of it
            new.remove(day)
            season[day] = y[t] - level[t]
        before = season[latest[t, day]]
        surprise = y[t] - level[t] - before
        usual = usual + USUAL_RATE * (np.minimum(np.abs(surprise), CLIP * usual) - usual)
        surprise = np.clip(surprise, -CLIP * usual, CLIP * usual)
        level[t + 1] = level[t] + rates[:, 0] * surprise
        season[7 + t] = before + rates[:, 1] * (1 - rates[:, 0]) * surprise
        latest[t + 1] = latest[t]
        latest[t + 1, day] = 7 + t
    return Smoothing(level, season, latest)


@dataclass(frozen=True)
class UnderWay:
    """What a fit keeps until it is done: ``tried``, origins × steps × candidates, and each candidate's
    ``surprises`` of the evening before, known days × candidates."""

    tried: np.ndarray
    surprises: np.ndarray


@dataclass(frozen=True)
class FittedSmoothing(FittedDays):
    """All candidates, mixed by ``rates`` (horizons × candidates); ``calendar`` says what to take out and put back."""

    states: Smoothing
    rates: np.ndarray
    calendar: Regression
    under_way: UnderWay | None = field(repr=False)

    def predict(self, coming: ComingDays) -> np.ndarray:
        bucket = horizon_of(np.maximum(coming.facts.ordinal - self.calendar.facts.ordinal[-1], 1))
        candidates = self.states.from_origin(len(self.states.level) - 1, coming.facts.weekday)
        return np.einsum("dc,dc->d", candidates + _adjustments(coming.effects), self.rates[bucket])

    def replay(self, known: KnownDays) -> np.ndarray:
        tried = self.under_way.tried if self.under_way else _tried(self.states, known.calendar, known.past)
        return np.einsum("osc,osc->os", tried, self.rates[horizon_of(known.past.ahead)])

    def evening_errors(self, known: KnownDays) -> np.ndarray | None:
        return self.under_way.surprises[known.past.days] @ self.rates[0] if self.under_way else None

    def foreseen(self, days: np.ndarray, ahead: int) -> np.ndarray:
        origins, ordinal = np.maximum(days - ahead + 1, 1), self.calendar.facts.ordinal
        bucket = horizon_of(np.maximum(ordinal[days] - ordinal[origins - 1], 1))
        tried = _replay(self.states, self.calendar, origins, days[:, None])[:, 0]
        return np.einsum("dc,dc->d", tried, self.rates[bucket])

    def light(self) -> Self:
        return replace(self, calendar=self.calendar.light(), under_way=None)


@dataclass(frozen=True)
class ExponentialSmoothing(DayModel):
    """Totals without calendar effects, at fifteen pairs of rates, with and without the year's shape."""

    name: str = "smoothing"
    prior_share: float = 0.15
    least_days: int = LEAST_DAYS

    def fit(self, known: KnownDays) -> FittedSmoothing:
        calendar, weekday = known.calendar, known.facts.weekday
        targets = known.log_total[:, None] - _adjustments(calendar.known_parts)[:, :: len(RATES)]
        states = fit_smoothing(weekday, targets)
        tried = _tried(states, calendar, known.past)
        under_way = UnderWay(tried, states.surprises(weekday, targets))
        return FittedSmoothing(states, candidate_weights(tried, known.past), calendar, under_way)


def candidate_weights(tried: np.ndarray, past: Past) -> np.ndarray:
    """Horizons × candidates: they share by past error, the best by far the most."""
    errors = np.nan_to_num(np.abs(tried - past.actual[:, :, None])) * past.trust[:, None, None]
    bucket = horizon_of(past.ahead)
    sums = np.array([errors[bucket == horizon].sum(axis=0) for horizon in range(len(HORIZONS))])
    sums += 0.1 * sums.sum(axis=0) + 1e-9
    independent = independent_origins(past.age_days)
    sharpness = CANDIDATE_SHARPNESS * independent / (independent + 2.0)
    weights = (sums / sums.min(axis=1, keepdims=True)) ** -sharpness[:, None]
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _tried(states: Smoothing, calendar: Regression, past: Past) -> np.ndarray:
    return _replay(states, calendar, past.origins, past.columns)


def _replay(states: Smoothing, calendar: Regression, origins: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Origins × steps × candidates, each with the calendar effects seen at the origin."""
    weekday = calendar.facts.weekday
    pairs = zip(origins, columns, strict=True)
    smooth = np.array([states.from_origin(origin, weekday[steps]) for origin, steps in pairs])
    effects = calendar.adjustments(origins, columns, ADJUSTMENTS)
    return smooth + np.repeat(np.stack(effects, axis=-1), len(RATES), axis=-1)


def _adjustments(parts: Mapping[str, np.ndarray]) -> np.ndarray:
    """Days × candidates: the calendar effects each candidate leaves to the regression."""
    sums = [sum((parts[g] for g in groups if g in parts), np.zeros_like(parts["level"])) for groups in ADJUSTMENTS]
    return np.repeat(np.transpose(sums), len(RATES), axis=1)
