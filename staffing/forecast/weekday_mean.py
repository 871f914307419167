"""The plainest forecast: the mean of the same weekday and time over the last weeks.

It bridges a queue whose forecast fails, and it is what every other forecast must beat.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from staffing.domain.calendar import SiteCalendar

WEEKS = 8


def weekday_mean(frame: pd.DataFrame, site: SiteCalendar, start: dt.date, days: int) -> pd.DataFrame | None:
    """``start, calls, p10, p50, p90`` of one queue's open intervals; None where history has no figure at all.

    p10, p50 and p90 are those of the weeks looked at; an interval never seen takes its time of day's mean.
    """
    known = frame.dropna(subset=["calls"])
    known = known[known["start"] >= known["start"].max() - pd.Timedelta(weeks=WEEKS)]
    if known.empty:
        return None
    local = known["start"].dt.tz_convert(site.zone)
    known = known.assign(weekday=local.dt.day_of_week, slot=local.dt.hour * 60 + local.dt.minute)
    groups = known.groupby(["weekday", "slot"])["calls"]
    stats = groups.quantile([0.1, 0.5, 0.9]).unstack().set_axis(["p10", "p50", "p90"], axis=1)
    stats["calls"] = groups.mean()
    by_slot = stats.groupby("slot").mean()
    grid = site.open_grid(start, days)
    slots = grid.hour * 60 + grid.minute
    table = stats.reindex(pd.MultiIndex.from_arrays([grid.day_of_week, slots])).reset_index(drop=True)
    table = table.fillna(by_slot.reindex(slots).reset_index(drop=True)).fillna(0.0)
    return table.assign(start=grid)[["start", "calls", "p10", "p50", "p90"]]
