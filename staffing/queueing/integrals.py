"""The one integral behind Erlang B, C and A.

With time in handle times (μ = 1), load a, patience rate φ and n agents, the number in system seen by a
caller splits into a part with an idle agent and a part without (Zeltyn & Mandelbaum 2005, "Call centers
with impatient customers: many-server asymptotics of the M/M/n+G queue", section 4):

    1/B(n − 1, a) = a ∫₀^∞ exp(−(a − n) t + a t ψ(−t)) dt          (idle)
    a J           = a ∫₀^∞ exp(−(n − a) t − a t ψ(φ t)) dt         (all busy; t is the virtual wait)

with ψ(s) = 1 − (1 − e⁻ˢ)/s. Both are ∫ exp(−(slack + load ψ(rate t)) t) dt with a log-concave integrand,
and every measure of the queue is such an integral with a positive weight. Nothing is ever subtracted, so
no digits are lost, in overload, with endless patience or without. ``n`` may be fractional.
"""

from __future__ import annotations

import math

import numpy as np

from staffing.compiled import kernel

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
_ENOUGH = 42.0  # e⁻⁴² lies below double precision


@kernel
def psi(s):  # type: ignore[no-untyped-def]
    """1 − (1 − e⁻ˢ)/s, without cancellation near 0."""
    if abs(s) > 0.5:
        return 1.0 + math.expm1(-s) / s
    term, total = 0.5 * s, 0.0
    for k in range(3, 18):
        total += term
        term *= -s / k
    return total


@kernel
def fall(s, slack, load, rate):  # type: ignore[no-untyped-def]
    """How far the exponent has fallen at ``s`` from its origin."""
    return s * (slack + load * psi(rate * s))


@kernel
def _reach(sign, limit, slack, load, rate):  # type: ignore[no-untyped-def]
    """Distance from the peak on one side beyond which nothing is left, at most ``limit``."""
    steepness, curvature = sign * slack, load * rate
    s = math.inf
    if steepness > 0.0:
        s = _ENOUGH / steepness
    if curvature > 0.0:
        s = min(s, math.sqrt(2.0 * _ENOUGH / curvature))
    while s < limit and fall(sign * s, slack, load, rate) < _ENOUGH:
        s *= 1.5
    while not fall(sign * min(s, limit), slack, load, rate) < 2.0 * _ENOUGH:
        s = 0.8 * min(s, limit)
    return min(s, limit)


@kernel
def _side(sign, reach, peak, slack, load, rate, patience_rate, sums):  # type: ignore[no-untyped-def]
    """Add the integrals over one side of the peak: Gauss–Legendre on panels that follow e^(±rate t)."""
    grows = sign * rate < 0.0
    scale = 2.0 / abs(rate) if rate != 0.0 else math.inf
    start = 0.0
    width = min(0.5 * reach, scale)
    while start < reach:
        end = min(start + width, reach)
        half = 0.5 * (end - start)
        for k in range(_NODES.size):
            s = start + half * (1.0 + _NODES[k])
            t = peak + sign * s
            density = half * _WEIGHTS[k] * math.exp(-fall(sign * s, slack, load, rate))
            lost = -math.expm1(-patience_rate * t)
            sums[0] += density
            sums[1] += density * (1.0 - lost)
            sums[2] += density * t * (1.0 - lost)
            sums[3] += density * lost
            sums[4] += density * t * (1.0 - psi(patience_rate * t))
        start = end
        if not grows:
            width = min(2.0 * width, max(0.5 * reach, scale))


@kernel
def integrals(low, high, slack, load, rate, patience_rate, sums):  # type: ignore[no-untyped-def]
    """Integrals over virtual waits in [low, high] of the density with five weights, as e^scale × sums.

    ``sums`` receives the weights 1 (waits), e^(−φt) (answered), t e^(−φt) (wait of the answered),
    1 − e^(−φt) (abandons) and (1 − e^(−φt))/φ (wait of all). Returns the scale: the exponent at the peak.
    """
    sums[:] = 0.0
    if not high > low:
        return 0.0
    mode = -math.log1p(slack / load) / rate if rate != 0.0 and slack / load > -1.0 else 0.0
    peak = min(max(mode, low), high)
    if peak == mode and mode > 0.0:
        here_slack, here_load = 0.0, slack + load
    else:
        here_load = load * math.exp(-rate * peak)
        here_slack = slack - load * math.expm1(-rate * peak)
    if peak > low:
        reach = _reach(-1.0, peak - low, here_slack, here_load, rate)
        _side(-1.0, reach, peak, here_slack, here_load, rate, patience_rate, sums)
    if high > peak:
        reach = _reach(1.0, high - peak, here_slack, here_load, rate)
        _side(1.0, reach, peak, here_slack, here_load, rate, patience_rate, sums)
    return -fall(peak, slack, load, rate)
