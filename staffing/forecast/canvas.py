"""A queue's days to come without any event: made once, kept while events move across it.

Of a changed scenario only what changed is worked out: the events that were changed, and the days that they touch.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Adjustment, Event
from staffing.forecast.calendar_notes import DoubtfulHolidays
from staffing.forecast.counts import local_cells, slots_per_day
from staffing.forecast.day_level.days import DayFacts, dates_between, describe, with_own_hours
from staffing.forecast.drawing import Asked, Pencil, Swing
from staffing.forecast.events.effects import adjustment_log_multiplier
from staffing.forecast.events.hours import Bend
from staffing.forecast.explain import cause_calls
from staffing.forecast.log_counts import expected_calls
from staffing.forecast.options import ForecastOptions
from staffing.forecast.paths import Shocks
from staffing.forecast.profile import with_factors
from staffing.forecast.queue_model import QueueModel

DEFAULT_AHT_S = 240.0


@dataclass(frozen=True)
class QueueForecast:
    """A queue's table, the sample paths of each of its days, and the calls by day and cause, and by day and model.

    ``aht_factors``: paths × days, what each path multiplies the day's handle time by, and the day of each interval.
    """

    table: pd.DataFrame
    paths: tuple[np.ndarray, ...]
    aht_factors: tuple[np.ndarray, np.ndarray]
    days: pd.DataFrame
    models: pd.DataFrame


@dataclass(frozen=True)
class Touch:
    """What one event does to each of a queue's days: ``effect`` (log factor) and its ``doubt`` (standard deviation),
    ``bend`` of the day's hours, and ``aht`` (log factor of handle time)."""

    effect: np.ndarray
    doubt: np.ndarray
    bend: Bend | None
    aht: np.ndarray

    @property
    def moves_calls(self) -> bool:
        return bool(self.effect.any() or self.doubt.any())


@dataclass(frozen=True)
class Canvas:
    """Everything about one queue's ``days`` days from ``start`` that no event changes.

    Attributes
    ----------
    causes : log day effects of everything but events and corrections.
    alone : by model, the log totals it says by itself.
    shares : days × slots, what of the day falls into each slot.
    day_of, slot : of each open interval: its day's place in ``facts``, and its slot of the day.
    pencil : draws the days, and keeps those drawn last.
    touches : what each event asked for last does; an event that was not changed is not worked out again.
    """

    model: QueueModel
    options: ForecastOptions
    index: pd.DatetimeIndex
    facts: DayFacts
    causes: dict[str, np.ndarray]
    alone: dict[str, np.ndarray]
    shut: np.ndarray
    shares: np.ndarray
    day_of: np.ndarray
    slot: np.ndarray
    pencil: Pencil
    touches: list[dict[Event, Touch]] = field(default_factory=list, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        model: QueueModel,
        calendar: SiteCalendar,
        span: tuple[dt.date, int],
        options: ForecastOptions,
    ) -> Canvas:
        """The canvas of ``span`` = (first day, number of days)."""
        dates = dates_between(*span)
        facts = describe(dates, calendar)
        index = calendar.open_grid(*span)
        days, slot = local_cells(index, calendar)
        day_of = (days - dates[0]).astype("int64")
        told = model.told(facts)
        own_hours, is_open = with_own_hours(dates, calendar), np.zeros((len(dates), slots_per_day(calendar)), bool)
        is_open[day_of, slot] = True
        shut = model.shut(facts) & ~own_hours
        shares, hours = model.half_days.within(model.shape.shares(facts), facts, is_open, own_hours)
        told = told.moved("closed hours", np.log(hours))
        seed = (options.seed, *model.queue.encode())
        shocks = Shocks(options.seed, options.paths)
        factors = model.day_factors(facts, _total(told.causes, shut, model.counting), shocks)
        bends = model.shape.bends
        slots = tuple(np.split(slot, np.searchsorted(day_of, np.arange(1, len(dates)))))
        return cls(
            model=model,
            options=options,
            index=index,
            facts=facts,
            causes=told.causes,
            alone=told.alone,
            shut=shut,
            shares=shares,
            day_of=day_of,
            slot=slot,
            pencil=Pencil(seed, bends, bends.kinds(facts), factors, facts.ordinal, slots),
        )

    @property
    def closed(self) -> np.ndarray:
        """Days without any contacts: shut, or without an open interval."""
        return np.asarray(self.shut | (np.bincount(self.day_of, minlength=len(self.facts)) == 0))

    @property
    def factors(self) -> np.ndarray:
        """Paths × days: what each path multiplies the day's calls by; every day's mean is 1."""
        return self.pencil.factors

    @cached_property
    def doubtful_holidays(self) -> DoubtfulHolidays:
        """Holidays that the queue may have otherwise than they are taken."""
        return self.model.doubtful_holidays(self.facts, self.shut)

    @cached_property
    def expected(self) -> np.ndarray:
        """Calls of each day without any event or correction."""
        return _total(self.causes, self.shut, self.model.counting)

    def forecast(
        self,
        events: Sequence[Event],
        adjustments: Sequence[Adjustment],
        arriving: Mapping[str, tuple[np.ndarray, np.ndarray]],
    ) -> QueueForecast:
        """The queue under ``events`` and ``adjustments``.

        ``arriving``: by event, calls a day (and their standard deviation) that come here from other queues.
        """
        touches, no_change = self._touches(events, arriving), np.zeros(len(self.facts))
        causes = dict(self.causes)
        for event, touch in touches.items():
            if touch.moves_calls:
                causes[event.name] = causes.get(event.name, 0.0) + touch.effect
        for move in adjustments:
            effect = adjustment_log_multiplier(move, self.model.queue, self.facts.dates)
            if effect.any():
                causes[move.reason] = causes.get(move.reason, 0.0) + effect
        total = _total(causes, self.shut, self.model.counting)
        asked = self._asked(total, touches)
        drawn = self.pencil.draw(asked)
        table = pd.DataFrame(
            {
                "queue": self.model.queue,
                "start": self.index,
                "calls": total[self.day_of] * asked.shares[self.day_of, self.slot],
                "aht_s": self.aht_s(np.sum([no_change, *(touch.aht for touch in touches.values())], axis=0)),
            }
            | dict(zip(("p10", "p50", "p90"), np.hstack(drawn.quantiles), strict=True))
            | self._learned()
        )
        why = cause_calls(self.model.queue, self.facts.dates, causes, total)
        return QueueForecast(table, drawn.paths, (self.aht_factors, self.day_of), why, self._alone(causes))

    @cached_property
    def aht_factors(self) -> np.ndarray:
        """Paths × days: what each path multiplies the day's handle time by; every day's mean is 1."""
        shocks = Shocks(self.options.seed, self.options.paths)
        if self.model.handle_time is None:
            return np.ones((self.options.paths, len(self.facts)))
        return self.model.handle_time.factors(self.facts, self.expected > 0, shocks)

    def _alone(self, causes: Mapping[str, np.ndarray]) -> pd.DataFrame:
        """``queue, day, model, calls``: each model by itself, moved by the same events and corrections."""
        moved = sum((effect - self.causes.get(name, 0.0) for name, effect in causes.items()), np.zeros(len(self.facts)))
        said = {
            name: _total({"alone": alone, "moved": moved}, self.shut, self.model.counting)
            for name, alone in self.alone.items()
        }
        days = self.facts.dates
        return pd.DataFrame(
            {
                "queue": self.model.queue,
                "day": np.tile(days, len(said)),
                "model": np.repeat(list(said), len(days)),
                "calls": np.concatenate(list(said.values())),
            }
        )

    def _touches(
        self, events: Sequence[Event], arriving: Mapping[str, tuple[np.ndarray, np.ndarray]]
    ) -> dict[Event, Touch]:
        """What each event does here; what is remembered holds unless contacts arrive, which others decide."""
        known = self.touches[-1] if self.touches else {}
        found = {
            event: known[event] if event in known and event.name not in arriving else self._touch(event, arriving)
            for event in events
        }
        self.touches[:] = [found]
        return found

    def _touch(self, event: Event, arriving: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> Touch:
        effects, dates = self.model.effects, self.facts.dates
        effect, doubt = self._effect(event, arriving.get(event.name))
        return Touch(effect, doubt, effects.bend(event, dates, self.closed), effects.aht_log_effect(event, dates))

    def _asked(self, total: np.ndarray, touches: Mapping[Event, Touch]) -> Asked:
        """What is to be drawn under these events."""
        doubt, bend, swings = np.zeros((1, len(self.facts))), np.zeros(self.shares.shape), []
        for event, touch in touches.items():
            causes = 1 if touch.bend is None else touch.bend.loading.shape[2]
            if touch.moves_calls or touch.bend is not None:
                strength = self._strength(event, causes)
                doubt = doubt + strength[:, :1] * touch.doubt
            if touch.bend is not None:
                bend += touch.bend.mean
                swings.append(Swing(event.name, strength, touch.bend.loading))
        return Asked(total, doubt, with_factors(self.shares, bend), tuple(swings))

    def _strength(self, event: Event, causes: int) -> np.ndarray:
        """Paths × causes: how much more or less than expected the event does; the same for all queues."""
        stream = np.random.default_rng([self.options.seed, zlib.crc32(event.name.encode())])
        return stream.standard_normal((causes, self.options.paths)).T

    def leaving(self, event: Event) -> tuple[np.ndarray, np.ndarray]:
        """Calls a day that ``event`` keeps from this queue, and their standard deviation; 0 where it adds some."""
        mean, sd = self.model.effects.log_effect(event, self.facts.dates)
        plain = self.expected
        lost = np.maximum(plain * -np.expm1(mean), 0.0)
        return lost, np.where(lost > 0, plain * np.exp(mean) * sd, 0.0)

    def _effect(self, event: Event, arriving: tuple[np.ndarray, np.ndarray] | None) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of the log effect of ``event`` on each day: learned here, or what arrives."""
        if arriving is None or self.model.effects.source(event) != "unknown":
            return self.model.effects.log_effect(event, self.facts.dates, self.closed)
        plain = self.expected
        calls, sd = (np.where(plain > 0, part, 0.0) for part in arriving)
        return np.log1p(calls / np.maximum(plain, 1e-9)), sd / np.maximum(plain + calls, 1e-9)

    def aht_s(self, log_factor: np.ndarray) -> np.ndarray:
        """Handle time of each interval, seconds; ``log_factor`` by day."""
        if self.model.handle_time is None:
            usual = np.full(len(self.index), self.options.aht_s.get(self.model.queue, DEFAULT_AHT_S))
        else:
            usual = self.model.handle_time.seconds(self.facts)[self.day_of, self.slot]
        return np.asarray(usual * np.exp(log_factor)[self.day_of])

    def _learned(self) -> dict[str, np.ndarray]:
        """What history tells of each interval by its weekday and slot: time lost, contacts lost, patience."""
        lost, patience = self.model.shrinkage, self.model.patience
        weeks: dict[str, np.ndarray] = {}
        if lost is not None:
            weeks |= {"planned_shrinkage": lost.planned, "unplanned_shrinkage": lost.unplanned}
        if patience is not None:
            weeks |= {"abandonment": patience.abandonment, "patience_s": patience.patience_s}
        return {name: week[self.facts.weekday[self.day_of], self.slot] for name, week in weeks.items()}


def _total(causes: Mapping[str, np.ndarray], shut: np.ndarray, counting: float) -> np.ndarray:
    """Expected calls of each day; shut days have none."""
    return np.where(shut, 0.0, expected_calls(np.sum(list(causes.values()), axis=0), counting))


def arrivals(
    canvases: Sequence[Canvas], events: Sequence[Event], queue: str
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """By event that moves contacts to ``queue``: calls a day that it keeps from the others, and their deviation."""
    found = {}
    for event in events:
        if event.enabled and event.moves_to == queue:
            parts = [canvas.leaving(event) for canvas in canvases if canvas.model.queue != queue]
            lost = [event.moved_share * np.sum([part[k] for part in parts], axis=0) for k in (0, 1)]
            found[event.name] = (lost[0] + np.zeros(len(canvases[0].facts)), lost[1] + np.zeros(len(canvases[0].facts)))
    return found
