"""The same work for every queue: side by side on all cores where there are many queues."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from threadpoolctl import threadpool_limits

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Told the share of the queues that are done; may raise Cancelled.
Told = Callable[[float], None]

SIDE_BY_SIDE_FROM = 16  # queues; for fewer, starting processes costs more than it saves


def each(work: Callable[[Item], Result], items: Sequence[Item], told: Told | None = None) -> list[Result]:
    """``work`` done on every item, in order. Raises what ``work`` or ``told`` raises, the earliest first.

    Linear algebra keeps to one thread: its matrices are small, and the figures do not depend on the machine's cores.
    """
    done = []
    for result in _results(partial(_on_one_thread, work), items):
        done.append(result)
        if told is not None:
            told(len(done) / len(items))
    return done


def _results(work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores < 2 or len(items) < SIDE_BY_SIDE_FROM:
        return map(work, items)
    from joblib import Parallel, delayed

    side_by_side = Parallel(n_jobs=min(cores, len(items)), return_as="generator", max_nbytes=None)
    results: Iterator[Result] = side_by_side(delayed(work)(item) for item in items)
    return results


def _on_one_thread(work: Callable[[Item], Result], item: Item) -> Result:
    with threadpool_limits(1):
        return work(item)
