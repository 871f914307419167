"""Contacts drawn from sample paths by counters: the same call comes under every scenario.

Each interval of each queue and run has a stream of its own, a counter run through the mixing of SplitMix64 (Steele,
Lea & Flood 2014, doi:10.1145/2714064.2660195). Call k of an interval takes the same three numbers whatever comes
before it, so that two scenarios differ by their difference.
"""

from __future__ import annotations

import zlib

import numpy as np

from staffing.compiled import kernel, part
from staffing.simulation.shapes import value

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST_MIX, SECOND_MIX = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
RIGHT_30, RIGHT_27, RIGHT_31, RIGHT_11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
UNIT = 2.0**-53


def name_key(*names: object) -> np.uint64:
    """A number for what bears these names, the same on every machine."""
    return np.uint64(zlib.crc32("\x1f".join(map(str, names)).encode()) << 20)  # room for intervals below


@part
def mixed(x):
    """A 64-bit number without any likeness to ``x``."""
    z = x + GOLDEN
    z = (z ^ (z >> RIGHT_30)) * FIRST_MIX
    z = (z ^ (z >> RIGHT_27)) * SECOND_MIX
    return z ^ (z >> RIGHT_31)


@part
def unit(x):
    """A number in [0, 1) from the counter ``x``."""
    return float(mixed(x) >> RIGHT_11) * UNIT


@part
def stream(seed, run, key):
    """The first counter of a stream: of a run, and of what ``key`` stands for."""
    return mixed(mixed(seed ^ mixed(np.uint64(run))) ^ key)


@kernel
def draw(seed, run, key, counts, grid, interval_s, aht_s, patience_s, handle, patience, calls):
    """Fill ``calls`` (rows of arrival, handle, patience, slot) with a run's contacts in order; returns how many.

    ``counts``, ``aht_s`` and ``patience_s`` are those of the intervals at positions ``grid`` of the period, ``handle``
    and ``patience`` (knots, tail) shapes of mean 1.
    """
    arrival, handle_s, patience_of, slot = calls
    at = 0
    for i in range(counts.size):
        n = int(counts[i])
        if n == 0:
            continue
        base, total, first = stream(seed, run, key + np.uint64(grid[i])), 0.0, at
        for k in range(n):
            x = base + np.uint64(4 * k)
            total -= np.log(1.0 - unit(x))
            arrival[at] = total
            handle_s[at] = aht_s[i] * value(handle[0], handle[1], unit(x + np.uint64(1)))
            patience_of[at] = patience_s[i] * value(patience[0], patience[1], unit(x + np.uint64(2)))
            slot[at] = grid[i]
            at += 1
        total -= np.log(1.0 - unit(base + np.uint64(4 * n)))
        begin, scale = grid[i] * interval_s, interval_s / total
        for c in range(first, at):
            arrival[c] = begin + arrival[c] * scale
    return at
