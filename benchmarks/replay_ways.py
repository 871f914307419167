"""Other ways to staff a week: the usual pipeline, the clairvoyant, and the nearest library's cover.

Usual: mean of eight same weekdays, Erlang C per half-hour, whole agents over shrinkage, exact cover without personal
limits. Clairvoyant: the same cover of the week's own counts and handle time. The nearest library (pyworkforce) takes
the usual means, works the agents out by its own Erlang C and covers them with its own solver; its cover has no end to
what may be over, so nothing else is asked of it.
"""

from __future__ import annotations

import json
import subprocess

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.banks import Bank
from benchmarks.replay_weeks import THRESHOLD_S, Real
from staffing.queueing import Targets, smallest_agents
from staffing.simulation.drawing import name_key
from staffing.simulation.people import People

PRESENT = 0.95 * 0.92
USUAL = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
KNOWN = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
LIBRARY = (0.6, 0.7, 0.8)
LIBRARY_S = 20.0
Mean = tuple[np.ndarray, float]  # calls of days × half-hours, handle time

PEER = """
import json, sys
from pyworkforce.queuing import ErlangC
from pyworkforce.scheduling import MinRequiredResources
case = json.load(sys.stdin)
def agents(calls):
    if calls <= 0:
        return 0
    one = ErlangC(transactions=calls, aht=case["aht_s"] / 60, asa=case["threshold_s"] / 60, interval=30,
                  shrinkage=0.126)
    return max(one.required_positions(service_level=case["target"], max_occupancy=1.0)["positions"], 3)
need = [[agents(calls) for calls in day for _ in (0, 1)] for day in case["calls"]]
cover = MinRequiredResources(
    num_days=len(need), periods=96, shifts_coverage=case["patterns"], required_resources=need,
    max_period_concurrency=400, max_shift_concurrency=400, cost_dict=case["paid"], max_search_time=case["seconds"],
    num_search_workers=1,
).solve()
print(json.dumps([[row["day"], row["shift"], row["resources"]] for row in cover["resources_shifts"]]))
"""


def usual_mean(bank: Bank, week: str) -> Mean:
    """Means of the last eight same weekdays."""
    first = pd.Timestamp(week)
    known = bank.rows[bank.rows["timestamp"] < first]
    recent = known[known["timestamp"] >= first - pd.Timedelta(days=56)]
    told = recent["aht_seconds"].notna()
    handle_s = float(np.average(recent["aht_seconds"][told], weights=recent["answered"][told]))
    mean = np.zeros((7, 48))
    date = known["timestamp"].dt.normalize()
    total = known.groupby(date)["calls"].sum()
    for d in range(7):
        weekday = (first + pd.Timedelta(days=d)).weekday()
        last = [day for day in total.index if day.weekday() == weekday and total[day] > 0][-8:]
        own = known[date.isin(last)]
        if len(own):
            mean[d] = own.groupby(_slot(own))["calls"].mean().reindex(range(48), fill_value=0.0)
    return mean, handle_s


def known_mean(bank: Bank, real: Real) -> Mean:
    """The week's own."""
    first = pd.Timestamp(real.week)
    own = bank.rows[(bank.rows["timestamp"] >= first) & (bank.rows["timestamp"] < first + pd.Timedelta(days=7))]
    counts = np.zeros((7, 48))
    counts[(own["timestamp"].dt.normalize() - first).dt.days, _slot(own)] = own["calls"]
    return counts, float(real.calls["handle_s"].mean())


def _slot(rows: pd.DataFrame) -> pd.Series:
    return rows["timestamp"].dt.hour * 2 + rows["timestamp"].dt.minute // 30


def needed(bank: Bank, week: str, mean: Mean, target: float) -> np.ndarray:
    """People to roster per day and quarter: Erlang C, whole agents over shrinkage."""
    calls, handle_s = mean
    agents = smallest_agents(calls * handle_s / 1800, handle_s, np.inf, THRESHOLD_S, Targets(service_level=target))
    rostered = np.ceil(np.maximum(agents, 2) / PRESENT - 1e-9)
    return np.repeat(rostered * _is_open(bank, week), 2, axis=1)


def _is_open(bank: Bank, week: str) -> np.ndarray:
    is_open = np.zeros((7, 48), dtype=bool)
    for d in range(7):
        low, high = bank.open_min(pd.Timestamp(week) + pd.Timedelta(days=d))
        is_open[d, low // 30 : high // 30] = True
    return is_open


def patterns() -> list[tuple[float, list[tuple[int, int]]]]:
    """Paid hours and windows (minutes) of every shift, each with three layouts of its breaks."""
    day = (510, 420, 930, [(90, 165, 15, True), (210, 300, 30, False), (360, 435, 15, True)])
    seven = (420, 420, 1020, [(90, 165, 15, True), (210, 300, 30, False)])
    kinds = (day, seven, (300, 420, 1140, [(90, 195, 15, True)]), (240, 420, 1200, []))
    found = []
    for length, first, last, breaks in kinds:
        unpaid = sum(minutes for *_, minutes, paid in breaks if not paid)
        for start in range(first, min(last, 1440 - length) + 1, 30):
            for part in (0.0, 0.5, 1.0) if breaks else (0.0,):
                at, windows = start, []
                for low, high, minutes, _ in breaks:
                    begin = start + low + int((high - low) * part // 15) * 15
                    windows.append((at, begin))
                    at = begin + minutes
                found.append(((length - unpaid) / 60, [*windows, (at, start + length)]))
    return found


def _presence() -> np.ndarray:
    """Quarters of a day × patterns."""
    every = patterns()
    cover = np.zeros((96, len(every)))
    for j, (_, windows) in enumerate(every):
        for begin, end in windows:
            cover[begin // 15 : end // 15, j] = 1
    return cover


def covered(need: np.ndarray) -> tuple[float, People]:
    """Least paid hours that cover ``need`` (days × quarters), no personal limits; a person for every shift."""
    paid, cover = np.array([hours for hours, _ in patterns()]), _presence()
    shifts: list[tuple[int, int]] = []
    options = {"time_limit": 60.0, "mip_rel_gap": 0.005}
    for d, day in enumerate(need):
        if not day.any():
            continue
        rule = LinearConstraint(cover[day > 0], day[day > 0], np.inf)
        found = milp(paid, constraints=rule, integrality=np.ones(paid.size), bounds=Bounds(0, np.inf), options=options)
        shifts += [(d, j) for j in np.flatnonzero(found.x > 0.5) for _ in range(round(found.x[j]))]
    return people_of(shifts)


def people_of(shifts: list[tuple[int, int]]) -> tuple[float, People]:
    """Paid hours and a person each of shifts (day, position of the pattern)."""
    every = patterns()
    rows = [
        (k, (d * 1440 + b) * 60.0, (d * 1440 + e) * 60.0) for k, (d, j) in enumerate(shifts) for b, e in every[j][1]
    ]
    who, start, end = (np.array(column) for column in zip(*rows))
    count = len(shifts)
    return float(sum(every[j][0] for _, j in shifts)), People(
        tuple(map(str, range(count))), who, who, np.zeros(who.size, np.int64), start, end,
        *np.zeros((3, who.size), bool), np.array([name_key("usual", k) for k in range(count)]), np.full(count, 0.05),
        np.full(count, 0.08),
    )  # fmt: skip


def library(python: str, bank: Bank, week: str, mean: Mean, target: float) -> tuple[float, People]:
    """The nearest library's shifts, in an environment (its ``python``) of its own."""
    calls, handle_s = mean
    cover = _presence()
    case = {
        "calls": (np.where(_is_open(bank, week), calls, 0.0)).tolist(), "aht_s": handle_s, "threshold_s": THRESHOLD_S,
        "target": target, "seconds": LIBRARY_S, "paid": {str(j): one[0] for j, one in enumerate(patterns())},
        "patterns": {str(j): cover[:, j].astype(int).tolist() for j in range(cover.shape[1])},
    }  # fmt: skip
    done = subprocess.run([python, "-c", PEER], input=json.dumps(case), capture_output=True, text=True, check=True)
    return people_of([(d, int(j)) for d, j, count in json.loads(done.stdout) for _ in range(count)])
