"""A small site rostered by staffing and by pyworkforce in one run: paid hours at equal cover, processor seconds.

    python -m benchmarks.nearest_library --peer-python PATH [--agents 12] [--seconds 60]

PATH is the interpreter of an environment that has pyworkforce; without it the peer is said to be absent. Both
cover the same requirement in full, with the same people, shifts and 11 h of rest. The peer knows only patterns
given one by one. It is asked twice: with one fixed place for each break, and with every place of every break.
staffing keeps 5 days and 44 h a week beside, which the peer cannot. Its rest rule leaves no roster where a shift
has two forbidden successors, so its roster is also made without it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np

from benchmarks.rosters import START, site_inputs
from staffing.domain.prices import Prices
from staffing.domain.workforce import Agent, Contract, ShiftTemplate
from staffing.roster.given import Inputs

SLOT_MIN, DAY_FROM_MIN, PERIODS = 15, 480, 56
REST_H = 11
PEER = """
import json, sys, time
from importlib.metadata import version
import numpy as np
from pyworkforce.rostering import MinHoursRoster
from pyworkforce.scheduling import MinRequiredResources
case = json.load(sys.stdin)
start = time.process_time()
cover = MinRequiredResources(
    num_days=7, periods=case["periods"], shifts_coverage=case["patterns"], required_resources=case["need"],
    max_period_concurrency=case["agents"], max_shift_concurrency=case["agents"], cost_dict=case["paid"],
    max_search_time=case["seconds"], num_search_workers=1,
).solve()
out = {"version": version("pyworkforce"), "cover_status": cover["status"], "cover_s": time.process_time() - start}
if cover["cost"] >= 0:
    used = [row for row in cover["resources_shifts"] if row["resources"]]
    names = sorted({row["shift"] for row in used})
    need = {name: [0] * 7 for name in names}
    for row in used:
        need[row["shift"]][row["day"]] = row["resources"]
    out["cover_paid_hours"] = sum(row["resources"] * case["paid"][row["shift"]] for row in used) / 4
    begin = {name: case["begin"][name] for name in names}
    end = {name: case["end"][name] for name in names}
    pairs = [{"origin": a, "destination": b} for a in names for b in names
             if begin[b] + 1440 - end[a] < 60 * case["rest_h"]]
    people = [f"a{i}" for i in range(case["agents"])]
    for rest in (True, False):
        start = time.process_time()
        roster = MinHoursRoster(
            num_days=7, resources=people, shifts=names, shifts_hours=[case["paid"][name] for name in names],
            min_working_hours=1, banned_shifts=[], max_resting=6, required_resources=need,
            non_sequential_shifts=pairs if rest else None, max_search_time=case["seconds"], num_search_workers=1,
        ).solve()
        found = {"status": roster["status"], "s": time.process_time() - start}
        if roster["cost"] >= 0:
            found["paid_hours"] = roster["shifted_hours"] / 4
            days = [row["resource"] for row in roster["resource_shifts"]]
            found["most_days"] = max(days.count(name) for name in people)
        out["roster_with_rest" if rest else "roster_without_rest"] = found
print(json.dumps(out))
"""


def site(agents: int) -> Inputs:
    """Equal people of one contract on the generated day site, with a need that they can cover in full."""
    inputs = site_inputs(agents, "day")
    need = inputs.requirements.copy()
    need["agents"] = np.maximum(1, np.floor(0.6 * need["agents"]))
    need["agents_scheduled"] = need["agents"].astype(float)
    return replace(
        inputs,
        requirements=need,
        agents=tuple(Agent(name=f"a{i:02d}", contract="any") for i in range(agents)),
        contracts=(Contract(name="any", max_hours=44, max_days=5),),
        rules=inputs.rules.model_copy(update={"min_rest_h": REST_H, "max_weekend_days": None}),
        prices=Prices(agent_hour=1.0, shortage_hour=50.0, excess_hour=0.0, undesired_shift=0.0),
    )


def patterns(shift: ShiftTemplate, *, every: bool) -> dict[str, tuple[np.ndarray, int, int]]:
    """Presence by period, start and end minute of each pattern; breaks in the middle of their windows, or anywhere."""
    places = [range(b.earliest_min, b.latest_min + 1, SLOT_MIN) for b in shift.breaks]
    chosen = itertools.product(*places) if every else [tuple(place[len(place) // 2] for place in places)]
    found = {}
    for offsets, start in itertools.product(list(chosen), shift.starts_min):
        present = np.zeros(PERIODS, int)
        first = (start - DAY_FROM_MIN) // SLOT_MIN
        present[first : first + shift.length_min // SLOT_MIN] = 1
        for rule, offset in zip(shift.breaks, offsets, strict=True):
            begin = first + offset // SLOT_MIN
            present[begin : begin + rule.minutes // SLOT_MIN] = 0
        name = f"{shift.name}-{start}-{'-'.join(map(str, offsets))}"
        found[name] = present, start, start + shift.length_min
    return found


def peer(inputs: Inputs, python: str, seconds: float, *, every: bool) -> dict[str, object]:
    """What the peer makes of the site."""
    made, paid = {}, {}
    for shift in inputs.shifts:
        own = patterns(shift, every=every)
        made.update(own)
        paid.update(dict.fromkeys(own, shift.paid_min // SLOT_MIN))
    need = inputs.requirements["agents"].to_numpy(int).reshape(7, PERIODS)
    case = {
        "agents": len(inputs.agents), "periods": PERIODS, "need": need.tolist(), "seconds": seconds,
        "patterns": {name: present.tolist() for name, (present, _, _) in made.items()}, "paid": paid,
        "begin": {name: begin for name, (_, begin, _) in made.items()},
        "end": {name: end for name, (_, _, end) in made.items()}, "rest_h": REST_H,
    }  # fmt: skip
    try:
        done = subprocess.run(
            [python, "-c", PEER], input=json.dumps(case), capture_output=True, text=True, timeout=4 * seconds + 120
        )
    except subprocess.TimeoutExpired:
        return {"patterns": len(made), "cover_status": f"no answer after {4 * seconds + 120:.0f} s"}
    return {"patterns": len(made), **(json.loads(done.stdout) if done.returncode == 0 else {"failed": done.stderr})}


def own(inputs: Inputs, seconds: float) -> dict[str, object]:
    """What staffing makes of it; kernels compiled before the clock."""
    from staffing.roster import SolveLimits, solve
    from staffing.roster.rules import check

    solve(site(4), SolveLimits(seconds=5))
    begun = time.process_time()
    made = solve(inputs, SolveLimits(seconds, 0.0, 1))
    return {
        "paid_hours": made.paid_hours, "short_hours": made.short_hours, "bound": round(made.bound, 1),
        "gap": round(made.gap, 4), "status": made.status, "cpu_s": round(time.process_time() - begun, 2),
        "violations": len(check(made.table, inputs)),
    }  # fmt: skip


def main() -> int:
    """Print one JSON line for each side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer-python", default="")
    parser.add_argument("--agents", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    inputs = site(given.agents)
    print(f"week of {START}, {given.agents} agents, load average {os.getloadavg()[0]:.1f}")
    ours = own(inputs, given.seconds)
    print(json.dumps({"staffing": ours}), flush=True)
    if not given.peer_python:
        print("pyworkforce is absent; name its interpreter with --peer-python.")
        return 0
    for label, every in (("pyworkforce, one place per break", False), ("pyworkforce, every place", True)):
        print(json.dumps({label: peer(inputs, given.peer_python, given.seconds, every=every)}), flush=True)
    return 0 if not ours["violations"] else 1


if __name__ == "__main__":
    sys.exit(main())
