"""A transient day: its time, its distance from a long simulation, and the hours it saves.

    python -m benchmarks.queueing_day [--days 4000]

Twelve hours of quarter hours, handle time 300 or 1,800 s, patience 180 s, target 80/20. Processor seconds.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from staffing.queueing import Targets, smallest_agents
from staffing.queueing.interval import Demand
from staffing.queueing.transient import least_staff, transient_day
from tests.queueing.daysim import simulate

EIGHTY = Targets(service_level=0.8)


def shape() -> np.ndarray:
    """A morning and an afternoon peak between 8 and 20 o'clock."""
    hour = np.arange(48) / 4 + 8.125
    rise = 0.25 + 0.75 * np.exp(-(((hour - 10.5) / 1.3) ** 2)) + 0.55 * np.exp(-(((hour - 15.0) / 1.9) ** 2))
    rise *= np.clip((hour - 7.6) / 1.5, 0.15, 1) * np.clip((20.3 - hour) / 2.0, 0.12, 1)
    return rise / rise.max()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=4000, help="simulated days at load 50; 0 simulates none")
    days = parser.parse_args().days
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| AHT s / peak load | day of 48, 96 intervals ms | least staff ms | hours: C, A, least | C over least |")
    print("|---|---|---|---|---|")
    cases = [(aht_s, peak) for aht_s in (300.0, 1800.0) for peak in (5, 50, 500)]
    for case in cases:
        print(times(*case))
    if days:
        print("\nlargest distance from simulation (largest standard error), root mean square of their quotient\n")
        print("| AHT s / peak load | days | service level | abandonment | ASA s | overrun of a day h |")
        print("|---|---|---|---|---|---|")
        for aht_s, peak in cases:
            print(distances(aht_s, peak, max(days * 50 // peak, 200)))


def demand_of(aht_s: float, peak: float, parts: int = 1) -> tuple[Demand, np.ndarray]:
    """The day in quarter hours, each cut into ``parts``, and its agents by Erlang A."""
    load = np.repeat(shape() * peak, parts)
    interval_s = 900 / parts
    demand = Demand.of(load / aht_s * interval_s, aht_s, 180.0, interval_s=interval_s, threshold_s=20)
    return demand, np.asarray(smallest_agents(load, aht_s, 180.0, 20, EIGHTY))


def times(aht_s: float, peak: float) -> str:
    demand, a = demand_of(aht_s, peak)
    finer, more = demand_of(aht_s, peak, 2)
    c = np.asarray(smallest_agents(demand.load, aht_s, np.inf, 20, EIGHTY))
    day_ms, _ = timed_ms(lambda: transient_day(demand, a))
    finer_ms, _ = timed_ms(lambda: transient_day(finer, more))
    least_ms, least = timed_ms(lambda: least_staff(demand, EIGHTY))
    hours = [staff.sum() / 4 for staff in (c, a, least.agents)]
    return (
        f"| {aht_s:g} / {peak} | {day_ms:.1f}, {finer_ms:.1f} | {least_ms:.0f} "
        f"| {hours[0]:.1f}, {hours[1]:.1f}, {hours[2]:.1f} | {hours[0] / hours[2] - 1:+.1%} |"
    )


def distances(aht_s: float, peak: float, days: int) -> str:
    demand, a = demand_of(aht_s, peak)
    day, seen = transient_day(demand, a), simulate(demand, a, days, seed=5)
    cells = []
    for name in ("service_level", "abandonment", "asa_s"):
        apart, error = np.abs(getattr(day, name) - seen[name]), seen[f"{name}_error"]
        known = error > 0
        quotient = float(np.sqrt(np.mean((apart[known] / error[known]) ** 2)))
        cells.append(f"{apart.max():.4f} ({error.max():.4f}), {quotient:.2f}")
    overrun = f"{day.overrun_min.sum() / 60:.2f}, {float(seen['overrun_min']) / 60:.2f}"
    return f"| {aht_s:g} / {peak} | {days} | " + " | ".join(cells) + f" | {overrun} |"


def timed_ms(work: Callable[[], Any]) -> tuple[float, Any]:
    """Median of 15 in processor milliseconds, and the result."""
    result = work()
    seconds = []
    for _ in range(15):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return 1000 * sorted(seconds)[7], result


if __name__ == "__main__":
    main()
