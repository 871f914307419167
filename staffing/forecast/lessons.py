"""What the queues of a site teach each other, apart from what each learns by itself.

What events do, day by day and hour by hour, is learned from all queues in one pass, which is short beside the fits. The
fit of a queue needs its own history and its own lesson, and nothing of the others: it can be made anywhere, and is the
same as in a fit of all queues together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event, ExcludedDays
from staffing.errors import FAULTS, StaffingError
from staffing.forecast.counts import QueueCounts, with_own_hours, with_silence
from staffing.forecast.day_level.breaks import NO_BREAK, Break
from staffing.forecast.day_level.level_changes import LevelChange
from staffing.forecast.day_level.regression import Regression
from staffing.forecast.events.effects import EventEffects, distinct
from staffing.forecast.events.hours import HourEffect, PastShapes, event_days, learn_hours
from staffing.forecast.log_counts import counting_share
from staffing.forecast.profile import DayShape, fit_shape, with_factors
from staffing.forecast.queue_days import QueueDays, learn_effects, queue_days
from staffing.forecast.siblings import with_siblings
from staffing.forecast.spread import Told, each, let_workers_go


@dataclass(frozen=True)
class Groundwork:
    """What of a queue's fit comes before its day models. ``calendar``, ``changes`` and ``latest`` as in
    `QueueDays.calendar`, None for short histories; ``counting`` is the part of a Poisson count's variance that its days
    have."""

    calendar: Regression | None
    changes: tuple[LevelChange, ...]
    latest: Break
    counting: float
    shape: DayShape

    @classmethod
    def of(cls, history: QueueDays, effects: EventEffects, bends: Mapping[str, HourEffect] | None = None) -> Groundwork:
        """The shape is fitted to days as they would have run without the ``bends`` of their past events."""
        calendar, changes, latest, counting = None, tuple[LevelChange, ...](), NO_BREAK, 1.0
        if history.rough is not None:
            calendar, changes, latest = history.calendar(effects.learned)
            counting = counting_share(calendar)
        return cls(calendar, changes, latest, counting, _shape(history, effects, counting, bends or {}))

    def light(self) -> Groundwork:
        """The same without what is large and made again."""
        return replace(self, calendar=None if self.calendar is None else self.calendar.light())


@dataclass(frozen=True)
class Lesson:
    """What events do to one queue, as all queues together tell it.

    ``bends`` are what is taken out of its past days before their usual shape is fitted; ``ground`` is what was fitted
    on the way, if it is still at hand.
    """

    effects: EventEffects
    bends: Mapping[str, HourEffect] = field(default_factory=dict)
    ground: Groundwork | None = field(default=None, compare=False, repr=False)

    def grounded(self, history: QueueDays) -> Groundwork:
        """The ground of the queue's own fit."""
        return self.ground or Groundwork.of(history, self.effects, self.bends)


@dataclass(frozen=True)
class FromSite:
    """What one queue has from the others of its site: all that its fit needs beside its own history.

    ``declared`` and ``silent`` as in `QueueCounts`; ``borrowed`` is its history with the days that its siblings lend
    it, None where it stands on its own; ``lesson`` is None where nothing is known of events.
    """

    declared: tuple[bool, ...]
    silent: int = 0
    borrowed: QueueCounts | None = None
    lesson: Lesson | None = None

    def told(self, own: QueueCounts) -> QueueCounts:
        """The queue's history as its fit is told it."""
        return replace(own if self.borrowed is None else self.borrowed, declared=self.declared, silent=self.silent)


def from_site(
    queues: Mapping[str, QueueCounts],
    calendar: SiteCalendar,
    events: Sequence[Event],
    excluded: Sequence[ExcludedDays] = (),
) -> dict[str, FromSite]:
    """What each queue has from the others; those that have nothing are left out.

    A queue whose days cannot be told is left out too: what is wrong with it comes to light in its own fit.
    """
    hours = with_silence(with_own_hours(queues), excluded)
    family = with_siblings(hours).counts
    lessons = dict[str, Lesson]()
    if any(event.enabled for event in events):
        told = each(partial(_days, calendar=calendar, events=distinct(events)), list(family.values()))
        learned = learn_together([days for days in told if days is not None])
        let_workers_go()
        lessons = {name: one for name, one in learned.items() if one.effects.learned.kinds or one.effects.aht}
    found = {
        name: FromSite(one.declared, one.silent, one if one is not hours[name] else None, lessons.get(name))
        for name, one in family.items()
    }
    plain = {name: FromSite(one.declared) for name, one in queues.items()}
    return {name: one for name, one in found.items() if one != plain[name]}


def _days(counts: QueueCounts, calendar: SiteCalendar, events: Sequence[Event]) -> QueueDays | None:
    try:
        return queue_days(counts, calendar, events)
    except (StaffingError, *FAULTS):
        return None


def learn_together(queues: Sequence[QueueDays], told: Told | None = None) -> dict[str, Lesson]:
    """Every queue's lesson. Without past events there is nothing to learn, and it takes no time."""
    effects = learn_effects(queues)
    if not any(own.learned.kinds for own in effects.values()):
        return {name: Lesson(own) for name, own in effects.items()}
    grounds = dict(zip(effects, each(_ground, [(one, effects[one.name]) for one in queues], told), strict=True))
    days = {one.name: one for one in queues}
    hours = _hours(effects, days, {name: ground.shape for name, ground in grounds.items()})
    bends = {name: own for name, own in hours.items() if any(hour.matters for hour in own.values())}
    if bends:  # the usual shape is fitted anew to days without the bend, and the bend measured against that
        for name, own in bends.items():
            bare = _shape(days[name], effects[name], grounds[name].counting, own)
            grounds[name] = replace(grounds[name], shape=bare)
        hours = _hours(effects, days, {name: ground.shape for name, ground in grounds.items()})
    return {
        name: Lesson(replace(own, hours=hours[name]), bends.get(name, {}), grounds[name])
        for name, own in effects.items()
    }


def _ground(task: tuple[QueueDays, EventEffects]) -> Groundwork:
    return Groundwork.of(*task).light()


def _shape(history: QueueDays, effects: EventEffects, counting: float, bends: Mapping[str, HourEffect]) -> DayShape:
    counts = history.counts
    calls = np.where(counts.open, counts.calls, 0.0)
    acting = [(hour, event) for hour in bends.values() if hour.matters for event in hour.kind.events]
    if acting:
        bend = np.sum([hour.bend(event, counts.dates, effects.clock).mean for hour, event in acting], axis=0)
        calls = with_factors(calls, -bend)
    return fit_shape(calls, history.facts, counting)


def _hours(
    effects: Mapping[str, EventEffects], days: Mapping[str, QueueDays], shapes: Mapping[str, DayShape]
) -> dict[str, dict[str, HourEffect]]:
    """Which hours of their days the kinds of past events load, by queue and kind."""
    found: dict[str, dict[str, HourEffect]] = {name: {} for name in effects}
    past = {n: PastShapes.of(shapes[n], days[n].counts) for n, own in effects.items() if own.learned.kinds}
    for kind in sorted({kind for own in effects.values() for kind in own.learned.kinds}):
        known = {name: own.learned.kinds[kind] for name, own in effects.items() if kind in own.learned.kinds}
        told = {n: event_days(effect, shapes[n], past[n], effects[n].clock) for n, effect in known.items()}
        for name, hours in learn_hours(known, told).items():
            found[name][kind] = hours
    return found
