"""Agents per interval, on the phone and rostered, for every queue of a scenario.

Calls are staffed by the model their queue names, chats by limited processor sharing, and work that can wait
is laid into the valleys that the live queues leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffing import tables
from staffing.domain.scenario import Scenario
from staffing.errors import PlanError
from staffing.grids import on_grid
from staffing.requirements.present import present_share
from staffing.requirements.queues import incoming_of, naming, queues_of
from staffing.service import is_live

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from staffing.requirements.live import Incoming


def requirements(forecast: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Agents per queue and interval, table REQUIREMENTS.

    ``agents`` are whole people on the phone; ``agents_scheduled`` are the people to roster so that, after
    planned and unplanned shrinkage, so many are left; it stays fractional. Closed intervals need nobody.
    Raises InputError naming the queue whose numbers or targets cannot be met, TableError where the forecast's rows
    are not the site's intervals, PlanError where it has none: the site is closed on all of its days.
    """
    import pandas as pd

    if forecast.empty:
        raise PlanError(
            "the site is closed on every day of this week; nobody is needed.",
            remedy="Choose another week, or change the opening hours and closed dates.",
        )
    on_grid(forecast, scenario.site, "forecast")
    live = pd.Series(0.0, index=pd.DatetimeIndex(sorted(forecast["start"].unique())))
    parts = []
    for queue, rows in sorted(queues_of(forecast, scenario), key=lambda item: not is_live(item[0])):
        incoming = incoming_of(rows, queue, scenario)
        agents = _on_phone(incoming, scenario, live.loc[incoming.starts].to_numpy())
        agents = agents.clip(min=queue.minimum_agents) * incoming.is_open
        live.loc[incoming.starts] += agents
        parts.append(pd.DataFrame({"queue": queue.name, "start": incoming.starts, "agents": agents}))
    table = pd.concat(parts, ignore_index=True)
    table["agents_scheduled"] = table["agents"] / present_share(table, forecast, table, scenario)
    return tables.REQUIREMENTS.check(table)


def _on_phone(incoming: Incoming, scenario: Scenario, live: np.ndarray) -> np.ndarray:
    """Whole agents that a queue needs in each of its intervals, before its minimum."""
    from staffing.requirements.live import live_staff
    from staffing.requirements.together import staff_together

    queue = incoming.queue
    target = scenario.target(queue)
    with naming(queue):
        if not is_live(queue):
            return _deferred(incoming, scenario, live)
        return live_staff(incoming, target) if target.over == "interval" else staff_together(incoming, scenario)


def _deferred(incoming: Incoming, scenario: Scenario, live: np.ndarray) -> np.ndarray:
    """Work that can wait, laid where the live queues and the work before it leave most room.

    The deadline counts opening time; what arrives while closed arrives when the site opens. The clock starts
    with the interval in which work arrives, so that its first contact is in time too.
    """
    import numpy as np

    from staffing.queueing.deferred import blend, due_intervals

    queue, work = incoming.queue, incoming.calls * incoming.aht_s / incoming.interval_s
    agents = np.zeros(work.size)
    opening = np.flatnonzero(incoming.is_open)
    if opening.size == 0 or work.sum() == 0:
        return agents
    taken_up = np.minimum(np.searchsorted(opening, np.arange(work.size)), opening.size - 1)
    amount = np.bincount(taken_up, weights=work, minlength=opening.size)
    grace = max(queue.deadline_min // scenario.site.interval_min - 1, 0)
    busy = scenario.target(queue).max_occupancy or 1.0
    plan = blend(amount / busy, due_intervals(opening.size, grace), live[opening], whole=True)
    agents[opening] = np.ceil(plan.done - 1e-9)
    return agents
