"""Smallest agents for a million intervals, exact against brute force, beside pyworkforce in the same run.

    python -m benchmarks.queueing_agents [--peer-python PATH] [--cases 100000]

PATH is the interpreter of an environment that has pyworkforce; without it the peer is said to be absent.
Processor seconds of one thread, median of five.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from staffing.queueing import Targets, measures, smallest_agents

EIGHTY = Targets(service_level=0.8)
PEER = """
import json, sys, time
from importlib.metadata import version
from pyworkforce.queuing import ErlangC
try:
    from pyworkforce.queuing import ErlangA
except ImportError:
    ErlangA = None
rows = json.load(sys.stdin)
out = {"version": version("pyworkforce")}
for name, model in (("C", ErlangC), ("A", ErlangA)):
    if model is None:
        continue
    found, start = [], time.process_time()
    for load, aht, patience in rows[: 2000 if name == "C" else 50]:
        extra = {} if name == "C" else {"patience": patience / 60}
        peer = model(transactions=load * 1800 / aht, aht=aht / 60, interval=30, asa=20 / 60, shrinkage=0.0, **extra)
        found.append(peer.required_positions(service_level=0.8)["raw_positions"])
    out[name] = [(time.process_time() - start) / len(found), found]
print(json.dumps(out))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer-python", default="")
    parser.add_argument("--cases", type=int, default=100_000)
    options = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print(f"yardstick, 2 million logarithms and exponentials: {median_s(yardstick):.3f} s\n")
    typical, large = intervals("typical", 1_000_000), intervals("large", 1_000_000)
    speeds = {}
    print("| a million intervals, 80/20 | processor s |\n|---|---|")
    for name, (load, aht, patience) in (("load around 20", typical), ("loads 200–20,000", large)):
        for model, mean in (("C", np.inf), ("A", patience)):
            seconds = median_s(lambda a=load, s=aht, p=mean: smallest_agents(a, s, p, 20.0, EIGHTY))
            speeds.setdefault(model, seconds / load.size)
            print(f"| Erlang {model}, {name} | {seconds:.2f} |")
    compare(options.peer_python, typical, speeds)
    wrong, cases = against_brute_force(options.cases)
    print(f"\nbrute force: {wrong} of {cases} random cases differ")
    sys.exit(wrong > 0)


def intervals(kind: str, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Loads, handle times and patience like those of interval plans; ``kind`` typical or large."""
    rng = np.random.default_rng(1)
    if kind == "typical":
        load = np.exp(rng.normal(math.log(20), 1.0, size)).clip(0.2, 1000)
    else:
        load = np.exp(rng.uniform(math.log(200), math.log(20_000), size))
    return load, rng.uniform(120, 900, size), rng.uniform(45, 400, size)


def yardstick() -> np.ndarray:
    """A fixed piece of arithmetic: how quick the machine is at the moment."""
    return np.exp(np.log(np.linspace(0.1, 1.0, 2_000_000)))


def median_s(work: Callable[[], Any]) -> float:
    work()
    seconds = []
    for _ in range(5):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return sorted(seconds)[2]


def compare(peer_python: str, typical: tuple[np.ndarray, ...], speeds: dict[str, float]) -> None:
    rows = np.column_stack(typical)[:2000]
    if not peer_python:
        print("\npeer absent")
        return
    done = subprocess.run([peer_python, "-c", PEER], input=json.dumps(rows.tolist()), capture_output=True, text=True)
    if done.returncode:
        print(f"\npeer absent ({done.stderr.strip().splitlines()[-1]})")
        return
    peer = json.loads(done.stdout)
    print(f"\n| per interval | pyworkforce {peer['version']} | staffing | times | peer's answers that differ |")
    print("|---|---|---|---|---|")
    for model in ("C", "A"):
        if model not in peer:
            print(f"| Erlang {model} | not offered | {speeds[model] * 1e6:.2f} µs | | |")
            continue
        seconds, found = peer[model]
        part = rows[: len(found)]
        own = smallest_agents(part[:, 0], part[:, 1], np.inf if model == "C" else part[:, 2], 20.0, EIGHTY)
        off = int((own != np.array(found)).sum())
        times = seconds / speeds[model]
        each = f"{seconds * 1e6:.0f} µs | {speeds[model] * 1e6:.2f} µs | {times:,.0f}"
        print(f"| Erlang {model} | {each} | {off} of {len(found)} |")


def against_brute_force(cases: int) -> tuple[int, int]:
    """Cases whose answer is not the first number of agents, tried one by one, that keeps the target."""
    rng = np.random.default_rng(2)
    load = 10 ** rng.uniform(-2, 2, cases)
    aht, threshold = rng.choice([30.0, 180.0, 900.0], cases), rng.choice([0.0, 10.0, 20.0, 60.0], cases)
    patience = rng.choice([5.0, 60.0, 300.0, 1e6, np.inf], cases)
    wrong = 0
    for targets in (EIGHTY, Targets(service_level=0.95, abandonment=0.03), Targets(asa_s=15.0, max_occupancy=0.9)):
        found = smallest_agents(load, aht, patience, threshold, targets)
        tried = np.where(np.isinf(patience), np.floor(load) + 1, 1.0)
        open_cases = np.arange(cases)
        while open_cases.size:
            k = open_cases
            seen = measures(
                arrival_rate_per_s=load[k] / aht[k], aht_s=aht[k], agents=tried[k], threshold_s=threshold[k],
                patience_s=patience[k],
            )  # fmt: skip
            kept = np.ones(k.size, dtype=bool)
            if targets.service_level is not None:
                kept &= seen.service_level >= targets.service_level - 1e-12
            if targets.abandonment is not None:
                kept &= seen.abandonment <= targets.abandonment + 1e-12
            if targets.asa_s is not None:
                kept &= seen.asa_s <= targets.asa_s * (1 + 1e-12)
            if targets.max_occupancy is not None:
                kept &= seen.occupancy <= targets.max_occupancy + 1e-12
            wrong += int((found[k[kept]] != tried[k[kept]]).sum())
            open_cases = k[~kept]
            tried[open_cases] += 1
    return wrong, 3 * cases


if __name__ == "__main__":
    main()
