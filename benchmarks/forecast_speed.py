"""How long a forecast takes from file to paths, for one queue and for two hundred, and its memory.

python -m benchmarks.forecast_speed [queues]

The many queues are read as Parquet and as CSV. Their memory is that of the largest process, and of all processes of
the command together (proportional shares, looked up in /proc twice a second).
"""

import datetime as dt
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.forecast import forecast

LOOK_S = 0.5


def speed(queues: int = 200) -> str:
    """From file to paths: one queue with two years of half-hours, and one file of many through the command line.

    Processor time counts Stan's own processes and the workers too.
    """
    with tempfile.TemporaryDirectory() as folder:
        one = _write(Path(folder) / "one.parquet", 1)
        _file_to_paths(one)
        clock = time.perf_counter()
        cpu = float(np.median([_file_to_paths(one).cpu_s for _ in range(5)]))
        clock = (time.perf_counter() - clock) / 5
        alone = _file_to_paths(one).memory_kib
        many = _write(Path(folder) / "many.parquet", queues)
        costs = {"Parquet": _command(many), "CSV": _command(_as_csv(many))}
    many_rows = [
        f"| {queues} such queues in one file, `staffing forecast`, {kind} | {cost.wall_s / 60:.1f} min "
        f"({cost.cpu_s / 60:.1f} min of CPU), {cost.memory_kib / 1024:.0f} MB the largest process, "
        f"{cost.together_kib / 1024:.0f} MB all together | 4 min, 1024 MB |"
        for kind, cost in costs.items()
    ]
    rows = [
        f"| one queue, two years of half-hours, file to paths | {clock:.1f} s ({cpu:.1f} s of CPU) | 2 s |",
        f"| memory, one queue | {alone / 1024:.0f} MB | 1024 MB |",
        *many_rows,
        f"| load of the machine at the end | {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores | |",
    ]
    return "\n".join(["| what | measured | target |", "|---|---|---|", *rows])


def _write(path: Path, queues: int) -> Path:
    pd.concat([_made_up_queue(seed) for seed in range(queues)]).to_parquet(path)
    return path


def _as_csv(path: Path) -> Path:
    pd.read_parquet(path).to_csv(path.with_suffix(".csv"), index=False)
    return path.with_suffix(".csv")


def _made_up_queue(seed: int) -> pd.DataFrame:
    stamps = pd.date_range("2023-01-01", periods=730 * 48, freq="30min")
    rng = np.random.default_rng(seed)
    level = 20 + 15 * np.sin(np.arange(len(stamps)) % 48 / 48 * 2 * np.pi - 1.5)
    day = np.exp(rng.normal(0, 0.06, 730)).repeat(48) * np.where(stamps.day_of_week < 5, 1.0, 0.5)
    frame = pd.DataFrame({"timestamp": stamps, "queue": f"q{seed}", "calls": rng.poisson(level * day)})
    return frame.assign(aht_seconds=300.0)


@dataclass(frozen=True)
class Cost:
    """``memory_kib`` is the largest process's peak, ``together_kib`` that of a process and all it started."""

    cpu_s: float
    memory_kib: float
    wall_s: float = 0.0
    together_kib: float = 0.0


def _command(file: Path) -> Cost:
    """Four weeks of every queue by the command line, in a process of its own."""
    began, together = time.perf_counter(), 0
    out = file.with_name("forecast.parquet")
    command = [sys.executable, "-m", "staffing", "forecast", str(file), "--country", "US", "--out", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    ended = 0
    while not ended:
        together = max(together, sum(_share_kib(each) for each in _family(process.pid)))
        time.sleep(LOOK_S)
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit("staffing forecast has failed")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss, time.perf_counter() - began, together)


def _family(pid: int) -> list[int]:
    """A process and all that it and they started."""
    try:
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:  # it has ended meanwhile
        return []
    return [pid, *(one for child in children for one in _family(child))]


def _share_kib(pid: int) -> int:
    """Memory of a process; what several share counts in parts."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


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
    print(speed(*map(int, sys.argv[1:2])))
