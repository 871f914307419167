"""Patience and handle time of a real bank's callers, by call type.

    python -m benchmarks.queueing_patience [FILE]

FILE defaults to anonbank_1999_calls_9months.parquet in the data folder shared beside the repository (Technion
SEELab). Calls that reached the queue; recorded waits up to an hour, services of 1–7,200 s.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from staffing.queueing.fit import (
    Estimate,
    exponential_patience,
    handle_time,
    kaplan_meier,
    largest_gap,
    patience_from_intervals,
)

FILE = Path(__file__).parents[1] / ".." / "shared" / "data" / "anonbank_1999_calls_9months.parquet"


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    if not path.exists():
        print(f"{path.name} is absent")
        return
    calls = pd.read_parquet(path, columns=["timestamp", "type", "q_time", "outcome", "ser_time"])
    calls = calls[calls["outcome"].isin(["AGENT", "HANG"]) & calls["q_time"].between(0, 3600)]
    calls = calls[(calls["outcome"] == "AGENT") | (calls["q_time"] > 0)]  # hung up in the menu: never queued
    print("| type | calls | abandoned | patience s, from calls | from half hours | still waiting after 60 s, 300 s "
          "| gap to exponential | AHT s | variation |\n|---|---|---|---|---|---|---|---|---|")  # fmt: skip
    for kind, rows in calls.groupby("type"):
        if len(rows) >= 2000:
            print(row(str(kind), rows))


def row(kind: str, rows: pd.DataFrame) -> str:
    wait, gone = rows["q_time"].to_numpy(dtype=float), (rows["outcome"] == "HANG").to_numpy()
    single, survival = exponential_patience(wait, gone), kaplan_meier(wait, gone)
    slots = (
        pd.DataFrame({"slot": rows["timestamp"].dt.floor("30min"), "wait": wait, "gone": gone}).groupby("slot").sum()
    )
    exported = patience_from_intervals(slots["gone"].to_numpy(dtype=float), slots["wait"].to_numpy())
    served = rows.loc[(rows["outcome"] == "AGENT") & rows["ser_time"].between(1, 7200), "ser_time"].to_numpy(
        dtype=float
    )
    handled = handle_time(served)
    left = ", ".join(f"{share:.3f}" for share in survival.at(np.array([60.0, 300.0])))
    return (
        f"| {kind} | {len(rows):,} | {gone.mean():.3f} | {shown(single)} | {shown(exported)} | {left} "
        f"| {largest_gap(survival, single.value):.3f} | {shown(handled.mean_s)} | {handled.variation:.2f} |"
    )


def shown(estimate: Estimate) -> str:
    return f"{estimate.value:.0f} ({estimate.low:.0f}–{estimate.high:.0f})"


if __name__ == "__main__":
    main()
