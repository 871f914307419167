"""Shapes, drawn contacts, and who is there: distributions against scipy and against what they were made from."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from staffing.queueing.chat import Conversation, chat_measures
from staffing.simulation import shapes
from staffing.simulation.calls import WINDOW, Calls, Windows
from staffing.simulation.chats import Talk, serve_chats
from staffing.simulation.drawing import draw, name_key
from staffing.simulation.people import People

SEED = np.uint64(5)


def drawn(shape: shapes.Shape, count: int = 40_000) -> np.ndarray:
    return rows_of(np.array([count]), handle=shape)[1]


def rows_of(counts: np.ndarray, handle: shapes.Shape | None = None, run: int = 0) -> tuple[np.ndarray, ...]:
    """Arrival, handle time, patience, slot."""
    total, ones = int(counts.sum()), np.ones(counts.size)
    room = (np.empty(total), np.empty(total), np.empty(total), np.empty(total, np.int64))
    one = handle or shapes.exponential()
    shape = (one.knots, one.tail)
    made = draw(SEED, run, name_key("voice"), counts, np.arange(counts.size), 900.0, ones, ones, shape, shape, room)
    assert made == total
    return room


def test_shapes_are_drawn_as_scipy_has_them():
    assert stats.kstest(drawn(shapes.exponential()), stats.expon.cdf).pvalue > 0.01
    sigma = np.sqrt(np.log1p(1.3**2))
    law = stats.lognorm(sigma, scale=np.exp(-(sigma**2) / 2))
    values = drawn(shapes.lognormal(1.3))
    assert stats.kstest(values, law.cdf).pvalue > 0.01
    assert values.std() / values.mean() == pytest.approx(1.3, abs=0.05)


@pytest.mark.parametrize("shape", [shapes.exponential(), shapes.lognormal(0.0), shapes.lognormal(2.0)])
def test_the_mean_is_one(shape):
    assert shape.mean == pytest.approx(1.0, abs=1e-3)


def test_measured_times_keep_their_quantiles():
    seen = np.random.default_rng(1).weibull(0.8, 20_000) * 300
    values = drawn(shapes.empirical(seen)) * seen.mean()
    assert np.allclose(np.quantile(values, [0.1, 0.5, 0.9, 0.99]), np.quantile(seen, [0.1, 0.5, 0.9, 0.99]), rtol=0.04)


def test_patience_is_found_though_most_are_answered():
    """Half hang up at once or soon, the others are endlessly patient compared: what was seen of it comes back."""
    rng, count = np.random.default_rng(2), 60_000
    true = np.where(rng.random(count) < 0.3, rng.exponential(10, count), rng.exponential(300, count))
    offered = rng.exponential(40, count)
    waits, gone = np.minimum(true, offered), true < offered
    values = drawn(shapes.patience(waits, gone)) * waits.sum() / gone.sum()
    for after_s in (5, 20, 60, 120):
        assert np.mean(values <= after_s) == pytest.approx(np.mean(true <= after_s), abs=0.012)


def test_the_spread_of_handle_times_is_seen_in_intervals():
    rng = np.random.default_rng(3)
    sigma = np.sqrt(np.log1p(1.2**2))
    count = rng.poisson(30, 1500)
    level = 240 * (1 + 0.1 * np.sin(np.arange(1500) / 10))
    means = [np.mean(rng.lognormal(-(sigma**2) / 2, sigma, n)) * m if n else np.nan for n, m in zip(count, level)]
    assert shapes.cv_from_intervals(means, count) == pytest.approx(1.2, abs=0.12)
    assert shapes.cv_from_intervals(means[:10], count[:10]) == shapes.USUAL_CV


def test_contacts_come_evenly_in_their_interval_and_in_order():
    arrival, _, _, slot = rows_of(np.array([20_000, 0, 20_000]))
    assert np.all(np.diff(arrival) >= 0)
    assert stats.kstest(arrival[slot == 0] / 900, stats.uniform.cdf).pvalue > 0.01
    assert set(slot) == {0, 2}
    assert arrival[slot == 2].min() >= 1800


def test_more_contacts_in_one_interval_leave_all_others_as_they_were():
    one, other = rows_of(np.array([5, 7, 9])), rows_of(np.array([5, 8, 9]))
    for mine, theirs in zip(one, other):
        assert np.array_equal(mine[:5], theirs[:5])
        assert np.array_equal(mine[12:], theirs[13:])
    assert np.array_equal(one[1][5:12], other[1][5:12])  # handle times of those who come both times
    assert not np.array_equal(one[0], rows_of(np.array([5, 7, 9]), run=1)[0])


def people(planned: float, unplanned: float, shifts: int = 400, **late: float) -> People:
    """A shift each of eight hours in two windows."""
    start = np.tile([0.0, 4.5 * 3600], shifts)
    number = np.repeat(np.arange(shifts), 2)
    keys = np.array([name_key("somebody", k) for k in range(shifts)])
    shares = np.full(shifts, planned), np.full(shifts, unplanned)
    names = tuple(map(str, range(shifts)))
    group, whole = np.zeros(2 * shifts, np.int64), np.tile([True, False], shifts)
    return People(
        names,
        number,
        number,
        group,
        start,
        start + np.tile([4.0, 3.5], shifts) * 3600,
        whole,
        ~whole,
        np.zeros(2 * shifts, bool),
        keys,
        *shares,
        **late,
    )


def windows_of(made: People, run: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rows, first = np.zeros(made.room, WINDOW), np.zeros(len(made.names) + 1, np.int64)
    return rows[: made.present(SEED, run, rows, first)].copy(), first


def test_everybody_is_there_where_nothing_takes_them_away():
    made = people(0.0, 0.0)
    rows, first = windows_of(made)
    assert np.array_equal(rows["start"], made.start_s)
    assert np.array_equal(rows["end"], made.end_s)
    assert np.array_equal(rows["whole"], made.whole)
    assert np.array_equal(first, np.arange(0, 801, 2))


def test_whole_people_are_absent_and_the_others_lose_their_planned_share():
    made = people(0.07, 0.1)
    length = [np.sum(rows["end"] - rows["start"]) for rows, _ in (windows_of(made, run) for run in range(40))]
    assert np.mean(length) / (400 * 7.5 * 3600) == pytest.approx(0.93 * 0.9, abs=0.0085)  # 3.5 standard errors
    rows, first = windows_of(made)
    assert np.mean(np.diff(first) == 0) == pytest.approx(0.1, abs=0.04)
    assert np.all(rows["end"] > rows["start"])
    same = rows["agent"][1:] == rows["agent"][:-1]
    assert np.all(rows["start"][1:][same] >= rows["end"][:-1][same] - 1e-6)


def test_some_come_late():
    rows, first = windows_of(people(0.0, 0.0, late_share=0.25, late_s=600.0))
    begun = rows["start"][first[:-1]]
    assert np.mean(begun > 0) == pytest.approx(0.25, abs=0.06)
    assert begun[begun > 0].mean() == pytest.approx(600, rel=0.3)


def test_chats_agree_with_the_formula():
    rng, count, agents = np.random.default_rng(7), 60_000, 17
    chats = Calls(
        np.cumsum(rng.exponential(3600 / 216, count)), rng.exponential(240, count), rng.exponential(120, count)
    )
    windows = Windows(np.arange(agents), np.zeros(agents), np.full(agents, 1e12))
    wait, by = serve_chats(chats, windows.rows(), windows.first, Talk(8, 60.0, 3, (SEED, 0, name_key("chat"))))
    exact = chat_measures(
        Conversation(240, 60, 8, 3), chats_per_hour=216, agents=agents, threshold_s=30, patience_s=120
    )
    assert np.mean((by >= 0) & (wait <= 30)) == pytest.approx(float(exact.service_level), abs=0.03)
    assert np.mean(by < 0) == pytest.approx(float(exact.abandonment), abs=0.02)


def test_a_chat_is_finished_after_the_shift():
    chats = Calls(np.array([90.0]), np.array([80.0]), np.array([10.0]))
    windows = Windows(np.array([0]), np.array([0.0]), np.array([100.0])).rows()
    wait, by = serve_chats(chats, windows, np.array([0, 1]), Talk(1, 60.0, 2, (SEED, 0, name_key("chat"))))
    assert (wait[0], by[0], windows["overrun"][0]) == (0.0, 0, 70.0)


def test_a_chat_takes_each_agent_as_long_as_his_pace_says():
    chats = Calls(np.array([90.0]), np.array([80.0]), np.array([10.0]))
    windows = Windows(np.array([0]), np.array([0.0]), np.array([100.0])).rows()
    talk = Talk(1, 60.0, 2, (SEED, 0, name_key("chat")))
    wait, by = serve_chats(chats, windows, np.array([0, 1]), talk, np.array([1.5]))
    assert (wait[0], by[0], windows["overrun"][0]) == (0.0, 0, 110.0)


def chatting(arrivals: list[float], windows: Windows, stop_s: float = 0.0, handed_over: bool = False, replies: int = 1):
    """Chats of 80 s and patience of 50 s; who takes each, after how long, and overrun of each window."""
    chats = Calls(np.array(arrivals), np.full(len(arrivals), 80.0), np.full(len(arrivals), 50.0))
    rows = windows.rows()
    talk = Talk(replies, 1e-6, 2, (SEED, 0, name_key("chat")), stop_s, handed_over)
    wait, by = serve_chats(chats, rows, windows.first, talk)
    return wait.round(3).tolist(), by.tolist(), rows["overrun"].round(3).tolist()


def test_nobody_is_given_a_chat_shortly_before_the_end():
    late, early = (Windows(np.array([0, 1]), np.zeros(2), np.array([end, 500.0])) for end in (100.0, 400.0))
    assert chatting([90.0], late) == ([0.0], [0], [70.0, 0.0])
    assert chatting([90.0], late, stop_s=30.0) == ([0.0], [1], [0.0, 0.0])
    assert chatting([90.0], early, stop_s=30.0) == ([0.0], [0], [0.0, 0.0])
    alone = Windows(np.array([0, 0]), np.array([0.0, 120.0]), np.array([100.0, 500.0]))
    assert chatting([90.0], alone, stop_s=30.0) == ([30.0], [0], [0.0, 0.0])  # taken after the break


def test_a_chat_that_runs_into_paid_work_is_no_overrun():
    windows = Windows(
        np.array([0, 0]), np.array([0.0, 300.0]), np.array([100.0, 400.0]), at_work=np.array([True, False])
    )
    assert chatting([90.0, 390.0], windows, stop_s=0.0) == ([0.0, 0.0], [0, 0], [0.0, 70.0])


def test_a_chat_is_handed_over_when_its_agent_has_gone():
    """Four replies of 20 s from second 90: the first ends at 110, ten past the end; the rest is the colleague's."""
    windows = Windows(np.array([0, 1]), np.zeros(2), np.array([100.0, 500.0]))
    assert chatting([90.0], windows, replies=4) == ([0.0], [0], [70.0, 0.0])
    assert chatting([90.0], windows, handed_over=True, replies=4) == ([0.0], [1], [10.0, 0.0])
