"""The kernels of the time-varying queue M(t)/M/n(t)+M: what happens within and between intervals.

The number in system is carried as a distribution, exactly (uniformisation, Jensen 1953), on the window of
states that carry mass. At the end of a shift agents finish the call in hand (Ingolfsson, Akhmetshina,
Budge, Li & Wu 2007, "A survey and experimental comparison of service-level-approximation methods").
"""

from __future__ import annotations

import math

import numpy as np

from staffing.compiled import kernel

_NEGLIGIBLE = 1e-13  # of a caller's chance; service levels are wanted to three digits


@kernel
def _log_poisson(k, mean):  # type: ignore[no-untyped-def]
    return k * math.log(mean) - mean - math.lgamma(k + 1.0)


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
def advance(start, arrivals, handled, gone, agents, length, end, average):  # type: ignore[no-untyped-def]
    """Carry the distribution ``start`` through ``length`` seconds of constant rates (all per second).

    ``arrivals`` calls come, each busy agent finishes at rate ``handled``, each waiting caller leaves at
    rate ``gone``. ``end`` receives the distribution at the end, ``average`` the time average.
    """
    size = start.size
    low, high = 0, size - 1
    while high > 0 and start[high] <= _NEGLIGIBLE:
        high -= 1
    while low < high and start[low] <= _NEGLIGIBLE:
        low += 1
    top = int(min(size - 1.0, _ceiling(high, arrivals, handled, gone, agents, length)))
    busiest = min(top, agents) * handled + max(top - agents, 0) * gone
    rate = arrivals + busiest
    end[:] = 0.0
    average[:] = 0.0
    if rate <= 0.0:
        end[:] = start
        average[:] = start
        return
    # State x sits at index x + 2: two empty cells on either side spare the inner loop every question.
    birth, death, stay = np.zeros(size + 4), np.zeros(size + 4), np.ones(size + 4)
    for x in range(top + 1):
        birth[x + 2] = arrivals / rate if x < top else 0.0
        death[x + 2] = (min(x, agents) * handled + max(x - agents, 0) * gone) / rate
        stay[x + 2] = 1.0 - birth[x + 2] - death[x + 2]
    now, following = np.zeros(size + 4), np.zeros(size + 4)
    now[low + 2 : high + 3] = start[low : high + 1]
    mean = rate * length
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
        following[low : low + 2] = 0.0
        following[high + 3 : high + 5] = 0.0
        now, following = following, now
    end /= end.sum()
    average /= average.sum()


@kernel
def release(start, before, after, end):  # type: ignore[no-untyped-def]
    """Take ``before`` − ``after`` agents off the phone; those who are busy finish the call in hand.

    Any agent is as likely to go as any other, so the number of busy ones among them is hypergeometric;
    their calls leave the queue's books. ``end`` receives the distribution; returns the mean number busy.
    """
    leaving, overrun = before - after, 0.0
    end[:] = 0.0
    for x in range(start.size):
        if start[x] <= 0.0:
            continue
        busy = min(x, before)
        fewest, most = max(0, busy - after), min(leaving, busy)
        for r in range(fewest, most + 1):
            log_share = _log_choose(busy, r) + _log_choose(before - busy, leaving - r) - _log_choose(before, leaving)
            share = start[x] * math.exp(log_share)
            end[x - r] += share
            overrun += share * r
    return overrun


@kernel
def _log_choose(n, k):  # type: ignore[no-untyped-def]
    return math.lgamma(n + 1.0) - math.lgamma(k + 1.0) - math.lgamma(n - k + 1.0)


@kernel
def seen_by_callers(handled, gone, agents, threshold, out):  # type: ignore[no-untyped-def]
    """What a caller who finds j others waiting and every agent busy can expect; row j of ``out``:

    answered within the threshold, answered at all, time in queue beyond the threshold, wait if answered ×
    its share, wait whatever happens. The virtual wait is a sum of exponentials of rates n μ + i θ,
    i = 0…j: a Yule process with immigration, whose count at a given time is negative binomial.
    """
    work = agents * handled
    lost = -math.expm1(-gone * threshold)
    spread = lost / gone if gone > 0.0 else threshold
    log_any = log_answered = -work * threshold
    log_answered -= gone * threshold
    any_by, answered_by, waits = 0.0, 0.0, 0.0
    for j in range(out.shape[0]):
        any_by += math.exp(log_any)
        answered_by += math.exp(log_answered)
        total = work + (j + 1) * gone
        waits += 1.0 / total if total > 0.0 else 0.0
        share = work / total if total > 0.0 else 0.0
        out[j, 0] = share * max(1.0 - answered_by, 0.0)
        out[j, 1] = share
        out[j, 2] = (1.0 - lost) * min(any_by, 1.0)
        out[j, 3] = share * waits
        out[j, 4] = (j + 1) / total if total > 0.0 else math.inf
        log_any += math.log(max((work + j * gone) * spread, 1e-300) / (j + 1))
        log_answered += math.log(max((work + (j + 1) * gone) * spread, 1e-300) / (j + 1))


@kernel
def crossing(handled, gone, agents, next_agents, before, after, seen):  # type: ignore[no-untyped-def]
    """What a caller with j ahead can expect if staff changes ``before`` seconds after the call comes in.

    ``seen[:, 0]`` receives the chance to be answered within ``before`` + ``after`` seconds, ``seen[:, 1]``
    that of waiting longer. Backward equations of the pure death of those ahead, by uniformisation; agents
    who come take the next callers at once, agents who leave take nobody any more.
    """
    size = seen.shape[0]
    later = np.empty((size, 5))
    seen_by_callers(handled, gone, next_agents, after, later)
    joining = max(next_agents - agents, 0)
    value = np.empty((size, 2))
    for j in range(size):
        value[j, 0] = 1.0 if j < joining else later[j - joining, 0]
        value[j, 1] = 0.0 if j < joining else later[j - joining, 2]
    rate = agents * handled + (size + 1.0) * gone
    busy, jump = agents * handled, 1.0 / rate if rate > 0.0 else 0.0
    mean = rate * before
    seen[:] = 0.0
    first = max(int(mean - 7.0 * math.sqrt(mean) - 1.0), 0)
    weight = math.exp(_log_poisson(float(first), mean)) if mean > 0.0 else 1.0
    for k in range(int(mean + 7.0 * math.sqrt(mean) + 20.0)):
        if k > first:
            weight *= mean / k
        share = weight if k >= first else 0.0
        for j in range(size - 1, -1, -1):
            seen[j, 0] += share * value[j, 0]
            seen[j, 1] += share * value[j, 1]
            served = (busy + j * gone) * jump
            lost = gone * jump
            ahead_0 = value[j - 1, 0] if j > 0 else 1.0
            ahead_1 = value[j - 1, 1] if j > 0 else 0.0
            value[j, 0] = (1.0 - served - lost) * value[j, 0] + served * ahead_0
            value[j, 1] = (1.0 - served - lost) * value[j, 1] + served * ahead_1
