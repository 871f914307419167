"""Does launch-date advice pick a good date? A 100-agent site, planted launches, ten seeds.

    python -m benchmarks.launch_dates [seeds] [first seed]

The advice knows history only. The true cost of a date is that of the same weeks under the launch's true effect
(own strength included), priced by the same cheapest cover; the picked date is held against the truly cheapest.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd

from staffing.advice.launch_dates import PricingDesk, candidate_weeks, launch_dates
from staffing.domain.calendar import WEEKDAYS
from staffing.domain.changes import switch
from staffing.domain.demand import Event
from staffing.domain.scenario import Scenario
from staffing.history import History
from staffing.planner import Planner

FIRST, DAYS, DATES = dt.date(2024, 1, 1), 420, 28
WEEK = np.array([1.25, 1.1, 1.0, 1.0, 1.1, 0.7, 0.5])
LAUNCH, ELASTICITY, SPREAD = 0.2, 0.6, 0.12
FRESH = 1001  # none of these seeds was looked at while the advice was built
SPAN = (FIRST + dt.timedelta(days=DAYS + 10), FIRST + dt.timedelta(days=DAYS + 9 + DATES))


def course(since: np.ndarray, strength: float) -> np.ndarray:
    return np.where(since >= 0, strength * 0.5 ** (np.maximum(since, 0) / 3.0), 0.0)


def site(seed: int) -> tuple[History, Scenario, float]:
    """History with ten launches, a scenario of 100 agents with one to come, and that one's true strength."""
    rng = np.random.default_rng(seed)
    starts = rng.choice(np.arange(30, DAYS - 20), size=10, replace=False)
    sizes = np.round(np.exp(rng.normal(0, 0.4, 11)), 2)
    own = LAUNCH * sizes**ELASTICITY * (1 + SPREAD * rng.normal(size=11))
    log = 0.1 * np.sin(np.arange(DAYS) / 60) + rng.normal(0, 0.04, DAYS)
    for start, strength in zip(starts, own, strict=False):
        log += course(np.arange(DAYS) - start, strength)
    index = pd.date_range(FIRST, periods=DAYS * 48, freq="30min", tz="UTC")
    hour = (index.hour + index.minute / 60).to_numpy()
    shape = np.where((hour >= 8) & (hour < 20), np.exp(-0.5 * ((hour - 13) / 3.5) ** 2), 0.0)
    mean = 4300 * WEEK[index.day_of_week] * shape / shape[:48].sum() * np.exp(np.repeat(log, 48))
    frame = pd.DataFrame({"queue": "voice", "start": index, "calls": rng.poisson(mean).astype(float)})
    frame = frame.assign(answered=np.nan, abandoned=np.nan, aht_s=300.0)[(hour >= 8) & (hour < 20)]
    launches = [
        Event(name=f"launch {k}", kind="launch", start=FIRST + dt.timedelta(days=int(day)), size=float(size))
        for k, (day, size) in enumerate(zip(starts, sizes, strict=False))
    ]
    coming = Event(name="app 5", kind="launch", start=SPAN[0], size=float(sizes[10]))
    return History(frame.reset_index(drop=True), 30), scenario(seed, (*launches, coming)), float(own[10])


def scenario(seed: int, events: tuple[Event, ...]) -> Scenario:
    opening = dict.fromkeys(WEEKDAYS, "08:00-20:00")
    shift = {"length_min": 510, "first_start": "08:00", "last_start": "11:30", "step_min": 30}
    lunch = {"name": "lunch", "minutes": 30, "earliest_min": 180, "latest_min": 300}
    return Scenario.parse(
        {
            "seed": seed,
            "paths": 40,
            "site": {"opening": opening},
            "queues": [{"name": "voice", "aht_s": 300.0, "patience_s": 180.0}],
            "shrinkage": {"planned": 0.1, "unplanned": 0.06},
            "shifts": [{"name": "day", **shift, "breaks": [lunch]}],
            "contracts": [{"name": "full", "min_hours": 24, "max_hours": 40, "max_days": 5}],
            "agents": [{"name": f"agent {k}", "contract": "full"} for k in range(100)],
            "events": [event.model_dump() for event in events],
        }
    )


def true_costs(planner: Planner, plan: Scenario, strength: float) -> tuple[float, dict[dt.date, float]]:
    """Cost of the weeks without the launch, and for every date under its true effect."""
    launch = plan.event("app 5")
    dates = [SPAN[0] + dt.timedelta(days=k) for k in range(DATES)]
    weeks = candidate_weeks(plan, launch, dates)
    desk = PricingDesk(planner, plan, weeks)
    quiet = plan.with_changes(switch("app 5", False))
    base = planner.forecast(quiet, start=weeks[0], days=7 * len(weeks))
    day = base.table["start"].dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    costs = {}
    for date in dates:
        lift = np.exp(course((day - np.datetime64(date)).astype(int), strength))
        costs[date] = desk.price_calls(
            replace(base, table=base.table.assign(calls=base.table["calls"] * lift)), quiet
        ).cost
    return desk.price_calls(base, quiet).cost, costs


def main() -> None:
    seeds, first = (*map(int, sys.argv[1:]), *(10, FRESH)[len(sys.argv) - 1 :])
    head = "| seed | picked | truly cheapest | above it, % of all cost | of the launch's own cost, % | worst date, % |"
    print(head + " CPU s |\n|---|---|---|---|---|---|---|")
    good, near = 0, 0
    for seed in range(first, first + seeds):
        history, plan, strength = site(seed)
        planner, began = Planner(history), time.process_time()
        advice = launch_dates(planner, plan, "app 5", SPAN)
        seconds = time.process_time() - began
        picked = advice.table["date"].iloc[0]
        quiet, costs = true_costs(planner, plan, strength)
        best = min(costs, key=lambda date: (costs[date], date))
        own = 100 * (costs[picked] - costs[best]) / (costs[best] - quiet)
        above, worst = (100 * (cost / costs[best] - 1) for cost in (costs[picked], max(costs.values())))
        good += above <= 2.0
        near += own <= 2.0
        print(f"| {seed} | {picked} | {best} | {above:.2f} | {own:.1f} | {worst:.2f} | {seconds:.0f} |", flush=True)
    print(f"\n{good} of {seeds} within 2 % of the true cheapest by all cost, {near} by the launch's own cost.")


if __name__ == "__main__":
    main()
