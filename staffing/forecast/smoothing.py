"""Exponential smoothing of calendar-adjusted log day totals, weekly season, every past origin at once.

Additive Holt–Winters in logs without trend (Holt 1957; Winters 1960): a level and seven weekday effects, both
updated by each known day. All candidate smoothing rates run side by side, and the states of every day are
kept, so a forecast from any origin is a sum of two numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

LEVEL_RATES = (0.03, 0.08, 0.2, 0.4)
WEEKDAY_RATES = (0.02, 0.08, 0.2)
RATES = np.array(list(product(LEVEL_RATES, WEEKDAY_RATES)))
CLIP = 3.0  # a surprise beyond three usual surprises counts as three


@dataclass(frozen=True)
class Smoothing:
    """States after each day. ``level`` is (n + 1) × candidates, ``season`` (n + 1) × 7 × candidates."""

    level: np.ndarray
    season: np.ndarray

    def from_origin(self, known: int, weekday: np.ndarray) -> np.ndarray:
        """Candidates × days log forecasts of days with these weekdays, knowing the first ``known`` days."""
        return (self.level[known][None, :] + self.season[known][weekday]).T


def fit_smoothing(weekday: np.ndarray, y: np.ndarray) -> Smoothing:
    """Run every candidate over the known days ``y`` (log totals, one per known day)."""
    count = len(RATES)
    level, season = np.empty((len(y) + 1, count)), np.empty((len(y) + 1, 7, count))
    start = y[: min(len(y), 28)]
    level[0] = np.median(start)
    for day in range(7):
        own = start[weekday[: len(start)] == day]
        season[0, day] = np.median(own) - level[0, 0] if len(own) else 0.0
    usual = np.full(count, max(np.std(start), 0.02))
    for t, (day, value) in enumerate(zip(weekday, y, strict=True)):
        surprise = value - level[t] - season[t, day]
        usual = usual + 0.02 * (np.minimum(np.abs(surprise), CLIP * usual) - usual)
        surprise = np.clip(surprise, -CLIP * 1.5 * usual, CLIP * 1.5 * usual)
        level[t + 1] = level[t] + RATES[:, 0] * surprise
        season[t + 1] = season[t]
        season[t + 1, day] += RATES[:, 1] * (1 - RATES[:, 0]) * surprise
    return Smoothing(level, season)


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
