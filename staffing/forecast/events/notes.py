"""What a planner should know about how the events of a forecast were counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from staffing.domain.demand import Event
from staffing.forecast.events.effects import EventEffects, distinct
from staffing.forecast.events.shapes import DAYS_BEFORE


def event_notes(events: Sequence[Event], effects: Sequence[EventEffects], dates: np.ndarray) -> list[str]:
    """Notes on events that reach into ``dates``, and one on those that begin after them."""
    enabled = [event for event in events if event.enabled]
    near = [event for event in enabled if np.datetime64(event.start) - DAYS_BEFORE <= dates[-1]]
    notes = [note for queue in effects for event in near if (note := _note(queue, event))]
    late = [event for event in enabled if np.datetime64(event.start) > dates[-1] and event not in near]
    if late:
        first = min(late, key=lambda event: event.start)
        notes.append(
            f"{len(late)} event(s) begin after the last day forecast and change nothing here; "
            f"the first is '{first.name}' on {first.start}."
        )
    counted = distinct(enabled)
    notes += [
        f"event '{event.name}' repeats another of the same kind, days and size under a second name; it counts once."
        for event in enabled
        if event not in counted
    ]
    return notes


def _note(effects: EventEffects, event: Event) -> str:
    event = event.seen_by(effects.queue)
    if not event.touches(effects.queue):
        return ""
    source, name = effects.source(event), f"event '{event.name}'"
    if source == "unknown" and event.moves_to == effects.queue:
        return f"{name}: {effects.queue} takes {event.moved_share:.0%} of the contacts that it keeps from other queues."
    if source == "unknown":
        return (
            f"{name}: no past {event.kind} in {effects.queue} and no effect typed; it is counted as no effect. "
            "Type one."
        )
    if source in ("typed", "override"):
        return ""
    if event.size == 0:
        return f"{name}: of size 0, it has no effect."
    if source == "past":
        return ""
    kind = effects.learned.kinds[event.kind]
    if event.effect is not None:
        return (
            f"{name}: the effect learned from {len(kind.events)} past {event.kind} in {effects.queue} stands; "
            f"the typed {event.effect:+.0%} overrides it once a reason is given."
        )
    sizes = [past.size for past in kind.events if past.size]
    if event.size and sizes and event.size > 2 * max(sizes):
        return f"{name}: its size {event.size:g} is far above any past {event.kind} (at most {max(sizes):g})."
    if len(kind.events) == 1:
        return f"{name}: rests on a single past {event.kind} in {effects.queue}; its range is wide."
    return ""
