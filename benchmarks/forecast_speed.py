"""How long a forecast takes from file to paths, for one queue and for two hundred, and its memory.

python -m benchmarks.forecast_speed
"""

import datetime as dt
import os
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.forecast import forecast


def speed(queues: int = 20) -> str:
    """From file to paths: one queue with two years of half-hours; many queues on two cores, scaled to 200.

    Processor time counts Stan's own processes too; on two cores nobody else uses, half of it is the wait.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = [_made_up_file(Path(folder) / f"queue{number}.parquet", number) for number in range(queues)]
        _file_to_paths(files[0])
        clock = time.perf_counter()
        cpu = float(np.median([_file_to_paths(file).cpu_s for file in files[:5]]))
        clock = (time.perf_counter() - clock) / 5
        began = time.perf_counter()
        with ProcessPoolExecutor(2) as pool:
            costs = list(pool.map(_file_to_paths, files))
        many = time.perf_counter() - began
    scale, load = 200 / queues / 60, os.getloadavg()[0]
    busy = sum(cost.cpu_s for cost in costs) / 2
    memory = max(cost.memory_kib for cost in costs)
    rows = [
        f"| one queue, two years of half-hours, file to paths | {clock:.1f} s ({cpu:.1f} s of CPU) | 2 s |",
        f"| 200 queues on two cores, from {queues} | {many * scale:.1f} min "
        f"({busy * scale:.1f} min of CPU a core) | 4 min |",
        f"| memory of a process | {memory / 1024:.0f} MB | 1024 MB |",
        f"| load of the machine meanwhile | {load:.1f} on {os.cpu_count()} cores | |",
    ]
    return "\n".join(["| what | measured | target |", "|---|---|---|", *rows])


def _made_up_file(path: Path, seed: int) -> Path:
    stamps = pd.date_range("2023-01-01", periods=730 * 48, freq="30min")
    rng = np.random.default_rng(seed)
    level = 20 + 15 * np.sin(np.arange(len(stamps)) % 48 / 48 * 2 * np.pi - 1.5)
    day = np.exp(rng.normal(0, 0.06, 730)).repeat(48) * np.where(stamps.day_of_week < 5, 1.0, 0.5)
    frame = pd.DataFrame({"timestamp": stamps, "queue": f"q{seed}", "calls": rng.poisson(level * day)})
    frame.assign(aht_seconds=300.0).to_parquet(path)
    return path


@dataclass(frozen=True)
class Cost:
    """``memory_kib`` is the process's peak."""

    cpu_s: float
    memory_kib: float


def _file_to_paths(path: Path) -> Cost:
    """Forecast four weeks from a file."""
    from staffing.history import read_history

    began = _cpu_s()
    calendar = SiteCalendar(country="US", interval_min=30)
    history = read_history(path, calendar)
    forecast(history.frame, calendar, start=dt.date(2024, 12, 30), days=28)
    return Cost(_cpu_s() - began, float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def _cpu_s() -> float:
    """Processor time of this process and of those it waited for, such as Stan's."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    print(speed())
