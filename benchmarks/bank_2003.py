"""The 2003 bank's weeks for the replay: five-minute counts, arrivals drawn evenly inside them.

Its handle times and patience are not known: every call takes 60 s on average (lognormal, as its mean is spread in call
centres) and callers wait 200 s on average, which planner, usual pipeline and clairvoyant all know. So only volume is
judged here.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.bank_weeks import SHIFTS
from benchmarks.series import DATA
from staffing.simulation.shapes import Shape, exponential, lognormal

ZONE = "America/New_York"
AHT_S, HANDLE_CV, PATIENCE_S = 60.0, 1.0, 200.0
OPEN_MIN = (420, 1260)
TUNING = ("2003-06-09", "2003-08-11")
TEST = ("2003-06-16", "2003-07-14", "2003-08-18", "2003-09-15", "2003-09-22", "2003-10-06")

WORKSPACE = """seed = 1
[site]
timezone = "America/New_York"
interval_min = 30
country = "US"
week_start = "monday"
[site.opening]
monday = "07:00-21:00"
tuesday = "07:00-21:00"
wednesday = "07:00-21:00"
thursday = "07:00-21:00"
friday = "07:00-21:00"
[[queues]]
name = "calls"
aht_s = 60.0
patience_s = 200.0
minimum_agents = 2
[service]
service_level = 0.8
threshold_s = 20.0
[simulation]
handle_cv = 1.0
[shrinkage]
planned = 0.05
unplanned = 0.08
[rules]
min_rest_h = 11.0
[prices]
agent_hour = 24.0
shortage_hour = 96.0
excess_hour = 12.0
[solve]
seconds = 60.0
gap = 0.01
"""
PEOPLE = [(f"F{i:03d}", "full-time") for i in range(85)] + [(f"P{i:03d}", "part-time") for i in range(45)]


def minutes_open(day: pd.Timestamp) -> tuple[int, int]:
    return OPEN_MIN if day.weekday() < 5 else (0, 0)


def load_calls() -> pd.DataFrame:
    """``arrival`` (local, no zone), ``date``, ``answered, wait_s, handle_s``."""
    counts = pd.read_parquet(DATA / "na_bank_2003_5min.parquet")
    minute = counts["timestamp"].dt.hour * 60 + counts["timestamp"].dt.minute
    counts = counts[(minute >= OPEN_MIN[0]) & (minute < OPEN_MIN[1])]
    rng = np.random.default_rng(2003)
    begin = counts["timestamp"].repeat(counts["calls"]).reset_index(drop=True)
    arrival = begin + pd.to_timedelta(rng.random(len(begin)) * 300, unit="s")
    knots = lognormal(HANDLE_CV).knots
    handle = AHT_S * rng.choice(knots / knots.mean(), len(begin))
    table = pd.DataFrame({"arrival": arrival, "date": begin.dt.normalize(), "answered": True, "wait_s": 0.0})
    return table.assign(handle_s=handle).sort_values("arrival").reset_index(drop=True)


def half_hours(calls: pd.DataFrame) -> pd.DataFrame:
    """A history file's rows; six weekdays are not there."""
    counts = calls.groupby(calls["arrival"].dt.floor("30min")).size()
    table = counts.rename("calls").rename_axis("timestamp").reset_index()
    return table.assign(answered=table["calls"], aht_seconds=AHT_S, queue="calls")


def lasting(_calls: pd.DataFrame) -> tuple[Shape, float]:
    """Patience, and its mean."""
    return exponential(), PATIENCE_S


def workspace(folder: Path, _calls: pd.DataFrame, rows: pd.DataFrame, week: str) -> Path:
    """A workspace whose history ends before ``week``."""
    (folder / "history").mkdir(parents=True, exist_ok=True)
    known = rows.loc[rows["timestamp"] < week, ["timestamp", "queue", "calls"]]
    known = known.assign(timestamp=known["timestamp"].dt.strftime("%Y-%m-%d %H:%M"))
    known.to_csv(folder / "history" / "calls.csv", index=False)
    (folder / "workspace.toml").write_text(WORKSPACE)
    (folder / "shifts.toml").write_text(SHIFTS)
    people = [f"{name},{contract},calls" for name, contract in PEOPLE]
    (folder / "agents.csv").write_text("\n".join(["agent,contract,skills", *people]) + "\n")
    return folder
