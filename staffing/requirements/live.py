"""Agents for contacts that wait: each model of a queue, interval by interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from staffing.domain.demand import Queue
from staffing.domain.service import ServiceTarget
from staffing.queueing import Targets, smallest_agents
from staffing.service import all_calls_of, callers_of, conversation_of

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Incoming:
    """The live contacts of ``queue`` in intervals of ``interval_s`` from ``starts``; none where it is closed."""

    queue: Queue
    starts: pd.DatetimeIndex
    is_open: NDArray[np.bool_]
    calls: Floats
    aht_s: Floats
    patience_s: Floats
    interval_s: float

    @property
    def hourly(self) -> Floats:
        """Contacts per hour."""
        return self.calls * 3600 / self.interval_s

    @property
    def start_s(self) -> NDArray[np.int64]:
        """Beginnings of the intervals, epoch seconds."""
        return np.asarray(self.starts.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[s]"), np.int64)

    @property
    def minimum(self) -> NDArray[np.int64]:
        """The queue's minimum staff where it is open."""
        return self.is_open * self.queue.minimum_agents


def live_staff(incoming: Incoming, target: ServiceTarget) -> Floats:
    """Whole agents per interval that keep ``target`` in each of them; the queue's minimum is not looked at.

    Raises InputError.
    """
    if incoming.queue.channel == "chat":
        return _chat(incoming, target)
    return (_transient if incoming.queue.model == "transient" else _steady)(incoming, target)


def _steady(incoming: Incoming, target: ServiceTarget) -> Floats:
    """Erlang C or A, each interval by itself."""
    from staffing.queueing.retrials import smallest_agents_with_repeats

    queue, aht_s, targets = incoming.queue, incoming.aht_s, targets_of(target)
    if queue.repeats:
        return np.array([
            smallest_agents_with_repeats(
                callers_of(queue, patience_s), targets, first_calls_per_hour=first, aht_s=aht,
                threshold_s=target.threshold_s,
            )
            for first, aht, patience_s in zip(incoming.hourly, aht_s, incoming.patience_s, strict=True)
        ])  # fmt: skip
    load = incoming.calls * aht_s / incoming.interval_s
    return np.asarray(smallest_agents(load, aht_s, incoming.patience_s, target.threshold_s, targets))


def _transient(incoming: Incoming, target: ServiceTarget) -> Floats:
    """The least staff through time: what one interval leaves behind the next one finds.

    Redials and repeats are as many as the interval's own staffing would make them in steady state.
    """
    from staffing.queueing.interval import Demand
    from staffing.queueing.transient import least_staff

    queue, calls, aht_s, interval_s = incoming.queue, incoming.calls, incoming.aht_s, incoming.interval_s
    if queue.repeats:
        again = all_calls_of(queue, incoming.hourly, aht_s, _steady(incoming, target), incoming.patience_s)
        calls = again * interval_s / 3600
    demand = Demand.of(calls, aht_s, incoming.patience_s, interval_s=interval_s, threshold_s=target.threshold_s)
    return least_staff(demand, targets_of(target), incoming.minimum).agents.astype(float)


def _chat(incoming: Incoming, target: ServiceTarget) -> Floats:
    """Limited processor sharing; ``aht_s`` is the agent's own work in a chat."""
    from staffing.queueing.chat import smallest_chat_agents

    agents = smallest_chat_agents(
        conversation_of(incoming.queue, incoming.aht_s),
        targets_of(target),
        chats_per_hour=incoming.hourly,
        threshold_s=target.threshold_s,
        patience_s=incoming.patience_s,
    )
    return np.asarray(agents, dtype=float)


def targets_of(target: ServiceTarget) -> Targets:
    """The promise in the words of the formulas."""
    return Targets(
        service_level=target.service_level,
        definition=target.definition,
        asa_s=target.asa_s,
        abandonment=target.abandonment,
        max_occupancy=target.max_occupancy,
    )
