"""What callers live through who find others waiting, also when the staff changes before their turn.

With every agent busy the callers ahead of one leave one by one, at rate n μ + i θ with i of them left: a pure
death process of linear rate, whose count at a given time has a closed form. As long as nothing changes the
virtual wait is a sum of exponentials; at a change what is still waiting goes on under the new staff.
"""

from __future__ import annotations

import math

import numpy as np

from staffing.compiled import kernel

#: Columns of what a caller can expect: answered within the threshold, still waiting after it, answered at all,
#: wait if answered × its chance, wait whatever happens.
IN_TIME, BEYOND, ANSWERED, WAITED, WAIT = range(5)
_NEGLIGIBLE = 1e-11


@kernel
def expect(handled, gone, agents, threshold, out):  # type: ignore[no-untyped-def]
    """Row j of ``out``: what a caller can expect who finds j others waiting, if nothing changes.

    The count of those gone at a given time is negative binomial: a Yule process with immigration.
    """
    work = agents * handled
    lost = -math.expm1(-gone * threshold)
    spread = lost / gone if gone > 0.0 else threshold
    log_any = -work * threshold
    log_answered = log_any - gone * threshold
    any_by, answered_by, waits = 0.0, 0.0, 0.0
    for j in range(out.shape[0]):
        any_by += math.exp(log_any)
        answered_by += math.exp(log_answered)
        total = work + (j + 1) * gone
        waits += 1.0 / total if total > 0.0 else 0.0
        share = work / total if total > 0.0 else 0.0
        out[j, IN_TIME] = share * max(1.0 - answered_by, 0.0)
        out[j, BEYOND] = (1.0 - lost) * min(any_by, 1.0)
        out[j, ANSWERED] = share
        out[j, WAITED] = share * waits
        out[j, WAIT] = (j + 1) / total if total > 0.0 else math.inf
        log_any += math.log(max((work + j * gone) * spread, 1e-300) / (j + 1))
        log_answered += math.log(max((work + (j + 1) * gone) * spread, 1e-300) / (j + 1))


@kernel
def _step(handled, gone, agents, length, j, chance):  # type: ignore[no-untyped-def]
    """``chance[d]``: that of j callers ahead d have gone after ``length`` seconds, and the caller still waits.

    Returns how many d matter. Binomial with a real number of trials, n μ / θ + j; Poisson where nobody hangs up.
    """
    work = agents * handled
    stays = math.exp(-gone * length)
    odds = -math.expm1(-gone * length) / (gone * stays) if gone > 0.0 else length
    log_scale, term = -(work + (j + 1) * gone) * length, 1.0
    factor, total = math.exp(log_scale), 0.0
    for d in range(j + 1):
        chance[d] = term * factor
        total += chance[d]
        ratio = (work + (j - d) * gone) * odds / (d + 1)
        if ratio < 1.0 and chance[d] < _NEGLIGIBLE * (1.0 - ratio) and (total > 0.0 or factor > 0.0):
            return d + 1
        term *= ratio
        if term > 1e200:
            log_scale += 200.0 * math.log(10.0)
            term *= 1e-200
            factor = math.exp(log_scale)
    return j + 1


@kernel
def drains(handled, gone, agents, length, callers):  # type: ignore[no-untyped-def]
    """Whether ``callers`` in a row have practically all gone after ``length`` seconds."""
    lost = -math.expm1(-gone * length)
    leave = agents * handled * (lost / gone if gone > 0.0 else length) + callers * lost
    return gone * length > 20.0 or leave - 5.0 * math.sqrt(leave) > callers


@kernel
def after_change(own, handled, gone, agents, length, joining, following):  # type: ignore[no-untyped-def]
    """``own``: what callers can expect if nothing changes, corrected for what follows after ``length`` seconds.

    ``joining`` agents come then and take the next callers at once; for the rest ``following`` holds. Only the
    columns ANSWERED, WAITED and WAIT are corrected.
    """
    size = own.shape[0]
    change, chance = np.zeros((size, 3)), np.empty(size)
    for i in range(size):
        _change(own, following, i, joining, length, change[i])
    dead = agents * handled + gone <= 0.0
    for j in range(size - 1, -1, -1):
        answered, waited, wait = own[j, ANSWERED], own[j, WAITED], 0.0 if dead else own[j, WAIT]
        for d in range(_step(handled, gone, agents, length, j, chance)):
            if chance[d] == 0.0:
                continue
            answered += chance[d] * change[j - d, 0]
            waited += chance[d] * change[j - d, 1]
            wait += chance[d] * change[j - d, 2]
        own[j, ANSWERED], own[j, WAITED], own[j, WAIT] = answered, waited, wait


@kernel
def _change(own, following, i, joining, length, change):  # type: ignore[no-untyped-def]
    """What the change after ``length`` seconds does to a caller with ``i`` ahead then: answered, waited, wait."""
    answered, waited, wait = 1.0, 0.0, 0.0
    if i >= joining:
        row = following[i - joining]
        answered, waited, wait = row[ANSWERED], row[WAITED], row[WAIT]
    change[0] = answered - own[i, ANSWERED]
    change[1] = length * answered + waited - length * own[i, ANSWERED] - own[i, WAITED]
    change[2] = length + wait if math.isinf(own[i, WAIT]) else wait - own[i, WAIT]


@kernel
def still_waiting(waiting, handled, gone, agents, length, left):  # type: ignore[no-untyped-def]
    """``left[i]``: callers who found j ahead with chance ``waiting[j]`` and have i ahead ``length`` seconds later."""
    chance = np.empty(waiting.size)
    left[:] = 0.0
    for j in range(waiting.size):
        if abs(waiting[j]) > _NEGLIGIBLE:
            for d in range(_step(handled, gone, agents, length, j, chance)):
                left[j - d] += waiting[j] * chance[d]


@kernel
def crossing(left, own, following, joining, before, threshold, rates, next_rates, total):  # type: ignore[no-untyped-def]
    """Add to ``total`` what the change does to callers who wait ``before`` seconds until it; ``left`` still wait then.

    ``rates`` and ``next_rates`` are (handled, gone, agents) before and after it.
    """
    change = np.empty(3)
    for i in range(left.size):
        if left[i] == 0.0:
            continue
        _change(own, following, i, joining, before, change)
        total[ANSWERED] += left[i] * change[0]
        total[WAITED] += left[i] * change[1]
        total[WAIT] += left[i] * change[2]
    if before >= threshold:
        return
    now, then = np.empty((left.size, 5)), np.empty((left.size, 5))
    expect(rates[0], rates[1], rates[2], threshold - before, now)
    expect(next_rates[0], next_rates[1], next_rates[2], threshold - before, then)
    for i in range(left.size):
        in_time, beyond = 1.0, 0.0
        if i >= joining:
            in_time, beyond = then[i - joining, IN_TIME], then[i - joining, BEYOND]
        total[IN_TIME] += left[i] * (in_time - now[i, IN_TIME])
        total[BEYOND] += left[i] * (beyond - now[i, BEYOND])
