"""A queue's days to come without any event: made once, kept while events move across it.

Every day draws from a random stream of its own, so that an event changes the sample paths of the days it
touches and no others, and the same events give the same paths whatever was asked before.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Adjustment, Event
from staffing.forecast.counts import local_cells
from staffing.forecast.day_level.days import DayFacts, dates_between, describe
from staffing.forecast.events.effects import adjustment_log_multiplier
from staffing.forecast.explain import cause_calls
from staffing.forecast.options import ForecastOptions
from staffing.forecast.paths import count_quantiles, draw_counts
from staffing.forecast.profile import with_factors
from staffing.forecast.queue_model import QueueModel, expected_calls

DEFAULT_AHT_S = 240.0
QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Asked:
    """What decides a queue's calls on each day: ``total`` expected, ``doubt`` (paths × days) and ``bend`` (days ×
    slots), both in logs."""

    total: np.ndarray
    doubt: np.ndarray
    bend: np.ndarray

    def differs(self, other: Asked | None) -> np.ndarray:
        """Days on which the two would not draw the same."""
        if other is None:
            return np.ones(len(self.total), dtype=bool)
        doubt = (self.doubt != other.doubt).any(axis=0)
        return (self.total != other.total) | doubt | (self.bend != other.bend).any(axis=1)


@dataclass(frozen=True)
class Drawn:
    """Expected calls, paths × intervals, and their quantiles."""

    mean: np.ndarray
    paths: np.ndarray
    quantiles: np.ndarray

    @classmethod
    def nothing(cls, paths: int, intervals: int) -> Drawn:
        return cls(np.zeros(intervals), np.zeros((paths, intervals), "float32"), np.zeros((len(QUANTILES), intervals)))

    def with_days(self, other: Drawn, where: np.ndarray) -> Drawn:
        """A copy with the intervals ``where`` taken from ``other``, which holds only those."""
        mean, paths, quantiles = self.mean.copy(), self.paths.copy(), self.quantiles.copy()
        mean[where], paths[:, where], quantiles[:, where] = other.mean, other.paths, other.quantiles
        return Drawn(mean, paths, quantiles)


@dataclass(frozen=True)
class Canvas:
    """Everything about one queue's ``days`` days from ``start`` that no event changes.

    Attributes
    ----------
    causes : log day effects of everything but events and corrections.
    shares : days × slots, what of the day falls into each slot.
    day_of, slot : of each open interval: its day's place in ``facts``, and its slot of the day.
    factors : paths × days, what each path multiplies the day's calls by.
    kept : what was asked last, and drawn.
    """

    model: QueueModel
    options: ForecastOptions
    index: pd.DatetimeIndex
    facts: DayFacts
    causes: dict[str, np.ndarray]
    shut: np.ndarray
    shares: np.ndarray
    day_of: np.ndarray
    slot: np.ndarray
    factors: np.ndarray
    kept: list[tuple[Asked, Drawn]] = field(default_factory=list, compare=False, repr=False)

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
        causes, shut = model.causes(facts), model.shut(facts)
        stream = np.random.default_rng([options.seed, *model.queue.encode()])
        return cls(
            model=model,
            options=options,
            index=index,
            facts=facts,
            causes=causes,
            shut=shut,
            shares=model.shape.shares(facts),
            day_of=(days - dates[0]).astype("int64"),
            slot=slot,
            factors=model.day_factors(facts, _total(causes, shut), options.paths, stream),
        )

    @cached_property
    def expected(self) -> np.ndarray:
        """Calls of each day without any event or correction."""
        return _total(self.causes, self.shut)

    def forecast(
        self,
        events: Sequence[Event],
        adjustments: Sequence[Adjustment],
        arriving: Mapping[str, tuple[np.ndarray, np.ndarray]],
    ) -> tuple[pd.DataFrame, np.ndarray, pd.DataFrame]:
        """Table, sample paths and causes of the queue under ``events`` and ``adjustments``.

        ``arriving``: by event, calls a day (and their standard deviation) that come here from other queues.
        """
        causes, doubts = dict(self.causes), []
        aht_factor, bend = np.zeros(len(self.facts)), np.zeros(self.shares.shape)
        for event in events:
            effect, sd = self._effect(event, arriving.get(event.name))
            bend += self.model.effects.bend(event, self.facts.dates)
            aht_factor += self.model.effects.aht_log_effect(event, self.facts.dates)
            if effect.any() or sd.any():
                causes[event.name] = causes.get(event.name, 0.0) + effect
                doubts.append(self._doubt(event, sd))
        for move in adjustments:
            effect = adjustment_log_multiplier(move, self.model.queue, self.facts.dates)
            if effect.any():
                causes[move.reason] = causes.get(move.reason, 0.0) + effect
        total = _total(causes, self.shut)
        doubt = np.sum(doubts, axis=0) if doubts else np.zeros((1, len(self.facts)))
        drawn = self._drawn(Asked(total, doubt, bend))
        table = pd.DataFrame(
            {"queue": self.model.queue, "start": self.index, "calls": drawn.mean, "aht_s": self.aht_s(aht_factor)}
            | dict(zip(("p10", "p50", "p90"), drawn.quantiles, strict=True))
            | self._learned()
        )
        return table, drawn.paths, cause_calls(self.model.queue, self.facts.dates, causes, total)

    def leaving(self, event: Event) -> tuple[np.ndarray, np.ndarray]:
        """Calls a day that ``event`` keeps from this queue, and their standard deviation; 0 where it adds some."""
        mean, sd = self.model.effects.log_effect(event, self.facts.dates)
        plain = self.expected
        lost = np.maximum(plain * -np.expm1(mean), 0.0)
        return lost, np.where(lost > 0, plain * np.exp(mean) * sd, 0.0)

    def _effect(self, event: Event, arriving: tuple[np.ndarray, np.ndarray] | None) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of the log effect of ``event`` on each day: learned here, or what arrives."""
        if arriving is None or self.model.effects.source(event) != "unknown":
            return self.model.effects.log_effect(event, self.facts.dates)
        plain = self.expected
        calls, sd = (np.where(plain > 0, part, 0.0) for part in arriving)
        return np.log1p(calls / np.maximum(plain, 1e-9)), sd / np.maximum(plain + calls, 1e-9)

    def _drawn(self, asked: Asked) -> Drawn:
        """Calls as asked for; only days that differ from what was asked last are drawn anew."""
        before, drawn = self.kept[-1] if self.kept else (None, Drawn.nothing(self.options.paths, len(self.index)))
        differs = asked.differs(before)
        if differs.any():
            shares = with_factors(self.shares, asked.bend)
            anew = replace(self, shares=shares)._draw(asked, np.flatnonzero(differs))
            drawn = drawn.with_days(anew, differs[self.day_of])
            self.kept[:] = [(asked, drawn)]
        return drawn

    def aht_s(self, log_factor: np.ndarray) -> np.ndarray:
        """Handle time of each interval, seconds; ``log_factor`` by day."""
        if self.model.aht_s is None:
            usual = self.options.aht_s.get(self.model.queue, DEFAULT_AHT_S)
        else:
            usual = self.model.aht_s[self.facts.weekday[self.day_of], self.slot]
        return usual * np.exp(log_factor)[self.day_of]

    def _learned(self) -> dict[str, np.ndarray]:
        """What history tells of each interval by its weekday and slot: time lost, contacts lost, patience."""
        lost, patience = self.model.shrinkage, self.model.patience
        weeks = {}
        if lost is not None:
            weeks |= {"planned_shrinkage": lost.planned, "unplanned_shrinkage": lost.unplanned}
        if patience is not None:
            weeks |= {"abandonment": patience.abandonment, "patience_s": patience.patience_s}
        return {name: week[self.facts.weekday[self.day_of], self.slot] for name, week in weeks.items()}

    def _doubt(self, event: Event, sd: np.ndarray) -> np.ndarray:
        """Paths × days: how much more or less than expected the event does; one strength per path, for all queues."""
        stream = np.random.default_rng([self.options.seed, zlib.crc32(event.name.encode())])
        return stream.standard_normal((self.options.paths, 1)) * sd

    def _draw(self, asked: Asked, days: np.ndarray) -> Drawn:
        """Calls of ``days`` only: expected, and drawn path by path."""
        shape, total, factors = self.model.shape, asked.total, self.factors * np.exp(asked.doubt)
        inside = np.flatnonzero(np.isin(self.day_of, days))
        day_of, slot = self.day_of[inside], self.slot[inside]
        mean = total[day_of] * self.shares[day_of, slot]
        paths = np.empty((self.options.paths, len(inside)), dtype="float32")
        quantiles = np.empty((len(QUANTILES), len(inside)))
        ends = np.searchsorted(day_of, days), np.searchsorted(day_of, days, side="right")
        for day, a, b in zip(days, *ends, strict=True):
            stream = np.random.default_rng(
                [self.options.seed, *self.model.queue.encode(), int(self.facts.ordinal[day])]
            )
            expected = mean[None, a:b] * factors[:, day, None]
            if len(shape.departures):
                chosen = stream.integers(len(shape.departures), size=len(paths))
                expected *= np.maximum(1.0 + shape.departures[chosen[:, None], slot[None, a:b]], 0.0)
            paths[:, a:b] = draw_counts(expected, shape.dispersion, stream)
            quantiles[:, a:b] = count_quantiles(paths[:, a:b], QUANTILES, stream)
        return Drawn(mean, paths, quantiles)


def _total(causes: dict[str, np.ndarray], shut: np.ndarray) -> np.ndarray:
    """Expected calls of each day; shut days have none."""
    return np.where(shut, 0.0, expected_calls(np.sum(list(causes.values()), axis=0)))


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
