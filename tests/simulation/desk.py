"""A scenario, forecast and roster made by hand: whole hours of one Monday, from eight o'clock."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.forecast import Forecast
from staffing.requirements import requirements
from staffing.simulation.lines import Shapes, Worlds
from staffing.simulation.week import SimulatedWeek
from staffing.tables import ROSTER

MONDAY = dt.date(2026, 3, 2)


def scenario(agents: int, queues: tuple[dict, ...] = ({"name": "voice"},), **fields) -> Scenario:
    people = [{"name": f"agent {k}", "contract": "full"} for k in range(agents)]
    plain = {"aht_s": 300.0, "patience_s": 120.0}
    site = {"timezone": "Europe/Berlin", "interval_min": 60, "opening": {"monday": "08:00-20:00"}}
    return Scenario.parse({
        "site": site,
        "queues": [plain | queue for queue in queues],
        "agents": people,
        "contracts": [{"name": "full", "max_hours": 60}],
        "shifts": [{"name": "day", "length_min": 480, "first_start": "08:00", "last_start": "12:00"}],
        **fields,
    })  # fmt: skip


def forecast(case: Scenario, calls: dict[str, np.ndarray], day: dt.date = MONDAY) -> Forecast:
    """``calls``: paths × hours of each queue; their mean is the forecast."""
    parts = []
    for name, paths in calls.items():
        start = case.site.midnight(day) + pd.to_timedelta(8 + np.arange(paths.shape[1]), unit="h")
        mean = paths.mean(axis=0)
        parts.append(pd.DataFrame({"queue": name, "start": start, "calls": mean, "aht_s": case.queue(name).aht_s}))
        for level in ("p10", "p50", "p90"):
            parts[-1][level] = mean
    empty = pd.DataFrame()
    return Forecast(pd.concat(parts, ignore_index=True), calls, empty, empty, empty)


def roster(case: Scenario, rows: list[tuple[int, int, int, str]], day: dt.date = MONDAY) -> pd.DataFrame:
    """``rows``: agent, first and last hour of the clock, queue; a shift each, with its number."""
    midnight = case.site.midnight(day)
    hour = pd.Timedelta(hours=1)
    table = pd.DataFrame(
        [(f"agent {a}", midnight + b * hour, midnight + e * hour, "shift", q) for a, b, e, q in rows],
        columns=["agent", "start", "end", "activity", "queue"],
    )
    return ROSTER.check(table).assign(shift=range(len(table)))


def week(
    case: Scenario, calls: dict[str, np.ndarray], rows: list, shapes: Shapes | None = None, days: int = 1
) -> SimulatedWeek:
    made = forecast(case, calls)
    needed, people = requirements(made.table, case), roster(case, rows)
    return SimulatedWeek(Worlds(made.table, made.paths), needed, people, case, MONDAY, days, shapes or Shapes())


def poisson(rng: np.random.Generator, per_hour: float, paths: int = 50, hours: int = 12) -> np.ndarray:
    return rng.poisson(per_hour, (paths, hours)).astype("float32")
