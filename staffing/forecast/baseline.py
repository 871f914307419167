"""The public call: fit a baseline once, then forecast any days under any calendar of events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Adjustment, Event
from staffing.errors import InputError, Where
from staffing.forecast.counts import lay_out, local_cells
from staffing.forecast.days import dates_between, describe
from staffing.forecast.events import adjustment_log_multiplier
from staffing.forecast.explain import cause_calls
from staffing.forecast.mix import HORIZONS
from staffing.forecast.options import ForecastOptions
from staffing.forecast.queue_model import QueueModel, fit_queue, sample_paths
from staffing.forecast.result import Forecast

DEFAULT_AHT_S = 240.0


@dataclass(frozen=True)
class Baseline:
    """Fitted queues. `predict` never refits: moving an event costs milliseconds."""

    queues: dict[str, QueueModel]
    options: ForecastOptions

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
        parts = [
            _predict_queue(model, calendar, (*events, *adjustments), dates_between(start, days), self.options)
            for model in self.queues.values()
        ]
        notes = [note for model in self.queues.values() for note in model.notes]
        table = pd.concat([part[0] for part in parts], ignore_index=True)
        return Forecast(
            table=table.assign(aht_s=table["aht_s"] * aht_factor),
            paths={name: part[1] for name, part in zip(self.queues, parts, strict=True)},
            days=pd.concat([part[2] for part in parts], ignore_index=True),
            weights=pd.concat([_weights(model) for model in self.queues.values()], ignore_index=True),
            notes=tuple(dict.fromkeys(notes)),
        )


def fit(
    history: pd.DataFrame,
    calendar: SiteCalendar,
    events: Sequence[Event] = (),
    options: ForecastOptions | None = None,
) -> Baseline:
    """Fit every queue of ``history`` (queue, start, calls, aht_s, …). Raises InputError on an empty history."""
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
    queues = {
        str(name): fit_queue(lay_out(str(name), rows, calendar), calendar, events, options)
        for name, rows in history.groupby("queue", sort=True, observed=True)
    }
    return Baseline(queues, options)


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


def _predict_queue(
    model: QueueModel,
    calendar: SiteCalendar,
    moves: Sequence[Event | Adjustment],
    dates: np.ndarray,
    options: ForecastOptions,
) -> tuple[pd.DataFrame, np.ndarray, pd.DataFrame]:
    """Table, paths and explanation of one queue."""
    rng = np.random.default_rng([options.seed, *model.queue.encode()])
    facts = describe(dates, calendar)
    causes = model.causes(facts, [move for move in moves if isinstance(move, Event)])
    for move in moves:
        if isinstance(move, Adjustment):
            effect = adjustment_log_multiplier(move, model.queue, facts.dates)
            causes[move.reason] = causes.get(move.reason, 0.0) + effect
    total = model.totals_of(facts, causes)
    index = calendar.open_grid(dates[0].item(), len(dates))
    days, slot = local_cells(index, calendar)
    where = ((days - dates[0]).astype("int64"), slot)
    mean = total[where[0]] * model.shape.shares(facts)[where]
    factors = model.day_factors(facts, total, options.paths, rng)
    paths = sample_paths(model, mean, where, factors, rng)
    p10, p50, p90 = np.quantile(paths, (0.1, 0.5, 0.9), axis=0)
    aht = options.aht_s.get(model.queue, DEFAULT_AHT_S)
    table = pd.DataFrame({"queue": model.queue, "start": index, "calls": mean, "aht_s": aht})
    if model.aht_s is not None:
        table["aht_s"] = model.aht_s[facts.weekday[where[0]], slot]
    return table.assign(p10=p10, p50=p50, p90=p90), paths, cause_calls(model.queue, facts.dates, causes, total)
