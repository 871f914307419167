"""What one queue's morning changes: factors for the rest of the day and the next, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.forecast.same_day.past_days import PastDays
from staffing.forecast.same_day.within_day import Split, learn_carry

MIN_PAST_DAYS = 20
BLOCK_MIN = 30
SHRINK_DAYS = 10.0  # what is learned counts in full from a few times as many days on
QUARTERS, NEXT_SLACK = 4, 0.02  # an update of the next day must have saved this share of error in each quarter
NARROWEST = 0.3
INSIDE = 0.8


@dataclass(frozen=True)
class Morning:
    """Today by slots: ``came`` (NaN = unknown or yet to come), ``expected`` by the morning's forecast.

    Slots before ``cut`` have elapsed.
    """

    came: np.ndarray
    expected: np.ndarray
    cut: int

    @property
    def seen(self) -> np.ndarray:
        return np.isfinite(self.came)

    @property
    def rest(self) -> np.ndarray:
        return np.arange(len(self.came)) >= self.cut

    def totals(self) -> tuple[float, float]:
        """Calls that came, and that were expected in the same slots."""
        return float(self.came[self.seen].sum()), float(self.expected[self.seen].sum())


@dataclass(frozen=True)
class Update:
    """What the morning changes.

    Attributes
    ----------
    log_factors : per slot of the day, log factor of what is still to come.
    next_log_factor : log factor of the next open day.
    width, next_width : what the range of the rest and of the next day is multiplied by, in (0, 1].
    """

    log_factors: np.ndarray
    next_log_factor: float
    width: float
    next_width: float

    @property
    def moves(self) -> bool:
        return bool(self.log_factors.any()) or self.next_log_factor != 0.0

    def rest_log_factor(self, so_far: Morning) -> float:
        """Log factor of the rest of the day as a whole; 0 where nothing more is expected."""
        rest = so_far.expected[so_far.rest]
        updated = rest * np.exp(self.log_factors[so_far.rest])
        return float(np.log(updated.sum() / rest.sum())) if rest.sum() > 0 else 0.0


def no_update(slots: int) -> Update:
    """The morning's forecast stands."""
    return Update(np.zeros(slots), 0.0, 1.0, 1.0)


def learn_update(past: PastDays, so_far: Morning, dispersion: float, interval_min: int) -> Update:
    """What past days, cut at the same time, say about this one; nothing where they are few or disagree."""
    slots = len(so_far.came)
    if len(past) < MIN_PAST_DAYS or not so_far.seen.any():
        return no_update(slots)
    width = max(1, BLOCK_MIN // interval_min)
    cut = (so_far.seen, so_far.rest, width)
    before = Split.at(past.actual, past.expected, *cut)
    today = Split.at(so_far.came[None, :], so_far.expected[None, :], *cut)
    carry = learn_carry(before, dispersion, width * interval_min / 60)
    if carry.idle:
        return no_update(slots)
    factors = carry.log_factors(before)
    signal, today_signal = _day_signal(before, factors), _day_signal(today, carry.log_factors(today))
    later = np.log((before.later.sum(axis=1) + 0.5) / (before.later_expected.sum(axis=1) + 0.5))
    updated = np.log((before.later.sum(axis=1) + 0.5) / ((before.later_expected * np.exp(factors)).sum(axis=1) + 0.5))
    kept, next_width = _next_day(signal, past.next_surprise)
    return Update(
        log_factors=np.repeat(carry.log_factors(today)[0], width),
        next_log_factor=float(kept * today_signal[0]),
        width=_narrowing(later, updated),
        next_width=next_width,
    )


def _day_signal(split: Split, log_factors: np.ndarray) -> np.ndarray:
    """Each morning's surprise as a log factor of the day, free of counting noise: the mean of its carried factors."""
    weight = split.expected
    return np.asarray((weight * log_factors).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9))


def _next_day(signal: np.ndarray, surprise: np.ndarray) -> tuple[float, float]:
    """Share of a day's signal that the next day keeps, in [0, 1], and how much narrower its range becomes.

    Least squares through the origin, shrunk to 0; and 0 unless it would have saved NEXT_SLACK of the absolute error in
    every quarter of the past days, with the share that the other quarters teach: gains that come and go are chance.
    """
    known = np.isfinite(surprise)
    signal, surprise = signal[known], surprise[known]
    usual = float(np.quantile(np.abs(surprise), INSIDE)) if len(surprise) else 0.0
    surprise = np.clip(surprise, -3 * usual, 3 * usual)
    if len(signal) < MIN_PAST_DAYS or not signal.any():
        return 0.0, 1.0
    for quarter in np.array_split(np.arange(len(signal)), QUARTERS):
        others = np.delete(np.arange(len(signal)), quarter)
        left = surprise[quarter] - _kept(signal[others], surprise[others]) * signal[quarter]
        if np.abs(left).sum() > (1 - NEXT_SLACK) * np.abs(surprise[quarter]).sum():
            return 0.0, 1.0
    share = _kept(signal, surprise)
    return share, _narrowing(surprise, surprise - share * signal)


def _kept(signal: np.ndarray, surprise: np.ndarray) -> float:
    """The share of ``signal`` that best explains ``surprise``, shrunk to 0 where days are few."""
    power = max(float(signal @ signal), 1e-12)
    return float(np.clip(signal @ surprise / power * len(signal) / (len(signal) + SHRINK_DAYS), 0.0, 1.0))


def _narrowing(before: np.ndarray, after: np.ndarray) -> float:
    """Ratio of the 80 % ranges of past errors after and before the update, shrunk to 1, in [NARROWEST, 1]."""
    wide, narrow = (float(np.quantile(np.abs(errors), INSIDE)) for errors in (before, after))
    ratio = narrow / wide if wide > 0 else 1.0
    return float(np.clip((len(before) * ratio + SHRINK_DAYS) / (len(before) + SHRINK_DAYS), NARROWEST, 1.0))
