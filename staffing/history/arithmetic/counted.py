"""Figures that are no numbers of calls, whatever their heading says: shares, averages, running totals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from staffing.errors import InputError, Where
from staffing.history.layout.table import COUNTS, RawTable
from staffing.history.report import Fault, Findings
from staffing.history.shown import shown

MOST = 0.5  # of a column's figures that are not whole where they count nothing
FEWEST = 4
ENOUGH_ROWS = 3_000
FEWEST_OF_DAY, FEWEST_DAYS = 8, 2  # rows and days from which chance never only rises
RISING, FROM_LITTLE = 0.5, 4.0  # share of a day's steps; times its first interval's calls that its last has


def uncounted(raw: RawTable, values: dict[str, np.ndarray], findings: Findings) -> np.ndarray:
    """Rows of columns that hold shares of calls, a problem each; what may be averages is said."""
    bad = np.zeros(len(raw), dtype=bool)
    for name in (each for each in COUNTS if each in values and each in raw.columns):
        told = np.nan_to_num(values[name])
        broken = np.abs(told - np.round(told)) > 1e-6
        if broken.sum() < max(FEWEST, MOST * (told > 0).sum()):
            continue
        if told.max() <= 1:
            fault = Fault(name, "is a share or a rate, not a number of calls.", "Export the numbers of calls.")
            bad |= findings.cells(raw, broken, fault)
        else:
            heading = shown(raw.headings[name])
            findings.note(f"{raw.file}: most numbers of '{heading}' are not whole: they may be averages or rates.")
    return bad


def check_running(queues: Sequence[pd.DataFrame]) -> None:
    """Raises InputError where a queue's calls only rise through each day and begin anew with the next."""
    for rows in queues:
        some = rows.iloc[:ENOUGH_ROWS]
        calls = np.nan_to_num(some["calls"].to_numpy(dtype=float))
        days = some["start"].dt.tz_localize(None).to_numpy().astype("datetime64[D]")
        same, step = days[1:] == days[:-1], np.diff(calls)
        if (step[same] < 0).any():
            continue
        ends = np.flatnonzero(np.r_[True, ~same, True])
        first, last = calls[ends[:-1]], calls[ends[1:] - 1]
        summed = (np.diff(ends) >= FEWEST_OF_DAY) & (first * FROM_LITTLE <= last)
        if len(set(last[summed])) < FEWEST_DAYS:  # the sums of days differ; a made-up day is like the next
            continue
        if (step[same] > 0).mean() >= RISING and (step[~same] < 0).all():
            row = some.iloc[0]
            raise InputError(
                f"the calls of '{shown(str(row['queue']))}' only rise through each day and begin anew with the next: "
                "they seem to be added up.",
                where=Where(str(row["file"]), int(row["row"])),
                remedy="Export the calls of each interval alone.",
            )
