"""Zeros for time that has not come: a run to the end of history in which calls would surely have come."""

from __future__ import annotations

import numpy as np
import pandas as pd

from staffing.history.options import ImportOptions
from staffing.history.report import Findings, first_rows

SURELY = 20.0  # calls that would have come as a rule: none at all has a chance of e⁻²⁰
WEEKS = 8
WEEK = pd.Timedelta(weeks=1)


def without_coming(queues: list[pd.DataFrame], options: ImportOptions, findings: Findings) -> list[pd.DataFrame]:
    """The queues without the zeros after their last call, where all fall silent together."""
    lasts = [rows["start"][rows["calls"] > 0].max() for rows in queues if (rows["calls"] > 0).any()]
    if not lasts or options.answer("zeros") == "keep":
        return queues
    last = max(lasts)
    after = [rows[rows["start"] > last] for rows in queues]
    silent = [rows[rows["calls"] == 0] for rows in after]
    if not any(map(len, silent)) or sum(map(_expected, queues, silent)) < SURELY:
        return queues
    count, first = sum(map(len, silent)), next(rows for rows in silent if len(rows)).iloc[0]
    rows = next(each for each in silent if len(each))["row"].to_numpy()
    findings.note(
        f"{first['file']}: {count:,} rows with 0 calls after the last call, {last:%Y-%m-%d %H:%M} (rows "
        f"{first_rows(rows)}), are "
        "taken for time that has not come and are left out. If nobody called, answer zeros=keep."
    )
    return [rows[rows["start"] <= last] for rows in queues]


def _expected(rows: pd.DataFrame, silent: pd.DataFrame) -> float:
    """Calls that the past weeks have, on average, at the silent times of the week."""
    if silent.empty:
        return 0.0
    first = silent["start"].iloc[0]
    past = rows[(rows["start"] < first) & (rows["start"] >= first - WEEKS * WEEK) & (rows["calls"].notna())]
    told, asked = (_minute_of_week(each["start"]) for each in (past, silent))
    by_week = past["calls"].groupby(told).mean()
    known = by_week.reindex(asked).to_numpy()
    by_day = past["calls"].groupby(told % 1440).mean().reindex(asked % 1440).fillna(0.0).to_numpy()
    return float(np.where(np.isnan(known), by_day, known).sum())


def _minute_of_week(start: pd.Series) -> np.ndarray:
    return np.asarray(start.dt.day_of_week * 1440 + start.dt.hour * 60 + start.dt.minute)
