"""A promise for the day: concave pieces that touch the true curve, and a choice that brute force hardly beats."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.errors import InputError
from staffing.queueing import measures
from staffing.queueing.day import Curve, least_staff_together

CALLS = (6.0, 0.0, 40.0, 25.0)


def curve(calls: float, least: int = 0, most: int = 24) -> Curve:
    agents = np.arange(least, most)
    if calls == 0:
        return Curve(least, np.zeros(1), np.zeros(1))
    found = measures(calls_per_hour=2 * calls, aht_s=300, agents=agents, threshold_s=20, patience_s=180)
    return Curve(least, calls * found.service_level, np.full(agents.size, calls))


def cheapest(curves: list[Curve], share: float) -> int:
    """Least agents in all, by trying everything."""
    tables = [one.surplus(share) for one in curves]
    return min(
        sum(one.least + k for one, k in zip(curves, picks, strict=True))
        for picks in product(*(range(table.size) for table in tables))
        if sum(table[k] for table, k in zip(tables, picks, strict=True)) >= 0
    )


def reached(curves: list[Curve], staff: np.ndarray, share: float) -> float:
    return float(sum(one.surplus(share)[n - one.least] for one, n in zip(curves, staff, strict=True)))


@pytest.mark.parametrize("least", [0, 3])
def test_pieces_touch_the_curve_at_knots_and_lie_above_it_elsewhere(least):
    for calls in CALLS[2:]:
        one = curve(calls, least)
        agents, surplus = one.pieces(0.8)
        line = np.interp(np.arange(least, agents[-1] + 1), agents, surplus)
        truth = one.surplus(0.8)[: line.size]
        assert (line >= truth - 1e-12).all()
        assert surplus == pytest.approx(truth[agents - least], abs=1e-12)
        slopes = np.diff(surplus) / np.diff(agents)
        assert (np.diff(slopes) < 0).all()
        assert (slopes > 0).all()


def test_nobody_finds_a_cheaper_day():
    curves = [curve(calls, most=16) for calls in CALLS]
    staff = least_staff_together(curves, 0.8)
    assert reached(curves, staff, 0.8) >= 0
    assert staff[1] == 0
    assert cheapest(curves, 0.8) <= staff.sum() <= cheapest(curves, 0.8) + 1


@settings(max_examples=25, deadline=None)
@given(
    volumes=st.lists(st.floats(0.5, 30), min_size=1, max_size=3),
    least=st.integers(0, 3),
    share=st.floats(0.3, 0.95),
)
def test_random_days_are_within_an_agent_of_the_cheapest(volumes, least, share):
    curves = [curve(calls, least, 18) for calls in volumes]
    staff = least_staff_together(curves, share)
    assert (staff >= least).all()
    assert reached(curves, staff, share) >= -1e-6
    assert staff.sum() <= cheapest(curves, share) + 1


def test_impossible_promise_is_refused():
    with pytest.raises(InputError, match="service level"):
        least_staff_together([curve(40.0, most=3)], 0.8)
