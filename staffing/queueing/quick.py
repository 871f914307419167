"""Erlang A in a fraction of a microsecond, for searches that try millions of staffings.

Good to about 1e-11 where ``quick_state`` returns True; elsewhere, and wherever a decision hangs on fewer
digits than that, callers go to ``erlang.steady_state``, which is exact to 1e-13 but forty times slower.

Both halves of the queue are ratios of an incomplete gamma function to a Poisson probability,
p(x, y) = e⁻ʸ yˣ/Γ(x + 1): the idle half is Q(n, a)/p(n, a), the busy half P(c, y)/p(c, y) with c = n/φ and
y = a/φ. Large shapes use Temme's uniform expansion with the one-index recursion of Gil, Segura & Temme
2012, "Efficient and accurate algorithms for the computation and inversion of the incomplete gamma function
ratios", section 2.4; small ones the plain series.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from staffing.compiled import kernel
from staffing.queueing.checks import Floats
from staffing.queueing.integrals import fall

_ORDER = 24
_TRANSITION = 1.0  # |h| up to which the expansion is used
_LARGE = 30.0  # shapes from which it is used
_SMALL_ARGUMENT = 300.0


def _temme_series(order: int) -> Floats:
    """Taylor coefficients of h/μ(h), where μ − log(1 + μ) = h²/2."""
    mu = [Fraction(0), Fraction(1)]
    for k in range(2, order + 2):
        crossed = sum((mu[i] * (k + 1 - i) * mu[k + 1 - i] for i in range(2, k)), Fraction(0))
        mu.append((mu[k - 1] - crossed) / (k + 1))
    series = [Fraction(1)]
    for k in range(1, order + 1):
        series.append(-sum((mu[i + 1] * series[k - i] for i in range(1, k + 1)), Fraction(0)))
    return np.array([float(value) for value in series])


_SERIES = _temme_series(_ORDER)


@kernel
def _half_square(mu):  # type: ignore[no-untyped-def]
    """μ − log(1 + μ) without cancellation."""
    if abs(mu) > 0.1:
        return mu - math.log1p(mu)
    r = mu / (2.0 + mu)
    square = r * r
    tail = square * (1.0 / 3.0 + square * (1.0 / 5.0 + square * (1.0 / 7.0 + square * (1.0 / 9.0 + square / 11.0))))
    return r * (mu - 2.0 * tail)


@kernel
def _tail(z):  # type: ignore[no-untyped-def]
    """1 − √π z e^(z²) erfc(z) for z ≥ 10, by its asymptotic series."""
    w, total, term = 0.5 / (z * z), 0.0, 1.0
    for k in range(1, 12):
        term *= -(2 * k - 1) * w
        total -= term
    return total


@kernel
def _erfcx(z):  # type: ignore[no-untyped-def]
    """e^(z²) erfc(z)."""
    if z < 10.0:
        return math.exp(z * z) * math.erfc(z)
    return (1.0 - _tail(z)) / (z * math.sqrt(math.pi))


@kernel
def _h(mu):  # type: ignore[no-untyped-def]
    return math.copysign(math.sqrt(2.0 * _half_square(mu)), mu)


@kernel
def _order(shape, h):  # type: ignore[no-untyped-def]
    """Terms that leave less than 1e-12 of the expansion unsaid."""
    if abs(h) > 0.3:
        return _ORDER
    if shape < 100.0:
        return 14
    return 8 if shape > 300.0 and abs(h) < 0.1 else 12


@kernel
def _temme(shape, h):  # type: ignore[no-untyped-def]
    """The sum Σ tₖ hᵏ, and Γ(x + 1)(e/x)ˣ /√(2πx), for shape ≥ 30 and |h| ≤ 1."""
    inverse = 1.0 / shape
    value = t1 = t2 = 0.0
    for k in range(_order(shape, h) - 1, -1, -1):
        t0 = _SERIES[k + 1] + (k + 2) * inverse * t2
        value = value * h + t0
        t2, t1 = t1, t0
    return value, 1.0 + t2 * inverse


@kernel
def temme_upper(shape, h):  # type: ignore[no-untyped-def]
    """Q/p at argument shape·(1 + μ(h))."""
    value, stirling = _temme(shape, h)
    return stirling * math.sqrt(0.5 * math.pi * shape) * _erfcx(h * math.sqrt(0.5 * shape)) + value


@kernel
def temme_lower(shape, h):  # type: ignore[no-untyped-def]
    """P/p at argument shape·(1 + μ(h))."""
    value, stirling = _temme(shape, h)
    return stirling * math.sqrt(0.5 * math.pi * shape) * _erfcx(-h * math.sqrt(0.5 * shape)) - value


@kernel
def _series(shape, argument, lesser):  # type: ignore[no-untyped-def]
    """P/p = Σ yʲ/((x+1)…(x+j)), and the same at ``lesser``; four terms share a division."""
    term, total, other, other_total, d = 1.0, 1.0, 1.0, 1.0, shape
    y, z = argument, lesser
    y4, z4 = (y * y) * (y * y), (z * z) * (z * z)
    while term > 1e-13 * total or y > d:
        a, b, c = d + 1.0, d + 2.0, d + 3.0
        d += 4.0
        cd = c * d
        bcd = b * cd
        inverse = 1.0 / (a * bcd)
        term *= inverse
        other *= inverse
        total += term * y * (bcd + y * (cd + y * (d + y)))
        other_total += other * z * (bcd + z * (cd + z * (d + z)))
        term *= y4
        other *= z4
    return total, other_total


@kernel
def _near(mu):  # type: ignore[no-untyped-def]
    """Whether |h(μ)| ≤ 1, the zone of the expansion."""
    return -0.69 < mu < 1.35


@kernel
def idle_ratio(agents, load, slack):  # type: ignore[no-untyped-def]
    """1/B(agents − 1, load) for whole agents ≥ 1; inf where it overflows, nan where it would take long."""
    if agents > _LARGE and _near(-slack / agents):
        return temme_upper(agents, _h(-slack / agents)) * load / agents
    if agents > 400.0:
        return math.nan
    inverse, k, ratio = 1.0 / load, 1.0, 1.0
    while k + 2.0 < agents:
        second = (k + 1.0) * inverse
        ratio = (1.0 + second) + (second * k * inverse) * ratio
        k += 2.0
    while k < agents:
        ratio = 1.0 + k * inverse * ratio
        k += 1.0
    return ratio


@kernel
def _busy_ratio(shape, argument, mu):  # type: ignore[no-untyped-def]
    """P/p; nan where neither way is quick."""
    if shape > _LARGE and _near(mu):
        return math.nan if mu > 0.0 and shape * _half_square(mu) > 400.0 else temme_lower(shape, _h(mu))
    if argument > _SMALL_ARGUMENT and mu > -0.5:
        return math.nan
    return _series(shape, argument, 0.0)[0]


@kernel
def idle_beside(agents, load, slack, known, ratio):  # type: ignore[no-untyped-def]
    """``idle_ratio`` by recursion from the ``ratio`` of ``known`` agents if that is near.

    Steps down lose digits where the ratio is not large against their number.
    """
    steps = agents - known
    if 0.0 <= steps <= 8.0:
        for n in range(int(known), int(agents)):
            ratio = 1.0 + n / load * ratio
        return ratio
    if -4.0 <= steps < 0.0 and ratio > -4.0 * steps:
        for n in range(int(known) - 1, int(agents) - 1, -1):
            ratio = (ratio - 1.0) * load / n
        return ratio
    return idle_ratio(agents, load, slack)


@kernel
def quick_state(idle, slack, load, agents, patience_rate, threshold, left):  # type: ignore[no-untyped-def]
    """Answered in time, in queue beyond the threshold, abandons, answered: shares, for whole agents ≥ 1.

    ``idle`` is the ``idle_ratio``, ``left`` the share of callers whose patience outlasts the threshold. nan where
    they are not to be had quickly.
    """
    unknown = (math.nan, math.nan, math.nan, math.nan)
    if math.isnan(idle):
        return unknown
    rho = load / agents
    if patience_rate == 0.0:
        if slack <= 0.0:
            return unknown
        busy, gap, busy_late, growth = agents / slack, 0.0, agents / slack, -slack * threshold
    else:
        shape, argument = agents / patience_rate, load / patience_rate
        if shape <= _LARGE and argument <= _SMALL_ARGUMENT:
            busy, busy_late = _series(shape, argument, argument * left)
            growth = argument * (1.0 - left) - agents * threshold
        else:
            busy = _busy_ratio(shape, argument, -slack / agents)
            busy_late = _busy_ratio(shape, argument * left, -(load * (1.0 - left) + slack) / agents)
            growth = -fall(threshold, slack, load, patience_rate)
        gap = max(1.0 - slack / agents * busy, 0.0)
    total = idle + rho * busy
    if not total < 1e290 or math.isnan(busy_late) or growth > 300.0:
        return unknown
    later, lost = math.exp(growth), gap / total
    if patience_rate == 0.0:
        beyond = late = rho * busy / total * later
    else:
        late = later * (busy_late - 1.0) / total
        beyond = left * later * rho * busy_late / total
    return 1.0 - lost - late, beyond, lost, 1.0 - lost
