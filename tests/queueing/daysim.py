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
    """Per interval, over all days, of the callers who come in it: service level, abandonment, mean wait of the
    answered and of all, each with its standard error (``…_error``); minutes of overrun of a day.
    """
    rng = np.random.default_rng(seed)
    size = demand.calls.size
    sums = np.zeros((5, size))  # offered, in time, lost, seconds waited by the answered, seconds waited
    squares = np.zeros((5, 5, size))
    overrun = 0.0
    for _ in range(days):
        count = rng.poisson(demand.calls)
        slot = np.repeat(np.arange(size), count)
        arrival = np.sort((slot + rng.random(slot.size)) * demand.interval_s)
        patience = rng.exponential(1.0, slot.size) * np.where(
            np.isinf(demand.patience_s[slot]), 1e12, demand.patience_s[slot]
        )
        calls = Calls(arrival, rng.exponential(demand.aht_s[slot]), patience)
        served = serve(calls, random_windows(agents, demand.interval_s, rng))
        good = served.answered & (served.wait_s <= demand.threshold_s)
        weights = (None, good, ~served.answered, served.wait_s * served.answered, served.wait_s)
        day = np.array([np.bincount(slot, weight, minlength=size) for weight in weights], dtype=float)
        sums += day
        squares += day[:, None] * day[None]
        overrun += float(served.overrun_s.sum()) / 60
    offered, in_time, lost, answered_wait, wait = np.eye(5)
    ratios = {
        "service_level": (in_time, offered),
        "abandonment": (lost, offered),
        "asa_s": (answered_wait, offered - lost),
        "mean_wait_s": (wait, offered),
    }
    found = {name: _ratio(sums, squares, *parts) for name, parts in ratios.items()}
    plain = {name: ratio for name, (ratio, _) in found.items()}
    errors = {f"{name}_error": error for name, (_, error) in found.items()}
    return {**plain, **errors, "overrun_min": np.array(overrun / days)}


def _ratio(sums: np.ndarray, squares: np.ndarray, part: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Σ part / Σ whole over days and its standard error (linearised)."""
    ratio = (part @ sums) / (whole @ sums)
    rest = part[:, None] - ratio * whole[:, None]
    return ratio, np.sqrt(np.einsum("ai,abi,bi->i", rest, squares, rest)) / (whole @ sums)
