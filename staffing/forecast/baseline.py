"""The public call: fit a baseline once, then forecast any days under any calendar of events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from staffing.domain.base import content_hash
from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Adjustment, Event, ExcludedDays
from staffing.errors import InputError, Where
from staffing.forecast.canvas import Canvas, arrivals
from staffing.forecast.counts import lay_out, leave_out
from staffing.forecast.days import dates_between
from staffing.forecast.event_notes import event_notes
from staffing.forecast.events import distinct
from staffing.forecast.mix import HORIZONS
from staffing.forecast.options import ForecastOptions
from staffing.forecast.queue_model import QueueModel, fit_queue, learn_effects, queue_days, with_hours
from staffing.forecast.result import Forecast


@dataclass(frozen=True)
class Baseline:
    """Fitted queues. `predict` never refits: moving an event costs milliseconds."""

    queues: dict[str, QueueModel]
    options: ForecastOptions
    kept: dict[str, list[Canvas]] = field(default_factory=dict, compare=False, repr=False)

    def predict(
        self,
        calendar: SiteCalendar,
        events: Sequence[Event],
        start: dt.date,
        days: int,
        *,
        adjustments: Sequence[Adjustment] = (),
        aht_factor: float = 1.0,
    ) -> Forecast:
        """Forecast ``days`` local days from ``start``. Raises InputError if ``days`` is not positive.

        ``adjustments`` are the planner's own corrections of contacts; ``aht_factor`` multiplies handle times.
        """
        if days < 1:
            raise InputError(f"The horizon must be at least one day, not {days}.")
        counted, canvases = distinct(events), self._canvases(calendar, (start, days))
        arriving = {canvas.model.queue: arrivals(canvases, counted, canvas.model.queue) for canvas in canvases}
        parts = [canvas.forecast(counted, adjustments, arriving[canvas.model.queue]) for canvas in canvases]
        notes = [note for model in self.queues.values() for note in model.notes]
        notes += event_notes(events, [model.effects for model in self.queues.values()], dates_between(start, days))
        table = pd.concat([part[0] for part in parts], ignore_index=True)
        return Forecast(
            table=table.assign(aht_s=table["aht_s"] * aht_factor),
            paths={name: part[1] for name, part in zip(self.queues, parts, strict=True)},
            days=pd.concat([part[2] for part in parts], ignore_index=True),
            weights=pd.concat([_weights(model) for model in self.queues.values()], ignore_index=True),
            notes=tuple(dict.fromkeys(notes)),
        )

    def _canvases(self, calendar: SiteCalendar, span: tuple[dt.date, int]) -> list[Canvas]:
        """The days of every queue without events, made once per span; only the latest span is kept."""
        key = content_hash(calendar, span)
        if key not in self.kept:
            self.kept.clear()
            self.kept[key] = [Canvas.of(model, calendar, span, self.options) for model in self.queues.values()]
        return self.kept[key]


def fit(
    history: pd.DataFrame,
    calendar: SiteCalendar,
    events: Sequence[Event] = (),
    options: ForecastOptions | None = None,
    *,
    excluded: Sequence[ExcludedDays] = (),
) -> Baseline:
    """Fit every queue of ``history`` (queue, start, calls, aht_s, …), leaving the ``excluded`` days out.

    Raises InputError on an empty history.
    """
    options = options or ForecastOptions()
    if history.empty:
        raise InputError("The history has no rows before the first day to forecast.", remedy="Import older calls.")
    negative = (history["calls"] < 0).to_numpy()
    if negative.any():
        row = int(negative.argmax())
        raise InputError(
            f"negative calls: {history['calls'].iloc[row]:g}.",
            where=Where(row=row + 2, column="calls"),
            remedy="Correct the cell, or empty it if the number is unknown.",
        )
    days = [
        queue_days(leave_out(lay_out(str(name), rows, calendar), excluded), calendar, distinct(events))
        for name, rows in history.groupby("queue", sort=True, observed=True)
    ]
    effects = learn_effects(days)
    queues = {queue.counts.queue: fit_queue(queue, effects[queue.counts.queue], options) for queue in days}
    return Baseline(with_hours(queues, {queue.counts.queue: queue.counts for queue in days}), options)


def forecast(
    history: pd.DataFrame,
    calendar: SiteCalendar,
    events: Sequence[Event] = (),
    *,
    start: dt.date,
    days: int,
    options: ForecastOptions | None = None,
) -> Forecast:
    """Forecast ``days`` local days from ``start``, knowing only history before it."""
    known = (history["start"] < calendar.midnight(start)).to_numpy()
    made = fit(history[known], calendar, events, options).predict(calendar, events, start, days)
    unused = len(known) - int(known.sum())
    note = f"{unused} rows of history on or after {start} are not used."
    return replace(made, notes=(*made.notes, note)) if unused else made


def _weights(model: QueueModel) -> pd.DataFrame:
    """The mix of one queue: ``queue, horizon, model, weight``."""
    if model.days is None:
        return pd.DataFrame({"queue": [model.queue], "horizon": "all", "model": "weekday_mean", "weight": 1.0})
    rows = [
        (model.queue, horizon, name, weight)
        for horizon, row in zip(HORIZONS, model.days.weights, strict=True)
        for name, weight in zip(model.days.models, row, strict=True)
    ]
    return pd.DataFrame(rows, columns=["queue", "horizon", "model", "weight"])
