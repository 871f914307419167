"""Reading history: a million rows from CSV, Parquet and xlsx, with every check on, beside a bare pandas read.

python -m benchmarks.history_import [rows]
"""

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

SHEET_ROWS = 100_000


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print("| file | rows | staffing, CPU s | pandas alone, CPU s |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, (table, write, bare) in _cases(rows).items():
            path = Path(folder) / name
            write(table, path)
            ours = _cpu_s(lambda path=path: read_history(path, SiteCalendar()))
            theirs = _cpu_s(lambda path=path, bare=bare: bare(path))
            print(f"| {name} | {len(table):,} | {ours:.1f} | {theirs:.1f} |")
    print(f"\nMost memory held: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB")


def _cases(rows: int) -> dict[str, tuple[pd.DataFrame, Callable, Callable]]:
    """Name of the file: its table, how it is written, how pandas alone reads it."""
    one = _table(1, rows)
    many = pd.concat([_table(k, rows // 20) for k in range(20)])
    german = many.assign(
        timestamp=many["timestamp"].dt.strftime("%d.%m.%Y %H:%M"),
        aht_seconds=many["aht_seconds"].map(lambda aht_s: f"{aht_s:.1f}".replace(".", ",")),
    )
    return {
        "one-queue.csv": (one, lambda t, p: t.to_csv(p, index=False), pd.read_csv),
        "twenty-queues-decimal-comma.csv": (german, lambda t, p: t.to_csv(p, index=False, sep=";"), pd.read_csv),
        "twenty-queues.parquet": (many, lambda t, p: t.to_parquet(p), pd.read_parquet),
        "one-queue.xlsx": (one[:SHEET_ROWS], _write_sheet, lambda p: pd.read_excel(p, engine="calamine")),
    }


def _table(queue: int, rows: int) -> pd.DataFrame:
    return pd.DataFrame({
        "timestamp": pd.date_range("2015-01-01", periods=rows, freq="5min"),
        "queue": f"queue {queue}",
        "calls": np.random.default_rng(queue).poisson(20, rows),
        "aht_seconds": 200.5,
    })  # fmt: skip


def _write_sheet(table: pd.DataFrame, path: Path) -> None:
    table.to_excel(path, index=False, engine="xlsxwriter")


def _cpu_s(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
