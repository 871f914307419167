"""What agents do for the service levels that whole days or weeks keep, in pieces for the roster to choose from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from staffing import tables
from staffing.domain.scenario import Scenario
from staffing.requirements.live import Incoming
from staffing.requirements.present import present_share
from staffing.requirements.queues import incoming_of, naming, queues_of
from staffing.requirements.together import Together
from staffing.requirements.work_out import requirements
from staffing.service import is_live


def service_pieces(forecast: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Table SERVICE_PIECES of the live queues whose service level is kept over the day or week; maybe empty.

    Raises InputError naming the queue whose numbers or targets cannot be met.
    """
    parts = [
        _pieces(incoming_of(rows, queue, scenario), scenario)
        for queue, rows in queues_of(forecast, scenario)
        if is_live(queue) and scenario.target(queue).in_pieces
    ]
    if not parts:
        never, none = pd.DatetimeIndex([], tz=scenario.site.zone), np.empty(0)
        parts = [pd.DataFrame({"queue": [], "start": never, "period": never, "agents": none, "surplus": none})]
    table = pd.concat(parts, ignore_index=True)
    needed = requirements(forecast, scenario) if scenario.sessions else table  # dear, and only sessions ask for it
    table["agents_scheduled"] = table["agents"] / present_share(table, forecast, needed, scenario)
    return tables.SERVICE_PIECES.check(table)


def _pieces(incoming: Incoming, scenario: Scenario) -> pd.DataFrame:
    with naming(incoming.queue):
        promise = Together.of(incoming, scenario)
        shares = promise.shares()
    parts = []
    for (period, rows), share in zip(promise.spans.items(), shares, strict=True):
        for i in rows[incoming.is_open[rows]]:
            agents, surplus = promise.curves[i].pieces(float(share))
            start = incoming.starts[i]
            parts.append(pd.DataFrame({"start": start, "period": period, "agents": agents, "surplus": surplus}))
    return pd.concat(parts, ignore_index=True).assign(queue=incoming.queue.name)
