"""Same-day reforecast: what came until now moves the rest of the day and the next open day.

The morning forecast stays the product's own. Its past errors teach, per queue and for this very time of day, how
far a morning's surprise lasts (``within_day``), how much of it the next day keeps, and how much narrower the range
of what is left becomes. Where past days support no update, nothing moves.
Source: Shen & Huang 2008, "Interday forecasting and intraday updating of call center arrivals".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, SiteCalendar
from staffing.errors import InputError, Where
from staffing.forecast.baseline import Baseline
from staffing.forecast.counts import lay_out, local_cells
from staffing.forecast.queue_model import QueueModel
from staffing.forecast.result import Forecast
from staffing.forecast.same_day.past_days import past_days
from staffing.forecast.same_day.update import Morning, Update, learn_update
from staffing.threads import one_thread

CAUSE = "today so far"
PAST_DAYS = 150
MOST_MISSING_DAYS = 14  # open days between history's end and a day that is to be reforecast


@dataclass(frozen=True)
class DayCells:
    """Where a queue's forecast intervals lie: local dates, slots of the day, and the day of the update."""

    dates: np.ndarray
    slots: np.ndarray
    today: np.datetime64

    def next_open_day(self, calls: np.ndarray) -> np.datetime64 | None:
        """First day after today that expects calls."""
        later = self.dates[(self.dates > self.today) & (calls > 0)]
        return later.min() if len(later) else None


@one_thread()
def reforecast(
    baseline: Baseline, morning: Forecast, history: pd.DataFrame, calendar: SiteCalendar, *, now: pd.Timestamp
) -> Forecast:
    """``morning`` as it stands at ``now``, an instant of its first day.

    ``baseline`` is fitted to the days before that day; ``history`` holds those days and today's rows, of which
    intervals that have ended by ``now`` count and later ones are not looked at. In the result elapsed intervals
    hold what came; the rest of the day and the next day with calls are updated: mean, quantiles and paths. Days
    after that are the morning's. Raises InputError where the interval is a whole day, ``now`` another day,
    or history ends long before it.
    """
    first = local_cells(pd.DatetimeIndex(morning.table["start"].head(1)), calendar)[0]
    if calendar.interval_min == DAY_MIN:
        raise InputError(
            "a forecast of whole days cannot be updated within the day.",
            where=Where(field="interval_min"),
            remedy="Import the history in intervals of an hour or less.",
        )
    today = np.datetime64(now.tz_convert(calendar.zone).date())
    if not len(first) or today != first[0]:
        raise InputError(
            f"nothing is forecast on {now:%Y-%m-%d}: the site is closed, or the forecast begins on another day.",
            where=Where(field="now"),
            remedy="Choose a time of a day on which the site is open.",
        )
    ended = history[history["start"] + pd.Timedelta(minutes=calendar.interval_min) <= now]
    late = [*_missing_before(ended, calendar, today), *_after(history, ended, now)]
    parts = [_one_queue(model, morning, ended, calendar, today) for model in baseline.queues.values()]
    table = pd.concat([part[0] for part in parts], ignore_index=True)
    return replace(
        morning,
        table=table,
        paths={name: part[1] for name, part in zip(baseline.queues, parts, strict=True)},
        days=_explain(morning, table, calendar),
        notes=(*morning.notes, *late, *(part[2] for part in parts)),
    )


def _after(history: pd.DataFrame, ended: pd.DataFrame, now: pd.Timestamp) -> list[str]:
    """A note where history goes on after `now`: nothing of that is used."""
    if len(ended) == len(history):
        return []
    last = history["start"].max()
    return [
        f"History holds figures until {last:%Y-%m-%d %H:%M}; what came after {now:%Y-%m-%d %H:%M} is not looked at."
    ]


def _missing_before(ended: pd.DataFrame, calendar: SiteCalendar, today: np.datetime64) -> list[str]:
    """A note on open days before today that history does not reach; raises InputError where they are many."""
    days = local_cells(pd.DatetimeIndex(ended["start"]), calendar)[0]
    known = days[days < today].max()
    between = np.arange(known + 1, today).tolist()
    missing = sum(calendar.is_open_day(day) for day in between)
    if missing > MOST_MISSING_DAYS:
        raise InputError(
            f"history ends on {known}, {missing} open days before {today}: too long ago to say what that day does.",
            where=Where(field="--now"),
            remedy="Import what came since, or give an earlier time.",
        )
    return [f"History lacks {missing} open day(s) before {today}; the morning's forecast did not know them."] * (
        missing > 0
    )


def _one_queue(
    model: QueueModel, morning: Forecast, ended: pd.DataFrame, calendar: SiteCalendar, today: np.datetime64
) -> tuple[pd.DataFrame, np.ndarray, str]:
    """Table, paths and a note of one queue."""
    table, paths = morning.queue(model.queue), morning.paths[model.queue]
    rows = ended[ended["queue"] == model.queue]
    cells = DayCells(*local_cells(pd.DatetimeIndex(table["start"]), calendar), today)
    counts = lay_out(model.queue, rows, calendar) if len(rows) else None
    if counts is None or counts.dates[-1] != today:
        return table, paths, f"{model.queue}: nothing is known of {today} yet; the morning's forecast stands."
    begun = local_cells(pd.DatetimeIndex(rows["start"]), calendar)
    cut = int(begun[1][begun[0] == today].max()) + 1
    expected = _by_slot(table["calls"].to_numpy(), cells, counts.calls.shape[1])
    so_far = Morning(np.where(np.arange(len(expected)) < cut, counts.calls[-1], np.nan), expected, cut)
    past = past_days(model, counts, PAST_DAYS)
    update = learn_update(past, so_far, model.shape.dispersion, calendar.interval_min)
    table, paths = _move(table, paths, cells, so_far, update)
    return table, paths, _note(model.queue, so_far, update)


def _by_slot(calls: np.ndarray, cells: DayCells, slots: int) -> np.ndarray:
    """Today's expected calls per slot; the mean of an hour that comes twice, as in the counts."""
    today = cells.dates == cells.today
    sums = np.bincount(cells.slots[today], calls[today], slots)
    return sums / np.maximum(np.bincount(cells.slots[today], minlength=slots), 1)


def _move(
    table: pd.DataFrame, paths: np.ndarray, cells: DayCells, so_far: Morning, update: Update
) -> tuple[pd.DataFrame, np.ndarray]:
    calls, paths = table["calls"].to_numpy().copy(), paths.astype(float)
    today = cells.dates == cells.today
    came = np.where(today, so_far.came[cells.slots], np.nan)
    known = np.isfinite(came)
    rest = today & ~known
    following = cells.dates == cells.next_open_day(calls)
    paths[:, rest] = _narrowed(paths[:, rest], update.width)
    paths[:, following] = _narrowed(paths[:, following], update.next_width)
    factors = np.exp(np.where(rest, update.log_factors[cells.slots], update.next_log_factor * following))
    calls, paths = calls * factors, paths * factors
    calls[known], paths[:, known] = came[known], came[known]
    p10, p50, p90 = np.quantile(paths, (0.1, 0.5, 0.9), axis=0)
    return table.assign(calls=calls, p10=p10, p50=p50, p90=p90), paths.astype("float32")


def _narrowed(paths: np.ndarray, width: float) -> np.ndarray:
    """Paths whose common departure from their mean is ``width`` times as large, in logs; shapes and noise stay."""
    total = paths.sum(axis=1)
    if width == 1.0 or not (total > 0).all():
        return paths
    departure = np.log(total / total.mean())
    narrowed = paths * np.exp((width - 1.0) * departure)[:, None]
    return narrowed * (total.mean() / narrowed.sum(axis=1).mean())


def _explain(morning: Forecast, table: pd.DataFrame, calendar: SiteCalendar) -> pd.DataFrame:
    """The morning's causes, and what today so far adds to each day it moved."""
    days = local_cells(pd.DatetimeIndex(table["start"]), calendar)[0]
    moved = table["calls"].to_numpy() - morning.table["calls"].to_numpy()
    sums = pd.DataFrame({"queue": table["queue"], "day": days, "calls": moved}).groupby(["queue", "day"])["calls"].sum()
    added = sums[sums != 0].reset_index().assign(cause=CAUSE)
    return pd.concat([morning.days, added[["queue", "day", "cause", "calls"]]], ignore_index=True)


def _note(queue: str, so_far: Morning, update: Update) -> str:
    came, expected = so_far.totals()
    if not update.moves:
        return (
            f"{queue}: {came:,.0f} contacts came so far where {expected:,.0f} were expected; past days do not say what "
            "that means for the rest, so the morning's forecast stands."
        )
    moved = float(np.expm1(update.rest_log_factor(so_far)))
    return (
        f"{queue}: {came:,.0f} contacts came so far where {expected:,.0f} were expected; the rest of the day moves by "
        f"{moved:+.1%}, the next by {np.expm1(update.next_log_factor):+.1%}."
    )
