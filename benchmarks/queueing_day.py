"""A transient day: its time, its distance from a long simulation, and the hours it saves.

    python -m benchmarks.queueing_day [--days 4000]

Twelve hours of quarter hours, handle time 300 or 1,800 s, patience 180 s, target 80/20. Processor seconds.
"""

from __future__ import annotations

import argparse
import os
import time

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
    parser.add_argument("--days", type=int, default=4000)
    days = parser.parse_args().days
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| AHT s / peak load | day ms | mean, largest distance from simulation (its standard error) "
          "| hours: C, A, least | ms | C over least |\n|---|---|---|---|---|---|")  # fmt: skip
    for aht_s in (300.0, 1800.0):
        for peak in (5, 50, 500):
            print(row(aht_s, peak, max(days * 5 // peak, 200)))


def row(aht_s: float, peak: float, days: int) -> str:
    load = shape() * peak
    demand = Demand.of(load / aht_s * 900, aht_s, 180.0, interval_s=900, threshold_s=20)
    c, a = (np.asarray(smallest_agents(load, aht_s, p, 20, EIGHTY)) for p in (np.inf, 180.0))
    transient_day(demand, a)
    day_ms, day = timed_ms(lambda: transient_day(demand, a))
    least_ms, least = timed_ms(lambda: least_staff(demand, EIGHTY))
    seen = simulate(demand, a, days, seed=5)
    apart = np.abs(day.service_level - seen["service_level"])
    hours = [staff.sum() / 4 for staff in (c, a, least.agents)]
    return (
        f"| {aht_s:g} / {peak} | {day_ms:.1f} | {apart.mean():.4f}, {apart.max():.4f} "
        f"({seen['standard_error'].mean():.4f}) | {hours[0]:.1f}, {hours[1]:.1f}, {hours[2]:.1f} "
        f"| {least_ms:.0f} | {hours[0] / hours[2] - 1:+.1%} |"
    )


def timed_ms(work):
    seconds = []
    for _ in range(3):
        start = time.process_time()
        result = work()
        seconds.append(time.process_time() - start)
    return 1000 * sorted(seconds)[1], result


if __name__ == "__main__":
    main()
