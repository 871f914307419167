"""One queue: fitted once on its history, asked any number of times for any days and events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event
from staffing.forecast import events as event_effects
from staffing.forecast.counts import QueueCounts, weekday_of
from staffing.forecast.days import DayFacts, describe
from staffing.forecast.event_learning import Evidence, Learned, gather
from staffing.forecast.handle_time import weekday_aht
from staffing.forecast.kernels import day_terms
from staffing.forecast.options import ForecastOptions
from staffing.forecast.paths import origin_errors
from staffing.forecast.profile import weekday_profiles
from staffing.forecast.prophet_days import MIN_DAYS, ProphetDays, fit_prophet
from staffing.forecast.regression import Regression, fit_regression
from staffing.forecast.totals import DayTotals, day_totals, expected_shut

COUNT_OFFSET = 0.5  # logs of small counts: log(calls + 0.5)


@dataclass(frozen=True)
class QueueModel:
    """Everything that does not change when an event moves."""

    queue: str
    history_facts: DayFacts
    totals: DayTotals
    regression: Regression | None
    prophet: ProphetDays | None
    effects: event_effects.EventEffects
    weights: dict[str, float]
    errors: np.ndarray
    profiles: np.ndarray
    aht_s: np.ndarray | None
    notes: tuple[str, ...]

    def baseline_days(self, facts: DayFacts) -> dict[str, np.ndarray]:
        """Log components of the day totals without events; the causes sum to the mixed forecast."""
        if self.regression is None:
            return {"level": np.log(np.maximum(self._mean(facts), 0.0) + COUNT_OFFSET)}
        parts = self.regression.components(facts)
        parts["level"] = parts["level"] + self.regression.centre
        own = np.sum(list(parts.values()), axis=0)
        if self.prophet is None:
            return parts
        parts = self.prophet.components(facts)
        told = np.sum(list(parts.values()), axis=0)
        parts["other models"] = self.weights["regression"] * (own - told)
        return parts

    def _mean(self, facts: DayFacts) -> np.ndarray:
        known = self.totals.known
        weekday = weekday_of(self.totals.dates)[known]
        total = self.totals.total[known]
        overall = total.mean() if len(total) else 0.0
        means = [total[weekday == k][-8:].mean() if (weekday == k).any() else overall for k in range(7)]
        return np.array(means)[facts.weekday]

    def shut(self, facts: DayFacts) -> np.ndarray:
        return expected_shut(facts, self.history_facts, self.totals)


@dataclass(frozen=True)
class QueueDays:
    """One queue's history as days, ready for events to be measured and models to be fitted."""

    counts: QueueCounts
    totals: DayTotals
    facts: DayFacts
    events: tuple[Event, ...]
    rough: Regression | None  # allows for events, but keeps them apart from the rest only roughly
    notes: tuple[str, ...]

    @property
    def log_total(self) -> np.ndarray:
        return np.log(self.totals.total[self.totals.known] + COUNT_OFFSET)

    def evidence(self) -> Evidence | None:
        """What these days say about their events; None where they cannot say anything."""
        if self.rough is None or not self.events:
            return None
        plain = self.rough.without(event_effects.GROUP)
        return gather(self.counts.queue, self.events, self.rough, plain)


def queue_days(counts: QueueCounts, calendar: SiteCalendar, events: Sequence[Event]) -> QueueDays:
    """Day totals of one queue and the regression that learns what level, week, season and holidays do."""
    totals = day_totals(counts)
    facts = describe(counts.dates, calendar)
    known = totals.known
    past = event_effects.past_events(events, counts.queue, facts.dates[known])
    notes, rough = list(counts.notes), None
    if not np.nansum(totals.total):
        notes.append(f"{counts.queue}: no calls in the history; the forecast is zero.")
    elif len(known) < MIN_DAYS:
        notes.append(f"{counts.queue}: only {len(known)} days of history; the forecast is a weekday mean.")
    else:
        poisson = 1.0 / (totals.usual[known] + COUNT_OFFSET)
        terms = day_terms(len(known), periods=facts.periods.any()) + event_effects.rough_terms(past)
        rough = fit_regression(facts[known], np.log(totals.total[known] + COUNT_OFFSET), poisson, terms)
    return QueueDays(counts, totals, facts, past, rough, tuple(notes))


def fit_queue(days: QueueDays, learned: Learned, options: ForecastOptions) -> QueueModel:
    """Fit one queue's models to its history without its events."""
    counts, known = days.counts, days.totals.known
    regression = prophet = None
    errors = np.zeros((0, 0))
    if days.rough is not None:
        seen = days.facts[known]
        eventless = days.log_total - learned.past_effect(seen.dates)
        regression = days.rough.without(event_effects.GROUP).told(eventless)
        errors = origin_errors(regression, eventless)
        if "prophet" in options.models:
            prophet = fit_prophet(seen, eventless)
    return QueueModel(
        queue=counts.queue,
        history_facts=days.facts,
        totals=days.totals,
        regression=regression,
        prophet=prophet,
        effects=event_effects.EventEffects(counts.queue, learned),
        weights={"regression": 0.7, "prophet": 0.3},
        errors=errors,
        profiles=weekday_profiles(np.where(counts.open, counts.calls, 0.0), weekday_of(counts.dates)),
        aht_s=weekday_aht(counts),
        notes=days.notes,
    )
