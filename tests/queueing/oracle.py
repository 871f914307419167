"""Erlang B, C and A at 50 digits, by sums that share nothing with the product's integrals.

1/B(n, a) = Σ n!/(n − k)! a⁻ᵏ, and A(c, y) = 1 + Σ yʲ/((c + 1)…(c + j)), in mpmath; exact inputs (fractions).
"""

from __future__ import annotations

from fractions import Fraction

import mpmath as mp

DIGITS = 50


_ONE = 1 << 300  # the sums run in whole numbers of 2⁻³⁰⁰, far quicker than in mpmath
_LAST = _ONE >> 213  # the last term, of the sum


def _real(value: float | Fraction | str) -> mp.mpf:
    exact = Fraction(value)
    return mp.mpf(exact.numerator) / exact.denominator


def _scaled(value: mp.mpf) -> int:
    return int(mp.floor(mp.ldexp(value, 300)))


def inverse_b(n: int, a: mp.mpf) -> mp.mpf:
    total = term = _ONE
    load = _scaled(a)
    for k in range(n):
        term = term * (n - k) * _ONE // load
        total += term
        if term * _ONE < total * _LAST and n - k < a:
            break
    return mp.mpf(total) / _ONE


def busy_series(c: mp.mpf, y: mp.mpf) -> tuple[mp.mpf, mp.mpf]:
    """A(c, y) and −∂A/∂c."""
    top, bottom = _scaled(y), _scaled(c)
    total, slope, term, harmonic = _ONE, 0, _ONE, 0
    while True:
        bottom += _ONE
        term = term * top // bottom
        harmonic += _ONE * _ONE // bottom
        total += term
        slope += term * harmonic // _ONE
        if top * 1000 < bottom * 999 and term * (harmonic + _ONE) <= _LAST * min(total, slope):
            return mp.mpf(total) / _ONE, mp.mpf(slope) / _ONE


def measures(rate, aht, patience, n, threshold) -> dict[str, mp.mpf]:
    """All measures; ``patience`` may be inf. The queue must be stable then."""
    with mp.workdps(DIGITS + 15):
        lam, s, t = _real(rate), _real(aht), _real(threshold)
        a = lam * s
        rho, free = a / n, inverse_b(n - 1, a)
        if patience == float("inf"):
            total = free + a / (n - a)
            waits = a / (n - a) / total
            level = 1 - waits * mp.exp(-(n - a) * t / s)
            wait = waits * s / (n - a)
            return _named(waits, level, level, level, level, mp.mpf(0), mp.mpf(0), wait, wait, lam * wait, rho)
        theta = 1 / _real(patience)
        c, y = n / (s * theta), lam / theta
        y_t = y * mp.exp(-theta * t)
        late = mp.exp(y - y_t - n * t / s)
        a0, _ = busy_series(c, y)
        a_t, _ = busy_series(c, y_t)
        b0, slope = busy_series(c + 1, y)
        rate_1 = n / s + theta
        total = free + rho * a0
        served = (free + lam / rate_1 * b0) / total
        level = (free + a0 - 1 - late * (a_t - 1)) / total
        beyond = mp.exp(-theta * t) * late * rho * a_t / total
        short = 1 - beyond - level
        asa = lam * (b0 / rate_1**2 + slope / (theta * rate_1)) / total / served
        wait = (1 - served) / theta
        return _named(
            rho * a0 / total, level, level / served, level / (1 - short), 1 - beyond, 1 - served, short,
            asa, wait, lam * wait, rho * served,
        )  # fmt: skip


def _named(*values: mp.mpf) -> dict[str, mp.mpf]:
    names = (
        "wait_probability", "service_level", "service_level_answered", "service_level_excl_short_abandons",
        "probability_wait_within_threshold", "abandonment", "short_abandonment", "asa_s", "mean_wait_s",
        "queue_length", "occupancy",
    )  # fmt: skip
    return dict(zip(names, values, strict=True))
