"""A day of five queues and eight skill groups with staggered shifts and breaks, drawn at random."""

from __future__ import annotations

import numpy as np

from staffing.simulation.calls import Calls, Windows
from staffing.simulation.skills import Routing

NO = -1
#: Five groups of specialists, two of two queues each, and one that knows all; specialists are asked first.
KNOWN = np.array([
    [0, NO, NO, NO, NO, 1, NO, 2],
    [NO, 0, NO, NO, NO, 1, NO, 2],
    [NO, NO, 0, NO, NO, NO, 1, 2],
    [NO, NO, NO, 0, NO, NO, 1, 2],
    [NO, NO, NO, NO, 0, NO, NO, 2],
])  # fmt: skip
FIVE_BY_EIGHT = Routing(KNOWN, KNOWN)
DAY_S = 12 * 3600.0


def day(rng: np.random.Generator, calls_per_hour: float, aht_s: float = 240.0, patience_s: float = 180.0) -> Calls:
    """Calls over twelve hours."""
    count = rng.poisson(calls_per_hour * 12)
    arrival = np.sort(rng.uniform(0, DAY_S, count))
    return Calls(arrival, rng.exponential(aht_s, count), rng.exponential(patience_s, count))


def staggered(agents: int, *, whole: bool = True) -> tuple[Windows, np.ndarray]:
    """Agents of the eight groups in turn: eight hours from 0 to 4 o'clock on, a quarter, a half and a quarter off."""
    begin = np.arange(agents) % 5 * 3600.0 + np.arange(agents) % 7 * 300.0
    starts = begin[:, None] + np.array([0.0, 2.25, 4.5, 6.5]) * 3600
    ends = begin[:, None] + np.array([2.0, 4.0, 6.25, 8.0]) * 3600
    who, group = np.repeat(np.arange(agents), 4), np.repeat(np.arange(agents) % 8, 4)
    breaks = np.tile([whole, whole, whole, False], agents)
    return Windows(who, starts.ravel(), ends.ravel(), breaks), group
