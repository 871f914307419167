"""A roster as it was planned, without what its days brought: the shifts of the library, to be found there again."""

from __future__ import annotations

import pandas as pd

from staffing.domain.activities import ABSENT, OVERTIME, SHIFT


def as_planned(table: pd.DataFrame) -> pd.DataFrame:
    """The rows without overtime and times of absence."""
    rows = without_overtime(table)
    return rows[~rows["activity"].isin(ABSENT)]


def without_overtime(table: pd.DataFrame) -> pd.DataFrame:
    """The rows with shifts cut back to their kind."""
    extra = table[table["activity"] == OVERTIME]
    if extra.empty:
        return table
    rows = table[table["activity"] != OVERTIME].copy()
    for one in extra.itertuples():
        own = (rows["agent"] == one.agent) & (rows["activity"] == SHIFT)
        rows.loc[own & (rows["start"] == one.start), "start"] = one.end
        rows.loc[own & (rows["end"] == one.end), "end"] = one.start
    return rows
