"""A history's rows on the site's grid: closed is left out, missing stays missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, SiteCalendar
from staffing.errors import InputError, Where
from staffing.history.options import ImportOptions
from staffing.history.report import Findings

USUALLY_OPEN = 0.25  # share of its occurrences in which a time of the week must have a row to count as open
WEEKS_TO_TELL = 4
OPEN_CHECK_MIN = 5
FAR_APART, FEW_DAYS = pd.Timedelta(days=730), 7  # so few days, so far from all others, have a mistyped year
MOSTLY_TOLD = 0.2  # share of the intervals that have a row, from which their number is no mistake
IN_THE_ARCHIVE = (
    "Put the files into the workspace's inbox/ instead of history/ and run 'staffing batch ingest': the nightly run "
    "reads what is in the archive queue by queue."
)
PLACE = ["row", "file"]  # where a row was read


def fill(queues: list[pd.DataFrame], site: SiteCalendar, options: ImportOptions, findings: Findings) -> pd.DataFrame:
    """The rows of all ``queues``, which it empties, on the open grid of ``site`` (whose interval is theirs).

    Intervals outside declared opening hours are left out. Open intervals without a row get NaN, or 0 calls where
    the export leaves out intervals without calls. Rows after the last figure, such as the rest of a month that has
    not come yet, are left out. Raises InputError when no row is open or has a figure, when a few days lie years away
    from all others, or when the grid would exceed ``max_rows``.
    """
    first = queues[0]["file"].iloc[0]
    kept = _open_rows(_until_known(queues, site, findings), site, findings)
    queues.clear()
    if not kept:
        raise InputError(
            "no row falls into opening hours.",
            where=Where(first),
            remedy="Check the site's time zone and opening hours.",
        )
    _check_span(kept, site, options)
    _check_years(kept)
    read = sum(map(len, kept)), pd.Series([rows["calls"].min() for rows in kept]).min()
    kept.reverse()
    filled = [_filled(kept.pop(), site, options) for _ in range(len(kept))]  # each queue's rows are let go
    _note_absent(read, filled, options, findings)
    return pd.concat(filled, ignore_index=True)


def open_intervals(site: SiteCalendar, index: pd.DatetimeIndex) -> np.ndarray:
    """Which intervals of the site's length from ``index`` are open for at least a part."""
    if not site.opening or site.interval_min == DAY_MIN:
        return site.open_mask(index)
    steps = range(0, site.interval_min, OPEN_CHECK_MIN)
    return np.asarray(np.any([site.open_mask(index + pd.Timedelta(minutes=step)) for step in steps], axis=0))


def _open_rows(queues: Sequence[pd.DataFrame], site: SiteCalendar, findings: Findings) -> list[pd.DataFrame]:
    """The rows in opening hours, of the queues that have any."""
    opens = [open_intervals(site, pd.DatetimeIndex(rows["start"])) for rows in queues]
    lost = pd.concat(
        [rows[~is_open & (rows["calls"].to_numpy() > 0)] for rows, is_open in zip(queues, opens, strict=True)]
    )
    if len(lost):
        share = lost["calls"].sum() / sum(rows["calls"].sum() for rows in queues)
        findings.note(
            f"{lost['calls'].sum():,.0f} calls ({share:.1%}) in {len(lost):,} intervals outside opening hours are left "
            f"out (first: {lost['start'].iloc[0]:%Y-%m-%d %H:%M}, {lost['file'].iloc[0]} row {lost['row'].iloc[0]}). "
            "Widen the opening hours if they are to be planned."
        )
    kept = [rows if is_open.all() else rows[is_open] for rows, is_open in zip(queues, opens, strict=True)]
    return [rows for rows in kept if len(rows)]


def _until_known(queues: Sequence[pd.DataFrame], site: SiteCalendar, findings: Findings) -> list[pd.DataFrame]:
    """The rows up to the last day on which any queue has a figure of calls."""
    lasts = [rows["start"][rows["calls"].notna()].max() for rows in queues if rows["calls"].notna().any()]
    if not lasts:
        raise InputError(
            "no row has a figure of calls; all are empty.",
            where=Where(queues[0]["file"].iloc[0], column="calls"),
            remedy="Export the history again with its calls, 0 where there were none.",
        )
    last = max(lasts).date()
    end = site.midnight(last + dt.timedelta(days=1))
    kept = [rows if rows["start"].iloc[-1] < end else rows[rows["start"] < end] for rows in queues]
    late = sum(map(len, queues)) - sum(map(len, kept))
    if late:
        findings.note(
            f"{late:,} rows after {last}, the last day with a figure of calls, are left out; the forecast "
            "goes on from there."
        )
    return kept


def _check_years(queues: Sequence[pd.DataFrame]) -> None:
    """Raises InputError where the first or the last few days lie years away from all others."""
    each = [
        rows["start"].dt.floor("D", ambiguous=True, nonexistent="shift_forward").drop_duplicates() for rows in queues
    ]
    days = pd.concat(each).drop_duplicates().sort_values(ignore_index=True)
    gaps = np.flatnonzero(days.diff().to_numpy() > FAR_APART)
    for gap in gaps:
        before, after = gap, len(days) - gap
        if min(before, after) <= FEW_DAYS and before != after:
            lone = [rows[(rows["start"] >= days[gap]) == (after < before)] for rows in queues]
            first = pd.concat(lone).iloc[0]
            raise InputError(
                f"'{first['start']:%Y-%m-%d %H:%M}' lies years away from the other rows.",
                where=Where(first["file"], int(first["row"])),
                remedy="Look for a mistyped year; leave the row out if it is right.",
            )


def _check_span(queues: Sequence[pd.DataFrame], site: SiteCalendar, options: ImportOptions) -> None:
    """Raises InputError where the grid from each queue's first row to its last would be too large."""
    ends = [(rows["start"].iloc[0], rows["start"].iloc[-1]) for rows in queues]
    cells = sum((last - first).total_seconds() / 60 / site.interval_min + 1 for first, last in ends)
    if cells > options.max_rows:
        last = max((rows.iloc[-1] for rows in queues), key=lambda row: row["start"])
        told = sum(map(len, queues))
        raise InputError(
            f"the dates span {cells:,.0f} intervals, {min(first for first, _ in ends):%Y-%m-%d} to "
            f"{last['start']:%Y-%m-%d}; at most {options.max_rows:,} are kept.",
            where=Where(last["file"], int(last["row"])),
            remedy="Look for a mistyped year." if told < MOSTLY_TOLD * cells else IN_THE_ARCHIVE,
        )


def _filled(rows: pd.DataFrame, site: SiteCalendar, options: ImportOptions) -> pd.DataFrame:
    """One queue's rows on its open grid."""
    queue, rows = rows["queue"].iloc[:1], rows.set_index("start").drop(columns=["queue", *PLACE])
    first, last = rows.index.min(), rows.index.max()
    grid = site.grid(first.date(), (last.date() - first.date()).days + 1)
    grid = grid[(grid >= first) & (grid <= last)].as_unit(rows.index.unit)
    expected = grid[open_intervals(site, grid)]
    if not site.opening and options.answer("absent") != "zero":
        expected = expected[_usually_there(expected, rows.index, site.interval_min)]
    filled = rows.reindex(expected.union(rows.index))
    if options.answer("absent") == "zero":
        filled.loc[~filled.index.isin(rows.index), "calls"] = 0.0
    filled = filled.rename_axis("start").reset_index()
    filled.insert(0, "queue", queue.repeat(len(filled)).array)
    return filled


def _usually_there(expected: pd.DatetimeIndex, present: pd.DatetimeIndex, interval_min: int) -> np.ndarray:
    """Where no hours are declared, a time of the week that hardly ever has a row counts as closed.

    With fewer than four weeks to tell from, only times before the earliest and after the latest of a weekday do.
    """
    minute = np.zeros(len(expected)) if interval_min == DAY_MIN else np.asarray(expected.hour * 60 + expected.minute)
    minute, weekday, there = minute.astype(int), np.asarray(expected.day_of_week), np.asarray(expected.isin(present))
    first, last = np.full(7, DAY_MIN), np.full(7, -1)
    for day in range(7):
        at = minute[there & (weekday == day)]
        if len(at):
            first[day], last[day] = at.min(), at.max()
    between = (minute >= first[weekday]) & (minute <= last[weekday])
    time = weekday * DAY_MIN + minute
    weeks, seen = np.bincount(time), np.bincount(time, weights=there)
    usual = seen / np.maximum(weeks, 1) >= USUALLY_OPEN
    return np.where(weeks[time] < WEEKS_TO_TELL, between, usual[time])


def _note_absent(
    read: tuple[int, float], filled: Sequence[pd.DataFrame], options: ImportOptions, findings: Findings
) -> None:
    """Of open intervals without a row or a figure; ``read`` are the rows of the files, and their fewest calls."""
    (rows, fewest), intervals = read, sum(map(len, filled))
    absent = intervals - rows
    if absent and options.answer("absent") == "zero":
        findings.note(f"{absent:,} open intervals without a row are taken for intervals without calls.")
    elif absent > 0.05 * intervals and 0 < fewest <= 2:
        findings.note("No row has 0 calls: the export may leave such intervals out. If so, answer absent=zero.")
    for queue in filled:
        missing = queue["start"][queue["calls"].isna()]
        if len(missing):
            findings.note(
                f"Queue '{queue['queue'].iloc[0]}': {len(missing):,} of {len(queue):,} open intervals have no calls "
                f"figure; they stay missing, not zero (first: {missing.iloc[0]:%Y-%m-%d %H:%M})."
            )
