"""Who is present when, read from a roster table alone: no shift template is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from staffing.domain.activities import AT_WORK, OVERTIME, SHIFT, WORK

if TYPE_CHECKING:
    import pandas as pd

    from staffing.roster.case import Grid

AWAY = -1


def present(table: pd.DataFrame, grid: Grid, queues: tuple[str, ...]) -> np.ndarray:
    """Agents present (queues, slots): on shift, less breaks; work rows name another queue than the shift's."""
    import pandas as pd

    counts = np.zeros((len(queues), grid.slots))
    first = np.clip(grid.slot(pd.DatetimeIndex(table["start"])), 0, grid.slots)
    last = np.clip(grid.slot(pd.DatetimeIndex(table["end"])), 0, grid.slots)
    spans = table.assign(first=first, last=last)
    for _, rows in spans[spans["last"] > spans["first"]].groupby("agent", sort=False):
        served = np.full(grid.slots, AWAY)
        for row in rows.sort_values("activity", key=_shifts_first).itertuples():
            at_work = row.activity in AT_WORK
            served[row.first : row.last] = _number(queues, row.queue) if at_work else AWAY
        slots = np.flatnonzero(served != AWAY)
        counts[served[slots], slots] += 1
    return counts


def _shifts_first(activity: pd.Series) -> pd.Series:
    """Order in which rows are laid over each other: shifts, work elsewhere, breaks."""
    return activity.map({SHIFT: 0, WORK: 1, OVERTIME: 1}).fillna(2)


def _number(queues: tuple[str, ...], name: object) -> int:
    return queues.index(name) if isinstance(name, str) and name in queues else AWAY
