"""One promise for several intervals together, instead of one for each.

What an interval adds to the promise is an S-shaped function of its agents. The smallest concave majorants of
these functions are what a linear optimiser can take: exact at the knots, too high in between only where the
first agents of an empty interval help less than the next ones. The steepest pieces first is the optimum of
that relaxation, so its answer is at most one piece from the least staff.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staffing.errors import InputError
from staffing.queueing.checks import Floats

_ROUNDING = 1e-9  # of the contacts promised


@dataclass(frozen=True)
class Curve:
    """What one interval gives with ``least``, ``least`` + 1, … agents.

    in_time : contacts that meet the threshold.
    base : contacts that they are a share of.
    """

    least: int
    in_time: Floats
    base: Floats

    def surplus(self, share: float) -> Floats:
        """Contacts in time beyond ``share`` of the base, per number of agents; negative where they are fewer."""
        return self.in_time - share * self.base

    def pieces(self, share: float) -> tuple[NDArray[np.int64], Floats]:
        """Knots of the smallest concave majorant of ``surplus``: agents, rising, and their surplus."""
        values = self.surplus(share)
        values = values[: int(values.argmax()) + 1]
        knots = _upper_hull(values)
        return self.least + knots, values[knots]


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


def least_staff_together(curves: Sequence[Curve], share: float) -> NDArray[np.int64]:
    """Fewest agents, per interval, whose surpluses over ``share`` add up to at least 0.

    Takes the steepest piece of any interval first and drops agents that turn out to be too many. Raises
    InputError where the curves do not reach the promise.
    """
    surplus = [curve.surplus(share) for curve in curves]
    enough = -_ROUNDING * max(sum(float(curve.base.max(initial=0)) for curve in curves), 1e-300)
    steps: list[tuple[float, int, int]] = []
    for i, curve in enumerate(curves):
        agents, values = curve.pieces(share)
        slopes = np.diff(values) / np.diff(agents)
        steps += [(-slope, i, int(n) - curve.least) for slope, n in zip(slopes.tolist(), agents[1:], strict=True)]
    more = [0] * len(curves)
    reached = sum(float(values[0]) for values in surplus)
    for _, i, n in sorted(steps):
        if reached >= enough:
            break
        reached += float(surplus[i][n] - surplus[i][more[i]])
        more[i] = n
    if reached < enough:
        raise InputError("no number of agents keeps the service level.", remedy="Ease the target.")
    _drop_spare(more, surplus, reached - enough)
    return np.array([curve.least + n for curve, n in zip(curves, more, strict=True)], dtype=np.int64)


def _drop_spare(more: list[int], surplus: Sequence[Floats], spare: float) -> None:
    """Take agents off, the least missed first, as long as ``spare`` contacts pay for it."""
    while True:
        losses = [
            (float(values[n] - values[n - 1]), i) for i, (n, values) in enumerate(zip(more, surplus, strict=True)) if n
        ]
        loss, i = min(losses, default=(np.inf, -1))
        if loss > spare:
            return
        more[i] -= 1
        spare -= loss
