"""The scheduler's part of a night on many machines, and what Dask costs beside the pool: tasks that only sleep.

python -m benchmarks.many_workers [WORKERS] [TASKS] [SECONDS]
python -m benchmarks.many_workers against-pool [WORKERS] [TASKS] [SECONDS]

Workers are processes of this machine, forked from one that has loaded Dask; the scheduler is this one. Overhead is the
wall time beyond that of tasks packed without any: seconds × tasks ÷ workers.
Against the pool, the same tasks are done by both engines of the nightly run, start and end counted.
"""

import asyncio
import logging
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import dask
from distributed import Client, LocalCluster, Worker, as_completed

from staffing.batch.cluster import on_cluster
from staffing.batch.local import side_by_side

AT_ONCE = 4  # workers that start side by side
#: A busy machine is no broken line.
PATIENT = {"distributed.comm.timeouts.connect": "300s", "distributed.comm.timeouts.tcp": "600s"}
dask.config.set({**PATIENT, "distributed.scheduler.worker-ttl": None})


def many(workers: int = 50, tasks: int = 1000, seconds: float = 2.0) -> str:
    """Wall time, overhead, and processor time of the scheduler's process."""
    with ExitStack() as stack:
        silent = {"dashboard_address": None, "silence_logs": 50, "host": "127.0.0.1"}
        cluster = stack.enter_context(LocalCluster(n_workers=0, **silent))
        client, began = stack.enter_context(Client(cluster)), time.monotonic()
        stack.enter_context(_workers(client, workers))
        started_s = time.monotonic() - began
        cpu_s, began = time.process_time(), time.monotonic()
        for future in as_completed([client.submit(time.sleep, seconds, pure=False) for _ in range(tasks)]):
            future.result()
        wall_s, used_s = time.monotonic() - began, time.process_time() - cpu_s
        client.retire_workers()
    packed_s = seconds * tasks / workers
    return (
        f"{tasks} tasks of {seconds:g} s on {workers} workers, begun in {started_s:.0f} s: {wall_s:.1f} s, "
        f"{packed_s:.1f} s without overhead; the scheduler's process used {1000 * used_s / tasks:.2f} ms of CPU a "
        f"task ({_load()})."
    )


@contextmanager
def _workers(client: Client, count: int) -> Iterator[None]:
    """So many worker processes, each with one thread, begun a few at a time; ended with the block."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["distributed"])
    address = client.scheduler.address
    started = [context.Process(target=_work, args=(address,), daemon=True) for _ in range(count)]
    try:
        for place, one in enumerate(started):
            one.start()
            client.wait_for_workers(max(1, place + 1 - AT_ONCE))
        client.wait_for_workers(count)
        yield
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.join()


def _work(scheduler: str) -> None:
    async def serve() -> None:
        async with Worker(scheduler, nthreads=1, dashboard=False) as worker:
            await worker.finished()

    logging.disable()
    asyncio.run(serve())


@dataclass(frozen=True)
class Sleep:
    """A queue that takes no processor time."""

    queue: str
    seconds: float
    size: int = 1

    def __call__(self, caller: Any) -> str:
        caller.ready()
        time.sleep(self.seconds)
        return self.queue


def against_pool(workers: int = 2, tasks: int = 60, seconds: float = 1.0) -> str:
    """Wall and processor time of both engines."""
    from benchmarks.many_workers import Sleep as Task  # by its name, which the processes know; not as of __main__

    asked = [Task(f"q{number}", seconds) for number in range(tasks)]
    engines = {"pool": lambda: side_by_side(asked, workers), "Dask": lambda: on_cluster(asked, workers=workers)}
    told = [f"{name}: {_taken(engine)}" for name, engine in engines.items()]
    return f"{tasks} tasks of {seconds:g} s on {workers} workers: {'; '.join(told)} ({_load()})."


def _taken(engine: Callable[[], Iterator[Any]]) -> str:
    began, cpu_s, ends = time.monotonic(), _cpu_s(), list[float]()
    made: Sequence[Any] = [ends.append(time.monotonic()) or came for _, came in engine()]
    if any(isinstance(came, Exception) for came in made):
        raise SystemExit(f"a task failed: {made[0]}")
    between = (ends[-1] - ends[0]) / (len(ends) - 1)
    return f"{time.monotonic() - began:.1f} s, {1000 * between:.0f} ms from end to end, {_cpu_s() - cpu_s:.1f} s of CPU"


def _cpu_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["against-pool"]:
        print(against_pool(*map(int, words[1:3]), *map(float, words[3:])))
    else:
        print(many(*map(int, words[:2]), *map(float, words[2:3])))
