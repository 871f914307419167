"""Which part of a promise is wrong? Real weeks against people who stand by as the requirement asks.

    python -m benchmarks.replay_ladder [--weeks tuning|test]

No roster is searched for, so a week costs seconds. The service of the week is worked out with one thing after the other
known: what the forecast says, its sample paths, the counts that came, their mean handle time, and then patience, handle
times and instants as they were measured (``replay_causes``, from the other end). ``strays``: how far the week's service
lies from its median on average, by the forecast's own paths; no honest forecast comes nearer to single weeks.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.banks import Bank, bank
from benchmarks.replay_causes import causes
from benchmarks.series import DATA
from staffing.forecast import Forecast
from staffing.planner import Planner
from staffing.requirements.present import lost_shares
from staffing.simulation.certainty import standing
from staffing.simulation.floor import Floor
from staffing.simulation.lines import Horizon, Shapes, Worlds, lines_of
from staffing.simulation.people import People
from staffing.simulation.skills import Routing
from staffing.simulation.tally import AMOUNTS
from staffing.store.workspace import Workspace

RUNS = 200
OFFERED, IN_TIME = AMOUNTS.index("offered"), AMOUNTS.index("in_time")


@dataclass(frozen=True)
class Week:
    """A week as it is forecast, and the people of its requirement."""

    made: Forecast
    needed: pd.DataFrame
    scenario: Any
    start: Any
    shapes: pd.DataFrame

    @classmethod
    def before(cls, known: Bank, week: str, folder: Path) -> Week:
        """From the history before it."""
        opened = Workspace.open(known.workspace(folder, week))
        planner, scenario, start = Planner.open(opened), opened.scenario("base"), pd.Timestamp(week).date()
        made = planner.forecast(scenario, start=start, days=7)
        return cls(made, planner.requirements(made, scenario), scenario, start, planner.shapes(scenario))

    @property
    def span(self) -> Horizon:
        return Horizon.of(self.scenario, self.start, 7)

    @cached_property
    def people(self) -> People:
        planned, unplanned = lost_shares(self.needed, self.made.table, self.needed, self.scenario)
        exact = self.needed["agents"].to_numpy() / ((1 - planned) * (1 - unplanned))
        place, slots = self.span.place(self.needed["start"]), self.span.day_of.size
        heads, lost = np.zeros(slots, np.int64), np.zeros((2, slots))
        heads[place] = np.diff(np.floor(np.cumsum(exact) + 0.5), prepend=0.0)
        lost[:, place] = planned, unplanned
        return standing(heads, lost, self.span)

    def service(self, worlds: Worlds) -> np.ndarray:
        """The week's service level, run after run."""
        lines, rank = lines_of(worlds, self.scenario, self.span, Shapes.of_table(self.shapes)), np.zeros((1, 1), int)
        floor = Floor(lines, self.people, Routing(rank, rank), np.zeros(1, int), self.scenario, self.span)
        for run in range(RUNS):
            floor.run(np.uint64(self.scenario.seed), run)
        sums = np.array(floor.sums[0].days).sum(axis=1)
        return np.asarray(sums[:, IN_TIME] / sums[:, OFFERED])


def measured(known: Bank, week: str, folder: Path) -> dict[str, float]:
    one, real = Week.before(known, week, folder), known.real(week)
    table, paths = one.made.table, one.made.paths
    local = table["start"].dt.tz_convert(known.zone).dt.tz_localize(None)
    came = known.rows.set_index("timestamp").reindex(local)["calls"].fillna(0).to_numpy(dtype=float)
    handle, expected = real.calls["handle_s"].mean(), np.average(table["aht_s"], weights=table["calls"])
    told, counts = table.assign(aht_s=table["aht_s"] * handle / expected), {"calls": came[None, :]}
    promised = one.service(Worlds(table, paths, one.made.aht_paths))
    steps = {
        "mean forecast": Worlds(table, {}),
        "sample paths' day totals": Worlds(table, {"calls": _level(one, np.asarray(paths["calls"], float))}),
        "sample paths": Worlds(table, paths),
        "totals known": Worlds(table, {"calls": _level(one, counts["calls"])}),
        "counts known": Worlds(table, counts),
        "handle time too": Worlds(told, counts),
    }
    out = {name: float(one.service(worlds).mean()) for name, worlds in steps.items()}
    plan: Any = SimpleNamespace(
        forecast=one.made, scenario=one.scenario, start=one.start, simulated=SimpleNamespace(shapes=one.shapes)
    )
    return {
        **out,
        "promised": float(promised.mean()),
        **causes(plan, real, one.people),
        "delivered": float(real.play(one.people)[1].mean()),
        "strays": float(np.abs(promised - np.median(promised)).mean()),
        "volume error": float(table["calls"].sum() / came.sum() - 1),
        "handle time error": float(expected / handle - 1),
    }


def _level(one: Week, paths: np.ndarray) -> np.ndarray:
    """Counts of the forecast's course with the day totals of ``paths``, drawn anew."""
    mean, rng = one.made.table["calls"].to_numpy(), np.random.default_rng(3)
    day = one.span.day_of[one.span.place(one.made.table["start"])]
    drawn = np.zeros((RUNS, mean.size), "float32")
    for d in np.unique(day):
        own = day == d
        level = paths[:, own].sum(axis=1) / max(mean[own].sum(), 1e-9)
        drawn[:, own] = rng.poisson(np.resize(level, RUNS)[:, None] * mean[own])
    return drawn


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weeks", choices=["tuning", "test"], default="test")
    chosen = parser.parse_args()
    if not (DATA / "anonbank_1999_calls_9months.parquet").exists():
        print("The bank's records are not there; nothing was measured.")
        return
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    known, rows = bank(1999), []
    for week in known.tuning if chosen.weeks == "tuning" else known.test:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(measured(known, week, Path(folder)))
        print(f"{week}: {pd.Series(rows[-1]).round(3).to_dict()}", flush=True)
    table = pd.DataFrame(rows)
    print("\n| | service | less delivered | mean absolute |\n|---|---|---|---|")
    for name in table.columns[: list(table).index("delivered")]:
        off = 100 * (table[name] - table["delivered"])
        chance = off.std(ddof=1) / np.sqrt(len(off))
        print(f"| {name} | {table[name].mean():.1%} | {off.mean():+.1f} ± {chance:.1f} | {off.abs().mean():.1f} |")
    print(f"\n{table[['delivered', 'strays', 'volume error', 'handle time error']].mean().round(4).to_string()}")


if __name__ == "__main__":
    main()
