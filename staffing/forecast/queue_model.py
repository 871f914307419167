"""One queue: fitted once on its history, asked any number of times for any days and events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event
from staffing.forecast import events as event_effects
from staffing.forecast.counts import QueueCounts, weekday_of
from staffing.forecast.day_models import DayModels, fit_days
from staffing.forecast.days import EPOCH, DayFacts, describe
from staffing.forecast.handle_time import weekday_aht
from staffing.forecast.mix import HORIZONS
from staffing.forecast.options import ForecastOptions
from staffing.forecast.paths import DEFAULT_DEVIATION, NO_NOISE, DayNoise, calibrate, draw_counts
from staffing.forecast.profile import DayShape, fit_shape
from staffing.forecast.prophet_days import MIN_DAYS
from staffing.forecast.totals import DayTotals, day_totals, expected_shut

COUNT_OFFSET = 0.5  # logs of small counts: log(calls + 0.5)
LEAST_SHARE = 0.2  # of a day's deviation that its intervals share, however noisy counting is
HISTORY_DAYS = 1100  # older days say little that these do not, and cost the most


@dataclass(frozen=True)
class QueueModel:
    """Everything of one queue that does not change when an event moves. ``days`` is None for short histories."""

    queue: str
    facts: DayFacts
    totals: DayTotals
    days: DayModels | None
    effects: event_effects.EventEffects
    noise: DayNoise
    shape: DayShape
    aht_s: np.ndarray | None
    notes: tuple[str, ...]

    def causes(self, facts: DayFacts, events: Sequence[Event]) -> dict[str, np.ndarray]:
        """Log effects of each cause on each day, events by name; they sum to the day's log total."""
        causes = {"level": self._usual_level(facts)} if self.days is None else self.days.components(facts)
        for event in events:
            effect = self.effects.log_multiplier(event, facts.dates)
            if effect.any():
                causes[event.name] = causes.get(event.name, 0.0) + effect
        return causes

    def totals_of(self, facts: DayFacts, causes: dict[str, np.ndarray]) -> np.ndarray:
        """Calls per day; shut days have none."""
        total = np.maximum(np.exp(np.sum(list(causes.values()), axis=0)) - COUNT_OFFSET, 0.0)
        return np.where(expected_shut(facts, self.facts, self.totals), 0.0, total)

    def day_factors(self, facts: DayFacts, total: np.ndarray, paths: int, rng: np.random.Generator) -> np.ndarray:
        """Paths × days: what each path multiplies the day's calls by. Means are close to 1."""
        running = np.flatnonzero(total > 0)
        factors = np.ones((paths, len(facts)))
        if not len(running):
            return factors
        if self.days is None:
            deviation = np.full(len(running), DEFAULT_DEVIATION)
        else:
            counting = 1.0 / (total[running] + COUNT_OFFSET)
            whole = self.noise.widths(len(running)) * self.days.regression.deviation(facts[running], counting)
            beyond = whole**2 - self.shape.dispersion * counting
            deviation = np.sqrt(np.maximum(beyond, (LEAST_SHARE * whole) ** 2))
        factors[:, running] = np.exp(deviation * self.noise.draw(len(running), paths, rng))
        return factors

    def _usual_level(self, facts: DayFacts) -> np.ndarray:
        """Log mean of the last same weekdays, all days standing in for weekdays not seen."""
        known = self.totals.known
        total, weekday = self.totals.total[known], weekday_of(self.totals.dates)[known]
        overall = total.mean() if len(total) else 0.0
        means = [total[weekday == k][-8:].mean() if (weekday == k).any() else overall for k in range(7)]
        return np.log(np.array(means)[facts.weekday] + COUNT_OFFSET)


def fit_queue(
    counts: QueueCounts, calendar: SiteCalendar, events: Sequence[Event], options: ForecastOptions
) -> QueueModel:
    """Fit one queue's day level, day shape and handle time."""
    counts = counts.last(HISTORY_DAYS)
    totals = day_totals(counts)
    facts = describe(counts.dates, calendar)
    kinds = event_effects.past_kinds(events, counts.queue, facts.dates)
    known = totals.known
    days, noise, effects = None, NO_NOISE, event_effects.EventEffects(counts.queue, {})
    if len(known) >= MIN_DAYS and np.nansum(totals.total) > 0:
        log_total = np.log(totals.total[known] + COUNT_OFFSET)
        poisson = 1.0 / (totals.usual[known] + COUNT_OFFSET)
        days = fit_days(facts[known], log_total, poisson, kinds, options.models)
        noise, effects = calibrate(days.surprises), event_effects.learn(counts.queue, kinds, days.regression)
    return QueueModel(
        queue=counts.queue,
        facts=facts,
        totals=totals,
        days=days,
        effects=effects,
        noise=noise,
        shape=fit_shape(np.where(counts.open, counts.calls, 0.0), facts),
        aht_s=weekday_aht(counts),
        notes=(*counts.notes, *_notes(counts.queue, totals, days)),
    )


def _notes(queue: str, totals: DayTotals, days: DayModels | None) -> list[str]:
    """What a planner should know about this queue's forecast."""
    known = len(totals.known)
    if not np.nansum(totals.total):
        return [f"{queue}: no calls in the history; the forecast is zero."]
    if days is None:
        return [f"{queue}: only {known} days of history; the forecast is the weekday mean, its range a guess."]
    notes = []
    if known < 90:
        notes.append(f"{queue}: {known} days of history; holidays, month ends and the year are hardly known.")
    for shift in days.shifts:
        day = EPOCH.fromordinal(EPOCH.toordinal() + int(shift))
        notes.append(f"{queue}: the level changed on {day}; the forecast follows the new level.")
    taken = [name for name, over in zip(HORIZONS, days.guarded, strict=True) if over]
    if taken:
        notes.append(f"{queue}: the weekday mean did best in the past at {', '.join(taken)} ahead and is used there.")
    missing = int((~np.isfinite(totals.total) & ~totals.shut & ~totals.closed_weekday[weekday_of(totals.dates)]).sum())
    if missing:
        notes.append(f"{queue}: {missing} days without usable calls are taken as missing, not as zero.")
    return notes


def sample_paths(
    model: QueueModel,
    mean: np.ndarray,
    where: tuple[np.ndarray, np.ndarray],
    factors: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Paths × intervals counts around ``mean``; ``where`` gives each interval's day and slot."""
    day_of, slot = where
    expected = mean[None, :] * factors[:, day_of]
    if len(model.shape.departures):
        chosen = rng.integers(len(model.shape.departures), size=factors.shape)
        bend = 1.0 + model.shape.departures[chosen[:, day_of], slot[None, :]]
        expected *= np.maximum(bend, 0.0)
    return draw_counts(expected, model.shape.dispersion, rng)
