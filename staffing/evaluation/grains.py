"""The same figures in longer steps: half hours, hours and days of the site's wall clock.

Contacts are added, agents averaged over the intervals in which the queue is open, shares formed from the amounts; the
range of a longer step is that of the sample paths' sums, not the sum of ranges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from staffing.domain.calendar import DAY_MIN, SiteCalendar
from staffing.evaluation.rollup import AMOUNTS, with_ratios

if TYPE_CHECKING:
    from staffing.forecast import Forecast

GRAINS_MIN = (15, 30, 60, DAY_MIN)
RANGES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def offered(interval_min: int) -> tuple[int, ...]:
    """Steps in which a site's figures can be shown: its own interval and the longer ones that it divides."""
    return tuple(sorted({interval_min, *(one for one in GRAINS_MIN if one % interval_min == 0)}))


def cells(start: pd.Series, minutes: int, site: SiteCalendar) -> tuple[np.ndarray, pd.Series]:
    """Which step each interval belongs to, and the first instant of each step.

    Steps are those of the wall clock; the hour that a clock change repeats is two.
    """
    local = start.dt.tz_convert(site.zone)
    wall = local.dt.tz_localize(None)
    steps = wall.dt.floor("D" if minutes == DAY_MIN else f"{minutes}min")
    if minutes == DAY_MIN:
        keys = steps.astype("int64").astype(str)
    else:
        offset = (wall - local.dt.tz_convert("UTC").dt.tz_localize(None)).dt.total_seconds()
        keys = steps.astype("int64").astype(str) + "/" + offset.astype(int).astype(str)
    cell, names = pd.factorize(keys)
    first = start.groupby(cell).min().reindex(range(len(names)))
    return cell, first.reset_index(drop=True)


def forecast_in(made: Forecast, queue: str, minutes: int, site: SiteCalendar) -> pd.DataFrame:
    """The forecast rows of a queue or total in steps of so many minutes: table FORECAST's columns.

    Handle time is weighted by contacts; further columns (shares, patience) are averaged.
    """
    rows = made.queue(queue)
    if minutes == site.interval_min or rows.empty:
        return rows
    cell, first = cells(rows["start"], minutes, site)
    drawn = np.sum([made.paths[name] for name in made.sums.get(queue, (queue,))], axis=0, dtype=float)
    sums = np.stack([drawn[:, cell == k].sum(axis=1) for k in range(len(first))], axis=1)
    ranges = dict(zip(RANGES, np.quantile(sums, list(RANGES.values()), axis=0), strict=True))
    calls = rows["calls"].groupby(cell).sum()
    work_s = (rows["calls"] * rows["aht_s"]).groupby(cell).sum()
    aht_s = (work_s / calls).where(calls > 0, rows["aht_s"].groupby(cell).mean())
    others = [name for name in rows if name not in ("queue", "start", "calls", "aht_s", *RANGES)]
    table = pd.DataFrame({"queue": queue, "start": first, "calls": calls, "aht_s": aht_s, **ranges})
    return table.assign(**{name: rows[name].groupby(cell).mean() for name in others})


def came_in(rows: pd.DataFrame, minutes: int, site: SiteCalendar) -> pd.DataFrame:
    """Contacts that came (start, calls, of) in steps of so many minutes, by whose figures they are."""
    if rows.empty or minutes == site.interval_min:
        return rows
    parts = []
    for name, own in rows.groupby("of", sort=False):
        cell, first = cells(own["start"].reset_index(drop=True), minutes, site)
        parts.append(pd.DataFrame({"start": first, "calls": own["calls"].groupby(cell).sum(), "of": name}))
    return pd.concat(parts, ignore_index=True)


def need_in(rows: pd.DataFrame, minutes: int, site: SiteCalendar) -> pd.DataFrame:
    """Required agents of one queue in steps of so many minutes: start, agents and agents_scheduled (means over the open
    intervals), ``most`` (the most in one interval) and the hours of both, ``hours`` and ``hours_scheduled``."""
    cell, first = cells(rows["start"].reset_index(drop=True), minutes, site)
    grouped = rows[["agents", "agents_scheduled"]].reset_index(drop=True).groupby(cell)
    means, sums = grouped.mean(), grouped.sum() * site.interval_min / 60
    return means.assign(
        start=first, most=grouped["agents"].max(), hours=sums["agents"], hours_scheduled=sums["agents_scheduled"]
    )


def service_in(rows: pd.DataFrame, minutes: int, site: SiteCalendar) -> pd.DataFrame:
    """Service of one queue (see ``outlook.staffed_at``) in steps of so many minutes; agents are means."""
    if minutes == site.interval_min or rows.empty:
        return rows
    own = rows.reset_index(drop=True)
    cell, first = cells(own["start"], minutes, site)
    amounts = own[[*AMOUNTS, "rostered_hours"]].groupby(cell).sum(min_count=1)
    made = with_ratios(amounts).assign(queue=own["queue"].iloc[0], start=first)
    return made.assign(
        agents=own["agents"].groupby(cell).mean(), open_hours=own.groupby(cell).size() * site.interval_min / 60
    )
