"""The same work on every queue, side by side or one after the other."""

import os

import pytest
from threadpoolctl import threadpool_info

from staffing.errors import Cancelled
from staffing.forecast.spread import SIDE_BY_SIDE_FROM, each, let_workers_go


def square(number: int) -> int:
    return number * number


def threads(_: int) -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@pytest.mark.parametrize("count", [3, SIDE_BY_SIDE_FROM + 5])
def test_results_keep_their_order_and_progress_is_told(count):
    shares: list[float] = []
    assert each(square, range(count), shares.append) == [number**2 for number in range(count)]
    assert shares == sorted(shares)
    assert (shares[-1], len(shares) > 1) == (1.0, True)


@pytest.mark.parametrize("count", [3, SIDE_BY_SIDE_FROM + 5])
def test_it_stops_when_told_to(count):
    def stop(share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        each(square, range(count), stop)


@pytest.mark.parametrize("count", [1, SIDE_BY_SIDE_FROM])
def test_linear_algebra_keeps_to_one_thread(count):
    assert set().union(*each(threads, range(count))) <= {1}


def process(_: int) -> int:
    return os.getpid()


def test_workers_end_when_they_are_let_go_and_come_again():
    let_workers_go()  # also where there are none
    for _ in range(2):
        workers = set(each(process, range(SIDE_BY_SIDE_FROM))) - {os.getpid()}
        let_workers_go()
        assert not [worker for worker in workers if alive(worker)]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
