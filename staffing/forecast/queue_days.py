"""One queue's history as days, in today's week and hours: what events are measured in and models fitted to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event
from staffing.forecast.counts import QueueCounts, without_days
from staffing.forecast.day_level.breaks import BACK_DAYS, NO_BREAK, Break, find_break, takes_back, without
from staffing.forecast.day_level.calendar import at_todays_level, calendar_regression, young_weekdays
from staffing.forecast.day_level.days import NO_HOLIDAY, DayFacts, describe, in_period_with_own_hours, with_own_hours
from staffing.forecast.day_level.half_days import HalfDays, find_half_days
from staffing.forecast.day_level.known import LEAST_DAYS
from staffing.forecast.day_level.level_changes import LevelChange, measure
from staffing.forecast.day_level.outliers import slips as found_slips
from staffing.forecast.day_level.rebased import WeekToday, explained, learn_week
from staffing.forecast.day_level.regression import Regression
from staffing.forecast.day_level.todays_hours import HoursChange, in_todays_hours
from staffing.forecast.day_level.totals import DayTotals, day_totals, usual_calls
from staffing.forecast.day_level.weekdays import QUIET_DAYS
from staffing.forecast.events.clock import DayClock
from staffing.forecast.events.effects import GROUP, EventEffects, past_events
from staffing.forecast.events.evidence import Evidence, gather
from staffing.forecast.events.handle_time import handle_time_evidence
from staffing.forecast.events.kinds import Learned
from staffing.forecast.events.learning import learn
from staffing.forecast.log_counts import COUNT_OFFSET

HISTORY_DAYS = 1100  # older days say little that these do not, and cost the most


@dataclass(frozen=True)
class QueueDays:
    """One queue's history as days: events can be measured in it, then models fitted to what is left.

    ``rough`` allows for events only roughly; it is None for short histories. ``shifts`` are ordinals; what it was told
    is history as ``week`` has it. ``slips`` holds the calls of days that count for nothing.
    """

    counts: QueueCounts
    totals: DayTotals
    facts: DayFacts
    events: tuple[Event, ...]
    rough: Regression | None
    shifts: tuple[float, ...]
    week: WeekToday
    half_days: HalfDays
    hours: tuple[HoursChange, ...]
    handle_time: Evidence | None
    slips: Mapping[np.datetime64, float]

    @property
    def name(self) -> str:
        return self.counts.queue

    @property
    def told_otherwise(self) -> bool:
        """Whether the counts are not those that were laid out."""
        return bool(self.half_days.closed or self.half_days.declared or self.hours or self.slips)

    def evidence(self) -> Evidence | None:
        """What these days say about their events; None where they cannot say anything."""
        if self.rough is None or not self.events:
            return None
        return gather(self.events, self.rough, self.rough.without(GROUP), self.counts)

    def eventless(self, learned: Learned) -> Regression:
        """The regression told the days as they would have been without events. Needs ``rough``."""
        assert self.rough is not None
        return self.rough.without(GROUP).told(self._quiet(learned))

    def calendar(self, learned: Learned) -> tuple[Regression, tuple[LevelChange, ...], Break]:
        """Regression fitted anew to days without events, so that idle events bend nothing, and as if the level had
        always been today's and the last days had not broken with it; the changes of the level; and that break."""
        assert self.rough is not None
        regression, shifts = self.eventless(learned), self.shifts
        if self.events:
            regression, shifts = calendar_regression(self.rough.facts, self._quiet(learned), self.rough.poisson, ())
        changes = measure(regression, shifts)
        today = at_todays_level(regression, changes) if shifts else regression
        latest = self._break(today)
        if takes_back(changes, latest):
            if latest.days >= BACK_DAYS:
                changes = measure(regression, (*shifts, latest.first))
                return at_todays_level(regression, changes), changes, NO_BREAK
            latest = replace(latest, back=True)
        if latest.days:
            today = today.told(without(today.log_total, latest.days, latest.size))
        return today, changes, latest

    def _break(self, regression: Regression) -> Break:
        """Of the last days, for which no holiday, event, half day or newly opened weekday accounts."""
        facts = regression.facts
        young = np.isin(facts.weekday, young_weekdays(facts.weekday))
        doubtful = young | explained(facts, self.events) | self.totals.in_part[self.totals.known]
        return find_break(regression, doubtful) if self.counts.silent < QUIET_DAYS else NO_BREAK

    def _quiet(self, learned: Learned) -> np.ndarray:
        """Log totals as they would have been without events."""
        assert self.rough is not None
        return self.rough.log_total - learned.past_effect(self.rough.facts.dates)


def queue_days(counts: QueueCounts, calendar: SiteCalendar, events: Sequence[Event]) -> QueueDays:
    """Day totals of one queue and the regression of what level, week, season and holidays do."""
    counts = counts.last(HISTORY_DAYS)
    facts = describe(counts.dates, calendar)
    own = with_own_hours(counts.dates, calendar)
    counts, hours = in_todays_hours(counts, facts, own)
    half_days, counts = find_half_days(counts, facts, own, in_period_with_own_hours(counts.dates, calendar))
    totals = day_totals(counts, facts.holiday_offset != 0)
    slips = _slips(totals, facts, past_events(events, counts.queue, facts.dates))
    if slips:
        counts = without_days(counts, np.isin(counts.dates, list(slips)))
        totals = day_totals(counts, facts.holiday_offset != 0)
    known = totals.known
    past = past_events(events, counts.queue, facts.dates[known])
    rough: Regression | None = None
    shifts: tuple[float, ...] = ()
    week = WeekToday()
    if len(known) >= LEAST_DAYS and np.nansum(totals.total) > 0:
        log_total = np.log(totals.total[known] + COUNT_OFFSET)
        poisson = 1.0 / (totals.usual[known] + COUNT_OFFSET)
        week = learn_week(facts[known], log_total, poisson, past)
        log_total = log_total + week.as_today(facts[known])
        rough, shifts = calendar_regression(facts[known], log_total, poisson, past)
        rough = rough.light()
    handle_time = handle_time_evidence(counts, facts, events)
    return QueueDays(counts, totals, facts, past, rough, shifts, week, half_days, hours, handle_time, slips)


def _slips(totals: DayTotals, facts: DayFacts, events: Sequence[Event]) -> dict[np.datetime64, float]:
    """Calls of the days of a long history that are slips: nothing that is known explains them."""
    known = totals.known
    if len(known) < LEAST_DAYS:
        return {}
    told = explained(facts, events) | (facts.holiday_offset != NO_HOLIDAY) | (facts.kept_name != "")
    found = known[found_slips(totals.total[known], facts.weekday[known])]
    return {totals.dates[day]: float(totals.total[day]) for day in found if not (told | facts.periods.any(axis=1))[day]}


def learn_effects(queues: Sequence[QueueDays]) -> dict[str, EventEffects]:
    """What events do to every queue's contacts and handle time; queues learn from each other."""
    calls = learn([evidence for queue in queues if (evidence := queue.evidence())])
    handle_time = learn([queue.handle_time for queue in queues if queue.handle_time])
    nothing = Learned()
    return {
        queue.name: EventEffects(
            queue=queue.name,
            learned=calls.get(queue.name, nothing),
            aht=handle_time.get(queue.name, nothing).kinds,
            clock=DayClock.of(queue.counts.calls),
            known=(queue.counts.dates[0], queue.counts.dates[-1]),
            usual_calls=usual_calls(queue.totals),
        )
        for queue in queues
    }
