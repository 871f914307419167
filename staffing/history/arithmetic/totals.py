"""Rows that are no intervals: blank ones, repeated headings, lines below the table, and totals told by their sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.history.arithmetic.total_names import TOTAL_WORDS
from staffing.history.layout.table import RawTable
from staffing.history.layout.words import plain
from staffing.history.meaning.moments import Moments
from staffing.history.meaning.numerals import as_text, is_text
from staffing.history.report import Findings, first_rows
from staffing.history.shown import shown

TOLERANCE = 1e-6
FEWEST_OF_LAST = 3
SHARE_OF_DAYS = 0.3  # of all calls; the totals of days would be half
LEAST_OF_DAY = 1.9  # times the mean of all rows that the sum of three rows or more is
PAIRS_A_ROW = 4  # numbers to count by, at most
MOST_DAYS = 0.8  # on which a time of day has their sum


@dataclass(frozen=True)
class _Odd:
    """Rows without a moment, or without a time of day that others have."""

    places: np.ndarray
    cells: pd.DataFrame


def decoration(raw: RawTable, moments: Moments, calls: np.ndarray, findings: Findings) -> np.ndarray:
    """Rows that are left out, and said: no intervals but what was written around them."""
    left = np.zeros(len(raw), dtype=bool)
    places = np.flatnonzero(moments.wrong | moments.untimed)
    if len(places):
        left[places] = _odd_rows(raw, _Odd(places, _texts(raw, places)), moments, calls, findings)
    good = ~left & ~moments.wrong & ~moments.untimed
    left |= _sums_of_days(raw, moments, np.where(good, calls, 0.0), findings)
    left |= _sum_of_all(raw, np.where(good & ~left, calls, 0.0), findings)
    return left


def _texts(raw: RawTable, places: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: as_text(values.iloc[places]).astype("str").to_numpy()
            if is_text(values)
            else values.iloc[places].map(lambda value: "" if value != value else f"{value:g}").to_numpy(dtype=object)
            for name, values in raw.columns.items()
        }
    ).astype("str")


def _odd_rows(raw: RawTable, odd: _Odd, moments: Moments, calls: np.ndarray, findings: Findings) -> np.ndarray:
    cells = odd.cells
    when = cells[[name for name in ("timestamp", "date", "time") if name in cells]]
    blank = (cells.drop(columns=[name for name in raw.filled if name in cells]) == "").all(axis=1).to_numpy()
    named = cells.apply(lambda column: column.str.contains(TOTAL_WORDS, regex=True)).any(axis=1).to_numpy()
    first = when.columns[0]
    again = (cells[first].map(plain) == plain(raw.headings.get(first, first))).to_numpy() & (
        cells[first] != ""
    ).to_numpy()
    figures = cells["calls"] if "calls" in cells else cells.iloc[:, -1]
    empty_figure = ~figures.str.contains(r"\d", regex=True).to_numpy()
    units = empty_figure & (figures != "").to_numpy() & (odd.places == 0) & (when != "").any(axis=1).to_numpy()
    below = empty_figure & (odd.places > _last_good(moments))
    summed = _are_sums(raw, odd.places, moments, calls)
    kinds = (
        ("a total", named & ~again),
        ("a repeated heading", again),
        ("a second row of headings", units & ~named),
        ("below the table", below & ~named),
        ("the sum of other rows", summed & ~named),
    )
    for kind, mask in kinds:
        rows = raw.rows[odd.places[mask & ~blank]]
        if len(rows):
            sample = " ".join(text for text in cells[mask & ~blank].iloc[0] if text)
            many = f"rows {first_rows(rows)} are each" if len(rows) > 1 else f"row {rows[0]} is"
            left = "are" if len(rows) > 1 else "is"
            findings.note(f"{raw.file}: {many} {kind} and {left} left out ('{shown(sample)}').")
    return np.asarray(blank | named | again | units | below | summed)


def _last_good(moments: Moments) -> int:
    good = np.flatnonzero(~moments.wrong & ~moments.untimed)
    return int(good[-1]) if len(good) else -1


def _are_sums(raw: RawTable, places: np.ndarray, moments: Moments, calls: np.ndarray) -> np.ndarray:
    """Odd rows whose calls are the sum of the intervals from another odd row to here, or of their day or queue."""
    good = ~moments.wrong & ~moments.untimed
    values, counted = calls[places], np.where(good, np.nan_to_num(calls), 0.0)
    before, rows = np.concatenate([[0.0], np.cumsum(counted)]), np.concatenate([[0], np.cumsum(good)])
    borders = np.unique(np.concatenate([[0], places, [len(calls)]]))
    at = before[borders]
    summed = np.zeros(len(places), dtype=bool)
    for side in (-1, 1):
        wanted = before[places] + side * values
        found = np.clip(np.searchsorted(at, wanted - TOLERANCE * (1 + np.abs(wanted))), 0, len(at) - 1)
        near = np.abs(at[found] - wanted) <= TOLERANCE * (1 + np.abs(wanted))
        spans = np.abs(rows[borders[found]] - rows[places])
        summed |= near & (values > 0) & (spans > 1)
    return summed | _sums_by(raw, places, moments, (calls, good))


def _sums_by(raw: RawTable, places: np.ndarray, moments: Moments, told: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Odd rows whose calls are those of all intervals of their day, of their queue, or of both."""
    calls, good = told
    queue = as_text(raw.columns["queue"]).cat.codes.to_numpy() if "queue" in raw.columns else np.zeros(len(calls), int)
    days = moments.day.astype("datetime64[D]").astype(np.int64)
    rows = pd.DataFrame({"day": days, "queue": queue, "calls": calls})
    summed = np.zeros(len(places), dtype=bool)
    for keys in (["day"], ["queue"], ["day", "queue"]):
        sums = rows[good].groupby(keys)["calls"].agg(["sum", "size"])
        wanted = sums.reindex(
            pd.MultiIndex.from_frame(rows.iloc[places][keys]) if len(keys) > 1 else rows.iloc[places][keys[0]]
        )
        total, size = wanted["sum"].to_numpy(), wanted["size"].fillna(0).to_numpy()
        summed |= (np.abs(total - calls[places]) <= TOLERANCE * (1 + np.abs(total))) & (size > 1) & (calls[places] > 0)
    return summed


def _sums_of_days(raw: RawTable, moments: Moments, calls: np.ndarray, findings: Findings) -> np.ndarray:
    """Rows at one time of day, such as midnight, each the sum of the other rows of its day, of its queue or of all."""
    calls = np.nan_to_num(calls)
    nothing = np.zeros(len(raw), dtype=bool)
    if not (calls > 0).any():
        return nothing
    large = calls >= LEAST_OF_DAY * calls[calls > 0].mean()
    if calls[large].sum() < SHARE_OF_DAYS * calls.sum():
        return nothing
    queue = as_text(raw.columns["queue"]).cat.codes.to_numpy() if "queue" in raw.columns else np.zeros(len(calls), int)
    clock = (moments.local - moments.day.astype("datetime64[D]")).astype(np.int64)
    days = moments.day.astype("datetime64[D]").astype(np.int64)
    for day in (days, days - (clock == 0)):  # midnight may end the day before
        number = pd.factorize(day)[0]
        for together in (_pairs(number, queue), number):
            summed = _of_one_clock((day, together, clock), calls)
            if summed.any():
                _note_days(raw, summed, clock, findings)
                return summed
    return nothing


def _pairs(day: np.ndarray, queue: np.ndarray) -> np.ndarray:
    """A number for each pair of day (a number too) and queue, small enough to count by."""
    numbers = day * (int(queue.max()) + 2) + queue + 1
    return numbers if numbers.max() < PAIRS_A_ROW * len(numbers) else pd.factorize(numbers)[0]


def _of_one_clock(keys: tuple[np.ndarray, np.ndarray, np.ndarray], calls: np.ndarray) -> np.ndarray:
    """Rows that are the sum of the others they stand together with, if nearly all rows of their time of day are.

    ``keys`` are each row's day, what it stands together with (a number), and its time of day.
    """
    days_of, together, clock_of = keys
    some, summed = calls > 0, np.zeros(len(calls), dtype=bool)
    total = np.bincount(together, calls)[together]
    most = np.flatnonzero(some & (3 * calls >= total - 2 * TOLERANCE * (1 + total)))  # a half or a third of all
    own, whole = calls[most], total[most]
    summed[most] = np.any([np.abs(whole - k * own) <= TOLERANCE * (1 + whole) for k in (2, 3)], axis=0)  # of hours too
    if not summed.any():
        return summed
    size = np.bincount(together, some)[together]
    told = some & (size - 1 >= FEWEST_OF_LAST)
    summed &= told
    for clock in pd.unique(clock_of[summed]):
        at = (clock_of == clock) & told
        here = at & summed
        days, found = (len(np.unique(days_of[mask])) for mask in (at, here))
        if found >= MOST_DAYS * days and (found > 1 or size[here].min() - 1 >= 2 * FEWEST_OF_LAST):
            return np.asarray(here)
    return np.zeros(len(calls), dtype=bool)


def _note_days(raw: RawTable, summed: np.ndarray, clock: np.ndarray, findings: Findings) -> None:
    minutes = int(clock[summed][0]) // 60 % 1440
    at = f"{minutes // 60:02d}:{minutes % 60:02d}" if minutes else "midnight"
    findings.note(
        f"{raw.file}: {summed.sum():,} rows at {at} (rows {first_rows(raw.rows[summed])}) are the sum of the other "
        "rows of their day and are left out."
    )


def _sum_of_all(raw: RawTable, calls: np.ndarray, findings: Findings) -> np.ndarray:
    """The first or the last row where its calls are the sum of all others."""
    calls = np.nan_to_num(calls)
    left, total = np.zeros(len(calls), dtype=bool), calls.sum()
    told = np.flatnonzero(calls > 0)
    if len(told) <= FEWEST_OF_LAST:
        return left
    for place in (told[0], told[-1]):
        if abs(total - 2 * calls[place]) <= TOLERANCE * total:
            left[place] = True
            findings.note(
                f"{raw.file}: row {raw.rows[place]} ({calls[place]:,.0f} calls) is the sum of all other rows "
                f"and is left out."
            )
            break
    return left
