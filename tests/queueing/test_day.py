"""A promise for the day: concave pieces that touch the true curve, and a greedy choice nobody can beat."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from staffing.errors import InputError
from staffing.queueing import Targets, measures, smallest_agents
from staffing.queueing.day import least_staff_for_day, service_pieces
from staffing.queueing.interval import Demand

CALLS = np.array([6.0, 0.0, 40.0, 25.0])
DEMAND = Demand.of(CALLS, 300.0, 180.0, interval_s=1800, threshold_s=20)


def answered_in_time(i: int, agents) -> np.ndarray:
    found = measures(calls_per_hour=2 * CALLS[i], aht_s=300, agents=agents, threshold_s=20, patience_s=180)
    return CALLS[i] * found.service_level


def test_pieces_touch_the_curve_at_knots_and_lie_above_it_elsewhere():
    for i in (0, 2, 3):
        piece = service_pieces(DEMAND)[i]
        agents = np.arange(piece.agents[-1] + 10)
        line = np.min([slope * agents + intercept for slope, intercept in piece.cuts()], axis=0)
        curve = answered_in_time(i, agents)
        assert (line >= curve - 1e-2 * CALLS[i] / 100).all()
        assert line[piece.agents] == pytest.approx(curve[piece.agents], abs=1e-9)
        slopes = [slope for slope, _ in piece.cuts()]
        assert slopes == sorted(slopes, reverse=True)


def test_interval_without_calls_needs_nobody():
    assert service_pieces(DEMAND)[1].cuts() == [(0.0, 0.0)]
    assert least_staff_for_day(DEMAND, 0.8)[1] == 0


def test_nobody_finds_a_cheaper_day():
    staff = least_staff_for_day(DEMAND, 0.8)
    reached = sum(answered_in_time(i, int(n)) for i, n in enumerate(staff) if CALLS[i])
    assert reached >= 0.8 * CALLS.sum()
    tables = [answered_in_time(i, np.arange(16)) if CALLS[i] else np.zeros(1) for i in range(4)]
    best = min(
        sum(n) for n in product(*(range(table.size) for table in tables))
        if sum(table[k] for table, k in zip(tables, n, strict=True)) >= 0.8 * CALLS.sum()
    )  # fmt: skip
    assert best <= staff.sum() <= best + 1


def test_the_day_never_needs_more_than_its_intervals_do():
    each = smallest_agents(DEMAND.load, 300, 180, 20, Targets(service_level=0.8))
    assert least_staff_for_day(DEMAND, 0.8).sum() <= each.sum()


def test_minimum_is_kept():
    assert (least_staff_for_day(DEMAND, 0.8, minimum=3) >= 3).all()


def test_impossible_promise_is_refused():
    with pytest.raises(InputError, match="service_level"):
        least_staff_for_day(DEMAND, 1.0)
