"""A history's rows on the site's grid: closed is left out, missing stays missing."""

from __future__ import annotations

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
VALUES = ["calls", "answered", "abandoned", "aht_s", "wait_s", "scheduled", "planned_off", "present"]


def fill(rows: pd.DataFrame, site: SiteCalendar, options: ImportOptions, findings: Findings) -> pd.DataFrame:
    """``rows`` on the open grid of ``site`` (whose interval is theirs), from each queue's first row to its last.

    Intervals outside declared opening hours are left out. Open intervals without a row get NaN, or 0 calls where
    the export leaves out intervals without calls. Rows after the last figure, such as the rest of a month that has
    not come yet, are left out. Raises InputError when no row is open or has a figure, when a few days lie years away
    from all others, or when the grid would exceed ``max_rows``.
    """
    first = rows["file"].iloc[0]
    rows = _open_rows(_until_known(rows, findings), site, findings)
    if rows.empty:
        raise InputError(
            "no row falls into opening hours.",
            where=Where(first),
            remedy="Check the site's time zone and opening hours.",
        )
    _check_span(rows, site, options)
    _check_years(rows)
    parts = [_filled(str(name), queue, site, options) for name, queue in rows.groupby("queue", sort=True)]
    frame = pd.concat(parts, ignore_index=True)
    _note_absent(rows, frame, options, findings)
    return frame


def open_intervals(site: SiteCalendar, index: pd.DatetimeIndex) -> np.ndarray:
    """Which intervals of the site's length from ``index`` are open for at least a part."""
    if not site.opening or site.interval_min == DAY_MIN:
        return site.open_mask(index)
    steps = range(0, site.interval_min, OPEN_CHECK_MIN)
    return np.asarray(np.any([site.open_mask(index + pd.Timedelta(minutes=step)) for step in steps], axis=0))


def _open_rows(rows: pd.DataFrame, site: SiteCalendar, findings: Findings) -> pd.DataFrame:
    is_open = open_intervals(site, pd.DatetimeIndex(rows["start"]))
    lost = rows[~is_open & (rows["calls"].to_numpy() > 0)]
    if len(lost):
        share = lost["calls"].sum() / rows["calls"].sum()
        findings.note(
            f"{lost['calls'].sum():,.0f} calls ({share:.1%}) in {len(lost):,} intervals outside opening hours are left "
            f"out (first: {lost['start'].iloc[0]:%Y-%m-%d %H:%M}, {lost['file'].iloc[0]} row {lost['row'].iloc[0]}). "
            "Widen the opening hours if they are to be planned."
        )
    return rows[is_open]


def _until_known(rows: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """``rows`` up to the last day with a figure of calls."""
    known = rows["calls"].notna()
    if not known.any():
        raise InputError(
            "no row has a figure of calls; all are empty.",
            where=Where(rows["file"].iloc[0], column="calls"),
            remedy="Export the history again with its calls, 0 where there were none.",
        )
    last = rows["start"][known].max().date()
    late = rows["start"].dt.date > last
    if late.any():
        findings.note(
            f"{late.sum():,} rows after {last}, the last day with a figure of calls, are left out; the forecast "
            "goes on from there."
        )
    return rows[~late]


def _check_years(rows: pd.DataFrame) -> None:
    """Raises InputError where the first or the last few days lie years away from all others."""
    days = pd.Series(rows["start"].dt.floor("D", ambiguous=True, nonexistent="shift_forward").unique()).sort_values()
    gaps = np.flatnonzero(days.diff().to_numpy() > FAR_APART)
    for gap in gaps:
        before, after = gap, len(days) - gap
        if min(before, after) <= FEW_DAYS and before != after:
            lone = rows["start"] >= days.iloc[gap] if after < before else rows["start"] < days.iloc[gap]
            first = rows[lone].iloc[0]
            raise InputError(
                f"'{first['start']:%Y-%m-%d %H:%M}' lies years away from the other rows.",
                where=Where(first["file"], int(first["row"])),
                remedy="Look for a mistyped year; leave the row out if it is right.",
            )


def _check_span(rows: pd.DataFrame, site: SiteCalendar, options: ImportOptions) -> None:
    spans = rows.groupby("queue")["start"].agg(["min", "max"])
    cells = ((spans["max"] - spans["min"]).dt.total_seconds() / 60 / site.interval_min + 1).sum()
    if cells > options.max_rows:
        last = rows.loc[rows["start"].idxmax()]
        raise InputError(
            f"the dates span {cells:,.0f} intervals, {rows['start'].min():%Y-%m-%d} to {last['start']:%Y-%m-%d}; "
            f"at most {options.max_rows:,} are kept.",
            where=Where(last["file"], int(last["row"])),
            remedy="Look for a mistyped year.",
        )


def _filled(name: str, rows: pd.DataFrame, site: SiteCalendar, options: ImportOptions) -> pd.DataFrame:
    rows = rows.set_index("start")[VALUES]
    first, last = rows.index.min(), rows.index.max()
    grid = site.grid(first.date(), (last.date() - first.date()).days + 1)
    grid = grid[(grid >= first) & (grid <= last)].as_unit(rows.index.unit)
    expected = grid[open_intervals(site, grid)]
    if not site.opening and options.absent == "missing":
        expected = expected[_usually_there(expected, rows.index, site.interval_min)]
    filled = rows.reindex(expected.union(rows.index))
    if options.absent == "zero":
        filled.loc[~filled.index.isin(rows.index), "calls"] = 0.0
    return filled.rename_axis("start").reset_index().assign(queue=name)[["queue", "start", *VALUES]]


def _usually_there(expected: pd.DatetimeIndex, present: pd.DatetimeIndex, interval_min: int) -> np.ndarray:
    """Where no hours are declared, a time of the week that hardly ever has a row counts as closed.

    With fewer than four weeks to tell from, only times before the earliest and after the latest of a weekday do.
    """
    minute = np.zeros(len(expected)) if interval_min == DAY_MIN else np.asarray(expected.hour * 60 + expected.minute)
    weekday = np.asarray(expected.day_of_week)
    there = pd.Series(expected.isin(present))
    seen = there.groupby(weekday * DAY_MIN + minute)
    at = pd.Series(minute).where(there).groupby(weekday)
    between = (minute >= at.transform("min")) & (minute <= at.transform("max"))
    weeks = seen.transform("size")
    return np.asarray(np.where(weeks < WEEKS_TO_TELL, between, seen.transform("mean") >= USUALLY_OPEN))


def _note_absent(rows: pd.DataFrame, frame: pd.DataFrame, options: ImportOptions, findings: Findings) -> None:
    absent = len(frame) - len(rows)
    if absent and options.absent == "zero":
        findings.note(f"{absent:,} open intervals without a row are taken for intervals without calls.")
    elif absent and not (rows["calls"] == 0).any() and absent > 0.05 * len(frame) and rows["calls"].min() <= 2:
        findings.note("No row has 0 calls: the export may leave such intervals out. If so, import with absent = zero.")
    for name, queue in frame.groupby("queue", sort=True):
        missing = queue["start"][queue["calls"].isna()]
        if len(missing):
            findings.note(
                f"Queue '{name}': {len(missing):,} of {len(queue):,} open intervals have no calls figure; they stay "
                f"missing, not zero (first: {missing.iloc[0]:%Y-%m-%d %H:%M})."
            )
