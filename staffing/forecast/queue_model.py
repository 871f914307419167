"""One queue: fitted once on its history, asked any number of times for any days and events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.forecast.calendar_notes import (
    LEAST_GUESS,
    NEW_GUESSED,
    NEW_SHUT,
    NEW_WORKED,
    NOW_SHUT,
    NOW_WORKED,
    DoubtfulHolidays,
)
from staffing.forecast.counts import QueueCounts, weekday_of
from staffing.forecast.day_level.calendar import young_weekdays
from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.half_days import HalfDays
from staffing.forecast.day_level.level_changes import going_back
from staffing.forecast.day_level.mixture import DayModels, DaysTold, fit_days
from staffing.forecast.day_level.outliers import outliers
from staffing.forecast.day_level.past import Past
from staffing.forecast.day_level.rebased import WeekToday
from staffing.forecast.day_level.totals import DayTotals, changed_holidays, expected_shut, met_holidays
from staffing.forecast.events.effects import EventEffects
from staffing.forecast.handle_time import HandleTime, fit_handle_time, with_past
from staffing.forecast.lessons import Lesson
from staffing.forecast.log_counts import COUNT_OFFSET
from staffing.forecast.options import ForecastOptions
from staffing.forecast.paths import DEFAULT_DEVIATION, NO_NOISE, DayNoise, Shocks, free_of_counting
from staffing.forecast.patience import WeekPatience
from staffing.forecast.profile import DayShape
from staffing.forecast.queue_days import QueueDays
from staffing.forecast.queue_notes import queue_notes
from staffing.forecast.shrinkage import WeekShrinkage


@dataclass(frozen=True)
class QueueModel:
    """Everything of one queue that does not change when an event moves.

    ``days`` is None for short histories; ``counting`` the part of a Poisson count's variance that its days have;
    ``level_doubt`` as in `QueueCounts`.
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
    level_doubt: float = 0.0
    shrinkage: WeekShrinkage | None = None
    patience: WeekPatience | None = None

    def told(self, facts: DayFacts) -> DaysTold:
        """Log effects of every cause but events on each day, which with the events' sum to its log total; and what
        each model says alone."""
        idle = np.log1p(-self.totals.idle[facts.weekday])
        if self.days is not None:
            made = self.days.told(facts).moved("holiday", self.week.holidays(facts))
            return made.moved("days at zero", idle)
        usual = self._usual_level(facts)
        return DaysTold({"weekday_mean": usual}, {"level": usual}).moved("days at zero", idle)

    def shut(self, facts: DayFacts) -> np.ndarray:
        """Days that will have no calls: closed weekdays, holidays that were shut."""
        return expected_shut(facts, self.facts, self.totals)

    def doubtful_holidays(self, facts: DayFacts, shut: np.ndarray) -> DoubtfulHolidays:
        """Those of the days ``facts`` that the history never met, or met both shut and worked; ``shut`` are the days
        taken as closed."""
        past = met_holidays(self.facts, self.totals)
        met = self.facts.holiday_name[past].astype(str)
        here = (facts.holiday_offset == 0) & ~self.totals.closed_weekday[facts.weekday]
        new = here & ~np.isin(facts.holiday_name.astype(str), met)
        guessed = np.abs(self.week.first_holidays.offset(facts)) > LEAST_GUESS
        changed = here & changed_holidays(facts, self.facts, self.totals)
        worked = new & ~guessed & ~shut & bool(self.totals.shut[past].any())
        taken = {NEW_SHUT: new & shut, NEW_WORKED: worked, NEW_GUESSED: new & guessed & ~shut}
        taken |= {NOW_SHUT: changed & shut, NOW_WORKED: changed & ~shut}
        return DoubtfulHolidays(self.queue, facts, taken)

    def day_factors(self, facts: DayFacts, total: np.ndarray, shocks: Shocks) -> np.ndarray:
        """Paths × days: what each path multiplies the day's calls by. Each day's mean is 1."""
        running = np.flatnonzero(total > 0)
        factors = np.ones((shocks.paths, len(facts)))
        if not len(running):
            return factors
        own = np.random.default_rng([shocks.seed, *self.queue.encode()])
        drawn = self.noise.draw(len(running), shocks, own)
        if self.days is None:
            drawn = DEFAULT_DEVIATION * drawn
        else:
            counting = 1.0 / (total[running] + COUNT_OFFSET)
            whole = self.noise.widths(facts[running]) * self.days.calendar.deviation(facts[running], counting)
            drawn = whole * free_of_counting(drawn, self.shape.dispersion * counting / whole**2)
            drawn = drawn + self._turns(facts[running], own, shocks.paths)
        drawn = np.exp(drawn)
        if self.totals.idle.any():
            drawn = drawn * (own.random(drawn.shape) >= self.totals.idle[facts[running].weekday])
        factors[:, running] = drawn / np.maximum(drawn.mean(axis=0), 1e-12)
        return factors

    def _turns(self, facts: DayFacts, own: np.random.Generator, paths: int) -> np.ndarray:
        """Paths × days log units: young changes that go back, growth that ends or goes on, a break that lasts, weekdays
        that opened lately and are as little known as a young queue."""
        assert self.days is not None
        last, ahead = self.days.last_day, np.maximum(facts.ordinal - self.days.last_day, 1.0)
        back = going_back(facts, last, self.days.changes, own.random(paths))
        turns = back + self.days.growth.doubt(ahead, own.standard_normal(paths))
        turns = turns + self.days.latest.going_on(facts.ordinal, own.random(paths), own.standard_normal(paths))
        if len(young := young_weekdays(self.days.calendar.facts.weekday)):
            seen = np.bincount(self.days.calendar.facts.weekday, minlength=7)
            doubt = np.where(np.isin(np.arange(7), young), DEFAULT_DEVIATION / np.sqrt(np.maximum(seen, 1)), 0.0)
            turns = turns + (doubt * own.standard_normal((paths, 7)))[:, facts.weekday]
        if self.level_doubt:
            turns = turns + self.level_doubt * own.standard_normal((paths, 1))
        return turns

    def _usual_level(self, facts: DayFacts) -> np.ndarray:
        """Log mean of the last same weekdays, all days standing in for weekdays not seen, without outliers."""
        known = self.totals.known
        total, weekday = self.totals.total[known], weekday_of(self.totals.dates)[known]
        usual = ~outliers(total, weekday)
        total, weekday = total[usual], weekday[usual]
        overall = total.mean() if len(total) else 0.0
        means = [total[weekday == k][-8:].mean() if (weekday == k).any() else overall for k in range(7)]
        return np.log(np.array(means)[facts.weekday] + COUNT_OFFSET)


def fit_queue(history: QueueDays, lesson: Lesson, options: ForecastOptions) -> QueueModel:
    """Fit one queue's day level, day shape and handle time to its history without events."""
    counts, facts = history.counts, history.facts
    ground, days, even = lesson.grounded(history), None, 0.0  # the weekday mean is a mean of calls, not of logs
    if ground.calendar is not None:
        days = fit_days(ground.calendar, ground.changes, options.chosen, ground.latest)
        even = ground.counting
    noise = NO_NOISE if days is None else days.noise
    handle_time = _handle_time(counts, facts, days, noise)
    of_handle_time = () if handle_time is None else (f"{counts.queue}: {note}" for note in handle_time.notes())
    return QueueModel(
        queue=counts.queue,
        facts=facts,
        totals=history.totals,
        days=days,
        week=history.week,
        half_days=history.half_days,
        counting=even,
        effects=lesson.effects,
        noise=noise,
        shape=ground.shape,
        handle_time=handle_time,
        level_doubt=counts.level_doubt,
        notes=(*counts.notes, *queue_notes(history, days, options.chosen, lesson.effects.learned), *of_handle_time),
    )


def _handle_time(counts: QueueCounts, facts: DayFacts, days: DayModels | None, noise: DayNoise) -> HandleTime | None:
    """Handle time with its own past errors, from the origins that the contacts' errors come from."""
    made = fit_handle_time(counts, facts)
    if made is None or days is None:
        return made
    known = days.calendar.facts
    return with_past(made, known, Past.of(known, days.calendar.log_total), noise.surprises.shape[1], noise.trust)
