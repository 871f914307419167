"""Forecast and service target in, agents per interval out: on the phone, and rostered.

Calls are staffed by the model their queue names, chats by limited processor sharing, and work that can wait
is laid into the valleys that the live queues leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffing import tables
from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.domain.service import ServiceTarget
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from staffing.queueing import Targets
    from staffing.queueing.retrials import Callers

LIVE = ("voice", "chat")


def requirements(forecast: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Agents per queue and interval, table REQUIREMENTS.

    ``agents`` are whole people on the phone; ``agents_scheduled`` are the people to roster so that, after
    planned and unplanned shrinkage, so many are left; it stays fractional. Closed intervals need nobody.
    Raises InputError naming the queue whose numbers or targets cannot be met.
    """
    import pandas as pd

    rows_of = {str(name): rows.sort_values("start") for name, rows in forecast.groupby("queue", sort=True)}
    queues = [scenario.queue(name) for name in rows_of]
    live = pd.Series(0.0, index=pd.DatetimeIndex(sorted(forecast["start"].unique())))
    parts = []
    for queue in sorted(queues, key=lambda queue: queue.channel not in LIVE):
        rows = rows_of[queue.name]
        starts = pd.DatetimeIndex(rows["start"])
        is_open = scenario.site.open_mask(starts)
        agents = _on_phone(rows, is_open, queue, scenario, live.loc[starts].to_numpy())
        agents = agents.clip(min=queue.minimum_agents) * is_open
        live.loc[starts] += agents
        parts.append(pd.DataFrame({"queue": queue.name, "start": starts, "agents": agents}))
    table = pd.concat(parts, ignore_index=True)
    table["agents_scheduled"] = table["agents"] / scenario.shrinkage.present_share
    return tables.REQUIREMENTS.check(table)


def _on_phone(
    rows: pd.DataFrame, is_open: np.ndarray, queue: Queue, scenario: Scenario, live: np.ndarray
) -> np.ndarray:
    """Whole agents that ``queue`` needs in each of its intervals, before its minimum."""
    import numpy as np

    from staffing.queueing.checks import floats, positive

    calls, aht_s = rows["calls"].to_numpy(dtype=float), rows["aht_s"].to_numpy(dtype=float)
    aht_s = np.where((calls == 0) & (aht_s == 0), queue.aht_s, aht_s)  # nobody called: any handle time will do
    service, interval_s = scenario.target(queue), scenario.site.interval_min * 60.0
    try:
        floats("calls", calls, "a finite number of at least 0")
        positive("aht_s", aht_s)
        if queue.channel not in LIVE:
            return _deferred(calls * aht_s / interval_s, is_open, queue, scenario, live)
        staff = _chat if queue.channel == "chat" else _transient if queue.model == "transient" else _steady
        return staff(np.where(is_open, calls, 0.0), aht_s, interval_s, queue, service)
    except InputError as error:
        place = Where(field=f"queue '{queue.name}'" + (f", {error.where.field}" if error.where.field else ""))
        raise InputError(error.what, where=place, remedy=error.remedy) from None


def _steady(
    calls: np.ndarray, aht_s: np.ndarray, interval_s: float, queue: Queue, service: ServiceTarget
) -> np.ndarray:
    """Erlang C or A, each interval by itself."""
    import numpy as np

    from staffing.queueing import smallest_agents
    from staffing.queueing.retrials import smallest_agents_with_repeats

    if queue.repeats:
        callers, hourly = callers_of(queue), calls * 3600 / interval_s
        return np.array([
            smallest_agents_with_repeats(
                callers, _targets(service), first_calls_per_hour=first, aht_s=aht, threshold_s=service.threshold_s
            )
            for first, aht in zip(hourly, aht_s, strict=True)
        ])  # fmt: skip
    load = calls * aht_s / interval_s
    agents = smallest_agents(load, aht_s, queue.steady_patience_s, service.threshold_s, _targets(service))
    return np.asarray(agents)


def _transient(
    calls: np.ndarray, aht_s: np.ndarray, interval_s: float, queue: Queue, service: ServiceTarget
) -> np.ndarray:
    """The least staff through time: what one interval leaves behind the next one finds.

    Redials and repeats are as many as the interval's own staffing would make them in steady state.
    """
    from staffing.queueing.interval import Demand
    from staffing.queueing.retrials import all_calls
    from staffing.queueing.transient import least_staff

    if queue.repeats:
        steady = _steady(calls, aht_s, interval_s, queue, service)
        calls = all_calls(callers_of(queue), calls * 3600 / interval_s, aht_s, steady) * interval_s / 3600
    demand = Demand.of(calls, aht_s, queue.steady_patience_s, interval_s=interval_s, threshold_s=service.threshold_s)
    minimum = (calls > 0) * queue.minimum_agents
    return least_staff(demand, _targets(service), minimum).agents


def _chat(calls: np.ndarray, aht_s: np.ndarray, interval_s: float, queue: Queue, service: ServiceTarget) -> np.ndarray:
    """Limited processor sharing; ``aht_s`` is the agent's own work in a chat."""
    import numpy as np

    from staffing.queueing.chat import Conversation, smallest_chat_agents

    agents = np.zeros(calls.size)
    for work_s in np.unique(aht_s):
        alike = aht_s == work_s
        agents[alike] = smallest_chat_agents(
            Conversation(float(work_s), queue.think_s, queue.replies, queue.concurrency),
            _targets(service),
            chats_per_hour=calls[alike] * 3600 / interval_s,
            threshold_s=service.threshold_s,
            patience_s=queue.steady_patience_s,
        )
    return agents


def _deferred(work: np.ndarray, is_open: np.ndarray, queue: Queue, scenario: Scenario, live: np.ndarray) -> np.ndarray:
    """Work that can wait, laid where the live queues and the work before it leave most room.

    The deadline counts opening time; what arrives while closed arrives when the site opens. The clock starts
    with the interval in which work arrives, so that its first contact is in time too.
    """
    import numpy as np

    from staffing.queueing.deferred import blend, due_intervals

    agents = np.zeros(work.size)
    opening = np.flatnonzero(is_open)
    if opening.size == 0 or work.sum() == 0:
        return agents
    taken_up = np.minimum(np.searchsorted(opening, np.arange(work.size)), opening.size - 1)
    amount = np.bincount(taken_up, weights=work, minlength=opening.size)
    grace = max(queue.deadline_min // scenario.site.interval_min - 1, 0)
    busy = scenario.target(queue).max_occupancy or 1.0
    plan = blend(amount / busy, due_intervals(opening.size, grace), live[opening], whole=True)
    agents[opening] = np.ceil(plan.done - 1e-9)
    return agents


def callers_of(queue: Queue) -> Callers:
    """What the callers of ``queue`` do; all whose matter is not settled call again."""
    from staffing.queueing.retrials import Callers

    return Callers(queue.steady_patience_s, queue.redial_share, queue.resolution, repeat_share=1.0)


def _targets(service: ServiceTarget) -> Targets:
    from staffing.queueing import Targets

    return Targets(
        service_level=service.service_level,
        definition=service.definition,
        asa_s=service.asa_s,
        abandonment=service.abandonment,
        max_occupancy=service.max_occupancy,
    )
