"""The smallest number of agents that keeps every promise at once, exact, and its fractional twin.

All measures of M/M/n+M improve with every agent, so the promises hold together from one number of agents
on. A secant search on the tightest promise finds it in about three looks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from staffing.compiled import kernel
from staffing.errors import InputError, Where
from staffing.queueing.checks import Floats, floats, positive, require
from staffing.queueing.erlang import blocked_share, steady_state
from staffing.queueing.quick import idle_beside, idle_ratio, quick_state

Definition = Literal["offered", "answered", "excl_short_abandons", "wait_within_threshold"]
DEFINITIONS: tuple[Definition, ...] = get_args(Definition)
MEASURE_OF: dict[Definition, str] = {
    "offered": "service_level",
    "answered": "service_level_answered",
    "excl_short_abandons": "service_level_excl_short_abandons",
    "wait_within_threshold": "probability_wait_within_threshold",
}
_TIE = 1e-12  # a promise kept to within rounding is kept
_DOUBT = 1e-10  # nearer than this to a promise, the exact formulas decide
_MOST = 1e9
_MANY = 150.0  # loads whose agents are rarely free when impatient callers meet the target
_CLIMBED = 1e5  # loads up to which the climb is the shorter way


@dataclass(frozen=True)
class Targets:
    """Promises that hold together; None does not bind.

    service_level : in (0, 1), by the ``definition``.
    asa_s : mean wait of the answered in seconds, at most; > 0.
    abandonment : abandoned ÷ offered, at most; in [0, 1), where 0 asks for callers with endless patience.
    max_occupancy : share of on-phone time spent handling, at most; in (0, 1).

    Raises InputError for a value outside its range or if nothing is promised.
    """

    service_level: float | None = None
    definition: Definition = "offered"
    asa_s: float | None = None
    abandonment: float | None = None
    max_occupancy: float | None = None

    def __post_init__(self) -> None:
        if self.definition not in DEFINITIONS:
            raise InputError(
                f"unknown service-level definition '{self.definition}'.",
                where=Where(field="definition"),
                remedy=f"Use {', '.join(DEFINITIONS)}.",
            )
        if all(v is None for v in (self.service_level, self.asa_s, self.abandonment, self.max_occupancy)):
            raise InputError("no target is given.", remedy="Give a service level, ASA, abandonment or occupancy.")
        self._check("service_level", "above 0 and below 1", lambda value: 0 < value < 1)
        self._check("asa_s", "above 0", lambda value: 0 < value < math.inf)
        self._check("abandonment", "at least 0 and below 1", lambda value: 0 <= value < 1)
        self._check("max_occupancy", "above 0 and below 1", lambda value: 0 < value < 1)

    def _check(self, field: str, rule: str, good: Any) -> None:
        value = getattr(self, field)
        if value is not None and not good(value):
            raise InputError(f"the target {field} must be {rule} (found {value}).", where=Where(field=field))

    def level_of(self, found: Any) -> Any:
        """The service level of ``found`` (measures of a queue or of a day) by this definition."""
        return getattr(found, MEASURE_OF[self.definition])

    def kept_by(self, found: Any) -> bool:
        """Whether the measures ``found``, all floats, keep every promise, to within rounding."""
        return bool(
            (self.service_level is None or self.level_of(found) >= self.service_level - _TIE)
            and (self.asa_s is None or found.asa_s <= self.asa_s * (1 + _TIE))
            and (self.abandonment is None or found.abandonment <= self.abandonment + _TIE)
            and (self.max_occupancy is None or found.occupancy <= self.max_occupancy + _TIE)
        )

    def as_array(self) -> Floats:
        """Bounds for the kernels: service level, its definition's number, ASA, abandonment, occupancy."""
        return np.array(
            [
                -1.0 if self.service_level is None else self.service_level,
                float(DEFINITIONS.index(self.definition)),
                math.inf if self.asa_s is None else self.asa_s,
                math.inf if self.abandonment is None else self.abandonment,
                math.inf if self.max_occupancy is None else self.max_occupancy,
            ]
        )


@kernel
def _lost_state(load, agents, out):  # type: ignore[no-untyped-def]
    """``steady_state`` of callers without patience (Erlang B)."""
    blocked = blocked_share(agents, load)
    out[:] = 0.0
    out[0] = out[3] = out[5] = blocked
    out[1] = out[6] = 1.0 - blocked


@kernel
def _service_level(out, definition):  # type: ignore[no-untyped-def]
    if definition == 0.0:
        return out[1]
    if definition == 1.0:
        return out[1] / out[6]
    if definition == 2.0:
        return out[1] / (out[1] + out[4]) if out[1] + out[4] > 0.0 else 1.0
    return 1.0 - out[4]


@kernel
def _deviate(share):  # type: ignore[no-untyped-def]
    """Roughly the normal quantile of a share, in which service levels are nearly straight in agents."""
    share = min(max(share, 1e-300), 1.0 - 1e-16)
    odds = math.log(share / (1.0 - share))
    return math.copysign(math.sqrt(2.89 + 2.0 * abs(odds)) - 1.7, odds)


@kernel
def _margin(out, load, agents, aht, targets):  # type: ignore[no-untyped-def]
    """Slack of the tightest promise, in units in which it is nearly straight in agents."""
    tightest = math.inf
    if targets[0] >= 0.0:
        tightest = _deviate(_service_level(out, targets[1])) - _deviate(targets[0])
    if targets[2] < math.inf:
        tightest = min(tightest, math.log(max(targets[2], 1e-14) / max(out[7] * aht / out[6], 1e-14)))
    if targets[3] < math.inf:
        tightest = min(tightest, math.log(max(targets[3], 1e-14) / max(out[5], 1e-14)))
    if targets[4] < math.inf:
        tightest = min(tightest, math.log(targets[4] / max(load * out[6] / agents, 1e-14)))
    return tightest


@kernel
def _slack(out, load, agents, aht, targets):  # type: ignore[no-untyped-def]
    """Slack of the tightest promise in its own units; ≥ 0 where all are kept."""
    nearest = math.inf
    if targets[0] >= 0.0:
        nearest = _service_level(out, targets[1]) - targets[0]
    if targets[2] < math.inf:
        nearest = min(nearest, (targets[2] * out[6] - out[7] * aht) / targets[2])
    nearest = min(nearest, targets[3] - out[5])
    if targets[4] < math.inf:
        nearest = min(nearest, targets[4] - load * out[6] / agents)
    return nearest


@kernel
def _look(load, agents, aht, patience, threshold, targets, known, out):  # type: ignore[no-untyped-def]
    """``_slack`` at real ``agents``, exact; of whole agents by the quick formulas where they suffice."""
    slack = agents - load
    if patience == 0.0:
        _lost_state(load, agents, out)
        return _slack(out, load, agents, aht, targets)
    rate, limit = aht / patience, threshold / aht
    if targets[2] == math.inf and agents == math.floor(agents):
        idle = idle_beside(agents, load, slack, known)
        if quick_state(idle, slack, load, agents, rate, limit, out):
            nearest = _slack(out, load, agents, aht, targets)
            if abs(nearest) > _DOUBT:
                return nearest
    steady_state(slack, load, agents, rate, limit, out)
    return _slack(out, load, agents, aht, targets)


@kernel
def _probit(share):  # type: ignore[no-untyped-def]
    """The normal quantile to two digits (Tukey's lambda)."""
    return (share**0.135 - (1.0 - share) ** 0.135) / 0.1975


@kernel
def _first_guess(load, aht, patience, threshold, targets):  # type: ignore[no-untyped-def]
    """A staffing near the answer, and how fast ``_deviate`` of the service level rises with agents there."""
    stays = math.exp(-threshold / patience) if patience > 0.0 else 0.0
    guess, slope = load + 0.4 * math.sqrt(load), 1.2 / math.sqrt(1.0 + load)
    if 0.0 < patience < math.inf:
        guess = load * (1.0 - 0.3 * min(threshold / patience, 1.0)) + 0.4 * math.sqrt(load)
        if load > _MANY and targets[0] > 0.0:
            spread = stays * math.sqrt(load * aht / patience)
            z = _probit(min(max(targets[0] / stays, 0.02), 0.95))
            guess, slope = load * stays + z * spread, 1.0 / spread
            if load * targets[0] > guess:  # nearly all who stay are answered in time: the rest hang up
                guess, slope = load * targets[0], 3.0 / load
            guess = _drained(_drained(guess, load, aht, patience, stays, targets[0]), load, aht, patience, stays, targets[0])
    return max(guess, load * min(max(targets[0], 0.5), stays) / targets[4]), slope


@kernel
def _drained(agents, load, aht, patience, stays, level):  # type: ignore[no-untyped-def]
    """A Newton step towards the service level of agents who are never free, (n/a) Q(n/φ + 1, (a/φ) e^(−φτ)).

    Q by Wilson & Hilferty 1931.
    """
    rate = aht / patience
    shape = agents / rate + 1.0
    ratio = (load * stays / (rate * shape)) ** (1.0 / 3.0)
    z = 3.0 * math.sqrt(shape) * (1.0 - 1.0 / (9.0 * shape) - ratio)
    share = 0.5 * math.erfc(-math.sqrt(0.5) * z)
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    slope = 1.0 / agents + density / max(share, 1e-12) * (1.5 - 0.5 * ratio) / (math.sqrt(shape) * rate)
    step = math.log(max(share, 1e-12) * agents / (load * level)) / slope
    return max(agents - step, 0.3 * load * level)


@kernel
def _search(load, aht, patience, threshold, targets, whole, known, out):  # type: ignore[no-untyped-def]
    """Smallest whole (or real) number of agents, −1 if there is none below a thousand million."""
    known[0] = -math.inf
    low = load if patience == math.inf else 0.0
    if whole:
        low = math.floor(low)
    resolution = 1.0 if whole else 1e-10 * (1.0 + load)
    high = math.inf
    guess, slope = _first_guess(load, aht, patience, threshold, targets)
    agents = max(guess, low + resolution)
    if whole:
        agents = max(math.ceil(agents), 1.0)
    before, margin_before = -1.0, 0.0
    looks = 0
    while True:
        looks += 1
        if _look(load, agents, aht, patience, threshold, targets, known, out) >= -_TIE:
            high = agents
        else:
            low = agents
        if high - low < 1.5 * resolution:
            return high
        if low > _MOST:
            return -1.0
        margin = _margin(out, load, agents, aht, targets)
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
    longer. nan where the start would take long.
    """
    agents = max(math.floor(load) + 1.0, math.floor(load / (targets[4] + 2.0 * _TIE)))
    ratio = idle_ratio(agents, load, agents - load)
    inverse, most_late, most_wait = 1.0 / load, 1.0 + _TIE - targets[0], targets[2] / aht * (1.0 + _TIE)
    late, fades = math.exp((load - agents) * threshold / aht), math.exp(-threshold / aht)
    while True:
        slack = agents - load
        total = load + slack * ratio
        if load * late <= most_late * total and load <= most_wait * slack * total:
            if load <= (targets[4] + _TIE) * agents:
                return agents
        ratio = 1.0 + agents * inverse * ratio
        late *= fades
        agents += 1.0


@kernel
def _search_all(load, aht, patience, threshold, targets, whole, found):  # type: ignore[no-untyped-def]
    known, out = np.empty(2), np.empty(9)
    for i in range(load.size):
        found[i] = 0.0
        if whole and patience[i] == math.inf and 0.0 < load[i] < _CLIMBED:
            found[i] = _climb(load[i], aht[i], threshold[i], targets)
        elif load[i] > 0.0:
            found[i] = _search(load[i], aht[i], patience[i], threshold[i], targets, whole, known, out)


def smallest_agents(
    load: ArrayLike, aht_s: ArrayLike, patience_s: ArrayLike, threshold_s: ArrayLike, targets: Targets
) -> Any:
    """Smallest whole number of agents that meets every one of ``targets``; all arguments broadcast.

    Parameters
    ----------
    load : erlangs, ≥ 0; zero load needs nobody.
    aht_s : mean handle time, > 0.
    patience_s : mean patience; 0 is Erlang B, inf Erlang C (whose queue must also be stable).
    threshold_s : the T of the service level, ≥ 0.

    Returns an int64 array, or an int for scalars. Where there is work there is at least one agent.
    Raises InputError naming argument and position, also for targets that no number of agents can meet.
    """
    found = _searched(load, aht_s, patience_s, threshold_s, targets, True)
    return int(found) if found.ndim == 0 else found.astype(np.int64)


def fractional_agents(
    load: ArrayLike, aht_s: ArrayLike, patience_s: ArrayLike, threshold_s: ArrayLike, targets: Targets
) -> Any:
    """The real number of agents at which ``targets`` are just met, as ``smallest_agents`` otherwise.

    Uses the continuous extension of Erlang B (Jagers & Van Doorn 1986); for plans that add up
    small queues before anything is rounded.
    """
    found = _searched(load, aht_s, patience_s, threshold_s, targets, False)
    return float(found) if found.ndim == 0 else found


def _searched(
    load: ArrayLike, aht_s: ArrayLike, patience_s: ArrayLike, threshold_s: ArrayLike, targets: Targets, whole: bool
) -> Floats:
    checked = (
        floats("load", load, "a finite number of at least 0"),
        positive("aht_s", aht_s),
        floats("patience_s", patience_s, "a number of at least 0, or inf", endless=True),
        floats("threshold_s", threshold_s, "a finite number of at least 0"),
    )
    a, aht, patience, threshold = (np.asarray(x) for x in np.broadcast_arrays(*checked))
    if targets.abandonment == 0.0:
        possible = (a == 0) | np.isinf(patience)
        require(possible, "patience_s", patience, "inf where the target abandonment is 0")
    found = np.empty(a.shape)
    flat = [np.ascontiguousarray(x).ravel() for x in (a, aht, patience, threshold)]
    _search_all(*flat, targets.as_array(), whole, found.reshape(-1))
    require(found >= 0, "load", a, "such that some number of agents meets the targets")
    return found
