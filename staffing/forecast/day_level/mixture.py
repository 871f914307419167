"""The day level of one queue: the chosen models fitted, replayed on their past, and mixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from staffing.forecast.day_level.breaks import NO_BREAK, Break
from staffing.forecast.day_level.carry import Carry, learn_carry
from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.growth import Growth, find_growth
from staffing.forecast.day_level.known import ALONE_REFITS, ComingDays, KnownDays
from staffing.forecast.day_level.level_changes import LevelChange, missed
from staffing.forecast.day_level.level_return import LevelReturn, gaps, learn_return
from staffing.forecast.day_level.mix import Replay, Weights, combine, horizon_of, mix_weights, reference_of
from staffing.forecast.day_level.model import DayModel, FittedDays
from staffing.forecast.day_level.models import MODELS
from staffing.forecast.day_level.recall import recalled
from staffing.forecast.day_level.regression import Regression
from staffing.forecast.paths import DayNoise, PastErrors, calibrate


@dataclass(frozen=True)
class DayModels:
    """Fitted and weighted. All forecasts are log totals without events.

    Attributes
    ----------
    calendar : the regression that knows what level, week, season and holidays do, whichever models take part.
    fitted : the models that take part, by name.
    weights : how much each counts at each horizon.
    carry : what the mix erred by on the last days, and how much of it lasts.
    level_return : how far the level goes back to the year's mean, beyond what the models say.
    growth : the way the level is on, carried on.
    noise : past errors of the mix, standardised.
    changes : of the level, which the models were told away.
    latest : a break in the last days, likewise.
    """

    calendar: Regression
    fitted: dict[str, FittedDays]
    weights: Weights
    carry: Carry
    level_return: LevelReturn
    growth: Growth
    noise: DayNoise
    changes: tuple[LevelChange, ...]
    latest: Break = NO_BREAK

    @property
    def models(self) -> tuple[str, ...]:
        return tuple(self.fitted)

    @property
    def last_day(self) -> float:
        return float(self.calendar.facts.ordinal[-1])

    def past_surprises(self, last: int, ahead: int) -> np.ndarray:
        """Log totals of the ``last`` known days, less the mix's forecast made ``ahead`` known days before (1 = the
        evening before); models whose past is slow to tell leave their weight to the others, or to the calendar."""
        facts = self.calendar.facts
        days = np.arange(max(0, len(facts) - last), len(facts))
        origins = np.maximum(days - ahead + 1, 1)
        gone = np.maximum(facts.ordinal[days] - facts.ordinal[origins - 1], 1)
        bucket = horizon_of(gone)
        mixed, mass = np.zeros(len(days)), np.zeros(len(days))
        for column, model in enumerate(self.fitted.values()):
            told = model.foreseen(days, ahead)
            if told is not None:
                share = self.weights.shares[bucket, column]
                mixed, mass = mixed + share * told, mass + share
        if not mass.all():
            mixed, mass = self.calendar.foreseen(days, ahead), np.ones(len(days))
        carried = np.where(self.weights.guarded[bucket], 0.0, self.carry.effect(origins, gone))
        return np.asarray(self.calendar.log_total[days] - mixed / mass - carried)

    def told(self, facts: DayFacts) -> DaysTold:
        """What each model says of days after the known ones, and what makes the mix."""
        coming = ComingDays(facts, self.calendar)
        causes = {name: model.causes(coming) for name, model in self.fitted.items()}
        alone = {
            name: model.predict(coming) if (parts := causes[name]) is None else _total(parts)
            for name, model in self.fitted.items()
        }
        ahead = np.maximum(facts.ordinal - self.last_day, 1)
        bucket = horizon_of(ahead)
        mixed = sum(self.weights.shares[bucket, k] * made for k, made in enumerate(alone.values()))
        known = np.array(len(self.calendar.facts))
        learned = self.carry.effect(known, ahead) + self.level_return.effect(ahead)
        learned = learned + self.growth.effect(ahead)
        mixed = np.asarray(mixed + np.where(self.weights.guarded[bucket], 0.0, learned))
        shown = next((parts for parts in causes.values() if parts is not None), coming.effects)
        told = DaysTold(alone, {**shown, "other models": mixed - _total(shown)})
        return told.moved("level", self.latest.expected(facts.ordinal))


@dataclass(frozen=True)
class DaysTold:
    """Log totals of coming days without events.

    ``alone`` holds what each model says by itself; ``causes`` sum to the mix: those of the model that can tell
    (Prophet, else the calendar), and "other models", by which the mix departs from it.
    """

    alone: dict[str, np.ndarray]
    causes: dict[str, np.ndarray]

    def moved(self, cause: str, effect: np.ndarray) -> DaysTold:
        """The same with ``effect`` (log units) added to every model, and shown with ``cause``."""
        if not effect.any():
            return self
        causes = {**self.causes, cause: self.causes.get(cause, 0.0) + effect}
        return DaysTold({name: made + effect for name, made in self.alone.items()}, causes)


def taking_part(chosen: Sequence[DayModel], days: int) -> tuple[DayModel, ...]:
    """The chosen models that ``days`` known days and this machine can support; the weekday mean where none can be."""
    able = [model for model in chosen if days >= model.least_days and not model.unusable()]
    return tuple(able) or (MODELS["weekday_mean"],)


def fit_days(
    calendar: Regression, changes: tuple[LevelChange, ...], chosen: Sequence[DayModel], latest: Break = NO_BREAK
) -> DayModels:
    """The ``chosen`` models, fitted to what ``calendar`` was told: days without events, at today's level, and
    without the ``latest`` break.

    A model chosen alone says what it says: the mix's own errors are neither carried nor do levels come back.
    """
    known = KnownDays.of(calendar)
    models = taking_part(chosen, len(known))
    if len(models) == 1:
        known = replace(known, refits=ALONE_REFITS)
    fitted = {model.name: model.fit(known) for model in models}
    past, replay, weights = known.past, *_weighed(known, models, fitted)
    errors = past.actual - combine(replay, tuple(fitted), weights.shares)
    carry, level_return = Carry(0.0, np.zeros(len(known))), LevelReturn(0.0, 0.0)
    if len(models) > 1:
        carry = _carry(known, fitted, weights.shares[0])
        errors -= carry.effect(past.origins[:, None], past.ahead)
        level_return = _level_return(known, errors)
    growth = find_growth(calendar, changes) if len(models) > 1 else Growth()
    if growth.weeks:
        level_return = LevelReturn(0.0, 0.0)
    return DayModels(
        calendar=calendar.light(),
        fitted={name: fit.light() for name, fit in fitted.items()},
        weights=weights,
        carry=carry,
        level_return=level_return,
        growth=growth,
        noise=recalled("noise", lambda: _noise(known, errors, changes)),
        changes=changes,
        latest=latest,
    )


def _weighed(known: KnownDays, models: Sequence[DayModel], fitted: Mapping[str, FittedDays]) -> tuple[Replay, Weights]:
    """The models' past, and what each counts for; of a past that needs fits anew, its errors alone are recalled."""
    past, slow = known.past, {name: fit for name, fit in fitted.items() if fit.refits}
    replayed = {name: fit.replay(known) for name, fit in fitted.items() if name not in slow}
    unknown = np.full(past.actual.shape, np.nan)

    def replay() -> Replay:
        return Replay(past.age_days, past.ahead, past.actual, {name: replayed.get(name, unknown) for name in fitted})

    def slow_ratios() -> dict[str, np.ndarray]:
        replayed.update({name: fit.replay(known) for name, fit in slow.items()})
        reference = reference_of(tuple(fitted))
        return {name: replay().mean_errors(name, reference) for name in slow}

    ratios_of = recalled("past of slow models", slow_ratios)
    made = replay()
    return made, mix_weights(made, {model.name: model.prior_share for model in models}, ratios_of)


def _noise(known: KnownDays, errors: np.ndarray, changes: Sequence[LevelChange]) -> DayNoise:
    """Past ``errors`` of the mix (origins × steps), standardised."""
    past, missing = known.past, _missed(known, changes)
    surprises = (errors + missing) / np.hypot(known.calendar_deviation, missing)
    return calibrate(PastErrors(surprises, past.trust, past.age_days, past.days_back, past.columns, known.facts))


def _missed(known: KnownDays, changes: Sequence[LevelChange]) -> np.ndarray:
    """By how much forecasts from past origins missed changes of the level that came after them."""
    past, ordinal = known.past, known.facts.ordinal
    return missed(ordinal[past.origins - 1][:, None], ordinal[past.columns], changes)


def _carry(known: KnownDays, fitted: Mapping[str, FittedDays], shares: np.ndarray) -> Carry:
    """What lasts of the errors that the mix made the evening before, as far as its models can tell them."""
    evenings = [(share, fit.evening_errors(known)) for share, fit in zip(shares, fitted.values(), strict=True)]
    told = [(share, errors) for share, errors in evenings if errors is not None]
    mass = sum(share for share, _ in told)
    mixed = np.full(len(known), np.nan)
    if mass > 0:
        mixed[known.past.days] = sum(share * errors for share, errors in told) / mass
    return learn_carry(known.facts.ordinal, mixed)


def _level_return(known: KnownDays, errors: np.ndarray) -> LevelReturn:
    """What the mix's past ``errors`` (origins × steps) say of levels that go back to the year's mean."""
    past, ordinal, told = known.past, known.facts.ordinal, known.log_total
    share = learn_return(errors, past.ahead, gaps(ordinal, told, past.origins), past.age_days)
    gap = gaps(ordinal, told, np.array([len(known)]))[0]
    return LevelReturn(share, float(np.nan_to_num(gap)))


def _total(parts: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.asarray(np.sum(list(parts.values()), axis=0))
