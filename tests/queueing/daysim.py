"""A long simulation of a day, under the assumptions of the transient analysis and none of its mathematics.

Poisson calls, exponential handle times and patience; when staff falls, agents chosen at random go home
after the call in hand; those of the last interval stay until the queue is empty.
"""

from __future__ import annotations

import numpy as np

from staffing.queueing.interval import Demand
from staffing.simulation.calls import Calls, Windows, serve


def random_windows(agents: np.ndarray, interval_s: float, rng: np.random.Generator) -> Windows:
    """Everyone who comes is somebody new; who goes is drawn from those present."""
    present: list[int] = []
    start: list[float] = []
    end: list[float] = []
    for i, n in enumerate(agents):
        for _ in range(max(int(n) - len(present), 0)):
            present.append(len(start))
            start.append(i * interval_s)
            end.append(1e9)
        for _ in range(max(len(present) - int(n), 0)):
            end[present.pop(int(rng.integers(len(present))))] = i * interval_s
    return Windows(np.arange(len(start)), np.array(start), np.array(end))


def simulate(demand: Demand, agents: np.ndarray, days: int, seed: int) -> dict[str, np.ndarray]:
    """Per interval, over all days: service level and its standard error, abandonment; mean overrun minutes."""
    rng = np.random.default_rng(seed)
    size = demand.calls.size
    offered, in_time, lost = (np.zeros((days, size)) for _ in range(3))
    overrun = 0.0
    for day in range(days):
        count = rng.poisson(demand.calls)
        slot = np.repeat(np.arange(size), count)
        arrival = np.sort((slot + rng.random(slot.size)) * demand.interval_s)
        patience = rng.exponential(1.0, slot.size) * np.where(
            np.isinf(demand.patience_s[slot]), 1e12, demand.patience_s[slot]
        )
        calls = Calls(arrival, rng.exponential(demand.aht_s[slot]), patience)
        served = serve(calls, random_windows(agents, demand.interval_s, rng))
        good = served.answered & (served.wait_s <= demand.threshold_s)
        offered[day] = count
        in_time[day] = np.bincount(slot[good], minlength=size)
        lost[day] = np.bincount(slot[~served.answered], minlength=size)
        overrun += float(served.overrun_s.sum()) / 60
    total = offered.sum(axis=0)
    level = in_time.sum(axis=0) / total
    error = np.sqrt(((in_time - level * offered) ** 2).sum(axis=0)) / total
    return {
        "service_level": level,
        "standard_error": error,
        "abandonment": lost.sum(axis=0) / total,
        "overrun_min": np.array(overrun / days),
    }
