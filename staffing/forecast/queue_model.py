"""One queue: fitted once on its history, asked any number of times for any days and events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event
from staffing.forecast.counts import QueueCounts, weekday_of
from staffing.forecast.day_level.calendar import at_todays_level, calendar_regression
from staffing.forecast.day_level.days import DayFacts, describe
from staffing.forecast.day_level.half_days import HalfDays, find_half_days
from staffing.forecast.day_level.known import LEAST_DAYS
from staffing.forecast.day_level.level_changes import LevelChange, going_back, measure
from staffing.forecast.day_level.mix import HORIZONS
from staffing.forecast.day_level.mixture import DayModels, DaysTold, fit_days
from staffing.forecast.day_level.model import DayModel
from staffing.forecast.day_level.past import Past
from staffing.forecast.day_level.rebased import WeekToday, learn_week
from staffing.forecast.day_level.regression import Regression
from staffing.forecast.day_level.todays_hours import HoursChange, in_todays_hours
from staffing.forecast.day_level.totals import DayTotals, day_totals, expected_shut, usual_calls
from staffing.forecast.events.clock import DayClock
from staffing.forecast.events.effects import GROUP, EventEffects, past_events
from staffing.forecast.events.evidence import Evidence, gather
from staffing.forecast.events.handle_time import handle_time_evidence
from staffing.forecast.events.hours import HourEffect, PastShapes, event_days, learn_hours
from staffing.forecast.events.kinds import Learned
from staffing.forecast.events.learning import learn
from staffing.forecast.handle_time import HandleTime, fit_handle_time, with_past
from staffing.forecast.options import ForecastOptions
from staffing.forecast.paths import DEFAULT_DEVIATION, NO_NOISE, DayNoise, Shocks, calibrate, risk_kinds
from staffing.forecast.patience import WeekPatience
from staffing.forecast.profile import DayShape, fit_shape, with_factors
from staffing.forecast.shrinkage import WeekShrinkage

COUNT_OFFSET = 0.5  # logs of small counts: log(calls + 0.5)
EVEN_NOISE = 0.5  # of the counting noise, above which days are surely no more even than Poisson counts
LESS_THAN_POISSON = 0.6  # a variance below this part of Poisson's is taken as such
LATELY_DAYS = 200
NEWS_DAYS = 400  # a level that changed longer ago is no news
LEAST_SHARE = 0.2  # of a day's deviation that its intervals share, however noisy counting is
HISTORY_DAYS = 1100  # older days say little that these do not, and cost the most


def expected_calls(log_total: np.ndarray, counting: float = 1.0) -> np.ndarray:
    """Calls behind a mean of log(calls + COUNT_OFFSET).

    The mean log of a Poisson count lies below the log of its mean by about half its relative variance
    (second-order Taylor expansion); for counts below 2 the expansion is held at 2. ``counting`` is the part of a
    Poisson count's variance that the counts have: 0 for calls that never vary.
    """
    usual = np.exp(log_total)
    return np.maximum(usual * np.exp(0.5 * counting / np.maximum(usual, 2.0)) - COUNT_OFFSET, 0.0)


def counting_share(calendar: Regression) -> float:
    """How much of a Poisson count's variance the days have, in [0, 1]; 1 unless it is clearly less."""
    counting = float(calendar.poisson.mean())
    if calendar.noise > EVEN_NOISE * counting:
        return 1.0
    rest = calendar.left_out()[-LATELY_DAYS:] ** 2
    share = float(rest.mean()) / counting
    return 1.0 if share > LESS_THAN_POISSON else share


@dataclass(frozen=True)
class QueueModel:
    """Everything of one queue that does not change when an event moves.

    ``days`` is None for short histories; ``counting`` the part of a Poisson count's variance that its days have.
    """

    queue: str
    facts: DayFacts
    totals: DayTotals
    days: DayModels | None
    week: WeekToday
    half_days: HalfDays
    counting: float
    effects: EventEffects
    noise: DayNoise
    shape: DayShape
    handle_time: HandleTime | None
    notes: tuple[str, ...]
    shrinkage: WeekShrinkage | None = None
    patience: WeekPatience | None = None

    def told(self, facts: DayFacts) -> DaysTold:
        """Log effects of every cause but events on each day, which with the events' sum to its log total; and what
        each model says alone."""
        if self.days is not None:
            return self.days.told(facts).moved("holiday", self.week.quiet_holidays.offset(facts))
        usual = self._usual_level(facts)
        return DaysTold({"weekday_mean": usual}, {"level": usual})

    def shut(self, facts: DayFacts) -> np.ndarray:
        """Days that will have no calls: closed weekdays, holidays that were shut."""
        return expected_shut(facts, self.facts, self.totals)

    def day_factors(self, facts: DayFacts, total: np.ndarray, shocks: Shocks) -> np.ndarray:
        """Paths × days: what each path multiplies the day's calls by. Each day's mean is 1."""
        running = np.flatnonzero(total > 0)
        factors = np.ones((shocks.paths, len(facts)))
        if not len(running):
            return factors
        if self.days is None:
            deviation = np.full(len(running), DEFAULT_DEVIATION)
        else:
            counting = 1.0 / (total[running] + COUNT_OFFSET)
            whole = self.noise.widths(risk_kinds(facts[running])) * self.days.calendar.deviation(
                facts[running], counting
            )
            beyond = whole**2 - self.shape.dispersion * counting
            deviation = np.sqrt(np.maximum(beyond, (LEAST_SHARE * whole) ** 2))
        own = np.random.default_rng([shocks.seed, *self.queue.encode()])
        drawn = deviation * self.noise.draw(len(running), shocks, own)
        if self.days is not None:
            drawn = drawn + self._turns(facts[running], own, shocks.paths)
        drawn = np.exp(drawn)
        factors[:, running] = drawn / drawn.mean(axis=0)
        return factors

    def _turns(self, facts: DayFacts, own: np.random.Generator, paths: int) -> np.ndarray:
        """Paths × days log units: young changes that go back, growth that ends or goes on."""
        assert self.days is not None
        last, ahead = self.days.last_day, np.maximum(facts.ordinal - self.days.last_day, 1.0)
        back = going_back(facts, last, self.days.changes, own.random(paths))
        return back + self.days.growth.doubt(ahead, own.standard_normal(paths))

    def _usual_level(self, facts: DayFacts) -> np.ndarray:
        """Log mean of the last same weekdays, all days standing in for weekdays not seen."""
        known = self.totals.known
        total, weekday = self.totals.total[known], weekday_of(self.totals.dates)[known]
        overall = total.mean() if len(total) else 0.0
        means = [total[weekday == k][-8:].mean() if (weekday == k).any() else overall for k in range(7)]
        return np.log(np.array(means)[facts.weekday] + COUNT_OFFSET)


@dataclass(frozen=True)
class QueueDays:
    """One queue's history as days: events can be measured in it, then models fitted to what is left.

    ``rough`` allows for events only roughly; it is None for short histories. ``shifts`` are ordinals; what it was told
    is history as ``week`` has it.
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

    @property
    def name(self) -> str:
        return self.counts.queue

    def evidence(self) -> Evidence | None:
        """What these days say about their events; None where they cannot say anything."""
        if self.rough is None or not self.events:
            return None
        return gather(self.events, self.rough, self.rough.without(GROUP), self.counts)

    def eventless(self, learned: Learned) -> Regression:
        """The regression told the days as they would have been without events. Needs ``rough``."""
        assert self.rough is not None
        return self.rough.without(GROUP).told(self._quiet(learned))

    def calendar(self, learned: Learned) -> tuple[Regression, tuple[LevelChange, ...]]:
        """Regression fitted anew to days without events, so that idle events bend nothing, and as if the level had
        always been today's; and the changes of the level."""
        assert self.rough is not None
        regression, shifts = self.eventless(learned), self.shifts
        if self.events:
            regression, shifts = calendar_regression(self.rough.facts, self._quiet(learned), self.rough.poisson, ())
        changes = measure(regression, shifts)
        return (at_todays_level(regression, changes) if shifts else regression), changes

    def _quiet(self, learned: Learned) -> np.ndarray:
        """Log totals as they would have been without events."""
        assert self.rough is not None
        return self.rough.log_total - learned.past_effect(self.rough.facts.dates)


def queue_days(counts: QueueCounts, calendar: SiteCalendar, events: Sequence[Event]) -> QueueDays:
    """Day totals of one queue and the regression of what level, week, season and holidays do."""
    counts = counts.last(HISTORY_DAYS)
    facts = describe(counts.dates, calendar)
    counts, hours = in_todays_hours(counts, facts)
    half_days, counts = find_half_days(counts, facts)
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
    return QueueDays(
        counts, totals, facts, past, rough, shifts, week, half_days, hours, handle_time_evidence(counts, facts, events)
    )


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


def fit_queue(history: QueueDays, effects: EventEffects, options: ForecastOptions) -> QueueModel:
    """Fit one queue's day level, day shape and handle time to its history without events."""
    counts, totals, facts = history.counts, history.totals, history.facts
    days, counting, even = None, 1.0, 0.0  # the weekday mean is a mean of calls, not of logs
    if history.rough is not None:
        calendar, changes = history.calendar(effects.learned)
        days = fit_days(calendar, changes, options.chosen)
        counting = even = counting_share(calendar)
    noise = NO_NOISE if days is None else calibrate(days.errors)
    return QueueModel(
        queue=counts.queue,
        facts=facts,
        totals=totals,
        days=days,
        week=history.week,
        half_days=history.half_days,
        counting=even,
        effects=effects,
        noise=noise,
        shape=fit_shape(np.where(counts.open, counts.calls, 0.0), facts, counting),
        handle_time=_handle_time(counts, facts, days, noise),
        notes=(*counts.notes, *_notes(history, days, options.chosen)),
    )


def _handle_time(counts: QueueCounts, facts: DayFacts, days: DayModels | None, noise: DayNoise) -> HandleTime | None:
    """Handle time with its own past errors, from the origins that the contacts' errors come from."""
    made = fit_handle_time(counts, facts)
    if made is None or days is None:
        return made
    known = days.calendar.facts
    return with_past(made, known, Past.of(known, days.calendar.log_total), noise.surprises.shape[1], noise.trust)


def with_hours(models: Mapping[str, QueueModel], counts: Mapping[str, QueueCounts]) -> dict[str, QueueModel]:
    """The models, told which hours of their days the kinds of past events load.

    Where a kind bends its days, the usual shape is fitted anew to the days without the bend, and the bend measured
    against that.
    """
    told = _told_hours(models, counts)
    bent = {name for name, m in told.items() if any(hours.matters for hours in m.effects.hours.values())}
    if not bent:
        return told
    return _told_hours({name: _unbent(m, counts[name]) if name in bent else m for name, m in told.items()}, counts)


def _told_hours(models: Mapping[str, QueueModel], counts: Mapping[str, QueueCounts]) -> dict[str, QueueModel]:
    found: dict[str, dict[str, HourEffect]] = {name: {} for name in models}
    past = {name: PastShapes.of(m.shape, counts[name]) for name, m in models.items() if m.effects.learned.kinds}
    for kind in sorted({kind for model in models.values() for kind in model.effects.learned.kinds}):
        known = {name: m.effects.learned.kinds[kind] for name, m in models.items() if kind in m.effects.learned.kinds}
        days = {
            name: event_days(effect, models[name].shape, past[name], models[name].effects.clock)
            for name, effect in known.items()
        }
        for name, hours in learn_hours(known, days).items():
            found[name][kind] = hours
    return {name: replace(m, effects=replace(m.effects, hours=found[name])) for name, m in models.items()}


def _unbent(model: QueueModel, counts: QueueCounts) -> QueueModel:
    """The model with its shape fitted to days as they would have run without their events' bends."""
    hours, clock = model.effects.hours, model.effects.clock
    calls = np.where(counts.open, counts.calls, 0.0)
    bend = np.sum(
        [h.bend(event, counts.dates, clock).mean for h in hours.values() if h.matters for event in h.kind.events],
        axis=0,
    )
    return replace(
        model, shape=fit_shape(with_factors(calls, -bend), model.facts, model.counting if model.days else 1.0)
    )


def _notes(history: QueueDays, days: DayModels | None, chosen: Sequence[DayModel]) -> list[str]:
    """What a planner should know about this queue's forecast."""
    counts, totals, week = history.counts, history.totals, history.week
    queue, known = counts.queue, len(totals.known)
    if not np.isfinite(counts.calls).any():
        return [f"{queue}: every figure of its calls is missing, so nothing is known; the forecast is zero."]
    if not np.nansum(counts.calls):
        return [f"{queue}: no calls in the history; the forecast is zero."]
    notes = [f"{queue}: {note}" for note in (*totals.notes, *week.notes(), *history.half_days.notes())]
    notes += [f"{queue}: {change.note(counts.calls.shape[1])}" for change in history.hours]
    if totals.closed_weekday.all():
        return notes
    if days is None:
        return [f"{queue}: only {known} days of history; the forecast is the weekday mean, its range a guess.", *notes]
    if known < 90:
        notes.append(f"{queue}: {known} days of history; holidays, month ends and the year are hardly known.")
    notes += [f"{queue}: {why}" for model in chosen if known >= model.least_days and (why := model.unusable())]
    if not any(model.name in days.fitted for model in chosen):
        least = min(model.least_days for model in chosen)
        names = ", ".join(model.name for model in chosen)
        notes.append(f"{queue}: {known} days of history, {names} needs {least}; the weekday mean stands in.")
    notes += [f"{queue}: {change.note()}" for change in days.changes if change.first > days.last_day - NEWS_DAYS]
    notes += [f"{queue}: {days.growth.note()}"] * bool(days.growth.weeks)
    taken = [name for name, over in zip(HORIZONS, days.weights.guarded, strict=True) if over]
    if taken:
        notes.append(f"{queue}: the weekday mean did best in the past at {', '.join(taken)} ahead and is used there.")
    left_out = totals.shut | totals.older | totals.closed_weekday[weekday_of(totals.dates)]
    missing = int((~np.isfinite(totals.total) & ~left_out).sum())
    if missing:
        notes.append(f"{queue}: {missing} days without usable calls are taken as missing, not as zero.")
    return notes
