"""Generated sites: how near to a proven bound, how fast, how much memory.

python benchmarks/rosters.py --agents 300 --site day --weeks 1
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import resource
import sys
import time

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.domain.prices import Prices
from staffing.domain.workforce import Agent, BreakRule, Contract, LabourRules, ShiftTemplate
from staffing.roster.given import Inputs

START = dt.date(2026, 3, 2)  # a Monday
PRODUCTIVE_H = 30.9  # hours a week that a mixed crew is on the phone


def templates(site: str) -> tuple[ShiftTemplate, ...]:
    """Shifts of 6, 8 and 9 h, early and late, each with one lunch between two short paid breaks."""
    windows = {
        6: (45, ((3, 7), (9, 13), (17, 21))),
        8: (45, ((4, 9), (11, 18), (22, 28))),
        9: (60, ((4, 10), (12, 20), (25, 32))),
    }
    found = []
    for hours, (lunch_min, quarters) in windows.items():
        rows = zip(("break", "lunch", "break"), (15, lunch_min, 15), quarters, strict=True)
        breaks = tuple(BreakRule(name=n, minutes=m, earliest_min=15 * a, latest_min=15 * b) for n, m, (a, b) in rows)
        last = 1320 - 60 * hours if site == "day" else 1410
        for kind, low, high in (("early", 480 if site == "day" else 0, 630), ("late", 660, last)):
            found.append(
                ShiftTemplate(
                    name=f"{kind}{hours}", length_min=60 * hours, first_start=low, last_start=high, breaks=breaks
                )
            )
    return tuple(found)


def calls_shape(site: str) -> np.ndarray:
    """Relative load (7 days, quarter hours): two humps a day, busier early in the week."""
    first, count = (8.0, 56) if site == "day" else (0.0, 96)
    t = first + np.arange(count) / 4
    day = np.exp(-(((t - 10.7) / 1.9) ** 2)) + 0.85 * np.exp(-(((t - 15.6) / 2.4) ** 2))
    day += 0.25 * np.exp(-(((t - 19.5) / 2) ** 2)) + 0.06
    if site != "day":
        day = day * np.where(t < 7, 0.6, 1.0) + 0.03
    return np.array([1.18, 1.06, 1.0, 1.0, 0.98, 0.72, 0.55])[:, None] * day[None, :]


def erlang_c_agents(load: float, level: float = 0.8, threshold_s: float = 20.0, aht_s: float = 300.0) -> int:
    """Smallest number of agents that answers `level` within the threshold."""
    blocked, n = 1.0, 0
    while True:
        n += 1
        blocked = load * blocked / (n + load * blocked)
        if n <= load:
            continue
        waits = blocked / (1 - load / n * (1 - blocked))
        if 1 - waits * math.exp(-(n - load) * threshold_s / aht_s) >= level:
            return n


def requirements(agents: int, site: str, weeks: int, rng: np.random.Generator, queues: int) -> pd.DataFrame:
    """Agents wanted per quarter hour, scaled to what the crew can just about cover."""
    shape = calls_shape(site)
    shape = shape * rng.normal(1, 0.03, shape.shape).clip(0.8, 1.2)
    low, high = 1e-3, 10.0 * agents
    for _ in range(40):
        scale = (low + high) / 2
        load = shape * scale
        low, high = (
            (low, scale)
            if (load + 0.9 * np.sqrt(load) + 0.6).sum() / 4 > 0.95 * PRODUCTIVE_H * agents
            else (scale, high)
        )
    frames = []
    first = 8 if site == "day" else 0
    shares = {1: (1.0,), 3: (0.5, 0.3, 0.2)}[queues]
    for q, share in enumerate(shares):
        for week in range(weeks):
            noise = 1.0 if queues == 1 and week == 0 else rng.normal(1, 0.05, shape.shape)
            load = shape * low * share * noise
            for day in range(7):
                midnight = pd.Timestamp(START, tz="UTC") + pd.Timedelta(days=7 * week + day)
                start = pd.date_range(midnight + pd.Timedelta(hours=first), periods=shape.shape[1], freq="15min")
                need = [erlang_c_agents(value) for value in load[day]]
                frames.append(pd.DataFrame({"queue": f"q{q}", "start": start, "agents": need}))
    table = pd.concat(frames, ignore_index=True)
    return table.assign(agents_scheduled=table["agents"].astype(float))


def crew(agents: int, rng: np.random.Generator, queues: int) -> tuple[Agent, ...]:
    """Three quarters full-time; some only early or late, some with a weekday off, half with a wish."""
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    full = rng.random(agents) < 0.75
    window = rng.choice(3, agents, p=[0.8, 0.1, 0.1])
    off = np.where(rng.random(agents) < 0.12, rng.integers(0, 7, agents), 7)
    wish = rng.choice(3, agents, p=[0.5, 0.25, 0.25])
    skill = rng.choice(6, agents, p=[0.25, 0.2, 0.15, 0.2, 0.1, 0.1]) if queues == 3 else np.full(agents, 6)
    skills = (("q0",), ("q1",), ("q2",), ("q0", "q1"), ("q1", "q2"), (), ())
    late, early = tuple(f"late{h}" for h in (6, 8, 9)), tuple(f"early{h}" for h in (6, 8, 9))
    wishes = ((), late, early)
    hours = ((0, 1440), (300, 1080), (660, 1440))
    return tuple(
        Agent(
            name=f"a{i:04d}", contract="full" if full[i] else "part", skills=skills[skill[i]],
            days=tuple(day for d, day in enumerate(days) if d != off[i]),
            earliest=hours[window[i]][0], latest=hours[window[i]][1], avoids=wishes[wish[i]],
        )
        for i in range(agents)
    )  # fmt: skip


def site_inputs(agents: int, site: str, weeks: int = 1, seed: int = 0, queues: int = 1) -> Inputs:
    """A generated site."""
    rng = np.random.default_rng(seed)
    shifts = templates(site)
    names = {hours: tuple(s.name for s in shifts if s.length_min == 60 * hours) for hours in (6, 8, 9)}
    opening = (
        {}
        if site == "24"
        else dict.fromkeys(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "08:00-22:00"
        )
    )
    return Inputs(
        requirements(agents, site, weeks, rng, queues),
        crew(agents, rng, queues),
        (
            Contract(name="full", min_hours=40, max_hours=44, min_days=5, max_days=5, shifts=names[8] + names[9]),
            Contract(name="part", min_hours=24, max_hours=24, min_days=3, max_days=4, shifts=names[6] + names[8]),
        ),
        shifts,
        LabourRules(min_rest_h=11, max_days_in_row=6, max_weekend_days=1),
        Prices(agent_hour=1.0, shortage_hour=4.0, excess_hour=1.0, undesired_shift=0.1),
        SiteCalendar(timezone="UTC", interval_min=15, opening=opening),
        START,
        7 * weeks,
    )


def measure(
    agents: int, site: str, weeks: int, seed: int, queues: int, seconds: float, gap: float
) -> dict[str, object]:
    """Roster one generated site; kernels are compiled before the clock starts.

    Memory is the process's peak: of all that a solve imports, with the kernels loaded, and after the solve (MB).
    """
    from staffing.roster import SolveLimits, solve
    from staffing.roster.rules import check
    from staffing.roster.warm import warm_up

    imported_mb = _peak_mb()
    warm_up()
    loaded_mb = _peak_mb()
    inputs = site_inputs(agents, site, weeks, seed, queues)
    begun, begun_cpu = time.perf_counter(), time.process_time()
    made = solve(inputs, SolveLimits(seconds, gap, seed))
    seconds_used, cpu_used = time.perf_counter() - begun, time.process_time() - begun_cpu
    memory_mb = _peak_mb()
    violations = len(check(made.table, inputs))
    return {
        "agents": agents, "site": site, "weeks": weeks, "queues": queues, "seed": seed,
        "paid_hours": made.paid_hours, "short_hours": made.short_hours, "excess_hours": made.excess_hours,
        "objective": round(made.objective, 4), "bound": round(made.bound, 4), "gap": round(made.gap, 6),
        "seconds": round(seconds_used, 2), "cpu_s": round(cpu_used, 2),
        "status": made.status, "violations": violations,
        "imported_mb": imported_mb, "loaded_mb": loaded_mb, "memory_mb": memory_mb,
    }  # fmt: skip


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> int:
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=100)
    parser.add_argument("--site", choices=("day", "24"), default="day")
    parser.add_argument("--weeks", type=int, default=1)
    parser.add_argument("--queues", type=int, choices=(1, 3), default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--gap", type=float, default=0.0)
    given = parser.parse_args()
    result = measure(given.agents, given.site, given.weeks, given.seed, given.queues, given.seconds, given.gap)
    print(json.dumps(result))
    return 0 if result.get("violations", 0) == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
