"""Whether a table between stages fits the site's intervals and the days it is used for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from staffing.errors import TableError, Where

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.calendar import SiteCalendar


def on_grid(frame: pd.DataFrame, site: SiteCalendar, table: str) -> None:
    """Each row of ``queue, start`` begins where an interval of the site does, and none stands for several.

    A figure per hour read as one per half-hour would go wrong silently: TableError names the row and both lengths.
    """
    if frame.empty:
        return
    first, last = (instant.tz_convert(site.zone).date() for instant in (frame["start"].min(), frame["start"].max()))
    grid = site.grid(first, (last - first).days + 1)
    off = ~frame["start"].isin(grid).to_numpy()
    if off.any():
        row = int(off.argmax())
        raise TableError(
            f"the {table} has a row at {frame['start'].iloc[row]}, where no interval of {site.interval_min} minutes "
            "begins.",
            where=Where(row=row, column="start"),
            remedy=_remedy(site),
        )
    wanted = grid[site.open_mask(grid)]
    for queue, starts in frame.groupby("queue", sort=False, observed=True)["start"]:
        step_min = starts.sort_values().diff().min().total_seconds() / 60 if len(starts) > 1 else 0
        if step_min > site.interval_min and not wanted.isin(starts).all():
            raise TableError(
                f"the {table} has queue '{queue}' every {step_min:g} minutes; the scenario's intervals are "
                f"{site.interval_min} minutes.",
                where=Where(column="start"),
                remedy=_remedy(site),
            )


def covers(frame: pd.DataFrame, site: SiteCalendar, span: tuple[dt.date, int], table: str) -> None:
    """Each queue has a row for every open interval of ``span``, a first local day and a number of days.

    A day without rows would be taken for one that needs nobody: TableError names queue and interval.
    """
    wanted = site.open_grid(*span)
    for queue, starts in frame.groupby("queue", sort=True, observed=True)["start"]:
        missing = wanted[~wanted.isin(starts)]
        if len(missing):
            raise TableError(
                f"the {table} has no row for queue '{queue}' at {missing[0]}, one of {len(missing):,} open intervals "
                f"that it lacks of the {span[1]} days from {span[0]}.",
                where=Where(column="start"),
                remedy="Give every open interval a row, with 0 where nobody is needed, or choose the days it has.",
            )


def _remedy(site: SiteCalendar) -> str:
    return (
        f"Give a row per interval of {site.interval_min} minutes, or set the site's interval_min to that of the rows."
    )
