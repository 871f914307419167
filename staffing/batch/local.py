"""The engine of one machine: queues forecast by a few processes side by side, the largest first."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from staffing.batch.queues import QueueTask
from staffing.errors import Cancelled, StaffingError
from staffing.work import Crash, Ended, Worker, forged

TRIES = 2  # a process that dies, for want of memory or otherwise, may have been unlucky
LIMIT_S = 600.0
LOADED = "staffing.batch.loaded"  # in every child, once for all of them

#: What came of a task: the queue whose part is whole, or why there is none.
Came = str | Exception


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def side_by_side(
    tasks: Sequence[QueueTask], workers: int | None = None, limit_s: float = LIMIT_S
) -> Iterator[tuple[QueueTask, Came]]:
    """Each task with what came of it, in the order in which they end.

    A task may take ``limit_s`` seconds; a process that dies is replaced and its task is done once more. All processes
    end with this iterator, however it is left.
    """
    waiting, stop = deque(sorted(tasks, key=lambda task: -task.size)), threading.Event()
    count, start = min(workers or cores(), len(tasks)), forged(LOADED)
    with ThreadPoolExecutor(max(count, 1), "staffing-batch") as threads:
        ends: deque[tuple[QueueTask, Came]] = deque()
        news = threading.Semaphore(0)

        def work() -> None:
            with Worker(start) as worker:
                while waiting and not stop.is_set():
                    try:
                        task = waiting.popleft()
                    except IndexError:
                        return
                    ends.append((task, came_of(worker, task, limit_s, stop)))
                    news.release()

        running = [threads.submit(work) for _ in range(count)]
        try:
            for _ in tasks:
                while not news.acquire(timeout=1.0):
                    for done in (one for one in running if one.done()):
                        done.result()  # an error of the engine's own is not waited for in vain
                yield ends.popleft()
        finally:
            stop.set()
            for done in as_completed(running):
                done.result()


def came_of(worker: Worker, task: QueueTask, limit_s: float, stop: threading.Event) -> Came:
    """What comes of a task in a child; one that dies is replaced and the task done once more."""
    heed = _heeding(stop)
    for last in range(1, TRIES + 1):
        try:
            made: str = worker.begin(task, limit_s).result(heed)
        except Ended as end:
            if worker.alive or last == TRIES:
                return end
        except (StaffingError, Crash) as error:
            return error
        else:
            return made
    raise AssertionError("a task has no other end")


def _heeding(stop: threading.Event) -> Callable[[str, float], None]:
    def heed(_stage: str, _share: float) -> None:
        if stop.is_set():
            raise Cancelled

    return heed
