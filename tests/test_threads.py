"""Linear algebra on one thread, and only while work is done."""

import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from staffing.threads import one_thread


def blas_threads() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def two_threads():
    assert np.linalg.norm(np.ones(3)) > 1  # the library is loaded
    with threadpool_limits(2, user_api="blas"):  # as a host that has chosen
        yield


def test_what_the_process_had_is_given_back():
    before = blas_threads()
    with one_thread(), one_thread():
        assert blas_threads() == {1}
    assert blas_threads() == before


def test_it_is_given_back_after_an_error():
    before = blas_threads()
    with pytest.raises(ZeroDivisionError), one_thread():
        raise ZeroDivisionError
    assert blas_threads() == before


def test_who_leaves_first_does_not_lift_the_limit_for_others():
    before, inside, leave = blas_threads(), threading.Event(), threading.Event()

    @one_thread()
    def first() -> None:
        inside.set()
        leave.wait(10)

    other = threading.Thread(target=first)
    other.start()
    assert inside.wait(10)
    with one_thread():
        leave.set()
        other.join()
        assert blas_threads() == {1}
    assert blas_threads() == before
