"""Handle time: the day's level by a regression of its own, each slot's ratio to it, and how far days stray.

A day's mean, weighted by contacts, is level, weekday and holiday by the same kind of regression as the contacts'
(``day_level.regression``), on logs taken as straight lines around the mean of the weeks beside (a working response:
McCullagh & Nelder 1989, section 2.5): the mean of plain logs would lie below the log of the mean. A day counts by its
contacts, as far as contacts of this queue stray; what long days lost by counting for less is put back. Within the day a
weekday's slots keep their ratios to the day, shrunk where contacts are few. Lasting changes are found, and older days
told as if at today's level (``handle_time_changes``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.forecast.counts import QueueCounts, lay_out, weekday_of
from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.kernels import handle_time_terms
from staffing.forecast.day_level.level_changes import LevelChange, as_today, going_back, missed
from staffing.forecast.day_level.past import Past
from staffing.forecast.day_level.recall import recalled
from staffing.forecast.day_level.regression import Regression, fit_regression
from staffing.forecast.handle_time_changes import ROUNDS, drift, handle_time_changes, joined, level_notes
from staffing.forecast.paths import Shocks

HALF_LIFE_DAYS = 42.0
RATIO_HALF_LIFE_DAYS = 120.0  # ratios of slots last longer than levels
SLOT_CALLS = 100.0  # a slot's own figure counts in full from a few hundred calls on
WEEKDAY_CALLS = 200.0
LEAST_DAYS = 28  # with handle time, below which means by weekday and slot are all there is
LEVEL_DAYS = 400  # older days say nothing of today's level
CALL_VARIANCE, CALL_VARIANCES = 1.0, (0.1, 30.0)  # squared coefficient of variation of one contact's, and its limits
LEAST_SLOTS = 5  # with contacts, of a day that tells how contacts stray
BESIDE_DAYS = 20.0  # the mean that a day's own is held against forgets in so many days
NOISE_PRIOR = 0.001
DRIFT_DOUBT = 0.6  # standard deviation of what comes of a drift, as a share
TURNS = 7919  # tells the stream of paths that go back from the streams of past errors, which are numbered from 0
PUT_BACK_HALF_LIFE_DAYS = 120.0


@dataclass(frozen=True)
class HandleTime:
    """``usual`` is 7 × slots seconds, or ratios to the day where there is a ``level``.

    ``errors`` (origins × steps, log units) are what past days strayed from the level foreseen from the same origins as
    the contacts', free of chance among few contacts; ``trust`` weighs the origins.
    """

    usual: np.ndarray
    level: Regression | None = None
    put_back: float = 1.0
    changes: tuple[LevelChange, ...] = ()
    errors: np.ndarray | None = None
    trust: np.ndarray | None = None

    def seconds(self, facts: DayFacts) -> np.ndarray:
        """Days × slots."""
        by_day = np.ones(len(facts)) if self.level is None else self.put_back * np.exp(self.level.predict(facts))
        return np.asarray(by_day[:, None] * self.usual[facts.weekday])

    def factors(self, facts: DayFacts, running: np.ndarray, shocks: Shocks) -> np.ndarray:
        """Paths × days: what each path multiplies the day's handle time by; each day's mean is 1.

        ``running`` flags days with contacts. While a change is young, some paths go back to the old level.
        """
        out = np.ones((shocks.paths, len(running)))
        if self.errors is not None and self.trust is not None and len(self.errors) and running.any():
            drawn = np.exp(shocks.of(self.errors, self.trust, int(running.sum())) + self._turns(facts[running], shocks))
            out[:, running] = drawn / drawn.mean(axis=0)
        return out

    def notes(self) -> list[str]:
        """What a planner should know of its level."""
        return [] if self.level is None else level_notes(self.level, self.changes)

    def _turns(self, facts: DayFacts, shocks: Shocks) -> np.ndarray:
        """Paths × days log units: changes that go back, a drift that ends or goes on; in the same paths for all
        queues."""
        assert self.level is not None
        stream, last = np.random.default_rng([shocks.seed, TURNS]), self.level.facts.ordinal[-1]
        back = going_back(facts, last, self.changes, stream.random(shocks.paths))
        return back + DRIFT_DOUBT * stream.standard_normal(shocks.paths)[:, None] * drift(self.level, facts)


def fit_handle_time(counts: QueueCounts, facts: DayFacts) -> HandleTime | None:
    """Fit to one queue's history; None where it has no handle time."""
    weight = np.where(np.isfinite(counts.aht_s), np.nan_to_num(counts.calls), 0.0)
    seconds = weight * np.nan_to_num(counts.aht_s)
    usual = by_weekday_and_slot(seconds, weight, counts.dates)
    if usual is None:
        return None
    calls = weight.sum(axis=1)
    known = np.flatnonzero((calls > 0) & (seconds.sum(axis=1) > 0))[-LEVEL_DAYS:]
    if len(known) < LEAST_DAYS:
        return HandleTime(usual)
    chance = _contact_variance(seconds / usual[facts.weekday], weight) / calls[known]
    told, changes = seconds, tuple[LevelChange, ...]()
    for _ in range(ROUNDS):
        mean = seconds[known].sum(axis=1) / calls[known]
        level = _fit_level(facts[known], mean, calls[known], chance)
        if not (found := handle_time_changes(level, np.log(mean))):
            break
        changes = joined(changes, found)
        seconds = told * np.exp(as_today(facts, changes))[:, None]
    total, fitted = seconds[known].sum(axis=1), np.exp(level.predict(facts[known]))
    recent = 0.5 ** ((facts.ordinal[known[-1]] - facts.ordinal[known]) / PUT_BACK_HALF_LIFE_DAYS)
    put_back = float(recent @ total / (recent @ (fitted * calls[known])))
    return HandleTime(_ratios(seconds, weight, counts.dates, (known, fitted)), level, put_back, changes)


def _fit_level(facts: DayFacts, mean: np.ndarray, calls: np.ndarray, chance: np.ndarray) -> Regression:
    """The regression of the days' ``mean`` seconds over ``calls`` contacts; ``chance`` is its variance, log units."""
    beside = _mean_beside(facts.ordinal, mean, calls)
    straight = np.log(beside) + mean / beside - 1.0
    return fit_regression(facts, straight, chance, handle_time_terms(), noise_prior=NOISE_PRIOR)


def _mean_beside(ordinal: np.ndarray, mean: np.ndarray, calls: np.ndarray) -> np.ndarray:
    """Mean of the contacts of the days around each day, near days most."""
    near = np.exp(-np.abs(ordinal[:, None] - ordinal[None, :]) / BESIDE_DAYS) * calls
    return np.asarray(near @ mean / near.sum(axis=1))


def _contact_variance(ratio: np.ndarray, weight: np.ndarray) -> float:
    """Squared coefficient of variation of single contacts, from how far a day's slots stray from each other.

    ``ratio`` is the slots' handle time over the usual one, times ``weight`` (both days × slots). Days of few slots say
    nothing: CALL_VARIANCE then.
    """
    slots = (weight > 0).sum(axis=1)
    told = slots >= LEAST_SLOTS
    if not told.any():
        return CALL_VARIANCE
    ratio, weight, slots = ratio[told], weight[told], slots[told]
    mean = ratio.sum(axis=1, keepdims=True) / weight.sum(axis=1, keepdims=True)
    apart = ratio / np.maximum(weight, 1e-12) / mean - 1.0
    return float(np.clip(np.median((weight * apart**2).sum(axis=1) / (slots - 1)), *CALL_VARIANCES))


def with_past(handle_time: HandleTime, facts: DayFacts, past: Past, steps: int, trust: np.ndarray) -> HandleTime:
    """The model with its errors from the origins of ``past``, whose days ``facts`` are; ``steps`` of them."""
    level = handle_time.level
    if level is None or not steps:
        return replace(handle_time, level=None if level is None else level.light())
    changes = handle_time.changes
    errors = recalled("handle time's past", lambda: _past_errors(level, facts, past, steps, changes))
    return replace(handle_time, level=level.light(), errors=errors, trust=None if errors is None else trust)


def _past_errors(
    level: Regression, facts: DayFacts, past: Past, steps: int, changes: tuple[LevelChange, ...]
) -> np.ndarray | None:
    """Origins × steps; None where none is known throughout. Those from before a change are held to have missed it."""
    days = np.arange(len(level.facts))
    mean = level.means(level.forward(days))
    knows = np.searchsorted(level.facts.ordinal, facts.ordinal[past.origins - 1], side="right")
    columns = facts.ordinal[past.columns[:, :steps]]
    place = np.minimum(np.searchsorted(level.facts.ordinal, columns), len(days) - 1)
    there = (level.facts.ordinal[place] == columns) & np.isfinite(past.actual[:, :steps])
    told = there & (knows >= LEAST_DAYS)[:, None]
    errors = np.where(told, (level.log_total[place] - mean[knows[:, None], place]), np.nan)
    errors *= _beyond_chance(errors, level.poisson[place])
    errors += missed(facts.ordinal[past.origins - 1][:, None], columns, changes)
    whole = np.isfinite(errors).all(axis=1)
    if not whole.any():
        return None
    donors = errors[whole][np.arange(len(errors)) % int(whole.sum())]
    return np.where(np.isfinite(errors), errors, donors)


def _beyond_chance(errors: np.ndarray, chance: np.ndarray) -> float:
    """What errors are multiplied by so that their variance is free of chance among the day's contacts."""
    seen = np.isfinite(errors)
    if not seen.any():
        return 0.0
    variance = float(np.mean(errors[seen] ** 2))
    return float(np.sqrt(max(variance - float(chance[seen].mean()), 0.0) / max(variance, 1e-12)))


def _ratios(
    seconds: np.ndarray, weight: np.ndarray, dates: np.ndarray, level: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """7 × slots ratios to the day's mean; ``level`` is places of days and their fitted means."""
    known, fitted = level
    scaled = seconds[known] / fitted[:, None]
    made = by_weekday_and_slot(scaled, weight[known], dates[known], half_life_days=RATIO_HALF_LIFE_DAYS)
    assert made is not None  # some day had contacts
    weekday = weekday_of(dates[known])
    own = np.array([weight[known][weekday == k].sum(axis=0) for k in range(7)])
    own = np.where(own.sum(axis=1, keepdims=True) > 0, own, own.sum(axis=0))
    return made / ((made * own).sum(axis=1) / own.sum(axis=1))[:, None]


def abandonment_shares(queue: str, rows: pd.DataFrame, calendar: SiteCalendar) -> np.ndarray | None:
    """7 × slots share of one queue's contacts that hung up; None without any contact."""
    calls, lost = (
        lay_out(queue, rows.assign(calls=rows[column].astype(float)), calendar) for column in ("calls", "abandoned")
    )
    weight = np.nan_to_num(calls.calls)
    return by_weekday_and_slot(np.minimum(np.nan_to_num(lost.calls), weight), weight, calls.dates)


def by_weekday_and_slot(
    total: np.ndarray,
    weight: np.ndarray,
    dates: np.ndarray,
    pulls: tuple[float, float] = (SLOT_CALLS, WEEKDAY_CALLS),
    *,
    half_life_days: float = HALF_LIFE_DAYS,
) -> np.ndarray | None:
    """7 × slots of ``total / weight`` (both days × slots); None without any weight.

    Each slot is shrunk towards the mean of all calls, and each weekday's slot towards that slot's mean; ``pulls``
    are the weights at which a slot, and a weekday's slot, counts by half. Recent weeks weigh most.
    """
    recent = 0.5 ** ((dates[-1] - dates).astype("int64") / half_life_days)[:, None]
    total, weight = total * recent, weight * recent
    if weight.sum() <= 0:
        return None
    overall = total.sum() / weight.sum()
    by_slot = (total.sum(axis=0) + pulls[0] * overall) / (weight.sum(axis=0) + pulls[0])
    weekday = weekday_of(dates)
    own = [(total[weekday == k].sum(axis=0), weight[weekday == k].sum(axis=0)) for k in range(7)]
    return np.array([(t + pulls[1] * by_slot) / (w + pulls[1]) for t, w in own])
