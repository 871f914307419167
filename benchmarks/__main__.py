"""Every benchmark that needs no peer, one after the other; `python -m benchmarks NAME …` runs only those named."""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS: dict[str, list[list[str]]] = {
    "queueing_accuracy": [[]],
    "queueing_agents": [[]],
    "queueing_day": [[]],
    "queueing_patience": [[]],
    "history_import": [[]],
    "evaluation": [[]],
    "rosters": [["--agents", str(count), "--site", "day"] for count in (30, 100, 300, 1000)],
    "replan": [["--days", "1"], ["--days", "7"]],
    "edits": [[]],
    "rest_of_day": [["--days", "4"]],
    "simulation": [[]],
    "events": [[]],
    "launch_dates": [[]],
    "what_if": [[]],
    "reforecast": [[]],
}


def main() -> int:
    """Run the benchmarks; the exit code is the number of those that failed."""
    chosen = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in chosen if name not in BENCHMARKS]
    if unknown:
        print(f"No benchmark '{unknown[0]}'. There are: {', '.join(BENCHMARKS)}.")
        return 2
    failed = 0
    for name in chosen:
        for arguments in BENCHMARKS[name]:
            print(f"\n== {name} {' '.join(arguments)}", flush=True)
            done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], check=False)
            failed += done.returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
