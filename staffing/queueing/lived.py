"""What the mean caller of an interval lives through: as if nothing changed, corrected for the change at its end.

A caller waits until a change only if calling shortly before it. The distribution of the number in system on the
way there is a parabola through the three moments known of it, and the correction is integrated by Gauss' rule.
"""

from __future__ import annotations

import math

import numpy as np

from staffing.compiled import kernel
from staffing.queueing.waits import ANSWERED, IN_TIME, WAIT, crossing, expect, still_waiting

_FEW_NODES, _FEW_WEIGHTS = np.polynomial.legendre.leggauss(2)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)


@kernel
def callers(  # type: ignore[no-untyped-def]
    start,
    most,
    middle,
    tail,
    end,
    low,
    high,
    deep,
    rates,
    next_rates,
    following,
    threshold,
    length,
    tail_s,
    changes,
    total,
):
    """The columns of ``expect`` for an interval's mean caller: as if nothing changed, corrected for what changes.

    Returns the mean number waiting, that at the end, and the mean number of agents busy.
    """
    handled, gone, agents = rates
    first = int(agents)
    depth = max(high - first + 1, 0)
    own = np.empty((depth, 5))
    expect(handled, gone, agents, threshold, own)
    total[:] = 0.0
    waiting, queue, backlog, busy = 0.0, 0.0, 0.0, 0.0
    dead, share = agents * handled + gone <= 0.0, tail_s / length
    for x in range(low, min(first, high + 1)):
        busy += x * ((1.0 - share) * most[x] + share * tail[x])
    for j in range(depth):
        chance = (1.0 - share) * most[first + j] + share * tail[first + j]
        waiting += chance
        queue += j * chance
        backlog += j * end[first + j]
        if chance > 0.0:
            for column in range(5):
                if not (dead and column == WAIT):
                    total[column] += chance * own[j, column]
    total[IN_TIME] += 1.0 - waiting
    total[ANSWERED] += 1.0 - waiting
    busy += agents * waiting
    if deep == 0 or not changes:
        return queue, backlog, busy
    for piece in range(2):
        since = 0.0 if piece == 0 else min(threshold, length)
        until = min(threshold, length) if piece == 0 else _horizon(deep, rates, length)
        nodes, weights = (_FEW_NODES, _FEW_WEIGHTS) if piece == 0 else (_NODES, _WEIGHTS)
        if until > since:
            _corrected(
                start=start, most=most, middle=middle, tail=tail, end=end, first=first, rates=rates,
                next_rates=next_rates, own=own[:deep], following=following, threshold=threshold, length=length,
                tail_s=tail_s, since=since, until=until, nodes=nodes, weights=weights, total=total,
            )  # fmt: skip
    return queue, backlog, busy


@kernel
def _horizon(callers, rates, length):  # type: ignore[no-untyped-def]
    """Seconds before the end from which on practically nobody waits until it, ``callers`` being in a row at most."""
    handled, gone, agents = rates
    served = (callers + 6.0 * math.sqrt(callers) + 4.0) / (agents * handled) if agents > 0.0 else length
    return min(length, served, 25.0 / gone if gone > 0.0 else length)


@kernel
def _corrected(  # type: ignore[no-untyped-def]
    start, most, middle, tail, end, first, rates, next_rates, own, following, threshold, length, tail_s, since, until,
    nodes, weights, total,
):  # fmt: skip
    """Add the change's effect on those who call between ``since`` and ``until`` seconds before the end (Gauss)."""
    handled, gone, agents = rates
    joining = max(int(next_rates[2]) - int(agents), 0)
    found, left, part = np.empty(own.shape[0]), np.empty(own.shape[0]), np.empty(5)
    for k in range(nodes.size):
        before = since + 0.5 * (until - since) * (1.0 + nodes[k])
        for j in range(found.size):
            x = first + j
            if before <= tail_s:
                found[j] = _between(middle[x], tail[x], end[x], 1.0 - before / tail_s)
            else:
                found[j] = _between(start[x], most[x], middle[x], (length - before) / (length - tail_s))
        still_waiting(found, handled, gone, agents, before, left)
        part[:] = 0.0
        crossing(left, own, following, joining, before, threshold, rates, next_rates, part)
        share = 0.5 * weights[k] * (until - since) / length
        for column in range(5):
            total[column] += share * part[column]


@kernel
def _between(begin, mean, finish, moment):  # type: ignore[no-untyped-def]
    """The parabola with these ends and this mean, at ``moment`` of its way (0 to 1)."""
    bend = 6.0 * (mean - 0.5 * (begin + finish))
    return begin + (finish - begin) * moment + bend * moment * (1.0 - moment)
