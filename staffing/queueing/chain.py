"""The time-varying queue M(t)/M/n(t)+M: its number in system, carried through time as a distribution.

Within an interval the distribution is exp(tQ) times that at its beginning. A birth-death generator Q is symmetric
in the norm of its stationary distribution and its spectrum is real and negative, so the best rational
approximation of exp there (Cody, Meinardus & Varga 1969, "Chebyshev rational approximations to e⁻ˣ") is exact to
3·10⁻¹² of that norm: six tridiagonal systems, however long the interval. Where the norm is large, far from the
stationary state, the chain is uniformised instead (Jensen 1953). At the end of a shift agents finish the call in
hand (Ingolfsson, Akhmetshina, Budge, Li & Wu 2007, "A survey and experimental comparison of service-level-
approximation methods").
"""

from __future__ import annotations

import math

import numpy as np

from staffing.compiled import kernel

_NEGLIGIBLE = 1e-11  # a state's chance; service levels are wanted to three digits
_LARGEST_NORM = 1e5  # times 3e-12 bounds the error of the rational approximation

# Poles and twice the residues of the approximation of degree 12, those in the upper half plane (found by the
# Carathéodory-Fejér method: Trefethen, Weideman & Schmelzer 2006, "Talbot quadratures and rational approximations").
POLES = np.array([
    4.827494174587326 + 1.1939879377093998j, 4.206124927739715 + 3.5909205906680715j,
    2.9178692532263377 + 6.017345628905333j, 0.8517077579997216 + 8.503832410627936j,
    -2.2359676498900862 + 11.109295737044016j, -6.998687356007474 + 13.995916098133264j,
])  # fmt: skip
RESIDUES = 2 * np.array([
    -11.799390212515666 - 46.41166620881087j, 18.785993226847545 + 20.2372960743366j,
    -8.2382622513838 - 2.796190995628886j, 1.3194123250131524 - 0.18352420676420697j,
    -0.06857151701061659 + 0.03841913873466452j, 0.0008184336485926534 - 0.0005813543348441404j,
])  # fmt: skip
_POLE_RE, _POLE_IM = POLES.real.copy(), POLES.imag.copy()
_END_RE, _END_IM = RESIDUES.real.copy(), RESIDUES.imag.copy()
#: The time average of exp has the same poles: (r(z) − r(0)) / z.
_AVERAGE_RE, _AVERAGE_IM = (RESIDUES / POLES).real.copy(), (RESIDUES / POLES).imag.copy()
_COUNT = len(POLES)


@kernel
def advance(start, low, high, arrivals, handled, gone, agents, length, end, average):  # type: ignore[no-untyped-def]
    """Carry the distribution ``start``, of states ``low`` to ``high``, through ``length`` seconds of constant rates.

    Per second ``arrivals`` calls come, each busy agent finishes at rate ``handled``, each waiting caller leaves at
    rate ``gone``. ``end`` receives the distribution at the end, ``average`` the time average, both nothing outside
    the states returned.
    """
    end[:] = 0.0
    average[:] = 0.0
    if length <= 0.0 or (arrivals <= 0.0 and high == 0):
        end[low : high + 1] = start[low : high + 1]
        average[low : high + 1] = start[low : high + 1]
        return low, high
    bottom = _floor(low, arrivals, handled, gone, agents)
    top = int(min(start.size - 1.0, _ceiling(high, arrivals, handled, gone, agents, length)))
    if _norm(start, bottom, top, arrivals, handled, gone, agents) < _LARGEST_NORM:
        _rational(start, bottom, top, arrivals, handled, gone, agents, length, end, average)
    else:
        bottom = _uniformised(start, low, high, top, arrivals, handled, gone, agents, length, end, average)
    while top > bottom and end[top] < _NEGLIGIBLE and average[top] < _NEGLIGIBLE:
        end[top] = average[top] = 0.0
        top -= 1
    while bottom < top and end[bottom] < _NEGLIGIBLE and average[bottom] < _NEGLIGIBLE:
        end[bottom] = average[bottom] = 0.0
        bottom += 1
    for x in range(bottom, top + 1):
        end[x], average[x] = max(end[x], 0.0), max(average[x], 0.0)
    end[bottom : top + 1] /= end[bottom : top + 1].sum()
    average[bottom : top + 1] /= average[bottom : top + 1].sum()
    return bottom, top


@kernel
def _floor(low, arrivals, handled, gone, agents):  # type: ignore[no-untyped-def]
    """A number in system below which it practically never falls."""
    load = arrivals / handled
    settles, spread = load, load
    if load > agents:
        settles = agents + (arrivals - agents * handled) / gone if gone > 0.0 else float(low)
        spread = max(load, arrivals / gone if gone > 0.0 else load)
        settles = min(settles - 7.0 * math.sqrt(spread), agents) if gone > 0.0 else min(settles, agents)
        spread = load
    return int(max(min(low, settles) - 7.0 * math.sqrt(spread) - 10.0, 0.0))


@kernel
def _ceiling(high, arrivals, handled, gone, agents, length):  # type: ignore[no-untyped-def]
    """A number in system that is practically never passed within ``length`` seconds."""
    surplus = max(arrivals - agents * handled, 0.0) * length
    settles = arrivals * length
    if gone > 0.0:
        surplus = min(surplus, max(arrivals - agents * handled, 0.0) / gone)
        settles = min(settles, arrivals / gone)
    around = max(agents, arrivals / handled) + surplus
    return max(high + 10.0, around + 7.0 * math.sqrt(max(settles, around)) + 20.0)


@kernel
def _deaths(x, handled, gone, agents):  # type: ignore[no-untyped-def]
    """The rate at which ``x`` in system become one fewer."""
    return min(x, agents) * handled + max(x - agents, 0) * gone


@kernel
def _norm(start, bottom, top, arrivals, handled, gone, agents):  # type: ignore[no-untyped-def]
    """√ Σ start² / π with π the stationary distribution between ``bottom`` and ``top``; inf where it has none."""
    if arrivals <= 0.0:
        return math.inf
    weight, mass, square = 1.0, 1.0, start[bottom] * start[bottom]
    for x in range(bottom + 1, top + 1):
        weight *= _deaths(x, handled, gone, agents) / arrivals
        if not 1e-280 < weight < 1e280:
            return math.inf
        mass += 1.0 / weight
        square += start[x] * start[x] * weight
    return math.sqrt(square * mass)


@kernel
def _rational(start, bottom, top, arrivals, handled, gone, agents, length, end, average):  # type: ignore[no-untyped-def]
    """Σ residue·(tQ − pole)⁻¹ start, one tridiagonal system per pole, all poles side by side."""
    size, birth = top - bottom + 1, arrivals * length
    above_re, above_im = np.empty((size, _COUNT)), np.empty((size, _COUNT))
    here_re, here_im = np.zeros((size, _COUNT)), np.zeros((size, _COUNT))
    death = 0.0
    for i in range(size):
        x = bottom + i
        last = i == size - 1
        next_death = 0.0 if last else length * _deaths(x + 1, handled, gone, agents)
        kept = -death if last else -death - birth
        before = max(i - 1, 0)
        inflow = birth if i > 0 else 0.0
        for k in range(_COUNT):
            re, im = kept - _POLE_RE[k], -_POLE_IM[k]
            if i > 0:
                re -= inflow * above_re[before, k]
                im -= inflow * above_im[before, k]
            scale = 1.0 / (re * re + im * im)
            re, im = re * scale, -im * scale
            above_re[i, k], above_im[i, k] = next_death * re, next_death * im
            from_re, from_im = start[x] - inflow * here_re[before, k], -inflow * here_im[before, k]
            here_re[i, k], here_im[i, k] = from_re * re - from_im * im, from_re * im + from_im * re
        death = next_death
    re, im = np.zeros(_COUNT), np.zeros(_COUNT)
    for i in range(size - 1, -1, -1):
        at_end, on_average = 0.0, 0.0
        for k in range(_COUNT):
            a, b = re[k], im[k]
            re[k] = here_re[i, k] - (above_re[i, k] * a - above_im[i, k] * b)
            im[k] = here_im[i, k] - (above_re[i, k] * b + above_im[i, k] * a)
            at_end += _END_RE[k] * re[k] - _END_IM[k] * im[k]
            on_average += _AVERAGE_RE[k] * re[k] - _AVERAGE_IM[k] * im[k]
        end[bottom + i], average[bottom + i] = at_end, on_average


@kernel
def _log_poisson(k, mean):  # type: ignore[no-untyped-def]
    return k * math.log(mean) - mean - math.lgamma(k + 1.0)


@kernel
def _accumulate(total, share, chance):  # type: ignore[no-untyped-def]
    for x in range(total.size):
        total[x] += share * chance[x]


@kernel
def _jump(now, birth, stay, death, following):  # type: ignore[no-untyped-def]
    """One jump of the uniformised chain; ``now`` reaches one state further on either side, ``birth`` lies
    one state lower and ``death`` one state higher than ``following``.
    """
    for i in range(following.size):
        following[i] = stay[i] * now[i + 1] + birth[i] * now[i] + death[i] * now[i + 2]


@kernel
def _uniformised(start, low, high, top, arrivals, handled, gone, agents, length, end, average):  # type: ignore[no-untyped-def]
    """The same step jump by jump, on the window of states that carry mass; returns the lowest state reached."""
    size = top + 1
    rate = arrivals + _deaths(top, handled, gone, agents)
    if rate <= 0.0:
        end[low : high + 1] = start[low : high + 1]
        average[low : high + 1] = start[low : high + 1]
        return low
    # State x sits at index x + 2: two empty cells on either side spare the inner loop every question.
    birth, death, stay = np.zeros(size + 4), np.zeros(size + 4), np.ones(size + 4)
    for x in range(size):
        birth[x + 2] = arrivals / rate if x < top else 0.0
        death[x + 2] = _deaths(x, handled, gone, agents) / rate
        stay[x + 2] = 1.0 - birth[x + 2] - death[x + 2]
    now, following = np.zeros(size + 4), np.zeros(size + 4)
    now[low + 2 : high + 3] = start[low : high + 1]
    mean, lowest = rate * length, low
    reached, steps = 0.0, int(mean + 7.0 * math.sqrt(mean) + 30.0)
    first = max(int(mean - 7.0 * math.sqrt(mean) - 1.0), 0)
    weight = math.exp(_log_poisson(float(first), mean))
    for k in range(steps + 1):
        share = 1.0 / mean
        if k >= first:
            weight *= mean / k if k > first else 1.0
            reached += weight
            share = max(1.0 - reached, 0.0) / mean
            _accumulate(end[low : high + 1], weight, now[low + 2 : high + 3])
        _accumulate(average[low : high + 1], share, now[low + 2 : high + 3])
        low, high = max(low - 1, 0), min(high + 1, top)
        a, b = low + 2, high + 3
        _jump(now[a - 1 : b + 1], birth[a - 1 : b - 1], stay[a:b], death[a + 1 : b + 1], following[a:b])
        while low < high and following[low + 2] < _NEGLIGIBLE:
            low += 1
        while high > low and following[high + 2] < _NEGLIGIBLE:
            high -= 1
        lowest = min(lowest, low)
        following[low : low + 2] = 0.0
        following[high + 3 : high + 5] = 0.0
        now, following = following, now
    return lowest


@kernel
def release(start, low, high, before, after, end):  # type: ignore[no-untyped-def]
    """Take ``before`` − ``after`` agents off the phone; those who are busy finish the call in hand.

    Any agent is as likely to go as any other, so the number of busy ones among them is hypergeometric;
    their calls leave the queue's books. ``end`` receives the distribution; returns its lowest and highest state
    and the mean number busy.
    """
    leaving, overrun, lowest = before - after, 0.0, high
    end[:] = 0.0
    for x in range(low, high + 1):
        if start[x] <= 0.0:
            continue
        busy = min(x, before)
        fewest, most = max(0, busy - after), min(leaving, busy)
        likely = min(max((busy + 1) * (leaving + 1) // (before + 2), fewest), most)
        lowest = min(lowest, x - most)
        top = start[x] * math.exp(
            _log_choose(busy, likely) + _log_choose(before - busy, leaving - likely) - _log_choose(before, leaving)
        )
        share = top
        for r in range(likely, most + 1):
            end[x - r] += share
            overrun += share * r
            share *= (busy - r) * (leaving - r) / ((r + 1.0) * (after - busy + r + 1.0))
        share = top
        for r in range(likely, fewest, -1):
            share *= r * (after - busy + r) / ((busy - r + 1.0) * (leaving - r + 1.0))
            end[x - r + 1] += share
            overrun += share * (r - 1)
    return lowest, high, overrun


@kernel
def _log_choose(n, k):  # type: ignore[no-untyped-def]
    return math.lgamma(n + 1.0) - math.lgamma(k + 1.0) - math.lgamma(n - k + 1.0)
