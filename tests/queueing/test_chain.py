"""The kernels of the time-varying queue against matrix exponentials and textbook distributions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.stats import hypergeom

from staffing.queueing.chain import POLES, RESIDUES, advance, release
from staffing.queueing.waits import still_waiting


def generator(size: int, arrivals: float, handled: float, gone: float, agents: int) -> np.ndarray:
    states = np.arange(size)
    births, deaths = (
        np.full(size, arrivals),
        np.minimum(states, agents) * handled + np.maximum(states - agents, 0) * gone,
    )
    births[-1] = 0
    return np.diag(births[:-1], 1) + np.diag(deaths[1:], -1) - np.diag(births + deaths)


def test_the_rational_approximation_is_exp_on_the_whole_negative_axis():
    x = -np.concatenate([[0.0], np.logspace(-8, 9, 4000)])
    found = (RESIDUES[:, None] / (x - POLES[:, None])).real.sum(axis=0)
    assert np.abs(found - np.exp(x)).max() < 4e-12


@pytest.mark.parametrize("begin", ["empty", "settled"])
@pytest.mark.parametrize(
    ("arrivals", "handled", "gone", "agents", "length"),
    [(0.1, 1 / 60, 1 / 90, 8, 900), (0.1, 1 / 60, 1 / 90, 4, 30), (0.2, 1 / 300, 1 / 30, 50, 1800),
     (0.15, 1 / 60, 0.0, 8, 300), (0.0, 1 / 60, 1 / 90, 5, 100), (0.1, 1 / 60, 0.0, 0, 60)],
)  # fmt: skip
def test_a_step_is_the_matrix_exponential_and_its_average(begin, arrivals, handled, gone, agents, length):
    size = 160
    start = np.zeros(size)
    if begin == "empty":
        start[0] = 1.0
    else:
        start[:20] = np.exp(-0.5 * ((np.arange(20) - 7) / 2.5) ** 2)
        start /= start.sum()
    end, average = np.empty(size), np.empty(size)
    low, high = advance(start, 0, 19, arrivals, handled, gone, agents, float(length), end, average)
    q = generator(size, arrivals, handled, gone, agents) * length
    twin = np.block([[q, np.eye(size)], [np.zeros((size, 2 * size))]])
    exact = expm(twin)
    assert end == pytest.approx(start @ exact[:size, :size], abs=1e-8)
    assert average == pytest.approx(start @ exact[:size, size:], abs=1e-8)
    assert end[:low].sum() + end[high + 1 :].sum() == 0.0


def test_those_who_leave_are_drawn_at_random():
    start = np.zeros(40)
    start[[3, 12, 30]] = 0.2, 0.5, 0.3
    end = np.empty(40)
    low, high, busy = release(start, 3, 30, 15, 9, end)
    expected, mean = np.zeros(40), 0.0
    for x, share in ((3, 0.2), (12, 0.5), (30, 0.3)):
        for r in range(7):
            chance = share * hypergeom(15, min(x, 15), 6).pmf(r)
            expected[x - r] += chance
            mean += chance * r
    assert end == pytest.approx(expected, abs=1e-12)
    assert busy == pytest.approx(mean)
    assert expected[:low].sum() + expected[high + 1 :].sum() == 0


def test_a_large_team_goes_home_without_losing_anybody():
    start = np.zeros(6000)
    start[3900:4100] = 1 / 200
    end = np.empty(6000)
    _, _, busy = release(start, 3900, 4099, 4000, 1000, end)
    assert end.sum() == pytest.approx(1)
    assert busy == pytest.approx(3000 * np.minimum(np.arange(3900, 4100), 4000).mean() / 4000)


@pytest.mark.parametrize(
    ("handled", "gone", "agents", "length"),
    [(0.01, 0.02, 7, 50), (0.01, 0.0, 7, 200), (0, 0.02, 0, 50), (0.01, 1e-9, 30, 100), (0.005, 0.03, 400, 60)],
)
def test_the_row_ahead_dies_away(handled, gone, agents, length):
    size = 60
    waiting = np.linspace(1, 0.1, size)
    left = np.empty(size)
    still_waiting(waiting, handled, gone, float(agents), float(length), left)
    rate = agents * handled + np.arange(size) * gone
    deaths = np.diag(rate[1:], -1) - np.diag(rate + gone)
    assert left == pytest.approx(waiting @ expm(deaths * length), abs=1e-9)
    assert math.isfinite(left.sum())
