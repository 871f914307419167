"""What a leave request costs, worked out: processor seconds for each of several people asking for a day.

    python -m benchmarks.leave [data/bank] [--requests 5]

A copy of the workspace gets a roster of its next week (solved as its settings say); then the first working day of each
person is priced as the page does: the roster without the person, evaluated and simulated, and the ways to step in.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from staffing.advice import leave_cost
from staffing.planner import Planner
from staffing.store.absences import Absence
from staffing.store.workspace import Workspace


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", nargs="?", default="data/bank", type=Path)
    parser.add_argument("--requests", type=int, default=5)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = shutil.copytree(told.workspace, Path(place) / "desk")
        workspace = Workspace.open(folder)
        scenario, planner = workspace.scenario("base"), Planner.open(workspace)
        week = planner.next_week(scenario)
        table = planner.plan(scenario, start=week).roster.table
        shifts = table[table["activity"] == "shift"]
        taken = []
        for name in list(dict.fromkeys(shifts["agent"]))[: told.requests + 1]:
            start = shifts.loc[shifts["agent"] == name, "start"].min()
            day = start.tz_convert(scenario.site.zone).date()
            begun = time.process_time()
            found = leave_cost(planner, scenario, Absence(name, day, day), {week: table})
            taken.append(time.process_time() - begun)
            assert len(found) == 1
    people = len(scenario.agents)
    print(f"{told.workspace.name}: {people} people, load {os.getloadavg()[0]:.1f}")
    print(f"the first request {taken[0]:.2f} CPU s, median of the next {statistics.median(taken[1:]):.2f}")


if __name__ == "__main__":
    main()
