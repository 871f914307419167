"""What a planner should know about how the events of a forecast were counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from staffing.domain.demand import Event
from staffing.forecast.events.effects import EventEffects, distinct
from staffing.forecast.events.priors import SOURCE, TELEVISION, TELEVISION_COURSE, plain_kind, rule_of, rule_of_kind
from staffing.forecast.events.shapes import DAYS_BEFORE

MUCH = 3.0  # typed effects from here on are asked about: 10 may have been meant as 10 %
LATE = "begin after the last day forecast and change nothing here"


def event_notes(events: Sequence[Event], effects: Sequence[EventEffects], dates: np.ndarray) -> list[str]:
    """Notes on events that reach into ``dates``, and one on those that begin after them."""
    enabled = [event for event in events if event.enabled]
    notes = [note for queue in effects for event in enabled if (note := _note(queue, event, dates))]
    early = [event for event in enabled if effects and all(_before_history(queue, event) for queue in effects)]
    late = [event for event in enabled if np.datetime64(event.start) - DAYS_BEFORE > dates[-1]]
    told = (early, "began before the history and teach nothing"), (late, LATE)
    notes += [_several(found, what) for found, what in told if found]
    counted = distinct(enabled)
    notes += [
        f"event '{event.name}' repeats another of the same kind, days and size under a second name; it counts once."
        for event in enabled
        if event not in counted
    ]
    return notes + _unknown_queues(counted, [queue.queue for queue in effects]) + _alike(counted, dates)


def _several(events: Sequence[Event], what: str) -> str:
    first = min(events, key=lambda event: event.start)
    return f"{len(events)} event(s) {what}; the first is '{first.name}' on {first.start}."


def _before_history(effects: EventEffects, event: Event) -> bool:
    return effects.known is not None and bool(np.datetime64(event.start) <= effects.known[0])


def _alike(events: Sequence[Event], dates: np.ndarray) -> list[str]:
    """Events ahead of one kind on the same days in the same queue that differ in size: one event told twice?"""
    ahead = [event for event in events if np.datetime64(event.last) >= dates[0]]
    return [
        f"events '{one.name}' and '{other.name}' are of one kind on the same days; both count. Take one out if they "
        "are one event."
        for k, one in enumerate(ahead)
        for other in ahead[k + 1 :]
        if (one.kind, one.start, one.last, one.start_time) == (other.kind, other.start, other.last, other.start_time)
        and (not one.queues or not other.queues or set(one.queues) & set(other.queues))
    ]


def _note(effects: EventEffects, event: Event, dates: np.ndarray) -> str:
    event = event.seen_by(effects.queue)
    if not event.touches(effects.queue) or effects.out_of_reach(event, dates):
        return ""
    source, name = effects.source(event), f"event '{event.name}'"
    if event.size == 0:
        return f"{name}: of size 0, it has no effect."
    if source == "unknown" and event.moves_to == effects.queue:
        return f"{name}: {effects.queue} takes {event.moved_share:.0%} of the contacts that it keeps from other queues."
    if source in ("unknown", "typed", "override") and _silent(effects, event):
        return f"{name}: no calls come to {effects.queue} in its hours, so it changes nothing there. Look at its hours."
    if source == "unknown" and plain_kind(event) in TELEVISION:
        return (
            f"{name}: no past {event.kind} in {effects.queue} and no effect typed; it is counted as no effect. No rule "
            f"tells how many contacts it brings, only when: {TELEVISION_COURSE}. Type an effect, and its hours."
        )
    unsized = rule_of_kind(event) if source == "unknown" else None
    if unsized is not None:
        return (
            f"{name}: no past {event.kind} in {effects.queue} and no effect typed; it is counted as no effect until "
            f"its size tells how many are written to, of whom {unsized.low:.1%} to {unsized.high:.1%} call within "
            f"{len(unsized.days)} days by {SOURCE}."
        )
    if source == "unknown":
        return (
            f"{name}: no past {event.kind} in {effects.queue} and no effect typed; it is counted as no effect. "
            "Type one."
        )
    rule = rule_of(event) if source == "rule" else None
    if rule is not None:
        return (
            f"{name}: no past {event.kind} in {effects.queue} and no effect typed; {SOURCE} stands in: "
            f"{rule.words(event)}. Type an effect to override it, 0 for none."
        )
    if source in ("typed", "override"):
        return _much(event, name)
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


def _silent(effects: EventEffects, event: Event) -> bool:
    """Whether the queue usually has no calls in the hours of an event of one day."""
    day = np.array([np.datetime64(event.start)])
    return event.days == 1 and not effects.clock.exposure(event, day).any()


def _unknown_queues(events: Sequence[Event], queues: Sequence[str]) -> list[str]:
    """Events that name queues which history does not have."""
    named = [(event, queue) for event in events for queue in (*event.queues, event.moves_to) if queue]
    return [
        f"event '{event.name}' names a queue '{queue}' that history does not have; it changes nothing there."
        for event, queue in named
        if queue not in queues
    ]


def _much(event: Event, name: str) -> str:
    """A typed effect that may have been meant as per cent."""
    if event.effect is None or event.effect < MUCH:
        return ""
    return f"{name}: its typed effect of {event.effect:g} means {event.effect:+,.0%} contacts; 0.10 means +10%."
