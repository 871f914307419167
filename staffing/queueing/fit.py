"""Patience and handle time from what the phone system recorded, with their uncertainty.

An answered caller shows only that his patience was longer than his wait: his patience is censored, and
leaving him out makes callers look far less patient than they are. Sources: Kaplan & Meier 1958; Brown, Gans,
Mandelbaum, Sakov, Shen, Zeltyn & Zhao 2005, "Statistical analysis of a telephone call center", sections 5–6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from staffing.errors import InputError, Where
from staffing.queueing.checks import Floats, floats, require

_Z = 1.959963984540054  # 95 % of a normal distribution lies within


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval; ``events`` is the number of observations that carry information."""

    value: float
    low: float
    high: float
    events: int


@dataclass(frozen=True)
class Survival:
    """Kaplan–Meier: the share still waiting after ``time_s`` if nobody were answered, with 95 % bounds."""

    time_s: Floats
    share: Floats
    low: Floats
    high: Floats

    def at(self, time_s: ArrayLike) -> Floats:
        """Share at any times; NaN after the last recorded wait, where nothing is known."""
        times = np.asarray(time_s, dtype=float)
        position = np.searchsorted(self.time_s, times, side="right")
        share = np.concatenate([[1.0], self.share])[position]
        return np.where(times > self.time_s[-1], np.nan, share)


def exponential_patience(wait_s: ArrayLike, abandoned: ArrayLike) -> Estimate:
    """Mean patience in seconds from calls: total time in queue ÷ abandons, the maximum-likelihood estimate.

    ``wait_s`` is each call's time in queue, ``abandoned`` whether it ended by hanging up. The interval is
    that of a Poisson count. Without abandons the mean is inf and only ``low`` tells something.
    """
    wait, gone = _records(wait_s, abandoned)
    return _patience(float(wait.sum()), int(gone.sum()))


def patience_from_intervals(abandoned: ArrayLike, total_wait_s: ArrayLike) -> Estimate:
    """Mean patience from interval exports: P(abandon) = mean wait ÷ mean patience, in every interval.

    ``total_wait_s`` is the time in queue of all callers of the interval, answered or not (calls × mean
    wait). The interval allows for noise beyond chance (a ratio estimate over intervals).
    """
    gone = floats("abandoned", abandoned, "a number of at least 0").ravel()
    wait = floats("total_wait_s", total_wait_s, "a number of at least 0").ravel()
    _same_length(gone, wait, "total_wait_s")
    total, count = float(wait.sum()), float(gone.sum())
    if count == 0 or total == 0:
        return _patience(total, int(count))
    rate = count / total
    spread = float(np.sqrt(np.sum((gone - rate * wait) ** 2))) / count * math.sqrt(gone.size / max(gone.size - 1, 1))
    spread = max(spread, 1 / math.sqrt(count))
    return Estimate(1 / rate, math.exp(-_Z * spread) / rate, math.exp(_Z * spread) / rate, int(count))


def kaplan_meier(wait_s: ArrayLike, abandoned: ArrayLike) -> Survival:
    """The distribution of patience without any assumption on its shape; bounds by Greenwood's formula on the
    log(−log) scale. Raises InputError without calls or abandons.
    """
    wait, gone = _records(wait_s, abandoned)
    if not gone.any():
        raise InputError("no call was abandoned, so patience cannot be seen.", where=Where(field="abandoned"))
    times, where = np.unique(wait, return_inverse=True)
    hung_up = np.bincount(where, weights=gone)
    at_risk = wait.size - np.concatenate([[0], np.cumsum(np.bincount(where))[:-1]])
    share = np.cumprod(1 - hung_up / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(hung_up / (at_risk * (at_risk - hung_up)))
        width = _Z * np.sqrt(greenwood) / np.abs(np.log(share))
        low, high = share ** np.exp(width), share ** np.exp(-width)
    known = (share > 0) & (share < 1)
    return Survival(times, share, np.where(known, low, share), np.where(known, high, share))


def largest_gap(survival: Survival, mean_patience_s: float) -> float:
    """Largest distance between the survival curve and an exponential one: how far the model is from the data."""
    model = np.exp(-survival.time_s / mean_patience_s)
    before = np.concatenate([[1.0], survival.share[:-1]])
    return float(np.max(np.maximum(np.abs(survival.share - model), np.abs(before - model))))


@dataclass(frozen=True)
class HandleTimeShape:
    """Handle times: mean with its 95 % interval, coefficient of variation, and the lognormal that fits them
    (mean and standard deviation of the logarithm)."""

    mean_s: Estimate
    variation: float
    log_mean: float
    log_deviation: float


def handle_time(handle_s: ArrayLike) -> HandleTimeShape:
    """Handle time from call-by-call records of answered calls, each above zero; at least two of them."""
    seconds = floats("handle_s", handle_s, "a number above 0").ravel()
    require(seconds > 0, "handle_s", seconds, "above 0")
    if seconds.size < 2:
        raise InputError("at least two answered calls are needed.", where=Where(field="handle_s"))
    mean, deviation = float(seconds.mean()), float(seconds.std(ddof=1))
    error = _Z * deviation / math.sqrt(seconds.size)
    logs = np.log(seconds)
    estimate = Estimate(mean, mean - error, mean + error, seconds.size)
    return HandleTimeShape(estimate, deviation / mean, float(logs.mean()), float(logs.std(ddof=1)))


def handle_time_from_intervals(answered: ArrayLike, aht_s: ArrayLike) -> Estimate:
    """Mean handle time from interval exports: weighted by answered calls, with the spread between intervals."""
    count = floats("answered", answered, "a number of at least 0").ravel()
    mean = floats("aht_s", aht_s, "a number of at least 0").ravel()
    _same_length(count, mean, "aht_s")
    total = float(count.sum())
    if total == 0:
        raise InputError("no call was answered.", where=Where(field="answered"))
    value = float(count @ mean) / total
    used = int((count > 0).sum())
    error = float(np.sqrt(np.sum((count * (mean - value)) ** 2))) / total * math.sqrt(used / max(used - 1, 1))
    width = _Z * error if used > 1 else math.inf
    return Estimate(value, max(value - width, 0.0), value + width, int(total))


def _patience(total_wait_s: float, events: int) -> Estimate:
    from scipy.special import gammaincinv

    if total_wait_s == 0:
        raise InputError("nobody waited, so patience cannot be seen.", where=Where(field="wait_s"))
    low = total_wait_s / float(gammaincinv(events + 1, 0.975))
    if events == 0:
        return Estimate(math.inf, low, math.inf, 0)
    return Estimate(total_wait_s / events, low, total_wait_s / float(gammaincinv(events, 0.025)), events)


def _records(wait_s: ArrayLike, abandoned: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    wait = floats("wait_s", wait_s, "a number of at least 0").ravel()
    gone = np.asarray(abandoned, dtype=bool).ravel()
    _same_length(wait, gone, "abandoned")
    if wait.size == 0:
        raise InputError("there are no calls.", where=Where(field="wait_s"))
    return wait, gone


def _same_length(one: NDArray[np.generic], other: NDArray[np.generic], field: str) -> None:
    if one.shape != other.shape:
        raise InputError(f"must have {one.size} entries (found {other.size}).", where=Where(field=field))
