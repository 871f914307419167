"""A DataFrame as the source of a history: read as the Parquet file would be that it could be written to."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from staffing.errors import InputError, Where
from staffing.history.files.source import Source

NAME = "the frame"
COLUMNS = (
    "timestamp", "date", "time", "queue", "calls", "answered", "abandoned", "aht_s", "wait_s",
    "scheduled", "planned_off", "present",
)  # fmt: skip


def frame_source(frame: pd.DataFrame, columns: Mapping[str, str] | None = None) -> Source:
    """``frame`` with its index as columns where that has names; ``columns`` maps our names to the frame's own.

    Raises InputError naming a column that is not there, or one whose values are of several types.
    """
    told = frame.reset_index() if any(name is not None for name in frame.index.names) else frame
    told = told.rename(columns=_renamed(told, columns or {})).reset_index(drop=True)
    told.columns = [str(name) for name in told.columns]
    try:
        data = io.BytesIO()
        told.to_parquet(data, index=False)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise InputError(
            f"has values that no column of a table can hold together ({str(error)[:200]}).",
            where=Where(NAME, column=_mixed(told)),
            remedy="Give each column one type: instants, numbers or text.",
        ) from None
    return Source(NAME, data=data.getvalue())


def _renamed(frame: pd.DataFrame, columns: Mapping[str, str]) -> dict[str, str]:
    for ours, theirs in columns.items():
        if ours not in COLUMNS:
            known = ", ".join(COLUMNS)
            raise InputError(
                f"'{ours}' is no column of a history.", where=Where(field="columns"), remedy=f"Use: {known}."
            )
        if theirs not in frame.columns:
            there = ", ".join(map(str, frame.columns[:20])) or "none"
            raise InputError("is not there.", where=Where(NAME, column=str(theirs)), remedy=f"The frame has: {there}.")
    return {theirs: ours for ours, theirs in columns.items()}


def _mixed(frame: pd.DataFrame) -> str | None:
    """The first column that holds several types."""
    return next((name for name in frame if frame[name].dropna().map(type).nunique() > 1), None)
