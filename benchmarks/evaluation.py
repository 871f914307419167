"""How long a week takes to evaluate and to write as a workbook: four queues, quarter-hours, round the clock.

Prints a markdown table of processor seconds, the median of three runs, for 60, 300 and 3,000 agents.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.evaluation import evaluate
from staffing.export import roster_xlsx_bytes

START = dt.date(2026, 11, 23)
QUEUES = ("voice", "chat", "vip", "sales")
BREAKS = [
    {"name": "break", "minutes": 15, "earliest_min": 90, "latest_min": 150},
    {"name": "lunch", "minutes": 30, "paid": False, "earliest_min": 210, "latest_min": 300},
    {"name": "break", "minutes": 15, "earliest_min": 360, "latest_min": 420},
]
PARTS = ((0, 510, "shift"), (120, 15, "break"), (240, 30, "lunch"), (390, 15, "break"))


def site(agents: int) -> Scenario:
    return Scenario.parse(
        {
            "site": {"timezone": "Asia/Tehran", "interval_min": 15, "display": "jalali"},
            "queues": [{"name": name, "patience_s": 120} for name in QUEUES],
            "contracts": [{"name": "full", "max_hours": 44}],
            "agents": [{"name": f"Agent {k}", "contract": "full"} for k in range(agents)],
            "shifts": [
                {"name": "day", "length_min": 510, "first_start": "00:00", "last_start": "15:00", "breaks": BREAKS}
            ],
        }
    )


def week(scenario: Scenario) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Forecast, requirements and a roster of five shifts an agent, begun on random half-hours."""
    rng = np.random.default_rng(1)
    agents = len(scenario.agents)
    number, day = np.repeat(np.arange(agents), 5), np.tile(np.arange(5), agents)
    begin = scenario.site.midnight(START) + pd.to_timedelta(
        day * 1440 + rng.integers(0, 31, agents * 5) * 30, unit="min"
    )
    who = {"agent": [f"Agent {k}" for k in number], "queue": [QUEUES[k % 4] for k in number]}
    rows = [
        pd.DataFrame({**who, "start": begin + pd.Timedelta(minutes=offset), "activity": name}).assign(
            end=lambda part, length=length: part["start"] + pd.Timedelta(minutes=length)
        )
        for offset, length, name in PARTS
    ]
    grid = scenario.site.grid(START, 7)
    calls = {name: rng.uniform(0, agents / 4, len(grid)) for name in QUEUES}
    forecast = pd.concat([pd.DataFrame({"queue": name, "start": grid, "calls": calls[name]}) for name in QUEUES])
    forecast = forecast.assign(aht_s=300.0, p10=0.0, p50=forecast["calls"], p90=2 * forecast["calls"])
    needed = forecast[["queue", "start"]].assign(agents=np.ceil(agents / 20), agents_scheduled=agents / 20)
    return forecast, needed, pd.concat(rows, ignore_index=True)


def seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return statistics.median(times)


def main() -> None:
    print("| agents | roster rows | evaluate, s | workbook, s |\n|---|---|---|---|")
    for agents in (60, 300, 3000):
        scenario = site(agents)
        forecast, needed, roster = week(scenario)
        made = evaluate(forecast, needed, roster, scenario, start=START)
        plan = SimpleNamespace(
            scenario=scenario, start=START, days=7, evaluation=made, roster=SimpleNamespace(table=roster)
        )
        evaluated = seconds(lambda: evaluate(forecast, needed, roster, scenario, start=START))  # noqa: B023
        written = seconds(lambda: roster_xlsx_bytes(plan))  # noqa: B023
        print(f"| {agents:,} | {len(roster):,} | {evaluated:.2f} | {written:.2f} |", flush=True)


if __name__ == "__main__":
    main()
