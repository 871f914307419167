"""What is given as history: numbers that cannot be are refused, handle times that cannot be are taken as not known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from staffing.errors import InputError, Where
from staffing.forecast.counts import QueueCounts

LONGEST_AHT_S = 4 * 3600.0
MOST_TIMES_USUAL, FEW_CALLS = 10.0, 100.0  # how far above the usual: so many times, and more often for few contacts
REMEDY = "Correct the cell, or empty it if the number is unknown."
MOST_SHARE = 0.03  # of contacts: where more lie so far off it is no slip
TIMES_LONG = 5.0  # how far above the longest of the others


def checked(history: pd.DataFrame) -> pd.DataFrame:
    """``history`` with its calls and handle times as numbers.

    Raises InputError on text, on infinite and on negative numbers, naming the row as a file with a heading counts it.
    """
    told = {}
    for column in ("calls", "aht_s"):
        if column not in history:
            continue
        given = history[column]
        numbers = pd.to_numeric(given, errors="coerce")
        if (row := _first(numbers.isna() & given.notna())) is not None:
            raise InputError(f"no number in {column}: '{given.iloc[row]}'.", where=_cell(row, column), remedy=REMEDY)
        if (row := _first(numbers.abs() == np.inf)) is not None:
            raise InputError(f"an infinite number in {column}.", where=_cell(row, column), remedy=REMEDY)
        if (row := _first(numbers < 0)) is not None:
            raise InputError(f"negative {column}: {numbers.iloc[row]:g}.", where=_cell(row, column), remedy=REMEDY)
        if numbers is not given:
            told[column] = numbers
    return history.assign(**told) if told else history


def _first(wrong: pd.Series) -> int | None:
    """Position of the first True."""
    return int(wrong.to_numpy().argmax()) if wrong.any() else None


def _cell(row: int, column: str) -> Where:
    return Where(row=row + 2, column=column)


def known_handle_times(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """One queue's rows with handle times of 0 s as not known, and in how many rows with calls that was so."""
    if "aht_s" not in rows or not (nothing := (rows["aht_s"] == 0).to_numpy()).any():
        return rows, 0
    return rows.assign(aht_s=rows["aht_s"].where(~nothing)), int((rows["calls"].to_numpy()[nothing] > 0).sum())


def believed(counts: QueueCounts, zeros: int = 0) -> QueueCounts:
    """``counts`` with handle times that cannot be as not known, and notes on these and on ``zeros`` before.

    A single contact may take a hundred times the usual, ten of them hardly ten times on the mean, and none much longer
    than the longest of the others; four hours on the mean none.
    """
    notes, aht_s = list(counts.notes), counts.aht_s
    if zeros:
        notes.append(f"{counts.queue}: a handle time of 0 s is taken as not known ({zeros:,} intervals).")
    weight = np.where(np.isfinite(aht_s), np.nan_to_num(counts.calls), 0.0)
    seen = weight > 0
    if seen.any():
        usual, long = _quantiles(aht_s[seen], weight[seen], (0.5, 1.0 - MOST_SHARE))
        most = np.maximum(usual * np.maximum(MOST_TIMES_USUAL, FEW_CALLS / np.maximum(weight, 1.0)), TIMES_LONG * long)
        wrong = seen & (np.nan_to_num(aht_s) > np.minimum(most, LONGEST_AHT_S))
        if wrong.any() and weight[wrong].sum() <= MOST_SHARE * weight.sum():
            first = counts.dates[wrong.any(axis=1)][0]
            notes.append(
                f"{counts.queue}: handle times of up to {aht_s[wrong].max():,.0f} s, where {usual:,.0f} s are usual, "
                f"are taken as not known ({int(wrong.sum()):,} intervals, the first on {first})."
            )
            aht_s = np.where(wrong, np.nan, aht_s)
    return replace(counts, aht_s=aht_s, notes=tuple(notes))


def _quantiles(values: np.ndarray, weight: np.ndarray, levels: tuple[float, ...]) -> np.ndarray:
    """Of ``values``, by ``weight``."""
    order = np.argsort(values)
    below = np.cumsum(weight[order])
    return np.asarray(values[order][np.searchsorted(below, below[-1] * np.array(levels))])
