"""What planners get when a queue's forecast fails: the last good one carried on, or the weekday mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from staffing.batch.queues import FORECAST
from staffing.domain.scenario import Scenario
from staffing.errors import InputError
from staffing.store.kept import Kept

if TYPE_CHECKING:
    import pandas as pd

CARRIED = "last good forecast"
MEAN = "weekday mean"
NONE = "none"
WEEK = dt.timedelta(days=7)
OLDEST_DAYS = 28  # a promise older than this is no better than the weekday mean


def bridged(
    runs: Sequence[Kept], frame: pd.DataFrame, scenario: Scenario, queue: str, span: tuple[dt.date, int]
) -> tuple[str, pd.DataFrame | None]:
    """How a queue is bridged over ``span`` (first local day, days), and its forecast table, None without any figure.

    ``runs`` are those of before, oldest first; ``frame`` the queue's own history, maybe empty.
    """
    carried = _carried(runs, scenario, queue, span)
    if carried is not None:
        return CARRIED, carried
    mean = _mean(frame, scenario, queue, span)
    return (NONE, None) if mean is None else (MEAN, mean)


def _carried(runs: Sequence[Kept], scenario: Scenario, queue: str, span: tuple[dt.date, int]) -> pd.DataFrame | None:
    """The newest promise for the queue that was a forecast of its own, its last week repeated as far as need be."""
    import pandas as pd

    for run in reversed(runs):
        if (span[0] - run.history_until).days > OLDEST_DAYS:
            return None
        if not any(entry["queue"] == queue and entry["method"] == FORECAST for entry in run.manifest["queues"]):
            continue
        try:
            table = run.forecast()
        except InputError:  # a damaged run is no help; an older one may be
            continue
        rows = None if table is None else table[table["queue"] == queue]
        if rows is None or rows.empty:
            continue
        wall = rows["start"].dt.tz_convert(scenario.site.zone).dt.tz_localize(None)
        known = rows.assign(wall=wall).drop_duplicates("wall").set_index("wall")
        grid = scenario.site.open_grid(*span)
        wanted = pd.Series(grid.tz_localize(None))
        weeks = -((known.index.max() - wanted) // WEEK).clip(upper=0)  # back, to the last one that is known
        found = known.reindex(wanted - weeks * WEEK)
        if found["calls"].isna().any():
            continue
        return found.assign(start=grid).reset_index(drop=True)
    return None


def _mean(frame: pd.DataFrame, scenario: Scenario, queue: str, span: tuple[dt.date, int]) -> pd.DataFrame | None:
    from staffing.forecast.weekday_mean import weekday_mean
    from staffing.tables import FORECAST as TABLE

    table = None if frame.empty else weekday_mean(frame, scenario.site, *span)
    if table is None:
        return None
    aht_s = float("nan") if "aht_s" not in frame else float(frame["aht_s"].mean())
    given = {each.name: each.aht_s for each in scenario.queues}.get(queue, scenario.queues[0].aht_s)
    known = given if aht_s != aht_s else aht_s
    return TABLE.check(table.assign(queue=queue, aht_s=known))[TABLE.column_names]


def in_a_row(runs: Sequence[Kept], queue: str) -> int:
    """For how many of the newest runs in a row the queue had no forecast of its own."""
    count = 0
    for run in reversed(runs):
        methods = [entry["method"] for entry in run.manifest["queues"] if entry["queue"] == queue]
        if not methods or methods[0] == FORECAST:
            return count
        count += 1
    return count
