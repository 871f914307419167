"""Is the promise true? Rosters of real weeks against the calls that came, and against other ways to staff them.

    python -m benchmarks.replay [--weeks tuning|test] [--first N] [--meet 0.9]

The 1999 bank (Technion SEELab, academic use with acknowledgement), history only before each week; without the data it
says so and ends. Every roster is played with the week's calls, handle times and measured patience (Kaplan–Meier),
absence of whole people and planned work off the phone drawn twenty times. The usual pipeline: mean of eight same
weekdays, Erlang C per half-hour, whole agents over shrinkage, exact cover without personal limits; clairvoyant: the
same cover of the week's own counts and handle time. Both at several targets, so that hours are compared at equal
service and at equal days met.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.bank_weeks import TEST, TUNING, ZONE, half_hours, load_calls, minutes_open, workspace
from benchmarks.series import DATA
from staffing.planner import Plan, Planner
from staffing.queueing import Targets, smallest_agents
from staffing.simulation.calls import WINDOW, pool
from staffing.simulation.drawing import name_key
from staffing.simulation.lines import Shapes, Worlds
from staffing.simulation.people import People
from staffing.simulation.shapes import patience
from staffing.simulation.week import SimulatedWeek, floors_of, simulate
from staffing.store.workspace import Workspace

DRAWS, THRESHOLD_S, TARGET, DAY_S = 20, 20.0, 0.8, 86_400
PRESENT = 0.95 * 0.92
USUAL = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
KNOWN = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


@dataclass
class Outcome:
    """Of one way to staff, week after week: paid hours, service level per draw and day, what was promised."""

    hours: list[float] = field(default_factory=list)
    days: list[np.ndarray] = field(default_factory=list)  # draws × days, NaN without calls
    weeks: list[np.ndarray] = field(default_factory=list)  # draws

    def add(self, hours: float, days: np.ndarray, weeks: np.ndarray) -> None:
        self.hours.append(hours)
        self.days.append(days)
        self.weeks.append(weeks)

    @property
    def service(self) -> float:
        return float(np.mean([week.mean() for week in self.weeks]))

    @property
    def met(self) -> float:
        days = np.concatenate([day.ravel() for day in self.days])
        return float(np.mean(days[np.isfinite(days)] >= TARGET))


@dataclass
class Real:
    """A week's calls in seconds from its first midnight, and patience as measured in it."""

    calls: pd.DataFrame
    week: str

    def __post_init__(self) -> None:
        midnight = pd.Timestamp(self.week, tz=ZONE)
        local = self.calls["arrival"].dt.tz_localize(ZONE, nonexistent="shift_forward", ambiguous=True)
        self.arrival = (local - midnight).dt.total_seconds().to_numpy()
        self.day = (self.calls["date"] - pd.Timestamp(self.week)).dt.days.to_numpy()
        self.shape = patience(self.calls["wait_s"], ~self.calls["answered"])
        self.scale = float(self.calls["wait_s"].sum() / (~self.calls["answered"]).sum())

    def play(self, people: People) -> tuple[np.ndarray, np.ndarray]:
        """Service level of draws × days, and of the week."""
        rng = np.random.default_rng(int(self.week.replace("-", "")))
        known = self.calls["handle_s"].dropna().to_numpy()
        in_time, offered = np.zeros((DRAWS, 7)), np.bincount(self.day, minlength=7)
        rows, first = np.zeros(people.room, WINDOW), np.zeros(len(people.names) + 1, np.int64)
        for draw in range(DRAWS):
            told = self.calls["handle_s"].to_numpy(copy=True)
            told[np.isnan(told)] = rng.choice(known, np.isnan(told).sum())
            knots = self.shape.knots[np.minimum((rng.random(told.size) * 1024).astype(int), 1023)]
            made = people.present(np.uint64(77), draw, rows, first)
            wait, by = np.empty(told.size), np.empty(told.size, np.int64)
            pool(self.arrival, told, knots * self.scale, first, rows[:made], wait, by)
            in_time[draw] = np.bincount(self.day, (by >= 0) & (wait <= THRESHOLD_S), minlength=7)
        with np.errstate(invalid="ignore"):
            return in_time / offered, in_time.sum(axis=1) / offered.sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weeks", choices=["tuning", "test"], default="test")
    parser.add_argument("--first", type=int, default=99)
    parser.add_argument("--meet", type=float, help="plan for so large a share of days, instead of every half-hour")
    parser.add_argument("--alone", action="store_true", help="leave the usual pipeline and the clairvoyant out")
    chosen = parser.parse_args()
    if not (DATA / "anonbank_1999_calls_9months.parquet").exists():
        print("The bank's call records are not there; nothing was measured.")
        return
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    calls = load_calls()
    rows = half_hours(calls)
    turned = [*(f"usual {target:g}" for target in USUAL), *(f"known {target:g}" for target in KNOWN)]
    ways = {name: Outcome() for name in ("planner", *turned)}
    ladder, chances = [], []
    for week in (TUNING if chosen.weeks == "tuning" else TEST)[: chosen.first]:
        real = Real(week_of(calls, week), week)
        with tempfile.TemporaryDirectory() as folder:
            opened = Workspace.open(workspace(Path(folder), calls, rows, week))
            planner = Planner.open(opened)
            target = {} if chosen.meet is None else {"service": {"meet": chosen.meet}}
            plan = planner.plan(opened.scenario("base").patched(target), start=pd.Timestamp(week).date())
        days, weeks = real.play(floors_of(week_of_plan(plan))[0].people)
        ways["planner"].add(plan.evaluation.totals["paid_hours"], days, weeks)
        needs = {f"usual {target:g}": usual_needs(rows, week, target) for target in USUAL}
        needs |= {f"known {target:g}": known_needs(real, rows, target) for target in KNOWN}
        for name, needed in () if chosen.alone else needs.items():
            hours, people = covered(needed)
            ways[name].add(hours, *real.play(people))
        ladder.append(rungs(plan, real, rows, weeks.mean()))
        seen = plan.simulated.days[plan.simulated.days["queue"] == "calls"]
        chances += list(zip(seen["p_meets_target"], np.where(np.isnan(days), np.nan, days >= TARGET).mean(axis=0)))
        print(f"{week}: {ladder[-1].round(3).to_dict()}, paid {ways['planner'].hours[-1]:.0f} h", flush=True)
    ways = {name: one for name, one in ways.items() if one.hours}
    report(ways, pd.DataFrame(ladder), np.array(chances))


def week_of(calls: pd.DataFrame, week: str) -> pd.DataFrame:
    first = pd.Timestamp(week)
    return calls[(calls["date"] >= first) & (calls["date"] < first + pd.Timedelta(days=7))].reset_index(drop=True)


def week_of_plan(
    plan: Plan, paths: dict[str, np.ndarray] | None = None, calls: pd.DataFrame | None = None
) -> SimulatedWeek:
    known = Worlds(plan.forecast.table, plan.forecast.paths, plan.forecast.aht_paths)
    worlds = known if paths is None else Worlds(plan.forecast.table if calls is None else calls, paths)
    shapes = Shapes.of_table(plan.simulated.shapes)
    return SimulatedWeek(worlds, plan.requirements, plan.evaluation.activities, plan.scenario, plan.start, 7, shapes)


def rungs(plan: Plan, real: Real, rows: pd.DataFrame, delivered: float) -> pd.Series:
    """Service of the week's roster, one thing after the other known."""
    table = plan.forecast.table
    local = table["start"].dt.tz_convert(ZONE).dt.tz_localize(None)
    came = rows.set_index("timestamp").reindex(local)
    counts = {"calls": came["calls"].fillna(0).to_numpy(dtype=float)[None, :]}
    handle = float(real.calls["handle_s"].mean())
    expected = float((table["calls"] * table["aht_s"]).sum() / table["calls"].sum())
    known = table.assign(aht_s=table["aht_s"] * handle / expected)
    runs = {"runs": 100}
    return pd.Series({
        "exact": plan.evaluation.totals["service_level"],
        "mean forecast": simulate(week_of_plan(plan, {}), **runs).total["service_level"],
        "promised": plan.simulated.total["service_level"],
        "counts known": simulate(week_of_plan(plan, counts), **runs).total["service_level"],
        "handle time too": simulate(week_of_plan(plan, counts, known), **runs).total["service_level"],
        "delivered": delivered,
        "volume error": float(table["calls"].sum() / came["calls"].sum() - 1),
        "handle time error": expected / handle - 1,
    })  # fmt: skip


def usual_needs(rows: pd.DataFrame, week: str, target: float) -> np.ndarray:
    """Agents to roster per day and quarter: mean of the last eight same weekdays, Erlang C, shrinkage."""
    first = pd.Timestamp(week)
    known = rows[rows["timestamp"] < first]
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
        slot = own["timestamp"].dt.hour * 2 + own["timestamp"].dt.minute // 30
        mean[d] = own.groupby(slot)["calls"].mean().reindex(range(48), fill_value=0.0)
    return staffed(mean, handle_s, target, first)


def known_needs(real: Real, rows: pd.DataFrame, target: float) -> np.ndarray:
    first = pd.Timestamp(real.week)
    own = rows[(rows["timestamp"] >= first) & (rows["timestamp"] < first + pd.Timedelta(days=7))]
    counts = np.zeros((7, 48))
    day = (own["timestamp"].dt.normalize() - first).dt.days
    counts[day, own["timestamp"].dt.hour * 2 + own["timestamp"].dt.minute // 30] = own["calls"]
    return staffed(counts, float(real.calls["handle_s"].mean()), target, first)


def staffed(calls: np.ndarray, handle_s: float, target: float, first: pd.Timestamp) -> np.ndarray:
    agents = smallest_agents(calls * handle_s / 1800, handle_s, np.inf, THRESHOLD_S, Targets(service_level=target))
    rostered = np.ceil(np.maximum(agents, 2) / PRESENT - 1e-9)
    is_open = np.zeros((7, 48), dtype=bool)
    for d in range(7):
        low, high = minutes_open(first + pd.Timedelta(days=d))
        is_open[d, low // 30 : high // 30] = True
    return np.repeat(rostered * is_open, 2, axis=1)


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


def covered(needed: np.ndarray) -> tuple[float, People]:
    """Least paid hours that cover ``needed`` (days × quarters), no personal limits; a person for every shift."""
    every = patterns()
    paid = np.array([hours for hours, _ in every])
    cover = np.zeros((96, len(every)))
    for j, (_, windows) in enumerate(every):
        for begin, end in windows:
            cover[begin // 15 : end // 15, j] = 1
    shifts: list[tuple[int, int]] = []
    for d, day in enumerate(needed):
        rule = LinearConstraint(cover[day > 0], day[day > 0], np.inf)
        options = {"time_limit": 3.0, "mip_rel_gap": 0.005}
        found = milp(paid, constraints=rule, integrality=np.ones(paid.size), bounds=Bounds(0, np.inf), options=options)
        shifts += [(d, j) for j in np.flatnonzero(found.x > 0.5) for _ in range(round(found.x[j]))]
    rows = [
        (k, (d * 1440 + b) * 60.0, (d * 1440 + e) * 60.0) for k, (d, j) in enumerate(shifts) for b, e in every[j][1]
    ]
    who, start, end = (np.array(column) for column in zip(*rows))
    count = len(shifts)
    return float(sum(paid[j] for _, j in shifts)), People(
        tuple(map(str, range(count))), who, who, np.zeros(who.size, np.int64), start, end,
        *np.zeros((3, who.size), bool), np.array([name_key("usual", k) for k in range(count)]), np.full(count, 0.05),
        np.full(count, 0.08),
    )  # fmt: skip


def report(ways: dict[str, Outcome], ladder: pd.DataFrame, chances: np.ndarray) -> None:
    print("\n| way | paid h a week | delivered | days met |\n|---|---|---|---|")
    for name, one in ways.items():
        print(f"| {name} | {np.mean(one.hours):.0f} | {one.service:.1%} | {one.met:.1%} |")
    own = ways["planner"]
    for what in ("service", "met") if len(ways) > 1 else ():
        usual, known = (at_equal(ways, name, what, getattr(own, what)) for name in ("usual", "known"))
        saved = (usual - np.mean(own.hours)) / (usual - known)
        hours = f"usual {usual:.0f} h, planner {np.mean(own.hours):.0f} h, known {known:.0f} h"
        print(f"at equal {what}: {hours}: {saved:.0%} saved")
    print(f"\nladder of causes (means)\n{ladder.mean().round(4).to_string()}")
    for name in ("exact", "promised"):
        error = 100 * (ladder[name] - ladder["delivered"])
        print(f"{name} − delivered: {error.mean():+.2f} points, mean absolute {error.abs().mean():.2f}")
    calibration(chances)


def at_equal(ways: dict[str, Outcome], name: str, what: str, value: float) -> float:
    """Hours of a way turned until ``what`` is ``value``."""
    own = [one for key, one in ways.items() if key.startswith(name)]
    at = np.array([getattr(one, what) for one in own])
    order = at.argsort()
    return float(np.interp(value, at[order], np.array([np.mean(one.hours) for one in own])[order]))


def calibration(chances: np.ndarray) -> None:
    chances = chances[np.isfinite(chances).all(axis=1)]
    stated, came = chances.T
    spread = f"mean {stated.mean():.2f}, deviation {stated.std():.3f}"
    print(f"\nstated chance of a day: {spread}; held {came.mean():.2f}")
    print(f"Brier score {np.mean((stated - came) ** 2):.4f}, of the base rate {np.mean((came.mean() - came) ** 2):.4f}")
    for low, high in ((0, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01)):
        inside = (stated >= low) & (stated < high)
        if inside.any():
            print(f"  given {low:.0%} to {min(high, 1):.0%}: {inside.sum()} days, {came[inside].mean():.0%} held")


if __name__ == "__main__":
    main()
