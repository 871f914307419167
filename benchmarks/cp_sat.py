"""A generated site rostered by staffing and by an OR-tools CP-SAT model of the same week: objective, bound, seconds.

    python -m benchmarks.cp_sat --peer-python PATH [--agents 20] [--seconds 60] [--seed 0]

PATH is the interpreter of an environment that has ortools; without it the peer is said to be absent. The model has a
yes or no for each person and dated shift; breaks are counted by shift and place (Aykin 1996), which is exact where the
windows of a shift lie apart, as here. Hours, days, weekend days and rest are rows. Both have one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time

import numpy as np

from benchmarks.rosters import site_inputs
from staffing.roster import SolveLimits, solve
from staffing.roster.case import BLOCKED, Case
from staffing.roster.given import Inputs
from staffing.roster.inputs.build import build
from staffing.roster.rules import check
from staffing.roster.warm import warm_up

MILLI = 1000  # prices are whole thousandths for the peer
PEER = """
import json, sys, time
from importlib.metadata import version
from ortools.sat.python import cp_model
case = json.load(sys.stdin)
model, cost, slots = cp_model.CpModel(), [], len(case["need"])
start, end, day, paid = (case[name] for name in ("start", "end", "day", "paid"))
present, crew = [[] for _ in range(slots)], [[] for _ in start]
for person in case["people"]:
    works = {o: model.new_bool_var("") for o, _ in person["options"]}
    cost += [price * works[o] for o, price in person["options"]]
    for o, one in works.items():
        crew[o].append(one)
    of_day = [[o for o in works if day[o] == d] for d in range(7)]
    for own in of_day:
        model.add_at_most_one(works[o] for o in own)
    model.add_linear_constraint(sum(paid[o] * one for o, one in works.items()), *person["paid"])
    model.add_linear_constraint(sum(works.values()), *person["days"])
    model.add(sum(works[o] for d in case["weekend"] for o in of_day[d]) <= case["most_weekend"])
    for today, tomorrow in zip(of_day, of_day[1:]):
        for at in sorted({start[o] for o in tomorrow}):
            tired = [works[o] for o in today if end[o] + case["rest"] > at]
            early = [works[o] for o in tomorrow if start[o] <= at]
            if tired and early:
                model.add_at_most_one(tired + early)
for o, own in enumerate(crew):
    if not own:
        continue
    count = model.new_int_var(0, len(own), "")
    model.add(count == sum(own))
    for t in range(start[o], end[o]):
        present[t].append(count)
    for low, high, length in case["breaks"][o]:
        places = {at: model.new_int_var(0, len(own), "") for at in range(low, high + 1)}
        model.add(sum(places.values()) == count)
        for at, some in places.items():
            for t in range(start[o] + at, start[o] + at + length):
                present[t].append(-some)
for t in range(slots):
    short, over = (model.new_int_var(0, 10_000, "") for _ in range(2))
    model.add(sum(present[t]) + short - over == case["need"][t])
    cost += [case["short"][t] * short, case["excess"][t] * over]
model.minimize(sum(cost))
solver = cp_model.CpSolver()
solver.parameters.max_time_in_seconds, solver.parameters.num_workers = case["seconds"], 1
status, begun = solver.solve(model), time.process_time()
found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
print(json.dumps({"version": version("ortools"), "status": solver.status_name(status),
                  "objective": solver.objective_value / case["unit"] if found else None,
                  "bound": solver.best_objective_bound / case["unit"], "seconds": round(solver.wall_time, 1),
                  "cpu_s": round(begun, 1)}))
"""


def rows_of(inputs: Inputs, case: Case, seconds: float) -> dict[str, object]:
    """The week as the peer reads it: whole numbers of slots, minutes and thousandths of money."""
    options, slot_min = case.options, case.grid.slot_min
    breaks = [
        [[int(options.break_lo[b]), int(options.break_hi[b]), int(options.break_len[b])]
         for b in range(options.break_ptr[template], options.break_ptr[template + 1])]
        for template in options.template
    ]  # fmt: skip
    people = []
    for agent, k in zip(inputs.agents, case.agent_class, strict=True):
        contract, price = inputs.contract_of(agent), case.people.price[k]
        some = [[o, round(MILLI * float(price[o]))] for o in np.flatnonzero(price < BLOCKED).tolist()]
        hours = [int(60 * contract.min_hours), int(60 * contract.max_hours)]
        people.append({"options": some, "paid": hours, "days": [contract.min_days, contract.max_days]})
    cover = case.cover
    return {
        "people": people, "start": options.start.tolist(), "end": (options.start + options.length).tolist(),
        "day": np.repeat(np.arange(7), np.diff(options.day_ptr)).tolist(), "paid": case.paid_min.tolist(),
        "breaks": breaks, "rest": int(60 * inputs.rules.min_rest_h) // slot_min,
        "weekend": [d for d in range(7) if inputs.calendar.is_weekend(inputs.date(d))],
        "most_weekend": inputs.rules.max_weekend_days, "need": cover.need[0].astype(int).tolist(),
        "short": np.rint(MILLI * cover.short[0]).astype(int).tolist(),
        "excess": np.rint(MILLI * cover.excess[0]).astype(int).tolist(), "seconds": seconds, "unit": MILLI,
    }  # fmt: skip


def main() -> int:
    """Print one JSON line for each side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer-python", default="")
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    inputs = site_inputs(given.agents, "day", seed=given.seed)
    print(f"{given.agents} agents, seed {given.seed}, load average {os.getloadavg()[0]:.1f}")
    warm_up()
    begun = time.process_time()
    made = solve(inputs, SolveLimits(given.seconds, 0.0, 1))
    ours = {
        "objective": round(made.objective, 2), "bound": round(made.bound, 2), "gap": round(made.gap, 4),
        "seconds": round(made.seconds, 1), "cpu_s": round(time.process_time() - begun, 1),
        "violations": len(check(made.table, inputs)),
    }  # fmt: skip
    print(json.dumps({"staffing": ours}), flush=True)
    if not given.peer_python:
        print("ortools is absent; name its interpreter with --peer-python.")
        return 0
    case = json.dumps(rows_of(inputs, build(inputs), given.seconds))
    done = subprocess.run([given.peer_python, "-c", PEER], input=case, capture_output=True, text=True, check=False)
    print(json.dumps({"CP-SAT": json.loads(done.stdout)}) if done.returncode == 0 else done.stderr[-500:])
    return int(done.returncode != 0 or ours["violations"] > 0)


if __name__ == "__main__":
    sys.exit(main())
