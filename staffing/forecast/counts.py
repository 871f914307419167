"""A queue's history laid out as local days × slots of the day.

Slots follow the wall clock, so a profile keeps its shape across clock changes: the hour that comes twice is
averaged, the hour that never comes is missing. Missing is NaN; closed is False in ``open``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, WEEKDAYS, SiteCalendar, clock_text
from staffing.domain.demand import ExcludedDays
from staffing.errors import InputError

NAMES = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
LEAST_LEFT_OUT = 0.01  # share of the calls, from which on it matters that they are left out
MOSTLY = 0.5  # of a weekday's days, or of the calls of a block of slots
QUIET_CALLS = 3.0  # an absent row where fewer calls are usual may as well be a zero


@dataclass(frozen=True)
class QueueCounts:
    """Calls and handle time of one queue.

    Attributes
    ----------
    dates : datetime64[D], consecutive local days.
    calls : days × slots, NaN = missing.
    aht_s : days × slots, seconds, NaN = unknown.
    open : days × slots, False = closed by the calendar.
    notes : what was assumed on the way.
    unknown : True on days that the planner left out; None where there are none.
    level_doubt : standard deviation of its level, log units, where it is told by few days of its own.
    silent : days of the weekdays it works, after its last row, on which other queues of the site have rows.
    declared : seven flags, weekdays for which the site declares opening hours; none where it declares no hours at all.
    unseen : 7 × slots flags, declared hours of weekdays that have rows, but none in them; None where there are none.
    """

    queue: str
    dates: np.ndarray
    calls: np.ndarray
    aht_s: np.ndarray
    open: np.ndarray
    notes: tuple[str, ...] = ()
    unknown: np.ndarray | None = None
    declared: tuple[bool, ...] = (False,) * 7
    unseen: np.ndarray | None = None
    silent: int = 0
    level_doubt: float = 0.0

    def last(self, days: int) -> QueueCounts:
        """The most recent ``days`` days."""
        rows = slice(max(0, len(self.dates) - days), None)
        unknown = None if self.unknown is None else self.unknown[rows]
        known = replace(self, dates=self.dates[rows], calls=self.calls[rows], unknown=unknown)
        return replace(known, aht_s=self.aht_s[rows], open=self.open[rows])


def leave_out(counts: QueueCounts, excluded: Sequence[ExcludedDays]) -> QueueCounts:
    """``counts`` with the excluded days of its queue missing."""
    out = np.zeros(len(counts.dates), dtype=bool)
    for span in excluded:
        if span.queue in ("", counts.queue):
            out |= (counts.dates >= np.datetime64(span.start)) & (counts.dates <= np.datetime64(span.end))
    return without_days(counts, out) if out.any() else counts


def without_days(counts: QueueCounts, days: np.ndarray) -> QueueCounts:
    """``counts`` with the ``days`` (flags) missing, as unknown as those left out before."""
    calls, aht_s = counts.calls.copy(), counts.aht_s.copy()
    calls[days], aht_s[days] = np.nan, np.nan
    return replace(counts, calls=calls, aht_s=aht_s, unknown=days if counts.unknown is None else days | counts.unknown)


def slots_per_day(calendar: SiteCalendar) -> int:
    return DAY_MIN // calendar.interval_min


def local_cells(index: pd.DatetimeIndex, calendar: SiteCalendar) -> tuple[np.ndarray, np.ndarray]:
    """Local date (datetime64[D]) and slot of each instant."""
    local = index.tz_convert(calendar.zone).tz_localize(None).to_numpy().astype("datetime64[m]")
    dates = local.astype("datetime64[D]")
    return dates, (local - dates).astype("int64") // calendar.interval_min


def open_cells(dates: np.ndarray, calendar: SiteCalendar) -> np.ndarray:
    """Days × slots, True where the calendar is open (by the wall clock)."""
    out = np.zeros((len(dates), slots_per_day(calendar)), dtype=bool)
    if len(dates):
        index = calendar.grid(dates[0].item(), len(dates))
        days, slots = local_cells(index[calendar.open_mask(index)], calendar)
        out[(days - dates[0]).astype("int64"), slots] = True
    return out


def lay_out(queue: str, rows: pd.DataFrame, calendar: SiteCalendar) -> QueueCounts:
    """Days × slots of one queue's rows (``start, calls, aht_s``), from its first day to its last.

    Rows finer than the planning interval are summed. Raises InputError on rows that are coarser.
    """
    index = pd.DatetimeIndex(rows["start"])
    days, slot = local_cells(index, calendar)
    _check_spacing(queue, index, slot, calendar)
    dates = days.min() + np.arange((days.max() - days.min()).astype("int64") + 1)
    shape = (len(dates), slots_per_day(calendar))
    cell = (days - days.min()).astype("int64") * shape[1] + slot
    calls = rows["calls"].to_numpy(float)
    sums, present = _sum(cell, calls, shape), _sum(cell, np.isfinite(calls).astype(float), shape)
    sums /= np.where(_sum(cell, _second_pass(index, calendar), shape) > 0, 2.0, 1.0)
    sums[present == 0] = np.nan
    is_open = open_cells(dates, calendar)
    declared = tuple(day in calendar.opening for day in WEEKDAYS)
    return QueueCounts(
        queue=queue,
        dates=dates,
        calls=quiet_as_zero(np.where(is_open, sums, np.nan), dates, is_open),
        aht_s=_mean_aht(cell, calls, rows, shape),
        open=is_open,
        notes=_left_out(queue, sums, dates, is_open),
        declared=declared,
        unseen=_unseen(present > 0, dates, is_open, declared),
    )


def _left_out(queue: str, calls: np.ndarray, dates: np.ndarray, is_open: np.ndarray) -> tuple[str, ...]:
    """A note on calls outside the opening hours, where they are more than a hundredth."""
    outside, whole = np.where(is_open, 0.0, np.nan_to_num(calls)), np.nansum(calls)
    lost = outside.sum()
    if lost <= LEAST_LEFT_OUT * whole:
        return ()
    by_slot = outside.sum(axis=0) > LEAST_LEFT_OUT * lost
    by_day = np.bincount(weekday_of(dates), outside.sum(axis=1), 7) > LEAST_LEFT_OUT * lost
    hours = ", ".join(f"{clock(a, calls.shape[1])}-{clock(b, calls.shape[1])}" for a, b in runs(by_slot))
    if by_day.all():
        return (
            f"{queue}: {lost:.0f} calls ({lost / whole:.0%} of all) outside the opening hours are left out: {hours}. "
            "If these hours are worked, declare them.",
        )
    days = ", ".join(name for name, on in zip(NAMES, by_day, strict=True) if on)
    return (
        f"{queue}: {lost:.0f} calls ({lost / whole:.0%} of all) outside the opening hours are left out: {hours}, on "
        f"{days}. If these hours are worked, declare them.",
    )


def _unseen(
    recorded: np.ndarray, dates: np.ndarray, is_open: np.ndarray, declared: tuple[bool, ...]
) -> np.ndarray | None:
    """Days × slots ``recorded`` and ``is_open`` → hours of the declared weekdays of which these have no rows."""
    out, weekday = np.zeros((7, recorded.shape[1]), dtype=bool), weekday_of(dates)
    for day in np.flatnonzero(declared):
        own = np.flatnonzero((weekday == day) & recorded.any(axis=1))
        if len(own):
            out[day] = (is_open[own].mean(axis=0) > MOSTLY) & ~recorded[own].any(axis=0)
    return out if out.any() else None


def runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """First and one past the last place of every run of flags."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def clock(slot: int, slots: int) -> str:
    """When one of a day's ``slots`` begins; 24:00 after the last."""
    return clock_text(slot * DAY_MIN // slots)


def with_own_hours(queues: Mapping[str, QueueCounts]) -> dict[str, QueueCounts]:
    """The queues, those that never had a call on a weekday on which another has them declared closed then, and
    hours without rows that another has known as such: the site's hours speak for the site."""
    works = {
        name: [bool(np.nansum(one.calls[weekday_of(one.dates) == k])) for k in range(7)] for name, one in queues.items()
    }
    site = np.any(list(works.values()), axis=0) if works else np.zeros(7, dtype=bool)
    unseen = [one.unseen for one in queues.values() if one.unseen is not None]
    nowhere = np.all(unseen, axis=0) if unseen and len(unseen) == len(queues) else None
    return {
        name: replace(
            one,
            declared=tuple(bool(d and (w or not s)) for d, w, s in zip(one.declared, works[name], site, strict=True)),
            unseen=nowhere if nowhere is not None and nowhere.any() else None,
        )
        for name, one in queues.items()
    }


def with_silence(queues: Mapping[str, QueueCounts], excluded: Sequence[ExcludedDays] = ()) -> dict[str, QueueCounts]:
    """The queues, told how long they have had no rows while others had; days ``excluded`` count for nothing."""
    out = dict[str, QueueCounts]()
    every = np.unique(np.concatenate([one.dates for one in queues.values()] or [np.empty(0, "datetime64[D]")]))
    for name, one in queues.items():
        days = every[every > one.dates[-1]]
        works = np.bincount(weekday_of(one.dates)[np.nan_to_num(one.calls).sum(axis=1) > 0], minlength=7) > 0
        spans = [span for span in excluded if span.queue in ("", name)]
        left_out = [(days >= np.datetime64(span.start)) & (days <= np.datetime64(span.end)) for span in spans]
        counted = works[weekday_of(days)] & ~np.any([np.zeros(len(days), dtype=bool), *left_out], axis=0)
        out[name] = replace(one, silent=int(counted.sum()))
    return out


def _sum(cell: np.ndarray, values: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    return np.bincount(cell, values, shape[0] * shape[1]).reshape(shape)


def _second_pass(index: pd.DatetimeIndex, calendar: SiteCalendar) -> np.ndarray:
    """1 for rows of the hour that the autumn clock change repeats."""
    return pd.Series(index.tz_convert(calendar.zone).tz_localize(None)).duplicated().to_numpy(float)


def _mean_aht(cell: np.ndarray, calls: np.ndarray, rows: pd.DataFrame, shape: tuple[int, int]) -> np.ndarray:
    aht = rows["aht_s"].to_numpy(float) if "aht_s" in rows else np.full(len(rows), np.nan)
    weight = np.where(np.isfinite(aht), np.nan_to_num(calls), 0.0)
    total = _sum(cell, weight, shape)
    return np.divide(_sum(cell, weight * np.nan_to_num(aht), shape), total, out=np.full(shape, np.nan), where=total > 0)


def _check_spacing(queue: str, index: pd.DatetimeIndex, slot: np.ndarray, calendar: SiteCalendar) -> None:
    """Raises InputError where rows come coarser than the planning interval, all of them or for a stretch."""
    local = index.tz_convert(calendar.zone).tz_localize(None).to_numpy().astype("datetime64[m]")
    minutes = np.unique(local.astype("int64"))
    gaps = np.diff(minutes)
    if calendar.interval_min == DAY_MIN or len(gaps) < 5:
        return
    usual = int(np.median(gaps))
    daily = (gaps == DAY_MIN) & (minutes[:-1] % DAY_MIN == 0)
    if usual < DAY_MIN and daily.sum() >= max(5, len(gaps) // 100):
        raise InputError(
            f"the history of queue '{queue}' mixes two spacings, {DAY_MIN} and {usual} minutes.",
            remedy="Keep the finer export and leave the other out, or sum both to days.",
        )
    if usual >= DAY_MIN and slot.min() == slot.max() > 0:
        _allow_one_slot(queue, local.astype("datetime64[D]"), int(slot[0]), calendar)
        return
    if usual > calendar.interval_min and (gaps < usual).mean() < 0.01 and (gaps % usual == 0).mean() > 0.98:
        raise InputError(
            f"the history of queue '{queue}' comes every {usual} minutes, coarser than the planning interval "
            f"of {calendar.interval_min}.",
            remedy=f"Set interval_min to {min(usual, DAY_MIN)}, or import a finer export.",
        )


def _allow_one_slot(queue: str, dates: np.ndarray, slot: int, calendar: SiteCalendar) -> None:
    """Raises InputError unless the site is open for no more than the one interval a day that has rows."""
    if open_cells(np.unique(dates)[:7], calendar).sum(axis=1).max() > 1:
        at = clock_text(slot * calendar.interval_min)
        raise InputError(
            f"the history of queue '{queue}' has one row a day, at {at}: it can be the day's total, or all there is.",
            remedy=f"Of a day's total, begin the day at 00:00 and set interval_min to {DAY_MIN}; of a queue that is "
            "worked for one interval a day, say so in the opening hours, or write its other intervals with 0 calls.",
        )


def weekday_of(dates: np.ndarray) -> np.ndarray:
    """0 = Monday … 6 = Sunday."""
    return (dates.astype("datetime64[D]").astype("int64") + 3) % 7


def quiet_as_zero(calls: np.ndarray, dates: np.ndarray, is_open: np.ndarray) -> np.ndarray:
    """Absent cells become 0 where the day has rows and the slot is usually (nearly) silent.

    Phone systems leave out intervals without calls; an outage leaves out busy ones, which stay missing.
    """
    calls = calls.copy()
    weekday, has_rows = weekday_of(dates), np.isfinite(calls).any(axis=1)
    for day in range(7):
        rows = np.flatnonzero((weekday == day) & has_rows)
        if len(rows):
            usual = np.nan_to_num(calls[rows]).mean(axis=0)
            block = calls[rows]
            block[np.isnan(block) & is_open[rows] & (usual < QUIET_CALLS)] = 0.0
            calls[rows] = block
    return calls
