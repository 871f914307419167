"""The call simulator: calls a second beside simpy on the same model and calls, and its distance from Erlang A.

    python -m benchmarks.simulation [--calls 2000000]

One queue and 24 agents; five queues and eight skill groups, 120 agents with shifts and breaks. Processor seconds
of one core, laying the calls out and reading them back included; the kernels are compiled before.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.queueing import measures
from staffing.requirements import requirements
from staffing.simulation.calls import Calls, Windows, serve
from staffing.simulation.lines import Worlds
from staffing.simulation.skills import serve_skills
from staffing.simulation.week import SimulatedWeek, simulate
from tests.simulation import simpy_centre
from tests.simulation.centre import FIVE_BY_EIGHT, KNOWN, day, staggered
from tests.simulation.test_skills import listed, rows_of

SIMPY_CALLS_PER_HOUR = 35  # simpy gets fewer calls of the same kind; its time a call is what counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=2_000_000)
    size = parser.parse_args().calls
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| model | million calls/s | simpy, thousand calls/s | times faster |\n|---|---|---|---|")
    rng = np.random.default_rng(1)
    print(one_queue(rng, size))
    print(five_by_eight(rng, size))
    print(f"\n{whole_week()}")
    print("\nErlang A: 50 agents, load 48, handle time 60 s, patience 120 s, answered within 20 s of all\n")
    print("| calls | simulated ± 95 % | exact | distance |\n|---|---|---|---|")
    for millions in (20, 100):
        print(erlang_a(millions))


def one_queue(rng: np.random.Generator, size: int) -> str:
    calls = stationary(rng, size, 20.0)
    windows = Windows(np.arange(24), np.zeros(24), np.full(24, 1e12))
    seconds = fastest(lambda: serve(calls, windows))
    few = Calls(calls.arrival_s[:8000], calls.handle_s[:8000], calls.patience_s[:8000])
    agents = [[(0.0, float(few.arrival_s[-1]) + 1e4, 0, False)] for _ in range(24)]
    other = fastest(lambda: simpy_centre.simulate(listed([few]), agents, [[0]], [[0]]), 2)
    return row("one queue, 24 agents", size / seconds, 8000 / other)


def five_by_eight(rng: np.random.Generator, size: int) -> str:
    """Many days laid behind each other would need as many people: the day is made as dense as it takes."""
    per_hour = size / 5 / 12
    calls = [day(rng, per_hour, aht_s=240.0 * 175 / per_hour) for _ in range(5)]
    windows, group = staggered(120)
    seconds = fastest(lambda: serve_skills(calls, windows, group, FIVE_BY_EIGHT))
    few = [day(rng, SIMPY_CALLS_PER_HOUR, aht_s=240.0 * 175 / SIMPY_CALLS_PER_HOUR) for _ in range(5)]
    agents, known = rows_of(windows, group), KNOWN.tolist()
    other = fastest(lambda: simpy_centre.simulate(listed(few), agents, known, known), 2)
    count = sum(own.arrival_s.size for own in calls)
    return row("5 queues × 8 groups, 120 agents, breaks", count / seconds, sum(o.arrival_s.size for o in few) / other)


def whole_week() -> str:
    """A week of 300 people with breaks and absences, half-hours from 7 to 22 o'clock, played 200 times."""
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    site = {"timezone": "Europe/Berlin", "interval_min": 30, "opening": dict.fromkeys(days, "07:00-22:00")}
    case = Scenario.parse({
        "site": site,
        "queues": [{"name": "voice", "aht_s": 240.0, "patience_s": 180.0}],
        "agents": [{"name": f"agent {k}", "contract": "full"} for k in range(300)],
        "contracts": [{"name": "full", "max_hours": 60}],
        "shifts": [{"name": "day", "length_min": 480, "first_start": "07:00", "last_start": "14:00"}],
        "shrinkage": {"planned": 0.05, "unplanned": 0.08},
    })  # fmt: skip
    monday, hour = dt.date(2026, 3, 2), pd.Timedelta(hours=1)
    midnight, rng = case.site.midnight(monday), np.random.default_rng(3)
    start = pd.DatetimeIndex([midnight + (24 * d + 7 + i / 2) * hour for d in range(7) for i in range(30)])
    calls = np.tile(300 + 180 * np.sin(np.linspace(0.2, 2.9, 30)), 7)
    table = pd.DataFrame({"queue": "voice", "start": start, "calls": calls, "aht_s": 240.0})
    paths = rng.poisson(calls * rng.gamma(100, 0.01, (200, 1))).astype("float32")
    rows = []
    for number in range(1500):
        agent, begin = number // 5, midnight + (24 * ((number + number // 5) % 7) + 7 + number // 5 % 15 / 2) * hour
        rows.append((f"agent {agent}", begin, begin + 8 * hour, "shift", number))
        rows += [(f"agent {agent}", begin + h * hour, begin + (h + 0.25) * hour, "break", number) for h in (2, 4, 6)]
    roster = pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "shift"]).assign(queue="voice")
    roster = roster.sort_values(["agent", "start"], ignore_index=True)
    levels = table.assign(p10=calls, p50=calls, p90=calls)
    week = SimulatedWeek(Worlds(levels, {"voice": paths}), requirements(levels, case), roster, case, monday)
    seconds = fastest(lambda: simulate(week, runs=200), 3)
    return f"a week of 300 people, {calls.sum():,.0f} calls, played 200 times: {seconds:.1f} s"


def stationary(rng: np.random.Generator, size: int, load: float, aht_s: float = 300.0) -> Calls:
    arrival = np.cumsum(rng.exponential(aht_s / load, size))
    return Calls(arrival, rng.exponential(aht_s, size), rng.exponential(120.0, size))


def erlang_a(millions: int) -> str:
    """Batches of a million calls; the interval is that of their means."""
    rng, windows = np.random.default_rng(2), Windows(np.arange(50), np.zeros(50), np.full(50, 1e12))
    good = []
    for _ in range(millions):
        served = serve(stationary(rng, 1_000_000, 48.0, 60.0), windows)
        good.append(np.mean((served.answered & (served.wait_s <= 20))[2000:]))
    exact = measures(arrival_rate_per_s=0.8, aht_s=60, agents=50, threshold_s=20, patience_s=120).service_level
    half = 1.96 * np.std(good, ddof=1) / np.sqrt(millions)
    mean = float(np.mean(good))
    return f"| {millions} million | {mean:.5f} ± {half:.5f} | {float(exact):.5f} | {mean - float(exact):+.5f} |"


def row(name: str, ours: float, theirs: float) -> str:
    return f"| {name} | {ours / 1e6:.1f} | {theirs / 1e3:.1f} | {ours / theirs:.0f} |"


def fastest(work: Callable[[], Any], times: int = 5) -> float:
    """Least processor seconds of several runs, the first left out."""
    work()
    seconds = []
    for _ in range(times):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return min(seconds)


if __name__ == "__main__":
    main()
