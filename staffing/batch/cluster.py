"""The engine of many machines: queues done by the workers of a Dask scheduler, each in a process of its own.

What passes the scheduler is where a queue's rows lie, what is asked of it, and at the end its name: workers read their
own partition and leave their own checkpoint. The work itself is done as on one machine, in a child that has one thread
for linear algebra, a time limit and an end of its own, so that the results are the same to the last byte.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from staffing.batch.local import LIMIT_S, Came, came_of, cores
from staffing.batch.queues import QueueTask
from staffing.errors import InputError, PlanError, Where
from staffing.work import Worker

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

CONNECT_S = 30
STARTS = 3  # a night does not end because one process died while it was starting
_own = threading.local()  # the child of each thread of a Dask worker


def on_cluster(
    tasks: Sequence[QueueTask], scheduler: str = "", workers: int | None = None, limit_s: float = LIMIT_S
) -> Iterator[tuple[QueueTask, Came]]:
    """Each task with what came of it, in the order in which they end; the largest are begun first.

    ``scheduler`` is the address of a running cluster; without one, ``workers`` are started here. The tasks of a worker
    that is lost are done by others; one whose workers are lost again and again is given up.
    Raises InputError where Dask is not installed or the scheduler cannot be reached.
    """
    try:
        from distributed import KilledWorker, as_completed
    except ImportError:
        remedy = "Install it with: pip install 'staffing[dask]'"
        raise InputError("Dask is not installed.", where=Where(field="engine"), remedy=remedy) from None
    ordered = sorted(tasks, key=lambda task: -task.size)
    with ExitStack() as stack:
        client = _client(stack, scheduler, min(workers or cores(), max(len(tasks), 1)))
        futures = {client.submit(_do, task, limit_s, pure=False): task for task in ordered}
        for future in as_completed(list(futures), loop=client.loop):
            try:
                came: Came = future.result()
            except KilledWorker:
                came = PlanError("its workers were lost, one after the other.")
            yield futures[future], came


def _client(stack: ExitStack, scheduler: str, workers: int) -> Client:
    from distributed import Client

    if scheduler:
        try:
            return stack.enter_context(Client(scheduler, timeout=CONNECT_S, set_as_default=False))
        except (OSError, ValueError) as error:
            raise InputError(
                f"cannot be reached ({error}).", where=Where(scheduler), remedy="Start it with: dask scheduler"
            ) from None
    cluster = stack.enter_context(_own_workers(workers))
    return stack.enter_context(Client(cluster, set_as_default=False))


def _own_workers(workers: int) -> LocalCluster:
    from distributed import LocalCluster

    for start in range(1, STARTS + 1):
        try:
            return LocalCluster(
                n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
            )
        except RuntimeError as error:  # a worker died before it was up; Dask has closed the others
            if start == STARTS:
                raise PlanError(
                    f"Dask's workers could not be started on this machine ({error}).",
                    remedy="Try again, or let the processes of this machine do the work: --engine local.",
                ) from None
    raise AssertionError("the last start returns or raises")


def _do(task: QueueTask, limit_s: float) -> Any:
    """In a Dask worker: the task in this thread's own child; an error is handed back, not raised."""
    if not hasattr(_own, "worker"):
        _own.worker = Worker()
    return came_of(_own.worker, task, limit_s, threading.Event())
