"""Replanning after sick calls: what the mended roster leaves short and changes, against a full re-solve.

python -m benchmarks.replan --agents 100 --sick 3 --days 1 --seeds 6 --seconds 3 --processor
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.rosters import site_inputs
from staffing.domain.workforce import DaySpan
from staffing.roster import MENDING_S
from staffing.roster.desk.cover import held
from staffing.roster.desk.replan import MOST_CHANGED, replan
from staffing.roster.given import Inputs


def after_sick_calls(inputs: Inputs, published: pd.DataFrame, sick: int, days: int, seed: int) -> Inputs:
    """`sick` people who are away for `days` days from a day on which they were to work."""
    rng = np.random.default_rng(seed)
    shifts = published[published["activity"] == "shift"]
    agents = list(inputs.agents)
    for i in rng.choice(len(agents), sick, replace=False):
        worked = sorted({start.date() for start in shifts.loc[shifts["agent"] == agents[i].name, "start"]})
        first = worked[rng.integers(len(worked))] if days < 7 else inputs.start
        away = DaySpan(start=first, end=min(first + pd.Timedelta(days=days - 1), inputs.date(inputs.days - 1)))
        agents[i] = agents[i].model_copy(update={"time_off": (away,)})
    return replace(inputs, agents=tuple(agents))


def as_is_short(inputs: Inputs, published: pd.DataFrame) -> float:
    """Agent-hours short where the published roster stays and the sick are simply away."""
    away = {agent.name: agent for agent in inputs.agents if agent.time_off}
    dates = published["start"].dt.tz_convert(inputs.calendar.zone).dt.date
    gone = [name in away and away[name].off_on(day) for name, day in zip(published["agent"], dates, strict=True)]
    return float(held(inputs, published[~np.array(gone)]).short.sum())


class Limits(NamedTuple):
    """Seconds and share of other shifts that may change in mending; seconds of each solve it is held against."""

    seconds: float
    most_changed: float
    ample_s: float


def measure(count: int, sick: int, days: int, seed: int, limits: Limits) -> dict[str, object]:
    """One case: published with ample time, mended within `limits`, re-solved with ample time."""
    from staffing.roster import SolveLimits, solve
    from staffing.roster.rules import check

    ample = SolveLimits(limits.ample_s, 0.0, seed + 100)
    inputs = site_inputs(count, "day", 1, seed)
    published = solve(inputs, ample)
    now = after_sick_calls(inputs, published.table, sick, days, seed)
    begun, begun_cpu = time.perf_counter(), time.process_time()
    made = replan(now, published.table, SolveLimits(limits.seconds, 0.0, seed), most_changed=limits.most_changed)
    wall_s, cpu_s = time.perf_counter() - begun, time.process_time() - begun_cpu
    full = solve(now, ample)
    return {
        "agents": count, "sick": sick, "days": days, "seed": seed,
        "published_short_hours": published.short_hours, "short_hours": made.roster.short_hours,
        "full_short_hours": full.short_hours,
        "short_ratio": round(made.roster.short_hours / full.short_hours, 3) if full.short_hours else None,
        "changed_share": round(made.changed_share, 4), "full_changed_share": round(made.free_changed_share, 4),
        "breaks_moved": made.breaks_moved,
        "forced": int(made.changes["forced"].sum()), "changes": len(made.changes),
        "as_is_short_hours": round(as_is_short(now, published.table), 2),
        "paid_hours": made.roster.paid_hours, "full_paid_hours": full.paid_hours,
        "objective": round(made.roster.objective, 2), "full_objective": round(full.objective, 2),
        "bound": round(full.bound, 2), "seconds": round(wall_s, 2), "cpu_s": round(cpu_s, 2),
        "violations": len(check(made.roster.table, now)),
    }  # fmt: skip


def main() -> int:
    """Print one JSON line a seed, and one that sums up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=100)
    parser.add_argument("--sick", type=int, default=3)
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=MENDING_S)
    parser.add_argument("--most-changed", type=float, default=MOST_CHANGED)
    parser.add_argument("--ample", type=float, default=60.0, help="seconds for the published and the full re-solve")
    parser.add_argument("--processor", action="store_true", help="seconds are processor seconds: for a busy machine")
    given = parser.parse_args()
    if given.processor:
        time.monotonic = time.process_time
    rows = []
    for seed in range(given.first, given.first + given.seeds):
        rows.append(
            measure(given.agents, given.sick, given.days, seed, Limits(given.seconds, given.most_changed, given.ample))
        )
        print(json.dumps(rows[-1]), flush=True)
    table = pd.DataFrame(rows)
    print(json.dumps({
        "seeds": given.seeds,
        "short_hours": float(table["short_hours"].sum()), "full_short_hours": float(table["full_short_hours"].sum()),
        "short_ratio": round(float(table["short_hours"].sum() / table["full_short_hours"].sum()), 3),
        "worst_short_ratio": float(table["short_ratio"].max()),
        "worst_changed_share": float(table["changed_share"].max()),
        "median_cpu_s": float(table["cpu_s"].median()), "violations": int(table["violations"].sum()),
    }))  # fmt: skip
    return 0 if not table["violations"].sum() else 1


if __name__ == "__main__":
    sys.exit(main())
