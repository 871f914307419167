"""Tables of days beside tables of intervals of the same days: their sums, or a contradiction."""

from __future__ import annotations

import numpy as np
import pandas as pd

from staffing.history.meaning.queues import spelling_key
from staffing.history.report import Findings, Problem

FEWEST_DAYS = 2
MOST = 0.8  # of the days that both have, on which a table of days is the sum of the intervals
TOLERANCE = 1e-6


def without_days(tables: list[pd.DataFrame], findings: Findings) -> list[pd.DataFrame]:
    """The tables without those of days that the intervals of others add up to; others of days are a problem."""
    daily = [len(rows) >= FEWEST_DAYS and _are_days(rows["start"]) for rows in tables]
    if len(tables) < 2 or not any(daily) or all(daily):
        return tables
    intervals = _by_day(pd.concat([rows for rows, days in zip(tables, daily, strict=True) if not days]))
    kept = []
    for rows, days in zip(tables, daily, strict=True):
        beside = _beside(rows, intervals) if days else None
        if beside is None:
            kept.append(rows)
        elif (np.abs(beside["calls"] - beside["sum"]) <= TOLERANCE * (1 + beside["sum"])).mean() >= MOST:
            findings.note(
                f"{rows['file'].iloc[0]}: its rows are the sums of days whose intervals are read from another table, "
                "and are left out."
            )
        else:
            first = rows.iloc[0]
            findings.problems.append(Problem(
                str(first["file"]), "has a row for each day, where another table has intervals of the same days.",
                "Import one of the two; their sums differ.", int(first["row"]),
            ))  # fmt: skip
    return kept


def _are_days(start: pd.Series) -> bool:
    wall = start.dt.tz_localize(None)
    return bool((wall == wall.dt.normalize()).all()) and not bool(wall.duplicated().all())


def _by_day(rows: pd.DataFrame) -> pd.DataFrame:
    """Calls by day and by the key of each queue's name."""
    days = rows["start"].dt.tz_localize(None).dt.normalize().to_numpy()
    queue = rows["queue"].astype("str").map(spelling_key).to_numpy()
    return pd.DataFrame({"day": days, "key": queue, "sum": rows["calls"].to_numpy()})


def _beside(rows: pd.DataFrame, intervals: pd.DataFrame) -> pd.DataFrame | None:
    """The rows of days that have intervals too, with the sum of those of their queue, or of all where it has none."""
    own = _by_day(rows).rename(columns={"sum": "calls"})
    keys = ["day", "key"] if set(own["key"]) & set(intervals["key"]) else ["day"]
    both = own.merge(intervals.groupby(keys)["sum"].sum().reset_index(), on=keys)
    return both.dropna() if len(both) >= FEWEST_DAYS else None
