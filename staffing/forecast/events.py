"""What events do to the day's contacts: learned by kind and size from past events, added in logs.

This is the seam between the baseline and events. `event_terms` joins past events to the calendar regression,
so their effect is estimated together with the day level; `learn` reads the effects back;
`EventEffects.log_multiplier` is the one function that turns an event into a forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from staffing.domain.demand import Adjustment, Event
from staffing.forecast.kernels import Kernel, Term
from staffing.forecast.regression import Regression

PRESENCE_VARIANCE = 0.04  # an unseen kind moves contacts by about 20 %
SIZE_VARIANCE = 0.02
GROUP = "events"


@dataclass(frozen=True)
class KindEffect:
    """Effect of one kind, log units: ``base`` at the usual size, plus ``slope`` per unit of log size."""

    base: float
    slope: float
    usual_log_size: float
    past_days: int


@dataclass(frozen=True)
class EventEffects:
    """Learned effects of one queue, by kind."""

    queue: str
    kinds: dict[str, KindEffect]

    def log_multiplier(self, event: Event, dates: np.ndarray) -> np.ndarray:
        """Log factor by which ``event`` moves each of ``dates`` (datetime64[D]); 0 where it has no effect.

        A kind without a past uses the planner's own ``effect``, and has none without that.
        """
        if not event.touches(self.queue):
            return np.zeros(len(dates))
        kind = self.kinds.get(event.kind)
        if kind is None:
            return _active(event, dates) * np.log1p(event.effect or 0.0)
        return _active(event, dates) * (kind.base + kind.slope * (_log_size(event, kind) - kind.usual_log_size))


def _active(event: Event, dates: np.ndarray) -> np.ndarray:
    return ((dates >= np.datetime64(event.start)) & (dates <= np.datetime64(event.last))).astype(float)


def _log_size(event: Event, kind: KindEffect) -> float:
    return kind.usual_log_size if event.size is None else float(np.log1p(event.size))


def adjustment_log_multiplier(adjustment: Adjustment, queue: str, dates: np.ndarray) -> np.ndarray:
    """Log factor of a planner's correction on each of ``dates`` (datetime64[D])."""
    if adjustment.queue and adjustment.queue != queue:
        return np.zeros(len(dates))
    inside = (dates >= np.datetime64(adjustment.start)) & (dates <= np.datetime64(adjustment.end))
    return inside * np.log(adjustment.factor)


def past_kinds(events: Sequence[Event], queue: str, dates: np.ndarray) -> dict[str, list[Event]]:
    """Enabled events of ``queue`` that touch ``dates``, by kind: what the regression and Prophet are told."""
    kinds: dict[str, list[Event]] = {}
    for event in events:
        if event.touches(queue) and _active(event, dates).any():
            kinds.setdefault(event.kind, []).append(event)
    return dict(sorted(kinds.items()))


def _usual_log_size(events: Sequence[Event]) -> float:
    sizes = [np.log1p(event.size) for event in events if event.size is not None]
    return float(np.mean(sizes)) if sizes else 0.0


def presence(events: Sequence[Event], dates: np.ndarray) -> np.ndarray:
    """Number of events running on each of ``dates``."""
    return np.sum([_active(event, dates) for event in events], axis=0)


def size_contrast(events: Sequence[Event], dates: np.ndarray) -> np.ndarray:
    """Sum over running events of their log size less the kind's usual log size."""
    usual = _usual_log_size(events)
    sized = [event for event in events if event.size is not None]
    return np.sum([_active(e, dates) * (np.log1p(e.size) - usual) for e in sized] or [np.zeros(len(dates))], axis=0)


def event_terms(kinds: dict[str, list[Event]]) -> tuple[Term, ...]:
    """Two terms per kind: that an event runs, and how large it is."""
    terms = []
    for kind, events in kinds.items():
        terms.append(Term(f"event {kind}", GROUP, PRESENCE_VARIANCE, _outer(presence, events)))
        terms.append(Term(f"event size {kind}", GROUP, SIZE_VARIANCE, _outer(size_contrast, events)))
    return tuple(terms)


def _outer(feature, events: Sequence[Event]) -> Kernel:
    return lambda a, b: np.outer(feature(events, a.dates), feature(events, b.dates))


def learn(queue: str, kinds: dict[str, list[Event]], regression: Regression) -> EventEffects:
    """Read each kind's effect out of a fitted regression that holds its terms."""
    variances = dict(zip((term.name for term in regression.terms), regression.variances, strict=True))
    dates, out = regression.facts.dates, {}
    for kind, events in kinds.items():
        runs, sizes = presence(events, dates), size_contrast(events, dates)
        out[kind] = KindEffect(
            base=float(variances[f"event {kind}"] * (runs @ regression.alpha)),
            slope=float(variances[f"event size {kind}"] * (sizes @ regression.alpha)),
            usual_log_size=_usual_log_size(events),
            past_days=int((runs > 0).sum()),
        )
    return EventEffects(queue, out)
