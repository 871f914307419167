"""The 1999 bank's weeks for the replay: call records to half-hours, a workspace that knows only what came before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.series import DATA

RECORDS = 40_000
ZONE = "Asia/Jerusalem"
OPEN_MIN = {4: (420, 840), 5: (1200, 1440)}  # Friday, Saturday; else 7 to 24 o'clock
#: Methods were chosen on the first, the others are reported on.
TUNING = (
    "1999-03-14",
    "1999-04-25",
    "1999-05-09",
    "1999-06-06",
    "1999-06-20",
    "1999-07-04",
    "1999-07-18",
    "1999-10-24",
)
TEST = (
    "1999-03-07", "1999-03-21", "1999-04-11", "1999-04-18", "1999-05-02", "1999-05-16", "1999-05-30", "1999-06-13",
    "1999-06-27", "1999-07-11", "1999-10-03", "1999-10-10",
)  # fmt: skip

WORKSPACE = """seed = 1
[site]
timezone = "Asia/Jerusalem"
interval_min = 30
country = "IL"
week_start = "sunday"
weekend = ["friday", "saturday"]
[site.opening]
sunday = "07:00-24:00"
monday = "07:00-24:00"
tuesday = "07:00-24:00"
wednesday = "07:00-24:00"
thursday = "07:00-24:00"
friday = "07:00-14:00"
saturday = "20:00-24:00"
[[queues]]
name = "calls"
aht_s = 190.0
patience_s = 400.0
patience_from_history = true
minimum_agents = 2
[service]
service_level = 0.8
threshold_s = 20.0
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
SHIFTS = """[[shifts]]
name = "day-8h"
length_min = 510
first_start = "07:00"
last_start = "15:30"
breaks = [
  { name = "break", minutes = 15, paid = true, earliest_min = 90, latest_min = 165 },
  { name = "lunch", minutes = 30, paid = false, earliest_min = 210, latest_min = 300 },
  { name = "break", minutes = 15, paid = true, earliest_min = 360, latest_min = 435 },
]
[[shifts]]
name = "seven-7h"
length_min = 420
first_start = "07:00"
last_start = "17:00"
breaks = [
  { name = "break", minutes = 15, paid = true, earliest_min = 90, latest_min = 165 },
  { name = "lunch", minutes = 30, paid = false, earliest_min = 210, latest_min = 300 },
]
[[shifts]]
name = "half-5h"
length_min = 300
first_start = "07:00"
last_start = "19:00"
breaks = [{ name = "break", minutes = 15, paid = true, earliest_min = 90, latest_min = 195 }]
[[shifts]]
name = "eve-4h"
length_min = 240
first_start = "07:00"
last_start = "20:00"
[[contracts]]
name = "full-time"
max_hours = 40.0
max_days = 5
[[contracts]]
name = "part-time"
max_hours = 25.0
max_days = 5
shifts = ["half-5h", "eve-4h"]
"""
PEOPLE = [(f"F{i:02d}", "full-time") for i in range(26)] + [(f"P{i:02d}", "part-time") for i in range(14)]


def minutes_open(day: pd.Timestamp) -> tuple[int, int]:
    return OPEN_MIN.get(day.weekday(), (420, 1440))


def load_calls() -> pd.DataFrame:
    """``arrival`` (local, no zone), ``date``, ``answered, wait_s, handle_s`` (NaN: not known) of calls that queued or
    were answered in opening hours, in order."""
    calls = pd.read_parquet(DATA / "anonbank_1999_calls_9months.parquet")
    answered, queued = calls["outcome"] == "AGENT", calls["q_start_s"] > 0
    calls = calls[(calls["outcome"] != "PHANTOM") & (answered | queued)]
    second = calls["q_start_s"].where(calls["q_start_s"] > 0, calls["ser_start_s"])
    date = calls["timestamp"].dt.normalize()
    known = (calls["outcome"] == "AGENT") & calls["ser_time"].between(1, 7200)
    table = pd.DataFrame({
        "arrival": date + pd.to_timedelta(second, unit="s"),
        "date": date,
        "answered": calls["outcome"] == "AGENT",
        "wait_s": calls["q_time"].clip(0, 3600).where(calls["q_start_s"] > 0, 0.0),
        "handle_s": calls["ser_time"].where(known).astype(float),
    })  # fmt: skip
    span = np.array([minutes_open(day) for day in table["date"].drop_duplicates()])
    low, high = (table["date"].map(dict(zip(table["date"].drop_duplicates(), span[:, k]))) * 60 for k in (0, 1))
    return table[(second >= low) & (second < high)].sort_values("arrival").reset_index(drop=True)


def half_hours(calls: pd.DataFrame) -> pd.DataFrame:
    """A history file's rows: every open half-hour of the months that are there."""
    slots = calls.assign(timestamp=calls["arrival"].dt.floor("30min")).groupby("timestamp")
    sums = slots.agg(
        calls=("answered", "size"), answered=("answered", "sum"), wait_seconds=("wait_s", "mean"),
        aht_seconds=("handle_s", "mean"),
    )  # fmt: skip
    days = [day for day in pd.date_range("1999-01-01", "1999-10-31") if day.month != 8]
    days = [day for day in days if f"{day:%m-%d}" not in ("01-11", "01-12")]
    starts = [day + pd.Timedelta(minutes=m) for day in days for m in range(*minutes_open(day), 30)]
    sums = sums.reindex(pd.DatetimeIndex(starts, name="timestamp"))
    sums[["calls", "answered"]] = sums[["calls", "answered"]].fillna(0).astype(int)
    return sums.assign(abandoned=sums["calls"] - sums["answered"], queue="calls").reset_index()


def workspace(folder: Path, calls: pd.DataFrame, rows: pd.DataFrame, week: str) -> Path:
    """A workspace whose history, and single calls of the last weeks, end before ``week``."""
    (folder / "history").mkdir(parents=True, exist_ok=True)
    known = rows[rows["timestamp"] < week]
    known = known.assign(timestamp=known["timestamp"].dt.strftime("%Y-%m-%d %H:%M")).round(2)
    known.to_csv(folder / "history" / "calls.csv", index=False)
    single = calls[calls["date"] < week].tail(RECORDS).rename(columns={"date": "day"})
    single = single.assign(answered=single["answered"].astype(int))
    single[["wait_s", "answered", "handle_s"]].round(1).to_csv(folder / "records.csv", index=False)
    odd = '[[excluded]]\nstart = 1999-05-23\nend = 1999-05-23\nreason = "anomalous"\n'
    (folder / "workspace.toml").write_text(WORKSPACE + (odd if week > "1999-05-23" else ""))
    (folder / "shifts.toml").write_text(SHIFTS)
    people = [f"{name},{contract},calls" for name, contract in PEOPLE]
    (folder / "agents.csv").write_text("\n".join(["agent,contract,skills", *people]) + "\n")
    return folder
