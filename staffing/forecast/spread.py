"""The same work for every queue: side by side on all cores where there are many queues."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from staffing.memory import give_back
from staffing.threads import one_thread

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Told the share of the queues that are done; may raise Cancelled.
Told = Callable[[float], None]

SIDE_BY_SIDE_FROM = 16  # queues; for fewer, starting processes costs more than it saves
EACH_CORE = 6  # queues of a batch; progress is told, and a stop heeded, between batches


def each(work: Callable[[Item], Result], items: Sequence[Item], told: Told | None = None) -> list[Result]:
    """``work`` done on every item, in order. Raises what ``work`` or ``told`` raises, the earliest first.

    Linear algebra keeps to one thread: its matrices are small, and the figures do not depend on the machine's cores.
    """
    done: list[Result] = []
    for results in _batches(partial(_on_one_thread, work), items):
        done.extend(results)
        if told is not None:
            told(len(done) / len(items))
    return done


def _batches(work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[list[Result]]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores < 2 or len(items) < SIDE_BY_SIDE_FROM:
        yield from ([work(item)] for item in items)
        return
    from joblib import Parallel, delayed

    at_once = EACH_CORE * cores
    with Parallel(n_jobs=cores, max_nbytes=None) as side_by_side:
        for first in range(0, len(items), at_once):
            yield side_by_side(delayed(work)(item) for item in items[first : first + at_once])
            give_back()  # what was packed for the workers and by them


def let_workers_go() -> None:
    """End the processes of ``each``, which would keep their memory for minutes; the next call starts them anew."""
    if "joblib" in sys.modules:
        from joblib.externals.loky import get_reusable_executor

        get_reusable_executor().shutdown(wait=True)


def _on_one_thread(work: Callable[[Item], Result], item: Item) -> Result:
    with one_thread():
        return work(item)
