"""Erlang B, C and A: every usual measure of a queue in steady state.

Models differ in patience alone: callers of Erlang B have none (a busy signal), of Erlang A some, of
Erlang C no end of it. Times are in seconds, loads in erlangs, shares in [0, 1].

Sources: Mandelbaum & Zeltyn 2007, "Service engineering in action: the Palm/Erlang-A queue"; Zeltyn &
Mandelbaum 2005; service-level definitions: Jouini, Koole & Roubos 2013, "Performance indicators for call
centers with impatient customers".
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from staffing.compiled import kernel
from staffing.errors import InputError, Where
from staffing.queueing.checks import Floats, floats, positive
from staffing.queueing.integrals import integrals

Model = Literal["erlang_b", "erlang_c", "erlang_a"]
MODELS: tuple[Model, ...] = ("erlang_b", "erlang_c", "erlang_a")
_TERMS = 9


@dataclass(frozen=True)
class Measures:
    """What callers and agents of one queue live through; arrays of one shape, or floats.

    Calls that nobody offers have no waits: with zero load every measure of calls is NaN. Without agents
    nobody is answered, and occupancy is NaN. Erlang C at or above its capacity waits for ever: waits are
    inf and service levels 0.

    wait_probability : a caller finds every agent busy.
    service_level : answered within the threshold ÷ offered.
    service_level_answered : answered within the threshold ÷ answered.
    service_level_excl_short_abandons : answered within ÷ (offered − abandoned within the threshold).
    probability_wait_within_threshold : time in queue at most the threshold, answered or not ÷ offered.
    abandonment, short_abandonment : abandoned ÷ offered, at any time and within the threshold.
    asa_s, mean_wait_s : mean wait of the answered, and mean time in queue of all offered.
    queue_length : mean number waiting.
    occupancy : share of time an agent handles calls.
    """

    wait_probability: Any
    service_level: Any
    service_level_answered: Any
    service_level_excl_short_abandons: Any
    probability_wait_within_threshold: Any
    abandonment: Any
    short_abandonment: Any
    asa_s: Any
    mean_wait_s: Any
    queue_length: Any
    occupancy: Any

    def as_floats(self) -> Measures:
        """Zero-dimensional arrays turned into floats; larger ones unchanged."""
        values = (getattr(self, field.name) for field in fields(self))
        return Measures(*(float(value) if np.ndim(value) == 0 else value for value in values))


@kernel
def steady_state(slack, load, agents, patience_rate, threshold, out):  # type: ignore[no-untyped-def]
    """Shares and waits of M/M/n+M with time in handle times and n > 0, load > 0, finite patience rate.

    ``slack`` is agents − load, given apart because near saturation it carries digits that the difference
    of two floats has lost. ``out`` receives: waits, answered in time, answered late, abandons in time,
    time in queue beyond the threshold, abandons (shares of offered), answered (share), mean wait of the
    answered × its share, mean wait of all.
    """
    if patience_rate == 0.0 and slack <= 0.0:
        out[:] = 0.0
        out[0] = out[2] = out[4] = out[6] = 1.0
        out[7] = out[8] = math.inf
        return
    idle = np.empty(5)
    scale = integrals(0.0, math.inf, -slack, -load, -1.0, 0.0, idle)
    with_queue(idle[0], scale, slack, load, patience_rate, threshold, out)


@kernel
def with_queue(free, scale_free, slack, load, patience_rate, threshold, out):  # type: ignore[no-untyped-def]
    """Fill ``out`` as ``steady_state`` does, for any system whose service rate is constant once all are busy.

    ``free``·e^``scale_free`` is the chance of a free agent divided by that of the last state with one and
    by the arrival rate ``load``; ``slack`` is the service rate less the arrival rate, in any unit of time.
    """
    early, late = np.empty(5), np.empty(5)
    scale_early = integrals(0.0, threshold, slack, load, patience_rate, patience_rate, early)
    scale_late = integrals(threshold, math.inf, slack, load, patience_rate, patience_rate, late)
    top = max(scale_free, scale_late, scale_early)
    free *= math.exp(scale_free - top)
    early *= math.exp(scale_early - top)
    late *= math.exp(scale_late - top)
    total = free + early[0] + late[0]
    outlived = math.exp(-patience_rate * threshold)
    out[0] = (early[0] + late[0]) / total
    out[1] = (free + early[1]) / total
    out[2] = late[1] / total
    out[3] = (early[3] - math.expm1(-patience_rate * threshold) * late[0]) / total
    out[4] = outlived * late[0] / total
    out[5] = (early[3] + late[3]) / total
    out[6] = (free + early[1] + late[1]) / total
    out[7] = (early[2] + late[2]) / total
    out[8] = (early[4] + late[4]) / total


@kernel
def _steady_states(slack, load, agents, patience_rate, threshold, out):  # type: ignore[no-untyped-def]
    for i in range(load.size):
        steady_state(slack[i], load[i], agents[i], patience_rate[i], threshold[i], out[i])


@kernel
def blocked_share(agents, load):  # type: ignore[no-untyped-def]
    """Erlang B for any real ``agents`` ≥ 0 and load > 0: 1/B(n) = 1 + (n/a)/B(n − 1)."""
    if agents == 0.0:
        return 1.0
    sums = np.empty(5)
    scale = integrals(0.0, math.inf, load - agents, -load, -1.0, 0.0, sums)
    return math.exp(-scale) / (math.exp(-scale) + agents * sums[0])


@kernel
def _blocked_shares(agents, load, out):  # type: ignore[no-untyped-def]
    for i in range(load.size):
        out[i] = blocked_share(agents[i], load[i])


def erlang_b(agents: ArrayLike, load: ArrayLike) -> Any:
    """Share of calls that find all agents busy and are lost (Erlang B).

    Parameters
    ----------
    agents : ≥ 0, may be fractional; a number or an array.
    load : erlangs, ≥ 0; broadcast with ``agents``.

    Returns
    -------
    float or array
        In [0, 1]; NaN at zero load: there are no calls to lose.

    Raises
    ------
    InputError
        Naming argument and position.

    References
    ----------
    Jagers & Van Doorn 1986, doi:10.1016/0167-6377(86)90099-6.
    """
    n, a = np.broadcast_arrays(
        floats("agents", agents, "a number of at least 0"), floats("load", load, "a number of at least 0")
    )
    lost = np.full(a.shape, np.nan)
    busy = a > 0
    part = np.empty(int(busy.sum()))
    _blocked_shares(n[busy], a[busy], part)
    lost[busy] = part
    return float(lost) if lost.ndim == 0 else lost


def measures(
    *,
    arrival_rate_per_s: ArrayLike | None = None,
    calls_per_hour: ArrayLike | None = None,
    aht_s: ArrayLike,
    agents: ArrayLike,
    threshold_s: ArrayLike = 20.0,
    patience_s: ArrayLike = math.inf,
    model: Model | None = None,
) -> Measures:
    """Every measure of Erlang B, C or A; all arguments broadcast.

    Parameters
    ----------
    arrival_rate_per_s, calls_per_hour : volume; exactly one of them, ≥ 0.
    aht_s : mean handle time, seconds, > 0.
    agents : ≥ 0, may be fractional.
    threshold_s : the T of "within T seconds", ≥ 0.
    patience_s : mean patience, seconds, ≥ 0 or inf; 0 is Erlang B, inf Erlang C.
    model : sets the patience to that of erlang_b (0) or erlang_c (inf); erlang_a and None leave it.

    Returns
    -------
    Measures
        Arrays of the broadcast shape, or floats.

    Raises
    ------
    InputError
        Naming the argument and position.

    References
    ----------
    Mandelbaum & Zeltyn 2007, doi:10.1007/978-3-540-29860-1_2; Zeltyn & Mandelbaum 2005,
    doi:10.1007/s11134-005-3699-8.
    """
    if (arrival_rate_per_s is None) == (calls_per_hour is None):
        raise InputError("give either arrival_rate_per_s or calls_per_hour.", where=Where(field="calls_per_hour"))
    aht = positive("aht_s", aht_s)
    if calls_per_hour is None:
        rate = floats("arrival_rate_per_s", arrival_rate_per_s, "a number of at least 0")  # type: ignore[arg-type]
        load, load_low = exact_product(rate, aht)
    else:
        calls = floats("calls_per_hour", calls_per_hour, "a number of at least 0")
        load, load_low = exact_quotient(*exact_product(calls, aht), 3600.0)
    return measures_of_load(load, load_low, aht, agents, threshold_s, model_patience_s(model, patience_s))


def model_patience_s(model: str | None, patience_s: ArrayLike) -> Floats:
    """The mean patience that ``model`` implies; ``patience_s`` itself where it implies none."""
    if model is not None and model not in MODELS:
        raise InputError(f"unknown model '{model}'.", where=Where(field="model"), remedy=f"Use {', '.join(MODELS)}.")
    patience = floats("patience_s", patience_s, "a number of at least 0, or inf", endless=True)
    if model == "erlang_b":
        return np.zeros_like(patience)
    return np.full_like(patience, np.inf) if model == "erlang_c" else patience


def measures_of_load(
    load: Floats, load_low: ArrayLike, aht_s: Floats, agents: ArrayLike, threshold_s: ArrayLike, patience_s: Floats
) -> Measures:
    """``measures`` for a load of ``load`` + ``load_low`` erlangs, exact to about 32 digits."""
    n, t = floats("agents", agents, "a number of at least 0"), floats("threshold_s", threshold_s, "at least 0")
    a, low, s, n, t, p = np.broadcast_arrays(load, np.asarray(load_low, dtype=float), aht_s, n, t, patience_s)
    terms = np.full((*a.shape, _TERMS), np.nan)
    queued = (a > 0) & (n > 0) & (p > 0)
    part = np.empty((int(queued.sum()), _TERMS))
    with np.errstate(divide="ignore"):
        rate = s / p
    exact = tuple(np.ascontiguousarray(x[queued]) for x in ((n - a) - low, a, n, rate, t / s))
    _steady_states(*exact, part)
    terms[queued] = part
    terms[(a > 0) & (n > 0) & (p == 0)] = _lost_at_once(n, a, (a > 0) & (n > 0) & (p == 0))
    unstaffed = (a > 0) & (n == 0)
    terms[unstaffed] = nobody_answers(np.exp(-t[unstaffed] / np.maximum(p[unstaffed], 1e-300)), (p / s)[unstaffed])
    return as_measures(terms, a, s, n).as_floats()


def _lost_at_once(n: Floats, a: Floats, where: Any) -> Floats:
    blocked = np.atleast_1d(erlang_b(n[where], a[where]))
    zero = np.zeros_like(blocked)
    return np.stack([blocked, 1 - blocked, zero, blocked, zero, blocked, 1 - blocked, zero, zero], axis=-1)


def nobody_answers(patient: Floats, mean_patience: Floats) -> Floats:
    """``steady_state`` of queues without agents, ``patient`` being the share that outlasts the threshold."""
    zero, one = np.zeros_like(patient), np.ones_like(patient)
    gone = np.where(np.isinf(mean_patience), 0.0, 1.0)
    return np.stack([one, zero, zero, 1 - patient, patient, gone, zero, zero, mean_patience], axis=-1)


def as_measures(terms: Floats, load: Floats, aht_s: Floats, agents: Floats) -> Measures:
    """Measures of the results of ``steady_state`` along the last axis, whose times are in units of ``aht_s``."""
    waits, in_time, _late, short, beyond, lost, answered, asa, mean_wait = np.moveaxis(terms, -1, 0)
    unstable = np.isinf(mean_wait)
    with np.errstate(invalid="ignore", divide="ignore"):
        within = np.where(beyond > 0.5, in_time + short, 1 - beyond)
        return Measures(
            wait_probability=waits,
            service_level=in_time,
            service_level_answered=in_time / answered,
            service_level_excl_short_abandons=in_time / (in_time + beyond),
            probability_wait_within_threshold=within,
            abandonment=lost,
            short_abandonment=short,
            asa_s=asa / answered * aht_s,
            mean_wait_s=mean_wait * aht_s,
            queue_length=np.where(load > 0, load * mean_wait, 0.0),
            occupancy=np.where(unstable & (agents > 0), 1.0, load * np.where(load > 0, answered, 0.0) / agents),
        )


def exact_product(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """x·y as the sum of two floats (Dekker 1971)."""
    x, y = np.broadcast_arrays(x, y)
    (x1, x2), (y1, y2) = _halves(x), _halves(y)
    high = np.asarray(x * y)
    return high, np.asarray(((x1 * y1 - high) + x1 * y2 + x2 * y1) + x2 * y2)


def exact_quotient(high: Floats, low: Floats, divisor: float) -> tuple[Floats, Floats]:
    """(high + low)/divisor as the sum of two floats."""
    quotient = np.asarray(high / divisor)
    back, back_low = exact_product(quotient, np.asarray(divisor))
    return quotient, np.asarray((((high - back) - back_low) + low) / divisor)


def _halves(x: Floats) -> tuple[Floats, Floats]:
    split = 134217729.0 * x  # 2²⁷ + 1
    top = split - (split - x)
    return top, x - top
