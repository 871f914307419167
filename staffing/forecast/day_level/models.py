"""The day level of one queue: all models fitted, replayed on their past, and mixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from staffing.domain.demand import Event
from staffing.forecast.day_level.boosting import MIN_DAYS as BOOSTING_DAYS
from staffing.forecast.day_level.boosting import Boosting, fit_boosting, loadable
from staffing.forecast.day_level.carry import Carry, learn_carry
from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.kernels import day_terms, second_opinion, shift_term
from staffing.forecast.day_level.level_return import LevelReturn, gaps, learn_return
from staffing.forecast.day_level.mix import Replay, combine, horizon_of, mix_weights
from staffing.forecast.day_level.past import Past, replay_smoothing
from staffing.forecast.day_level.prophet_days import MIN_DAYS as PROPHET_DAYS
from staffing.forecast.day_level.prophet_days import ProphetDays, fit_prophet
from staffing.forecast.day_level.regression import Regression, find_shifts, fit_regression
from staffing.forecast.day_level.smoothing import RATES, Smoothing, fit_smoothing, weekday_means
from staffing.forecast.events.effects import rough_terms

EVENT_SHIFT_DAYS = 10
SHIFTING_SHARE = 0.25  # of a kind's events, that must begin with a shift for it to be theirs
CALENDAR = ("day of month", "holiday", "period")  # taken out before smoothing,
ADJUSTMENTS = ((*CALENDAR, "season"), CALENDAR)  # with the year's shape and without


@dataclass(frozen=True)
class DayModels:
    """Fitted and weighted. All forecasts are log totals without events.

    Attributes
    ----------
    second : the regression of a second opinion on dates and holidays; None where it takes no part.
    rates : horizons × smoothing candidates, their shares.
    weights : horizons × models.
    guarded : horizons that the weekday mean took over.
    carry : what the mix erred by on the last days, and how much of it lasts.
    level_return : how far the level goes back to the year's mean, beyond what the models say.
    surprises : origins × steps, past errors of the mix in units of the regression's deviation.
    days_back : origins × steps, days from each of these days to the last known one.
    trust : weight of each origin.
    shifts : ordinals of the level shifts found.
    """

    regression: Regression
    second: Regression | None
    boosting: Boosting | None
    prophet: ProphetDays | None
    smoothing: Smoothing
    rates: np.ndarray
    means: np.ndarray
    models: tuple[str, ...]
    weights: np.ndarray
    guarded: np.ndarray
    carry: Carry
    level_return: LevelReturn
    surprises: np.ndarray
    days_back: np.ndarray
    trust: np.ndarray
    shifts: tuple[float, ...]

    @property
    def last_day(self) -> float:
        return float(self.regression.facts.ordinal[-1])

    def past_surprises(self, last: int, ahead: int) -> np.ndarray:
        """Log totals of the ``last`` known days, less the mix's forecast made ``ahead`` known days before (1 = the
        evening before); the models whose past fits are slow leave their weight to the others."""
        facts = self.regression.facts
        days = np.arange(max(0, len(facts) - last), len(facts))
        origins = np.maximum(days - ahead + 1, 1)
        gone = np.maximum(facts.ordinal[days] - facts.ordinal[origins - 1], 1)
        bucket = horizon_of(gone)
        tried = replay_smoothing(self.smoothing, self.regression, origins, days[:, None], ADJUSTMENTS)[:, 0]
        made = {
            "regression": self.regression.foreseen(ahead)[days],
            "smoothing": np.einsum("dc,dc->d", tried, self.rates[bucket]),
            "weekday_mean": self.means[origins, facts.weekday[days]],
        }
        if self.second is not None:
            made["second_regression"] = self.second.foreseen(ahead)[days]
        shares = {model: self.weights[bucket, k] for k, model in enumerate(self.models) if model in made}
        mixed = sum((share * made[model] for model, share in shares.items()), np.zeros(len(days)))
        carried = np.where(self.guarded[bucket], 0.0, self.carry.effect(origins, gone))
        return np.asarray(self.regression.log_total[days] - mixed / sum(shares.values()) - carried)

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
        if self.second is not None:
            made["second_regression"] = self.second.predict(facts)
        if self.boosting is not None:
            made["boosting"] = self.boosting.predict(facts)
        mixed = sum(self.weights[bucket, k] * made[model] for k, model in enumerate(self.models))
        learned = self.carry.effect(np.array(known), ahead) + self.level_return.effect(ahead)
        return np.asarray(mixed + np.where(self.guarded[bucket], 0.0, learned))


def calendar_regression(
    facts: DayFacts, log_total: np.ndarray, poisson: np.ndarray, events: Sequence[Event]
) -> tuple[Regression, tuple[float, ...]]:
    """The regression on known days, past ``events`` roughly allowed for, and the level shifts found.

    A shift that begins with an event is left to the event, if enough events of its kind begin with one.
    """
    terms = day_terms(len(facts), periods=bool(facts.periods.any())) + rough_terms(events)
    regression = fit_regression(facts, log_total, poisson, terms)
    shifts = _unexplained(find_shifts(regression), events)
    if shifts:
        regression = fit_regression(facts, log_total, poisson, terms + tuple(shift_term(day) for day in shifts))
    return regression, shifts


def _unexplained(shifts: Sequence[float], events: Sequence[Event]) -> tuple[float, ...]:
    """Shifts that no kind of event accounts for: one special day in thirty beside a shift did not make it."""
    explained: set[float] = set()
    for kind in {event.kind for event in events}:
        starts = np.array([np.datetime64(e.start, "D").astype("int64") for e in events if e.kind == kind])
        near = np.abs(starts[:, None] - np.array(shifts)[None, :]) <= EVENT_SHIFT_DAYS
        if near.any(axis=1).mean() >= SHIFTING_SHARE:
            explained |= {day for day, beside in zip(shifts, near.any(axis=0), strict=True) if beside}
    return tuple(day for day in shifts if day not in explained)


def fit_days(regression: Regression, shifts: tuple[float, ...], models: tuple[str, ...]) -> DayModels:
    """All models, fitted to what ``regression`` was told: days without events. ``models`` take part in the mix."""
    facts, told = regression.facts, regression.log_total
    targets = told[:, None] - _adjustments(regression.components(facts))[:, :: len(RATES)]
    smoothing = fit_smoothing(facts.weekday, targets)
    means = weekday_means(facts.weekday, told)
    past = Past.of(regression)
    forecasts, deviation, evening = past.regression(regression)
    tried = past.smoothing(smoothing, ADJUSTMENTS)
    rates = past.candidate_weights(tried)
    made = {
        "regression": forecasts,
        "smoothing": np.einsum("osc,osc->os", tried, rates[horizon_of(past.ahead)]),
        "weekday_mean": means[past.origins][np.arange(len(past.origins))[:, None], facts.weekday[past.columns]],
    }
    evenings = {
        "regression": told[past.days] - evening,
        "smoothing": smoothing.surprises(facts.weekday, targets)[past.days] @ rates[0],
    }
    second = _second(regression) if "second_regression" in models else None
    if second is not None:
        made["second_regression"], _, evening = past.regression(second)
        evenings["second_regression"] = told[past.days] - evening
    boosting = prophet = None
    if "boosting" in models and len(facts) >= BOOSTING_DAYS and loadable():
        boosting = _boosting(regression, len(facts))
        made["boosting"] = past.refitted(lambda known: _boosting(regression, known), BOOSTING_DAYS)
    if "prophet" in models:
        prophet = _prophet(regression, shifts, len(facts))
        made["prophet"] = past.refitted(lambda known: _prophet(regression, shifts, known), 2 * PROPHET_DAYS)
    mixed = tuple(model for model in models if model in made)
    replay = Replay(past.age_days, past.ahead, past.actual, made)
    weights, guarded = mix_weights(replay, mixed)
    carry = _carry(past, evenings, dict(zip(mixed, weights[0], strict=True)))
    errors = past.actual - combine(replay, mixed, weights) - carry.effect(past.origins[:, None], past.ahead)
    return DayModels(
        regression=regression.light(),
        second=None if second is None else second.light(),
        boosting=boosting,
        prophet=prophet,
        smoothing=smoothing,
        rates=rates,
        means=means,
        models=mixed,
        weights=weights,
        guarded=guarded,
        carry=carry,
        level_return=_level_return(past, errors),
        surprises=errors / deviation,
        days_back=past.days_back,
        trust=past.trust,
        shifts=shifts,
    )


def _carry(past: Past, evenings: Mapping[str, np.ndarray], shares: Mapping[str, float]) -> Carry:
    """What lasts of the mix's errors; ``evenings``: of some models, the errors made the evening before on past days."""
    told = {model: shares.get(model, 0.0) for model in evenings}
    errors = np.full(len(past.told.facts), np.nan)
    if sum(told.values()) > 0:
        errors[past.days] = sum(told[m] * evenings[m] for m in evenings) / sum(told.values())
    return learn_carry(past.told.facts.ordinal, errors)


def _level_return(past: Past, errors: np.ndarray) -> LevelReturn:
    """What the mix's past ``errors`` (origins × steps) say of levels that go back to the year's mean."""
    facts, told = past.told.facts, past.told.log_total
    share = learn_return(errors, past.ahead, gaps(facts.ordinal, told, past.origins), past.age_days)
    gap = gaps(facts.ordinal, told, np.array([len(facts)]))[0]
    return LevelReturn(share, float(np.nan_to_num(gap)))


def _second(regression: Regression) -> Regression:
    """The regression of a second opinion: what single dates and the days beside holidays do is never sure."""
    terms = second_opinion(regression.terms)
    return fit_regression(regression.facts, regression.log_total, regression.poisson, terms)


def _boosting(regression: Regression, known: int) -> Boosting:
    days = slice(0, known)
    return fit_boosting(regression.facts[days], regression.log_total[days], regression.weights[days])


def _prophet(regression: Regression, shifts: tuple[float, ...], known: int) -> ProphetDays:
    facts, days = regression.facts, slice(0, known)
    seen = [day for day in shifts if day <= facts.ordinal[known - 1]]
    return fit_prophet(facts[days], regression.log_total[days], shifts=seen, trust=regression.weights[days])


def _total(parts: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.asarray(np.sum(list(parts.values()), axis=0))


def _adjustments(parts: Mapping[str, np.ndarray]) -> np.ndarray:
    """Days × smoothing candidates: the calendar effects each candidate leaves to the regression."""
    sums = [sum((parts[g] for g in groups if g in parts), np.zeros_like(parts["level"])) for groups in ADJUSTMENTS]
    return np.repeat(np.transpose(sums), len(RATES), axis=1)
