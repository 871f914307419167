"""Deferred work against a linear programme and hand-made cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from staffing.errors import InputError
from staffing.queueing.deferred import blend, due_intervals, earliest_due_first

WORK = [0, 6, 10, 8, 4, 2, 0, 0]


def lowest_peak(work, due, live, able) -> float:
    """The transport problem: move every piece into its window, minimise the highest level."""
    pairs = [(i, j) for i in range(len(work)) for j in range(i, due[i] + 1) if able[j]]
    size, columns = len(work), len(pairs) + 1
    equal, upper = np.zeros((size, columns)), np.zeros((size, columns))
    for column, (i, j) in enumerate(pairs):
        equal[i, column] = upper[j, column] = 1
    upper[:, -1] = -1
    cost = np.zeros(columns)
    cost[-1] = 1
    rows = np.array(able, dtype=bool)
    return linprog(cost, upper[rows], -np.array(live, dtype=float)[rows], equal, work, method="highs").fun


def busiest_window(work, due) -> float:
    """Smallest constant capacity that meets every deadline: most work that arrives in a window and is due in it ÷ its
    length."""
    size = range(len(work))
    windows = [(i, j) for i in size for j in range(i, len(work))]
    return max(sum(work[k] for k in size if i <= k and due[k] <= j) / (j - i + 1) for i, j in windows)


@pytest.mark.parametrize(("deadline", "capacity"), [(0, 10), (1, 6), (3, 30 / 7)])
def test_the_known_case_without_live_work(deadline, capacity):
    due = due_intervals(8, deadline)
    assert busiest_window(WORK, due) == pytest.approx(capacity)
    assert blend(WORK, due, 0).agents.max() == pytest.approx(capacity)


def worked(work, due, capacity):
    """Done, backlog and late."""
    able = np.broadcast_to(np.asarray(capacity, dtype=float), len(work))
    return earliest_due_first(np.array(work, dtype=float), np.array(due, dtype=np.int64), able)


cases = st.lists(st.tuples(st.floats(0, 20), st.integers(0, 5), st.floats(0, 15)), min_size=1, max_size=12)


@settings(deadline=None, max_examples=60)
@given(case=cases)
def test_blend_reaches_the_lowest_peak_and_misses_nothing(case):
    work, grace, live = (list(column) for column in zip(*case, strict=True))
    due = np.minimum(np.arange(len(work)) + grace, len(work) - 1)
    found = blend(work, due, live)
    peak = max(lowest_peak(work, due, live, [True] * len(work)), max(live))
    assert found.agents.max() == pytest.approx(peak, rel=1e-7, abs=1e-7)
    assert found.late == pytest.approx(np.zeros(len(work)), abs=1e-7)
    assert found.done.sum() == pytest.approx(sum(work), abs=1e-7)


@settings(deadline=None, max_examples=60)
@given(case=cases)
def test_the_busiest_window_is_just_enough(case):
    work, grace, _ = (list(column) for column in zip(*case, strict=True))
    due = np.minimum(np.arange(len(work)) + grace, len(work) - 1)
    capacity = busiest_window(work, due)
    assert worked(work, due, capacity * (1 + 1e-12))[2].sum() <= 1e-9
    if capacity > 1e-6:
        assert worked(work, due, capacity * 0.99)[2].sum() > 0


def test_callbacks_are_made_in_their_windows_only():
    able = np.array([1, 1, 0, 0, 1, 1, 1, 1], dtype=bool)
    found = blend(WORK, due_intervals(8, 4), np.zeros(8), able)
    assert found.done[~able].sum() == 0
    assert found.agents.max() == pytest.approx(lowest_peak(WORK, due_intervals(8, 4), np.zeros(8), able))


def test_more_urgent_work_goes_first():
    done, _, late = worked([4, 4], [1, 1], [4, 3])
    assert done.tolist() == [4, 3]
    assert late.tolist() == [0, 1]
    _, backlog, late = worked([4, 2, 0], [2, 1, 2], [2, 2, 2])
    assert late.tolist() == [0, 0, 0]
    assert backlog.tolist() == [2, 2, 0]


def test_work_with_no_open_hour_before_its_deadline_is_named():
    with pytest.raises(InputError, match="interval 1"):
        blend([0, 3, 0], [0, 1, 2], [0, 0, 0], [True, False, True])


@pytest.mark.parametrize("wrong", [([-1, 0], [0, 1]), ([1, 1], [0, 0]), ([1, 1], [0, 2]), ([np.nan, 1], [0, 1])])
def test_bad_work_is_refused(wrong):
    with pytest.raises(InputError):
        blend(*wrong, live=0)


@settings(deadline=None, max_examples=60)
@given(case=cases)
def test_work_goes_piece_by_piece_to_the_most_urgent(case):
    """Against the plain rule: in every interval look at all pieces in hand in the order of their deadlines."""
    work, grace, able = (list(column) for column in zip(*case, strict=True))
    due = np.minimum(np.arange(len(work)) + grace, len(work) - 1)
    done, backlog, lates = worked(work, due, able)
    left = np.array(work, dtype=float)
    for i, spare in enumerate(able):
        start = spare
        for piece in sorted(range(i + 1), key=lambda k: due[k]):
            part = min(spare, left[piece])
            left[piece] -= part
            spare -= part
        late = left[: i + 1][due[: i + 1] <= i]
        assert done[i] == start - spare
        assert lates[i] == pytest.approx(late.sum(), abs=1e-12)
        left[: i + 1][due[: i + 1] <= i] = 0.0
        assert backlog[i] == pytest.approx(left[: i + 1].sum(), abs=1e-12)
