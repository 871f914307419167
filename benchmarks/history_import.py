"""Reading history with every check on: 7 million rows as Parquet and CSV, a hundred rows, beside a bare pandas read.

Each file is read in a process of its own, whose processor time and most memory held are told, libraries included.

python -m benchmarks.history_import [rows of the large files]
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.history import read_history

QUEUES = 200
SHEET_ROWS = 100_000
Write = Callable[[pd.DataFrame, Path], None]


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 7_000_000
    print(f"load {os.getloadavg()[0]:.1f}\n")
    print("| file | rows | staffing: CPU s, most MB | pandas alone: CPU s, most MB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, (made, write, bare) in _cases(rows).items():
            path = Path(folder) / name
            table = made()
            write(table, path)
            count = len(table)
            del table
            ours, theirs = _apart(_read, path), _apart(bare, path)
            print(f"| {name} | {count:,} | {ours} | {theirs} |", flush=True)
            path.unlink()


def _cases(rows: int) -> dict[str, tuple[Callable[[], pd.DataFrame], Write, Callable[[Path], object]]]:
    """Name of the file: how its table is made and written, and how pandas alone reads it."""
    return {
        "hundred.csv": (lambda: _table(1, 100), _csv, pd.read_csv),
        "large.parquet": (lambda: _many(rows), lambda table, path: table.to_parquet(path), pd.read_parquet),
        "large.csv": (lambda: _many(rows), _csv, pd.read_csv),
        "decimal-comma.csv": (lambda: _german(_many(rows // 7)), _semicolons, pd.read_csv),
        "sheet.xlsx": (lambda: _table(1, SHEET_ROWS), _sheet, _bare_sheet),
    }


def _apart(read: Callable[[Path], object], path: Path) -> str:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        cpu_s, most_mb = pool.apply(_measured, (read, path))
    return f"{cpu_s:.2f}, {most_mb:,.0f}"


def _measured(read: Callable[[Path], object], path: Path) -> tuple[float, float]:
    """Processor seconds of a read and the most memory that its process held, MB."""
    start = time.process_time()
    read(path)
    return time.process_time() - start, _most_mb()


def _most_mb() -> float:
    """Most memory this process held. Linux's resource usage starts from that of the process which made this one."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1e3


def _read(path: Path) -> object:
    return read_history(path, SiteCalendar())


def _bare_sheet(path: Path) -> object:
    return pd.read_excel(path, engine="calamine")


def _many(rows: int) -> pd.DataFrame:
    return pd.concat([_table(k, rows // QUEUES) for k in range(QUEUES)])


def _table(queue: int, rows: int) -> pd.DataFrame:
    return pd.DataFrame({
        "timestamp": pd.date_range("2023-01-01", periods=rows, freq="30min"),
        "queue": f"queue {queue}",
        "calls": np.random.default_rng(queue).poisson(20, rows),
        "aht_seconds": 200.5,
    })  # fmt: skip


def _german(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(
        timestamp=table["timestamp"].dt.strftime("%d.%m.%Y %H:%M"),
        aht_seconds=table["aht_seconds"].map(lambda aht_s: f"{aht_s:.1f}".replace(".", ",")),
    )


def _csv(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False)


def _semicolons(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, sep=";")


def _sheet(table: pd.DataFrame, path: Path) -> None:
    table.to_excel(path, index=False, engine="xlsxwriter")


if __name__ == "__main__":
    main()
