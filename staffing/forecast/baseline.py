"""The public call: fit a baseline once, then forecast any days under any calendar of events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Adjustment, Event
from staffing.errors import InputError
from staffing.forecast.counts import lay_out, local_cells
from staffing.forecast.days import dates_between, describe
from staffing.forecast.events import adjustment_log_multiplier
from staffing.forecast.explain import cause_calls
from staffing.forecast.options import ForecastOptions
from staffing.forecast.paths import day_errors, draw
from staffing.forecast.queue_model import COUNT_OFFSET, QueueModel, fit_queue
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
            _predict_queue(
                model, calendar, (*events, *adjustments), dates_between(start, days), self._random(number), self.options
            )
            for number, model in enumerate(self.queues.values())
        ]
        notes = [note for model in self.queues.values() for note in model.notes]
        weights = [
            {"queue": m.queue, "horizon": "all", "model": name, "weight": weight}
            for m in self.queues.values()
            for name, weight in m.weights.items()
        ]
        table = pd.concat([part[0] for part in parts], ignore_index=True)
        return Forecast(
            table=table.assign(aht_s=table["aht_s"] * aht_factor),
            paths={name: part[1] for name, part in zip(self.queues, parts, strict=True)},
            days=pd.concat([part[2] for part in parts], ignore_index=True),
            weights=pd.DataFrame(weights),
            notes=tuple(dict.fromkeys(notes)),
        )

    def _random(self, number: int) -> np.random.Generator:
        return np.random.default_rng([self.options.seed, number])


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
    if (history["calls"] < 0).any():
        raise InputError("The history has negative calls.", remedy="Correct or empty these cells.")
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
    past = history[history["start"] < calendar.midnight(start)]
    return fit(past, calendar, events, options).predict(calendar, events, start, days)


def _predict_queue(model, calendar, moves, dates, rng, options):
    """Table, paths and explanation of one queue."""
    facts = describe(dates, calendar)
    causes = model.baseline_days(facts)
    for move in moves:
        if isinstance(move, Adjustment):
            name, effect = move.reason, adjustment_log_multiplier(move, model.queue, facts.dates)
        else:
            name, effect = move.name, model.effects.log_multiplier(move, facts.dates)
        if effect.any():
            causes[name] = causes.get(name, 0.0) + effect
    shut = model.shut(facts)
    total = np.maximum(np.exp(np.sum(list(causes.values()), axis=0)) - COUNT_OFFSET, 0.0)
    if not np.nansum(model.totals.total):
        total[:] = 0.0
    total[shut] = 0.0
    index = calendar.open_grid(dates[0].item(), len(dates))
    days, slot = local_cells(index, calendar)
    day_of = (days - dates[0]).astype("int64")
    weekday = facts.weekday[day_of]
    mean = total[day_of] * model.profiles[weekday, slot]
    paths = draw(mean, day_of, day_errors(model.errors, len(dates), options.paths, rng), rng)
    p10, p50, p90 = np.quantile(paths, (0.1, 0.5, 0.9), axis=0)
    aht = model.aht_s[weekday, slot] if model.aht_s is not None else options.aht_s.get(model.queue, DEFAULT_AHT_S)
    table = pd.DataFrame(
        {"queue": model.queue, "start": index, "calls": mean, "aht_s": aht, "p10": p10, "p50": p50, "p90": p90}
    )
    return table, paths, cause_calls(model.queue, facts.dates, causes, total)
