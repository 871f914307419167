"""The public call: fit a baseline once, then forecast any days under any calendar of events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pandas as pd

from staffing.content import content_hash
from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Adjustment, Event, ExcludedDays, QueueTotal
from staffing.errors import InputError, Where
from staffing.forecast.calendar_notes import bridge_notes, calendar_notes, closed_day_notes, holiday_notes
from staffing.forecast.canvas import Canvas, arrivals
from staffing.forecast.counts import QueueCounts, lay_out, leave_out, with_own_hours, with_silence
from staffing.forecast.day_level.days import dates_between
from staffing.forecast.day_level.mix import HORIZONS
from staffing.forecast.drawing import HandleTimePaths, SamplePaths
from staffing.forecast.events.effects import distinct
from staffing.forecast.events.notes import event_notes
from staffing.forecast.given import believed, checked, known_handle_times
from staffing.forecast.lessons import FromSite, Lesson, learn_together
from staffing.forecast.options import ForecastOptions
from staffing.forecast.patience import WeekPatience, week_patience
from staffing.forecast.queue_days import HISTORY_DAYS, QueueDays, learn_effects, queue_days
from staffing.forecast.queue_model import QueueModel, fit_queue
from staffing.forecast.reconcile import agree, of_total, total_counts
from staffing.forecast.result import Forecast
from staffing.forecast.shrinkage import WeekShrinkage, week_shrinkage
from staffing.forecast.siblings import with_siblings
from staffing.forecast.spread import Told, each, let_workers_go
from staffing.threads import one_thread


@dataclass(frozen=True)
class Baseline:
    """Fitted queues. `predict` never refits: moving an event costs milliseconds."""

    queues: dict[str, QueueModel]
    options: ForecastOptions
    totals: dict[str, QueueModel] = field(default_factory=dict)
    sums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kept: dict[str, list[Canvas]] = field(default_factory=dict, compare=False, repr=False)

    @one_thread()
    def predict(
        self,
        calendar: SiteCalendar,
        events: Sequence[Event],
        start: dt.date,
        days: int,
        *,
        adjustments: Sequence[Adjustment] = (),
        aht_factors: Mapping[str, float] | None = None,
    ) -> Forecast:
        """Forecast ``days`` local days from ``start``. Raises InputError if ``days`` is not positive.

        ``adjustments`` are the planner's own corrections of contacts; ``aht_factors`` multiply handle times.
        """
        if days < 1:
            raise InputError(f"The horizon must be at least one day, not {days}.")
        counted, canvases = distinct(events), self._canvases(calendar, (start, days))
        arriving = {canvas.model.queue: arrivals(canvases, counted, canvas.model.queue) for canvas in canvases}
        parts = [canvas.forecast(counted, adjustments, arriving[canvas.model.queue]) for canvas in canvases]
        notes = [note for model in self.queues.values() for note in model.notes]
        notes += bridge_notes(max(model.facts.dates[-1] for model in self.queues.values()).item(), start)
        notes += calendar_notes(calendar, start + dt.timedelta(days=days - 1))
        notes += holiday_notes([canvas.doubtful_holidays for canvas in canvases if canvas.model.queue in self.queues])
        notes += closed_day_notes(counted, dates_between(start, days), {c.model.queue: c.closed for c in canvases})
        notes += event_notes(events, [model.effects for model in self.queues.values()], dates_between(start, days))
        times = {name: (aht_factors or {}).get(name, 1.0) for name in self.queues}
        table = pd.concat([part.table for part in parts], ignore_index=True)
        return Forecast(
            table=table.assign(aht_s=table["aht_s"] * table["queue"].map(times).astype(float)),
            aht_paths=HandleTimePaths(
                {
                    name: (part.table["aht_s"].to_numpy() * times[name], *part.aht_factors)
                    for name, part in zip(self.queues, parts, strict=True)
                }
            ),
            paths=SamplePaths({name: part.paths for name, part in zip(self.queues, parts, strict=True)}),
            days=pd.concat([part.days for part in parts], ignore_index=True),
            models=pd.concat([part.models for part in parts], ignore_index=True),
            weights=pd.concat([_weights(model) for model in self.queues.values()], ignore_index=True),
            notes=tuple(dict.fromkeys(notes)),
            sums=self.sums,
        )

    def _canvases(self, calendar: SiteCalendar, span: tuple[dt.date, int]) -> list[Canvas]:
        """The days of every queue without events, made once per span; only the latest span is kept."""
        key = content_hash(calendar, span)
        if key not in self.kept:
            self.kept.clear()
            made = {name: Canvas.of(model, calendar, span, self.options) for name, model in self.queues.items()}
            for name, model in self.totals.items():
                parts, total = self.sums[name], Canvas.of(model, calendar, span, self.options)
                made |= dict(zip(parts, agree([made[part] for part in parts], total), strict=True))
            self.kept[key] = list(made.values())
        return self.kept[key]


def fit(
    history: pd.DataFrame,
    calendar: SiteCalendar,
    events: Sequence[Event] = (),
    options: ForecastOptions | None = None,
    *,
    excluded: Sequence[ExcludedDays] = (),
    told: Told | None = None,
    site: Mapping[str, FromSite] | None = None,
) -> Baseline:
    """Fit every queue of ``history`` (queue, start, calls, aht_s, …), leaving the ``excluded`` days out.

    ``told`` hears the share of the work done, and may raise Cancelled; ``site`` holds what queues of ``history`` have
    from others, where it is not all of the site's. Raises InputError on an empty history.
    """
    options = options or ForecastOptions()
    laid = lay_out_queues(history, calendar, excluded, without=[total.name for total in options.totals])
    return fit_queues(laid, calendar, events, options, told, site)


@dataclass(frozen=True)
class Laid:
    """Every queue's history as days × slots, with what it tells of time lost and of patience."""

    counts: dict[str, QueueCounts]
    lost: dict[str, WeekShrinkage | None]
    patience: dict[str, WeekPatience | None]


def lay_out_queues(
    history: pd.DataFrame, calendar: SiteCalendar, excluded: Sequence[ExcludedDays] = (), *, without: Sequence[str] = ()
) -> Laid:
    """All of ``history`` that `fit_queues` needs, so that a long one may be let go.

    Raises InputError on an empty history, and on what is no number of calls or seconds.
    """
    if history.empty:
        raise InputError("The history has no rows before the first day to forecast.", remedy="Import older calls.")
    laid, history = Laid({}, {}, {}), checked(history)
    for name, rows in history.groupby("queue", sort=True, observed=True):
        if name not in without:
            _refuse_repeats(str(name), rows)
            told, zeros = known_handle_times(rows)
            laid.counts[str(name)] = believed(leave_out(lay_out(str(name), told, calendar), excluded), zeros)
            laid.lost[str(name)] = week_shrinkage(str(name), rows, calendar)
            laid.patience[str(name)] = week_patience(str(name), rows, calendar)
    return replace(laid, counts=with_silence(with_own_hours(laid.counts), excluded))


def _refuse_repeats(queue: str, rows: pd.DataFrame) -> None:
    """Two rows of one interval could be a sum's parts or one counted twice."""
    again = rows["start"].duplicated().to_numpy()
    if again.any():
        raise InputError(
            f"queue '{queue}' has two rows at {rows['start'].iloc[int(again.argmax())]}.",
            where=Where(row=int(rows.index[again][0]), column="start"),
            remedy="Keep one row per queue and interval, or add them up first.",
        )


@one_thread()
def fit_queues(
    laid: Laid,
    calendar: SiteCalendar,
    events: Sequence[Event],
    options: ForecastOptions,
    told: Told | None = None,
    site: Mapping[str, FromSite] | None = None,
) -> Baseline:
    """Fit every queue; see ``fit``."""
    taught, known = site or {}, distinct(events)
    family = with_siblings({n: taught[n].told(own) if n in taught else own for n, own in laid.counts.items()})
    counts = family.counts
    days = each(partial(queue_days, calendar=calendar, events=known), list(counts.values()), _part(told, 0.0, 0.3))
    days = [  # workers sent copies; those told otherwise stay
        queue if queue.told_otherwise else replace(queue, counts=counts[queue.name].last(HISTORY_DAYS))
        for queue in days
    ]
    lessons = {name: one.lesson for name, one in taught.items() if one.lesson is not None}
    lessons |= learn_together([queue for queue in days if queue.name not in lessons], _part(told, 0.3, 0.4))
    tasks = [(queue, lessons[queue.name]) for queue in days]
    fitted = each(partial(_fitted, options=options), tasks, _part(told, 0.4, 1.0))
    let_workers_go()
    queues = {
        model.queue: replace(
            model,
            shrinkage=laid.lost[model.queue],
            patience=laid.patience[model.queue],
            notes=(*family.notes.get(model.queue, ()), *model.notes),
        )
        for model in fitted
    }
    totals = [total.model_copy(update={"queues": total.queues or tuple(counts)}) for total in options.totals]
    models = [_fit_total(total, counts, calendar, known, options) for total in totals]
    sums = {total.name: total.queues for total in totals}
    return Baseline(queues, options, {model.queue: model for model in models if model is not None}, sums)


def _fitted(task: tuple[QueueDays, Lesson], options: ForecastOptions) -> QueueModel:
    return fit_queue(*task, options)


def _part(told: Told | None, first: float, last: float) -> Told | None:
    """What hears the part of the work between two shares of the whole."""
    return None if told is None else lambda share: told(first + share * (last - first))


def _fit_total(
    total: QueueTotal,
    counts: Mapping[str, QueueCounts],
    calendar: SiteCalendar,
    events: Sequence[Event],
    options: ForecastOptions,
) -> QueueModel | None:
    """The model that the queues of ``total`` are to agree with; None where they are only added up.

    Raises InputError naming a queue that history does not have.
    """
    unknown = sorted(set(total.queues) - set(counts))
    if unknown:
        raise InputError(
            f"the total '{total.name}' adds up a queue '{unknown[0]}' that history does not have.",
            remedy=f"It has: {', '.join(counts)}.",
        )
    together = total_counts(total.name, [counts[queue] for queue in total.queues])
    if total.method == "bottom_up" or together is None:
        return None
    days = queue_days(together, calendar, of_total(total, events))
    return fit_queue(days, Lesson(learn_effects([days])[total.name]), options) if days.rough is not None else None


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
    unused = len(known) - int(known.sum())
    made = fit(history[known] if unused else history, calendar, events, options).predict(calendar, events, start, days)
    note = f"{unused} rows of history on or after {start} are not used."
    return replace(made, notes=(*made.notes, note)) if unused else made


def _weights(model: QueueModel) -> pd.DataFrame:
    """The mix of one queue: ``queue, horizon, model, weight, prior, past_error``."""
    if model.days is None:
        alone = {"horizon": "all", "model": "weekday_mean", "weight": 1.0, "prior": 1.0, "past_error": 1.0}
        return pd.DataFrame([{"queue": model.queue, **alone}])
    weights, names = model.days.weights, model.days.models
    return pd.DataFrame(
        {
            "queue": model.queue,
            "horizon": np.repeat(HORIZONS, len(names)),
            "model": np.tile(names, len(HORIZONS)),
            "weight": weights.shares.ravel(),
            "prior": np.tile(weights.priors, len(HORIZONS)),
            "past_error": weights.ratios.ravel(),
        }
    )
