"""A service level kept in every interval against one kept over the day: hours paid, bounds and gaps of both rosters.

python benchmarks/day_promise.py --agents 100
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd

from benchmarks.rosters import PRODUCTIVE_H, START, calls_shape, site_inputs
from staffing.domain.scenario import Scenario
from staffing.roster.given import Inputs

AHT_S, FLOOR = 300.0, 0.5
LOADED = 0.6  # of the hours that the crew could be on the phone


def forecast(agents: int, seed: int) -> pd.DataFrame:
    """Calls of a week that keep so many people busy."""
    shape = calls_shape("day") * np.random.default_rng(seed).normal(1, 0.03, (7, 56)).clip(0.8, 1.2)
    load = shape / shape.sum() * 4 * LOADED * PRODUCTIVE_H * agents
    starts = [
        pd.Timestamp(START, tz="UTC") + pd.Timedelta(days=d, hours=8 + q / 4) for d in range(7) for q in range(56)
    ]
    calls = load.ravel() * 900 / AHT_S
    return pd.DataFrame({"queue": "q0", "start": starts, "calls": calls, "aht_s": AHT_S})


def both(agents: int, seed: int) -> dict[str, Inputs]:
    """The same people, free to work less, under a promise per interval and per day."""
    from staffing.requirements import requirements, service_pieces

    site = site_inputs(agents, "day", 1, seed)
    free = tuple(one.model_copy(update={"min_hours": 0.0, "min_days": 0}) for one in site.contracts)
    calls, found = forecast(agents, seed), {}
    for over, floor in (("interval", None), ("day", FLOOR)):
        service = {"service_level": 0.8, "threshold_s": 20.0, "over": over, "floor": floor}
        queue = {"name": "q0", "aht_s": AHT_S, "model": "erlang_c", "service": service}
        scenario = Scenario.model_validate({"queues": [queue], "site": site.calendar})
        pieces = service_pieces(calls, scenario) if over == "day" else None
        found[over] = replace(site, contracts=free, requirements=requirements(calls, scenario), pieces=pieces)
    return found


def measure(agents: int, seconds: float, seed: int) -> dict[str, object]:
    """Roster both; contacts lacking are those of the day's promise."""
    from staffing.roster import SolveLimits, solve
    from staffing.roster.rules import check

    result: dict[str, object] = {"agents": agents, "seed": seed}
    for over, inputs in both(agents, seed).items():
        begun = time.process_time()
        made = solve(inputs, SolveLimits(seconds, 0.002, seed))
        kept = 0.0 if made.promises is None else float(np.maximum(-made.promises["surplus"], 0).sum())
        result[over] = {
            "paid_hours": made.paid_hours, "objective": round(made.objective, 2), "bound": round(made.bound, 2),
            "gap": round(made.gap, 5), "status": made.status, "contacts_lacking": round(kept, 2),
            "short_hours": round(made.short_hours, 2), "violations": len(check(made.table, inputs)),
            "cpu_s": round(time.process_time() - begun, 1),
        }  # fmt: skip
    return result


def main() -> int:
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    print(json.dumps(measure(given.agents, given.seconds, given.seed)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
