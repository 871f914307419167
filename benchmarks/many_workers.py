"""The scheduler's part of a night on many machines: Dask workers whose tasks only sleep.

python -m benchmarks.many_workers [WORKERS] [TASKS] [SECONDS]

All workers are processes of this machine, which costs it memory and little else while they sleep. Overhead is the wall
time beyond that of tasks packed without any: seconds × tasks ÷ workers.
"""

import os
import sys
import time

from distributed import Client, LocalCluster, as_completed


def main(workers: int = 50, tasks: int = 1000, seconds: float = 2.0) -> str:
    """Wall time, overhead a task, and processor time of the scheduler's process."""
    silent = {"dashboard_address": None, "silence_logs": 50, "host": "127.0.0.1"}
    with LocalCluster(n_workers=workers, threads_per_worker=1, **silent) as cluster, Client(cluster) as client:
        client.wait_for_workers(workers)
        cpu_s, began = time.process_time(), time.monotonic()
        futures = [client.submit(time.sleep, seconds, pure=False) for _ in range(tasks)]
        for future in as_completed(futures):
            future.result()
        wall_s, used_s = time.monotonic() - began, time.process_time() - cpu_s
    packed_s = seconds * tasks / workers
    return (
        f"{tasks} tasks of {seconds:g} s on {workers} workers: {wall_s:.1f} s, {packed_s:.1f} s without overhead; the "
        f"scheduler's process used {1000 * used_s / tasks:.2f} ms of CPU a task (load {os.getloadavg()[0]:.1f})."
    )


if __name__ == "__main__":
    words = sys.argv[1:]
    print(main(*map(int, words[:2]), *map(float, words[2:])))
