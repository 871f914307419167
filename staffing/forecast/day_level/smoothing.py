"""Exponential smoothing of calendar-adjusted log day totals, weekly season, every past origin at once.

Additive Holt–Winters in logs without trend (Holt 1957; Winters 1960): a level and seven weekday effects, both
updated by each known day. All candidate smoothing rates run side by side, and the states of every day are
kept, so a forecast from any origin is a sum of two numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

LEVEL_RATES = (0.03, 0.1, 0.25, 0.5, 0.8)
WEEKDAY_RATES = (0.02, 0.08, 0.2)
RATES = np.array(list(product(LEVEL_RATES, WEEKDAY_RATES)))
CLIP = 4.0  # a surprise beyond four usual surprises counts as four
USUAL_RATE = 0.05


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
    for t, day in enumerate(weekday):
        before = season[latest[t, day]]
        surprise = y[t] - level[t] - before
        usual = usual + USUAL_RATE * (np.minimum(np.abs(surprise), CLIP * usual) - usual)
        surprise = np.clip(surprise, -CLIP * usual, CLIP * usual)
        level[t + 1] = level[t] + rates[:, 0] * surprise
        season[7 + t] = before + rates[:, 1] * (1 - rates[:, 0]) * surprise
        latest[t + 1] = latest[t]
        latest[t + 1, day] = 7 + t
    return Smoothing(level, season, latest)


def weekday_means(weekday: np.ndarray, y: np.ndarray, weeks: int = 8) -> np.ndarray:
    """(n + 1) × 7 mean log total of the last ``weeks`` same weekdays, knowing the first 0 … n days.

    A weekday not seen yet takes the mean of all days seen; before any day everything is the first value.
    """
    out = np.empty((len(y) + 1, 7))
    out[0] = y[0]
    last: list[list[float]] = [[] for _ in range(7)]
    for t, (day, value) in enumerate(zip(weekday, y, strict=True)):
        last[day] = [*last[day], float(value)][-weeks:]
        out[t + 1] = out[t]
        out[t + 1, day] = np.mean(last[day])
        unseen = [k for k in range(7) if not last[k]]
        out[t + 1, unseen] = y[: t + 1].mean()
    return out
