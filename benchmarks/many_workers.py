"""The scheduler's part of a night on many machines, and what Dask costs beside the pool: tasks that only sleep.

python -m benchmarks.many_workers [WORKERS] [TASKS] [SECONDS] [processes|threads]
python -m benchmarks.many_workers against-pool [WORKERS] [TASKS] [SECONDS]

Workers are processes of this machine, or threads of one process, whose processor time is then the scheduler's and all
workers' together. Overhead is the wall time beyond that of tasks packed without any: seconds × tasks ÷ workers.
Against the pool, the same tasks are done by both engines of the nightly run, start and end counted.
"""

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from distributed import Client, LocalCluster, as_completed

from staffing.batch.cluster import on_cluster
from staffing.batch.local import side_by_side


def many(workers: int = 50, tasks: int = 1000, seconds: float = 2.0, how: str = "processes") -> str:
    """Wall time, overhead, and processor time of the scheduler's process."""
    silent = {"dashboard_address": None, "silence_logs": 50, "processes": how == "processes"}
    silent |= {"host": "127.0.0.1"} if how == "processes" else {}
    with LocalCluster(n_workers=workers, threads_per_worker=1, **silent) as cluster, Client(cluster) as client:
        client.wait_for_workers(workers)
        cpu_s, began = time.process_time(), time.monotonic()
        futures = [client.submit(time.sleep, seconds, pure=False) for _ in range(tasks)]
        for future in as_completed(futures):
            future.result()
        wall_s, used_s = time.monotonic() - began, time.process_time() - cpu_s
    packed_s = seconds * tasks / workers
    return (
        f"{tasks} tasks of {seconds:g} s on {workers} workers ({how}): {wall_s:.1f} s, {packed_s:.1f} s without "
        f"overhead; the scheduler's process used {1000 * used_s / tasks:.2f} ms of CPU a task ({_load()})."
    )


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
        print(many(*map(int, words[:2]), *map(float, words[2:3]), *words[3:]))
