"""What an event does to a queue: learned from the past, typed by the planner, or not known.

This is the seam between the baseline and events. `rough_term` lets the calendar regression allow for past events
while it learns its variances; `event_learning` then measures them; `EventEffects.log_effect` is the one function
that turns an event into a forecast, whether it lies in the past or ahead. Effects of several events add in logs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from staffing.domain.demand import Adjustment, Event
from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.kernels import Term
from staffing.forecast.events.clock import ALL_DAY, DayClock
from staffing.forecast.events.hours import Bend, HourEffect
from staffing.forecast.events.kinds import KindEffect, Learned
from staffing.forecast.events.priors import CallingDays, rule_effect, rule_hours, rule_of
from staffing.forecast.events.shapes import (
    DAYS_AFTER,
    DAYS_BEFORE,
    LASTING,
    SHAPES,
    WEEKDAYS,
    growth,
    response_basis,
    usual_size,
)

GROUP = "events"
ROUGH_VARIANCE = 0.04  # an unseen kind moves contacts by about 20 %
LATE_DAYS = {f"days {day} to {day}": 0.2 for day in (1, 2, 3)}  # an effect that comes late is no outlier
ROUGH_WEIGHTS = {
    **{"pulse": 1.0, "decay 3": 0.5, "day one": 0.3, "after": 0.3, "before": 0.3, "ramp": 0.2},
    **LATE_DAYS,
    **dict.fromkeys(WEEKDAYS, 0.3),
}
ROUGH_OWN = 0.3  # what each event has of its own, relative to what it shares with its kind
Z_80 = 1.2816  # half-width of an 80 % range in standard deviations
TYPED_DOUBT = 0.4  # a typed effect without a range: 80 % between about half and half as much again


@dataclass(frozen=True)
class EventEffects:
    """Effects of events on one queue.

    What speaks for an event, in this order: what it did itself (a past event), the planner's override (an
    ``effect`` with a ``reason``), what its kind taught, the planner's ``effect``, a rule of thumb for its kind; else it
    has no effect. ``known`` are the first and last day of history, ``usual_calls`` those of the seven weekdays.
    """

    queue: str
    learned: Learned = field(default_factory=Learned)
    aht: Mapping[str, KindEffect] = field(default_factory=dict)
    clock: DayClock = ALL_DAY
    hours: Mapping[str, HourEffect] = field(default_factory=dict)
    known: tuple[np.datetime64, np.datetime64] | None = None
    usual_calls: np.ndarray = field(default_factory=lambda: np.zeros(7))

    def settled(self, event: Event) -> bool:
        """The event cannot be told apart from the usual level: it began before the history, or its days are missing.

        What of it came to stay is in the level already.
        """
        if self.known is None or event.seen_by(self.queue) in self.learned.own:
            return False
        first, last = self.known
        return bool(np.datetime64(event.start) <= first or np.datetime64(event.last) + DAYS_AFTER < last)

    def source(self, event: Event) -> str:
        """What speaks for ``event``: past, override, learned, typed, rule or unknown."""
        event = event.seen_by(self.queue)
        if event in self.learned.own:
            return "past"
        if event.effect is not None and event.reason:
            return "override"
        if event.kind in self.learned.kinds:
            return "learned"
        if event.effect is not None:
            return "typed"
        return "unknown" if event.moves_to or rule_of(event) is None else "rule"

    def log_effect(
        self, event: Event, dates: np.ndarray, closed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of the log factor of ``event`` on each of ``dates`` (datetime64[D]).

        ``closed`` flags those that are closed though their weekday is open.
        """
        nothing, event = np.zeros(len(dates)), event.seen_by(self.queue)
        if not event.touches(self.queue) or self.out_of_reach(event, dates):
            return nothing, nothing
        source = self.source(event)
        if source == "past":
            return self.learned.own_effect(event, dates), nothing
        if source == "learned":
            return self._learned(event, dates)
        if source == "unknown":
            return nothing, nothing
        rule = rule_of(event) if source == "rule" else None
        if rule is not None:
            return rule_effect(rule, event, dates, self._open_days(dates, closed))
        during = response_basis(event, dates)[:, SHAPES.index("pulse")]
        mean, sd = typed_effect(event)
        exposed = self.clock.exposure(event, dates)  # a typed effect is that of the event's hours
        return during * np.log1p(exposed * np.expm1(mean)), during * exposed * sd

    def _learned(self, event: Event, dates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        mean, sd = self.learned.kinds[event.kind].response(event, dates)
        hours = self.hours.get(event.kind)
        if hours is None or event.start_time is None:
            return mean, sd
        factor = np.where(dates == np.datetime64(event.start), hours.late_factor(event, self.clock), 1.0)
        return mean * factor, sd * factor

    def _open_days(self, dates: np.ndarray, closed: np.ndarray | None) -> CallingDays:
        shut = np.zeros(len(dates), dtype=bool) if closed is None else closed
        return CallingDays(self.usual_calls, self.clock, dates, shut)

    def bend(self, event: Event, dates: np.ndarray, closed: np.ndarray | None = None) -> Bend | None:
        """What ``event`` does within each day; None where it leaves the shape of the days alone."""
        event = event.seen_by(self.queue)
        if not event.touches(self.queue) or len(self.clock.shares) == 1 or self.out_of_reach(event, dates):
            return None
        source = self.source(event)
        timed = event.start_time is not None or event.end_time is not None
        if source in ("typed", "override") and timed:
            return self._typed_bend(event, dates)
        rule = rule_of(event) if source == "rule" and timed else None
        if rule is not None:
            mean, sd = rule_hours(rule, event, dates, self._open_days(dates, closed))
            return Bend(mean, sd[:, :, None])
        hours = self.hours.get(event.kind)
        if hours is None or source in ("past", "unknown", "rule"):  # the usual shape already holds what came to stay
            return None
        return hours.bend(event, dates, self.clock)

    def _typed_bend(self, event: Event, dates: np.ndarray) -> Bend:
        """A typed effect acts on the event's hours, the whole of it as strong as the event turns out."""
        inside, (mean, sd) = np.zeros((len(dates), len(self.clock.shares))), typed_effect(event)
        for k in np.flatnonzero(np.isin(dates, [np.datetime64(event.start), np.datetime64(event.last)])):
            inside[k] = self.clock.inside(event, dates[k])
        return Bend(mean * inside, sd * inside[:, :, None])

    def out_of_reach(self, event: Event, dates: np.ndarray) -> bool:
        """The event is over for good before ``dates``, or yet to come after them."""
        if self.settled(event) or not len(dates) or dates[-1] < np.datetime64(event.start) - DAYS_BEFORE:
            return True
        kind = self.learned.kinds.get(event.kind)
        lasts = kind is not None and any(h.shape in LASTING for h in kind.hypotheses)
        return not lasts and dates[0] > np.datetime64(event.last) + DAYS_AFTER

    def aht_log_effect(self, event: Event, dates: np.ndarray) -> np.ndarray:
        """Log factor by which ``event`` moves handle time on each of ``dates``: typed, else learned from its kind."""
        event = event.seen_by(self.queue)
        if not event.touches(self.queue) or self.out_of_reach(event, dates):
            return np.zeros(len(dates))
        if event.aht_effect is not None:
            return response_basis(event, dates)[:, SHAPES.index("pulse")] * np.log1p(event.aht_effect)
        kind = self.aht.get(event.kind)
        if kind is None or event in self.learned.own:  # the usual handle time already holds what came to stay
            return np.zeros(len(dates))
        return kind.response(event, dates)[0]

    def log_multiplier(self, event: Event, dates: np.ndarray) -> np.ndarray:
        """Log factor by which ``event`` is expected to move each of ``dates``; 0 where it has no effect."""
        return self.log_effect(event, dates)[0]


def typed_effect(event: Event) -> tuple[float, float]:
    """Mean and standard deviation, log units, of the effect the planner typed."""
    mean = float(np.log1p(event.effect or 0.0))
    low = mean if event.effect_low is None else float(np.log1p(event.effect_low))
    high = mean if event.effect_high is None else float(np.log1p(event.effect_high))
    if high == low:
        return mean, TYPED_DOUBT * abs(mean)
    sides = (event.effect_low is not None) + (event.effect_high is not None)
    return mean, (high - low) / (sides * Z_80)


def adjustment_log_multiplier(adjustment: Adjustment, queue: str, dates: np.ndarray) -> np.ndarray:
    """Log factor of a planner's correction on each of ``dates`` (datetime64[D])."""
    if adjustment.queue and adjustment.queue != queue:
        return np.zeros(len(dates))
    inside = (dates >= np.datetime64(adjustment.start)) & (dates <= np.datetime64(adjustment.end))
    return inside * np.log(adjustment.factor)


def distinct(events: Sequence[Event]) -> tuple[Event, ...]:
    """``events`` without those that repeat another under a second name: same kind, days, size and queues."""
    seen: dict[tuple[object, ...], Event] = {}
    for event in events:
        seen.setdefault((event.enabled, *_what(event)), event)
    return tuple(seen.values())


def _what(event: Event) -> tuple[object, ...]:
    return (
        event.kind,
        event.start,
        event.last,
        event.start_time,
        event.end_time,
        event.size,
        event.queues,
        event.moves_to,
        event.effect,
    )


def past_events(events: Sequence[Event], queue: str, dates: np.ndarray) -> tuple[Event, ...]:
    """Enabled events of ``queue`` that began within ``dates`` (known days) and can be seen on some of them.

    An event that began before the history has no days before it to compare with, and teaches nothing.
    """
    seen = []
    for event in events:
        begun = len(dates) and dates[0] < np.datetime64(event.start) <= dates[-1]
        if begun and event.touches(queue) and event.size != 0 and _near(event, dates).any():
            seen.append(event.seen_by(queue))
    return tuple(seen)


def _near(event: Event, dates: np.ndarray) -> np.ndarray:
    basis = response_basis(event, dates)
    return basis[:, SHAPES.index("pulse")] + basis[:, SHAPES.index("after")]


def rough_terms(events: Sequence[Event]) -> tuple[Term, ...]:
    """One term per kind: its events resemble each other, each with something of its own."""
    kinds = sorted({event.kind for event in events})
    return tuple(_rough_term(kind, [event for event in events if event.kind == kind]) for kind in kinds)


def _rough_term(kind: str, events: Sequence[Event]) -> Term:
    grown = np.array([growth(event, usual_size(events), 0.7) for event in events])
    columns = [SHAPES.index(name) for name in ROUGH_WEIGHTS]
    scale = np.sqrt(list(ROUGH_WEIGHTS.values()))

    def features(facts: DayFacts) -> np.ndarray:
        """Days × (shapes shared by the kind, then shapes of each event)."""
        own = np.array(
            [response_basis(e, facts.dates)[:, columns] * scale * g for e, g in zip(events, grown, strict=True)]
        )
        return np.hstack([own.sum(axis=0), np.sqrt(ROUGH_OWN) * np.hstack(list(own))])

    return Term(f"event {kind}", GROUP, ROUGH_VARIANCE, lambda a, b: features(a) @ features(b).T)
