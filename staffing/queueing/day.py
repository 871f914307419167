"""One promise for the whole day or week, instead of one for every interval.

The calls answered in time are a sum over intervals of S-shaped functions of the agents there. Their smallest
concave majorants are what a linear optimiser can take: it reaches the promise at the knots exactly and
overstates it in between only where the first agents of an empty interval help less than the next ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from staffing.errors import InputError, Where
from staffing.queueing.agents import Targets, smallest_agents
from staffing.queueing.checks import Floats
from staffing.queueing.erlang import measures
from staffing.queueing.interval import Demand

_ENOUGH = 0.9999


@dataclass(frozen=True)
class Pieces:
    """Calls of one interval answered within the threshold, concave and piecewise linear in agents.

    ``agents`` are the knots, rising from 0; ``in_time`` the calls answered in time there. Between knots the
    line joins them; beyond the last it is flat.
    """

    agents: NDArray[np.int64]
    in_time: Floats

    def cuts(self) -> list[tuple[float, float]]:
        """(slope, intercept) of each piece: in_time ≤ slope·agents + intercept for all of them."""
        slopes = np.append(np.diff(self.in_time) / np.diff(self.agents), 0.0)
        return [(float(s), float(y - s * n)) for s, n, y in zip(slopes, self.agents, self.in_time, strict=True)]


def service_pieces(demand: Demand) -> list[Pieces]:
    """The pieces of every interval, by Erlang A (or C) in steady state; one knot for intervals without calls."""
    most = np.asarray(
        smallest_agents(
            demand.load, demand.aht_s, demand.patience_s, demand.threshold_s, Targets(service_level=_ENOUGH)
        )
    )
    return [_pieces(demand, i, int(n)) for i, n in enumerate(most)]


def _pieces(demand: Demand, i: int, most: int) -> Pieces:
    if most == 0:
        return Pieces(np.zeros(1, dtype=np.int64), np.zeros(1))
    agents = np.arange(most + 1)
    found = measures(
        arrival_rate_per_s=float(demand.calls[i]) / demand.interval_s,
        aht_s=float(demand.aht_s[i]),
        agents=agents,
        threshold_s=demand.threshold_s,
        patience_s=float(demand.patience_s[i]),
    )
    in_time = demand.calls[i] * found.service_level
    hull = _upper_hull(in_time)
    return Pieces(agents[hull], in_time[hull])


def _upper_hull(values: Floats) -> NDArray[np.int64]:
    """Positions of the smallest concave majorant of ``values`` at 0, 1, 2, … (monotone chain)."""
    hull: list[int] = []
    for k in range(values.size):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (values[b] - values[a]) * (k - b) > (values[k] - values[b]) * (b - a):
                break
            hull.pop()
        hull.append(k)
    return np.array(hull, dtype=np.int64)


def least_staff_for_day(demand: Demand, service_level: float, minimum: ArrayLike = 0) -> NDArray[np.int64]:
    """Fewest agent-intervals that answer ``service_level`` of all calls in time, at least ``minimum`` in each.

    Takes the steepest piece of any interval first, which is optimal at the knots. Raises InputError.
    """
    if not 0 < service_level < _ENOUGH:
        raise InputError(f"must lie between 0 and {_ENOUGH}.", where=Where(field="service_level"))
    pieces = service_pieces(demand)
    floor = np.broadcast_to(np.asarray(minimum, dtype=np.int64), demand.calls.shape)
    staff, reached = floor.copy(), 0.0
    steps: list[tuple[float, int, int, float]] = []
    for i, piece in enumerate(pieces):
        curve = np.interp(np.arange(max(int(piece.agents[-1]), int(floor[i])) + 1), piece.agents, piece.in_time)
        reached += float(curve[floor[i]])
        for n in piece.agents[piece.agents > floor[i]]:
            start = max(int(piece.agents[piece.agents < n][-1]), int(floor[i]))
            gain = float(curve[n] - curve[start])
            steps.append((-gain / (int(n) - start), i, int(n), gain))
    for _, i, n, gain in sorted(steps):
        if reached >= service_level * float(demand.calls.sum()):
            break
        staff[i] = n
        reached += gain
    return staff
