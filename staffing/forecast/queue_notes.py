"""What a planner should know about one queue's forecast."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from staffing.forecast.counts import weekday_of
from staffing.forecast.day_level.calendar import EVENT_SHIFT_DAYS
from staffing.forecast.day_level.level_changes import level_notes
from staffing.forecast.day_level.mix import HORIZONS
from staffing.forecast.day_level.mixture import DayModels
from staffing.forecast.day_level.model import DayModel
from staffing.forecast.day_level.outliers import NEWS_DAYS as SLIP_NEWS_DAYS
from staffing.forecast.day_level.outliers import outlier_note, outliers
from staffing.forecast.events.beside import ChangeBeside, changes_beside
from staffing.forecast.events.kinds import Learned
from staffing.forecast.queue_days import QueueDays

NEWS_DAYS = 400  # what changed longer ago is no news


def queue_notes(history: QueueDays, days: DayModels | None, chosen: Sequence[DayModel], learned: Learned) -> list[str]:
    """Notes on the history and on the models; ``chosen`` are those that the scenario asks for, ``learned`` is what its
    past events did."""
    counts, totals, week = history.counts, history.totals, history.week
    queue, known = counts.queue, len(totals.known)
    if not np.isfinite(counts.calls).any():
        return [f"{queue}: every figure of its calls is missing, so nothing is known; the forecast is zero."]
    if not np.nansum(counts.calls):
        return [f"{queue}: no calls in the history; the forecast is zero."]
    notes = [f"{queue}: {note}" for note in (*totals.notes, *week.notes(), *history.half_days.notes())]
    hours = [change for change in history.hours if change.is_news(counts.dates[-1], NEWS_DAYS)]
    notes += [f"{queue}: {change.note(counts.calls.shape[1])}" for change in hours]
    if totals.closed_weekday.all():
        return notes
    if days is None:
        far = outliers(totals.total[totals.known], weekday_of(totals.dates[totals.known]))
        for day in totals.known[far]:
            notes.append(f"{queue}: {outlier_note(totals.total[day], totals.dates[day])}")
        return [f"{queue}: only {known} days of history; the forecast is the weekday mean, its range a guess.", *notes]
    slips = [(day, calls) for day, calls in history.slips.items() if counts.dates[-1] - day < SLIP_NEWS_DAYS]
    notes += [f"{queue}: {outlier_note(calls, day)}" for day, calls in slips]
    if known < 90:
        young = f"{queue}: {known} days of history; holidays, month ends and the year are hardly known."
        notes = [young, *notes]  # before what else follows from it
    notes += [f"{queue}: {why}" for model in chosen if known >= model.least_days and (why := model.unusable())]
    if not any(model.name in days.fitted for model in chosen):
        least = min(model.least_days for model in chosen)
        names = ", ".join(model.name for model in chosen)
        notes.append(f"{queue}: {known} days of history, {names} needs {least}; the weekday mean stands in.")
    notes += [f"{queue}: {note}" for note in level_notes(days.changes, days.last_day - NEWS_DAYS)]
    notes += [f"{queue}: {note}" for note in days.latest.notes()]
    notes += [f"{queue}: {change.note()}" for change in _beside_events(history, days, learned)]
    notes += [f"{queue}: {days.growth.note()}"] * bool(days.growth.weeks)
    taken = [name for name, over in zip(HORIZONS, days.weights.guarded, strict=True) if over]
    if taken:
        notes.append(f"{queue}: the weekday mean did best in the past at {', '.join(taken)} ahead and is used there.")
    weekday = weekday_of(totals.dates)
    left_out = totals.shut | totals.older | totals.closed_weekday[weekday]
    left_out |= ~np.isin(weekday, weekday[totals.known])  # weekdays that history never has are told by name
    missing = int((~np.isfinite(totals.total) & ~left_out).sum()) - len(history.slips)
    if missing:
        notes.append(f"{queue}: {missing} days without usable calls are taken as missing, not as zero.")
    return notes


def _beside_events(history: QueueDays, days: DayModels, learned: Learned) -> list[ChangeBeside]:
    """Changes of the level in the days of an event that are not told of as changes."""
    if history.rough is None or not history.events:
        return []
    told = [change.first for change in days.changes] + [days.latest.first] * bool(days.latest.days)
    found = changes_beside(history.rough, history.events, learned)
    return [one for one in found if all(abs(one.first - first) > EVENT_SHIFT_DAYS for first in told)]
