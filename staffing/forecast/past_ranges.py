"""How ranges made at past dates held, and what today's widths are multiplied by for that.

Every four weeks back, on the same dates for all queues, the calendar regression is fitted anew to what was known then,
levels and variances too, and the errors that came are held against those that its sample paths promised. Replays with
today's variances, which widths are learned from, are calmer than that on some queues, and wilder on others; it is
followed as far as three such fits can tell (the aim of Gibbs & Candès 2021, "Adaptive conformal inference under
distribution shift").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from staffing.forecast.day_level.calendar import at_todays_level, calendar_regression
from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.level_changes import LevelChange, as_today, measure
from staffing.forecast.day_level.mixture import fit_days
from staffing.forecast.day_level.model import DayModel
from staffing.forecast.day_level.recall import recalled, recalling
from staffing.forecast.day_level.regression import Regression
from staffing.forecast.day_paths import log_paths
from staffing.forecast.paths import DayNoise, Shocks, calibrate

FITTED = ("regression", "weekday_mean")  # the heart of the mix and what guards it; the others told nothing more
FITS, EVERY_DAYS, STEPS = 3, 28, 90
LEAST_KNOWN, LEAST_AHEAD = 28, 5  # days known before a past date, and after it
SHOCKS = Shocks(seed=1, paths=200)
HALF_LIFE_DAYS = 90.0
SHRINK_FITS = 2.0  # fits that speak for widths as they are
LARGEST = 4.0  # promised errors that one counts as at most: outages have no end


def held_to_past(
    noise: DayNoise, calendar: Regression, changes: Sequence[LevelChange], chosen: Sequence[DayModel], dispersion: float
) -> DayNoise:
    """``noise`` with widths as the past of the ``calendar``'s days asks, whose level has gone through ``changes``.

    ``chosen`` models take part, ``dispersion`` is the variance of a count over its mean. A night's fit keeps to what
    the last full one found.
    """
    models = [model for model in chosen if model.name in FITTED]
    if len(models) < len(FITTED) or not len(noise.factors):
        return noise  # a model chosen alone says what it says
    came = calendar.log_total - as_today(calendar.facts, changes)
    scale = recalled("width scale", lambda: width_scale(calendar.facts, came, calendar.poisson, models, dispersion))
    return replace(noise, factors=noise.factors * scale)


def width_scale(
    facts: DayFacts, came: np.ndarray, poisson: np.ndarray, models: Sequence[DayModel], dispersion: float
) -> float:
    """What widths are multiplied by, above 0; 1 where the past is too short to tell. ``came`` are log totals."""
    last = int(facts.ordinal[-1])
    dates = (last + 1) // EVERY_DAYS * EVERY_DAYS - EVERY_DAYS * np.arange(FITS + 1)
    dates = dates[dates <= last + 1 - EVERY_DAYS][:FITS]
    trust, ratios = [0.0], [1.0]
    for date, known in zip(dates, np.searchsorted(facts.ordinal, dates).tolist(), strict=True):
        ahead = slice(known, known + STEPS)
        if known >= LEAST_KNOWN and len(facts[ahead]) >= LEAST_AHEAD:
            told, size = _promised(facts, came, poisson, known, models, dispersion)
            strayed = np.divide(np.abs(came[ahead] - told), size, out=np.ones(len(told)), where=size > 0)
            ratios.append(float(np.minimum(strayed, LARGEST).mean()))
            trust.append(min(len(told) / EVERY_DAYS, 1.0) * 0.5 ** ((last + 1 - date) / HALF_LIFE_DAYS))
    return float((np.dot(trust, ratios) + SHRINK_FITS) / (sum(trust) + SHRINK_FITS))


def _promised(
    facts: DayFacts, came: np.ndarray, poisson: np.ndarray, known: int, models: Sequence[DayModel], dispersion: float
) -> tuple[np.ndarray, np.ndarray]:
    """Log totals of the days that followed the first ``known`` ones as said then, and the mean size of their errors as
    sample paths had it."""
    with recalling({}):
        calendar, shifts = calendar_regression(facts[:known], came[:known], poisson[:known], ())
        changes = measure(calendar, shifts)
        days = fit_days(at_todays_level(calendar, changes) if shifts else calendar, changes, models)
    ahead = facts[known : known + STEPS]
    told = np.sum(list(days.told(ahead).causes.values()), axis=0)
    own = np.random.default_rng(SHOCKS.seed)
    paths = log_paths(days, calibrate(days.errors), ahead, np.exp(told), dispersion, SHOCKS, own)
    paths += own.standard_normal(paths.shape) * np.sqrt(dispersion / np.exp(told))
    return told, np.abs(paths - np.median(paths, axis=0)).mean(axis=0)
