"""The search for the smallest number of agents, compiled.

Without abandonment the answer lies a little above the load and is climbed to by the recursion of Erlang B. With
it a secant search on the tightest promise starts from a guess and takes two or three looks, the fewest that can
show a number enough and the one below it too few.
"""

from __future__ import annotations

import math

import numpy as np

from staffing.compiled import kernel
from staffing.queueing.erlang import blocked_share, steady_state
from staffing.queueing.quick import idle_beside, idle_ratio, quick_state

TIE = 1e-12  # a promise kept to within rounding is kept
_DOUBT = 1e-10  # nearer than this to a promise, the exact formulas decide
_MOST = 1e9
_MANY = 150.0  # loads whose agents are rarely free when impatient callers meet the target
_CLIMBED = 1e5  # loads up to which the climb is the shorter way
_IDLE = 0.4  # occupancy ceilings under which Erlang C is searched, not climbed

# Kernels pass a state of the queue around as floats, not in an array, which would cost more than to compute it:
# answered in time, in queue beyond the threshold, abandons, answered (shares), mean wait of the answered × share.


@kernel
def _exact_state(slack, load, agents, aht, patience, threshold):  # type: ignore[no-untyped-def]
    if patience == 0.0:
        blocked = blocked_share(agents, load)
        return 1.0 - blocked, 0.0, blocked, 1.0 - blocked, 0.0
    out = np.empty(9)
    steady_state(slack, load, agents, aht / patience, threshold / aht, out)
    return out[1], out[4], out[5], out[6], out[7]


@kernel
def _service_level(in_time, beyond, answered, definition):  # type: ignore[no-untyped-def]
    if definition == 0.0:
        return in_time
    if definition == 1.0:
        return in_time / answered
    if definition == 2.0:
        return in_time / (in_time + beyond) if in_time + beyond > 0.0 else 1.0
    return 1.0 - beyond


@kernel
def deviate(share):  # type: ignore[no-untyped-def]
    """Roughly the normal quantile of a share, in which service levels are nearly straight in agents."""
    share = min(max(share, 1e-300), 1.0 - 1e-16)
    odds = math.log(share / (1.0 - share))
    return math.copysign(math.sqrt(2.89 + 2.0 * abs(odds)) - 1.7, odds)


@kernel
def _margin(state, load, agents, aht, targets):  # type: ignore[no-untyped-def]
    """Slack of the tightest promise, in units in which it is nearly straight in agents."""
    in_time, beyond, lost, answered, waited = state
    tightest = math.inf
    if targets[0] >= 0.0:
        tightest = deviate(_service_level(in_time, beyond, answered, targets[1])) - targets[5]
    if targets[2] < math.inf:
        tightest = min(tightest, math.log(max(targets[2], 1e-14) / max(waited * aht / answered, 1e-14)))
    if targets[3] < math.inf:
        tightest = min(tightest, math.log(max(targets[3], 1e-14) / max(lost, 1e-14)))
    if targets[4] < math.inf:
        tightest = min(tightest, math.log(targets[4] / max(load * answered / agents, 1e-14)))
    return tightest


@kernel
def _slack(state, load, agents, aht, targets):  # type: ignore[no-untyped-def]
    """Slack of the tightest promise in its own units; ≥ 0 where all are kept."""
    in_time, beyond, lost, answered, waited = state
    nearest = math.inf
    if targets[0] >= 0.0:
        nearest = _service_level(in_time, beyond, answered, targets[1]) - targets[0]
    if targets[2] < math.inf:
        nearest = min(nearest, (targets[2] * answered - waited * aht) / targets[2])
    nearest = min(nearest, targets[3] - lost)
    if targets[4] < math.inf:
        nearest = min(nearest, targets[4] - load * answered / agents)
    return nearest


@kernel
def _look(load, agents, aht, patience, threshold, targets, idle, stays):  # type: ignore[no-untyped-def]
    """``_slack`` at real ``agents`` and the state it is of, exact; by the quick formulas where they suffice."""
    slack = agents - load
    if not math.isnan(idle):
        level, beyond, lost, answered = quick_state(idle, slack, load, agents, aht / patience, threshold / aht, stays)
        state = (level, beyond, lost, answered, 0.0)
        nearest = _slack(state, load, agents, aht, targets)
        if abs(nearest) > _DOUBT and not math.isnan(lost):
            return nearest, state
    state = _exact_state(slack, load, agents, aht, patience, threshold)
    return _slack(state, load, agents, aht, targets), state


@kernel
def _probit(share):  # type: ignore[no-untyped-def]
    """The normal quantile to two digits (Tukey's lambda)."""
    return (share**0.135 - (1.0 - share) ** 0.135) / 0.1975


@kernel
def _first_guess(load, aht, patience, threshold, targets, stays):  # type: ignore[no-untyped-def]
    """A staffing near the answer, and how fast ``deviate`` of the service level rises with agents there.

    ``stays`` is the share of callers whose patience outlasts the threshold. For small loads a square-root rule
    fitted to exact answers.
    """
    guess, slope = load + 0.4 * math.sqrt(load), 0.65 / math.sqrt(1.0 + load)
    if 0.0 < patience < math.inf:
        z = targets[5] if targets[0] > 0.0 else 0.7
        guess = load * (1.0 - 0.65 * min(threshold / patience, 1.0)) + (1.4 * z - 0.25) * math.sqrt(load) + 0.2
        if load > _MANY and targets[0] > 0.0:
            spread = stays * math.sqrt(load * aht / patience)
            z = _probit(min(max(targets[0] / stays, 0.02), 0.95))
            guess, slope = load * stays + z * spread, 1.0 / spread
            if load * targets[0] > guess:  # nearly all who stay are answered in time: the rest hang up
                guess, slope = load * targets[0], 3.0 / load
            for _ in range(2):
                guess = _drained(guess, load, aht / patience, stays, targets[0])
    return max(guess, load * min(max(targets[0], 0.5), stays) / targets[4]), slope


@kernel
def _drained(agents, load, rate, stays, level):  # type: ignore[no-untyped-def]
    """A Newton step towards the service level of agents who are never free, (n/a) Q(n/φ + 1, (a/φ) e^(−φτ)),
    by the cube root of Wilson & Hilferty 1931.
    """
    shape = agents / rate + 1.0
    ratio = (load * stays / (rate * shape)) ** (1.0 / 3.0)
    z = 3.0 * math.sqrt(shape) * (1.0 - 1.0 / (9.0 * shape) - ratio)
    share = 0.5 * math.erfc(-math.sqrt(0.5) * z)
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    slope = 1.0 / agents + density / max(share, 1e-12) * (1.5 - 0.5 * ratio) / (math.sqrt(shape) * rate)
    step = math.log(max(share, 1e-12) * agents / (load * level)) / slope
    return max(agents - step, 0.3 * load * level)


@kernel
def _search(load, aht, patience, threshold, targets, whole):  # type: ignore[no-untyped-def]
    """Smallest whole (or real) number of agents, −1 if there is none below a thousand million."""
    quick = whole and patience > 0.0 and targets[2] == math.inf
    known, idle = -math.inf, math.nan
    low = load if patience == math.inf else 0.0
    if whole:
        low = math.floor(low)
    resolution = 1.0 if whole else 1e-10 * (1.0 + load)
    high = math.inf
    stays = math.exp(-threshold / patience) if patience > 0.0 else 0.0
    guess, slope = _first_guess(load, aht, patience, threshold, targets, stays)
    agents = max(guess, low + resolution)
    if whole:
        agents = max(math.ceil(agents), 1.0)
    before, margin_before = -1.0, 0.0
    looks = 0
    while True:
        looks += 1
        if quick:
            idle = idle_beside(agents, load, agents - load, known, idle)
            known = agents
        nearest, state = _look(load, agents, aht, patience, threshold, targets, idle, stays)
        if nearest >= -TIE:
            high = agents
        else:
            low = agents
        if high - low < 1.5 * resolution:
            return high
        if low > _MOST:
            return -1.0
        margin = _margin(state, load, agents, aht, targets)
        if before >= 0.0 and (margin - margin_before) / (agents - before) > 1e-12:
            slope = (margin - margin_before) / (agents - before)
        before, margin_before = agents, margin
        agents = _next_look(agents - margin / slope, low, high, resolution, looks, whole)


@kernel
def _next_look(root, low, high, resolution, looks, whole):  # type: ignore[no-untyped-def]
    if whole:
        root = math.ceil(root)
    if high == math.inf:
        return min(max(root, low + resolution * (2.0 if looks > 3 else 1.0) ** looks), 2.0 * low + 64.0)
    if looks > 6 and looks % 2 == 0:
        root = math.floor(0.5 * (low + high)) if whole else 0.5 * (low + high)
    return min(max(root, low + resolution), high - resolution)


@kernel
def _climb(load, aht, threshold, targets):  # type: ignore[no-untyped-def]
    """``_search`` for whole agents and endless patience: up from the first stable number, 1/B in hand.

    All service levels are one: of those who wait, a share C = a/(a + (n − a)/B(n − 1)), e^(−(n − a)τ) wait
    longer.
    """
    agents = max(math.floor(load) + 1.0, math.floor(load / (targets[4] + 2.0 * TIE)))
    ratio = idle_ratio(agents, load, agents - load)
    inverse, most_late, most_wait = 1.0 / load, 1.0 + TIE - targets[0], targets[2] / aht * (1.0 + TIE)
    late, fades = math.exp((load - agents) * threshold / aht), math.exp(-threshold / aht)
    while True:
        slack = agents - load
        total = load + slack * ratio
        in_time = load * late <= most_late * total and load <= most_wait * slack * total
        if in_time and load <= (targets[4] + TIE) * agents:
            return agents
        ratio = 1.0 + agents * inverse * ratio
        late *= fades
        agents += 1.0


@kernel
def search_all(load, aht, patience, threshold, targets, whole, found):  # type: ignore[no-untyped-def]
    """``found`` receives the smallest whole (or real) agents, 0 without load; ``targets`` are ``Targets.bounds()``."""
    climbs = whole and targets[4] > _IDLE
    for i in range(load.size):
        found[i] = 0.0
        if climbs and patience[i] == math.inf and 0.0 < load[i] < _CLIMBED:
            found[i] = _climb(load[i], aht[i], threshold[i], targets)
        elif load[i] > 0.0:
            found[i] = _search(load[i], aht[i], patience[i], threshold[i], targets, whole)
