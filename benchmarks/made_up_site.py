"""A workspace of made-up queues, as many as wanted: what the nightly run is measured on.

python -m benchmarks.made_up_site FOLDER QUEUES [DAYS]
"""

import itertools
import sys
from pathlib import Path

import numpy as np
import pandas as pd

FIRST = "2024-11-25"
SLOTS = 48
CHUNK = 100  # queues written at once

SETTINGS = """\
[site]
timezone = "America/Phoenix"
interval_min = 30
country = "US"
"""


def make(folder: Path, queues: int, days: int = 730, files: int = 1) -> Path:
    """A workspace of ``queues`` with ``days`` days of half-hours each; the last ``files`` - 1 days have a file each."""
    (folder / "history").mkdir(parents=True)
    named = "".join(f'\n[[queues]]\nname = "{name(number)}"\naht_s = 240.0\n' for number in range(queues))
    (folder / "workspace.toml").write_text(SETTINGS + named)
    for first in range(0, queues, CHUNK):
        chunk = pd.concat([calls(number, days) for number in range(first, min(first + CHUNK, queues))])
        bounds = [0, *range(days - files + 1, days + 1)]
        day = np.tile(np.arange(days).repeat(SLOTS), len(chunk) // (days * SLOTS))
        for part, (low, high) in enumerate(itertools.pairwise(bounds)):
            path = folder / "history" / f"{part:03d}-{first:05d}.parquet"
            chunk[(day >= low) & (day < high)].to_parquet(path, index=False)
    return folder


def name(number: int) -> str:
    return f"q{number:05d}"


def calls(number: int, days: int) -> pd.DataFrame:
    """Half-hours of one queue: a shape, a week, a season, and a level that wanders."""
    stamps = pd.date_range(FIRST, periods=days * SLOTS, freq="30min")
    rng = np.random.default_rng(number)
    hour = np.arange(SLOTS) / 2
    shape = 0.1 + np.exp(-(((hour - 10 - rng.random()) / 2.5) ** 2)) + 0.7 * np.exp(-(((hour - 15) / 2.0) ** 2))
    week = np.array([1.2, 1.05, 1.0, 1.0, 0.95, 0.5, 0.3]) ** rng.uniform(0.5, 1.3)
    season = 1 + 0.15 * np.sin(np.arange(days) / 365.25 * 2 * np.pi + rng.random() * 6)
    level = rng.uniform(5, 40) * np.exp(np.cumsum(rng.normal(0, 0.01, days)) + rng.normal(0, 0.05, days)) * season
    mean = (level * week[np.arange(days) % 7])[:, None] * shape
    aht = np.round(rng.uniform(150, 400) * np.exp(rng.normal(0, 0.1, days * SLOTS)), 1)
    return pd.DataFrame({"timestamp": stamps, "queue": name(number), "calls": rng.poisson(mean).ravel(), "aht": aht})


if __name__ == "__main__":
    make(Path(sys.argv[1]), *map(int, sys.argv[2:]))
