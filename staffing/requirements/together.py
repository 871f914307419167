"""A service level that the day or the week keeps as a whole: cheap intervals make up for dear ones.

Each interval has a curve: contacts in time against agents, as the evaluation measures them. The least staff
takes the steepest pieces of these curves; the roster gets the pieces themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from staffing import tables
from staffing.domain.calendar import SiteCalendar
from staffing.domain.scenario import Scenario
from staffing.domain.service import ServiceTarget
from staffing.queueing.day import Curve, least_staff_together
from staffing.requirements.live import Incoming, live_staff
from staffing.requirements.work_out import incoming_of, naming, queues_of
from staffing.service import Demand, is_live, live

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ENOUGH = 0.9999  # beyond this service level of an interval more agents gain nothing worth a piece


def staff_together(incoming: Incoming, scenario: Scenario) -> np.ndarray:
    """Fewest agents with which every day (or week) keeps the queue's service level. Raises InputError."""
    target = scenario.target(incoming.queue)
    curves, agents = _curves(incoming, target), np.zeros(incoming.calls.size)
    for rows in _spans(incoming, target, scenario.site).values():
        agents[rows] = least_staff_together([curves[i] for i in rows], _share(target))
    return agents


def service_pieces(forecast: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Table SERVICE_PIECES of the live queues whose service level is kept over the day or week; maybe empty.

    Raises InputError naming the queue whose numbers or targets cannot be met.
    """
    parts = [
        _pieces(incoming_of(rows, queue, scenario), scenario)
        for queue, rows in queues_of(forecast, scenario)
        if is_live(queue) and scenario.target(queue).over != "interval"
    ]
    if not parts:
        never, none = pd.DatetimeIndex([], tz=scenario.site.zone), np.empty(0)
        parts = [pd.DataFrame({"queue": [], "start": never, "period": never, "agents": none, "surplus": none})]
    table = pd.concat(parts, ignore_index=True)
    table["agents_scheduled"] = table["agents"] / scenario.shrinkage.present_share
    return tables.SERVICE_PIECES.check(table)


def _pieces(incoming: Incoming, scenario: Scenario) -> pd.DataFrame:
    target = scenario.target(incoming.queue)
    with naming(incoming.queue):
        curves = _curves(incoming, target)
    parts = []
    for period, rows in _spans(incoming, target, scenario.site).items():
        for i in rows[incoming.is_open[rows]]:
            agents, surplus = curves[i].pieces(_share(target))
            start = incoming.starts[i]
            parts.append(pd.DataFrame({"start": start, "period": period, "agents": agents, "surplus": surplus}))
    return pd.concat(parts, ignore_index=True).assign(queue=incoming.queue.name)


def _share(target: ServiceTarget) -> float:
    if target.service_level is None:  # excluded at birth of the target
        raise ValueError("a promise over the day needs a service level")
    return target.service_level


def _spans(incoming: Incoming, target: ServiceTarget, site: SiteCalendar) -> dict[pd.Timestamp, NDArray[np.int64]]:
    """Positions of the intervals of each local day or planning week, by its first instant."""
    days = pd.Series(incoming.starts.tz_convert(site.zone).date)
    first = days if target.over == "day" else days.map(site.week_of)
    return {site.midnight(day): np.asarray(rows, np.int64) for day, rows in first.groupby(first).indices.items()}


def _curves(incoming: Incoming, target: ServiceTarget) -> list[Curve]:
    """What every interval gives, from the least staff it needs by itself to where more is no use."""
    least = np.maximum(incoming.minimum, incoming.calls > 0)
    alone = target.in_every_interval()
    if alone is not None:
        least = np.maximum(least, live_staff(incoming, alone))
    ample = ServiceTarget(
        service_level=max(_ENOUGH, _share(target)), threshold_s=target.threshold_s, definition=target.definition
    )
    count = np.maximum(live_staff(incoming, ample) - least, 0).astype(np.int64) + 1
    which = np.repeat(np.arange(count.size), count)
    first = np.cumsum(count) - count
    agents = least[which] + np.arange(which.size) - first[which]
    interval_s = np.full(which.size, incoming.interval_s)
    amounts = live(Demand(incoming.calls[which], incoming.aht_s[which], interval_s, agents), incoming.queue, target)
    in_time, base = (np.split(np.nan_to_num(amounts[name]), first[1:]) for name in ("in_time", "base"))
    return [Curve(int(n), *parts) for n, *parts in zip(least, in_time, base, strict=True)]
