"""Are stated chances true, and how far apart can they be? Any roster judged by the product's simulation.

Beside what is stated, two limits. ``total known``: the day's contacts are known and only their course, handle times
and absences are not; nobody can tell days further apart in advance. ``size of error known``: how far the day will
lie from its forecast is known, but not to which side; that is the most any model of a day's risk could know.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

from benchmarks.replay_weeks import TARGET
from staffing.planner import Plan
from staffing.simulation.floor import Floor
from staffing.simulation.lines import Horizon, Shapes, Worlds, lines_of
from staffing.simulation.people import People
from staffing.simulation.result import chance_of
from staffing.simulation.skills import Routing

RUNS = 200
KINDS = ("stated", "size of error known", "total known")
EDGES = (0.0, 0.3, 0.5, 0.7, 0.85, 0.95, 1.0)


@dataclass
class Chances:
    """Of rosters of one kind: per day the chance that each knowledge states, and the share of draws that held."""

    held: list[np.ndarray] = field(default_factory=list)
    chance: dict[str, list[np.ndarray]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    def add(self, plan: Plan, people: People, days: np.ndarray, came: np.ndarray) -> None:
        """``days``: draws × days as played; ``came``: contacts of each day."""
        self.held.append(np.where(np.isnan(days), np.nan, days >= TARGET).mean(axis=0))
        table, paths = plan.forecast.table, plan.forecast.paths["calls"]
        told = {
            "stated": paths,
            "size of error known": _either_side(table, paths, came, plan),
            "total known": _with_totals(table, paths, np.broadcast_to(came, (len(paths), 7)), plan),
        }
        for kind, own in told.items():
            self.chance[kind].append(stated(plan, people, own))

    def table(self, kind: str) -> tuple[np.ndarray, np.ndarray]:
        chance, held = np.concatenate(self.chance[kind]), np.concatenate(self.held)
        known = np.isfinite(chance) & np.isfinite(held)
        return chance[known], held[known]


def stated(plan: Plan, people: People, paths: np.ndarray) -> np.ndarray:
    """Chance of each day of the week that the promise is kept, by the product's simulation of these ``people``."""
    scenario, known = plan.scenario, plan.forecast
    span = Horizon.of(scenario, plan.start, 7)
    aht = known.aht_paths if len(paths) == len(known.paths["calls"]) else {}
    worlds = Worlds(known.table, {"calls": paths}, aht)
    lines = lines_of(worlds, scenario, span, Shapes.of_table(plan.simulated.shapes))
    rank = np.zeros((1, 1), np.int64)
    floor = Floor(lines, people, Routing(rank, rank), np.zeros(1, int), scenario, span)
    for run in range(RUNS):
        floor.run(np.uint64(scenario.seed), run)
    amounts, target = np.array(floor.sums[0].days), scenario.target(scenario.queue("calls"))
    return np.array([chance_of(amounts, target, np.array([d])) for d in range(7)])


def _days(table: pd.DataFrame, plan: Plan) -> np.ndarray:
    local = table["start"].dt.tz_convert(plan.scenario.site.zone).dt.date
    return np.array([(day - plan.start).days for day in local])


def _with_totals(table: pd.DataFrame, paths: np.ndarray, totals: np.ndarray, plan: Plan) -> np.ndarray:
    """Paths whose days have these ``totals`` (paths × days), each with the course of its own path, in whole contacts.

    Counting noise is in the paths already: they are scaled and rounded along the day, not drawn again.
    """
    day = _days(table, plan)
    made = np.zeros_like(paths)
    for d in np.unique(day):
        own = np.flatnonzero(day == d)
        course = np.cumsum(paths[:, own].astype(float) + 1e-9, axis=1)
        whole = np.round(course / course[:, -1:] * np.round(totals[:, d])[:, None])
        made[:, own] = np.diff(whole, axis=1, prepend=0.0)
    return made


def _either_side(table: pd.DataFrame, paths: np.ndarray, came: np.ndarray, plan: Plan) -> np.ndarray:
    """Every second path's days lie as far above the forecast as the others lie below, as far as the day itself did."""
    day = _days(table, plan)
    mean = np.array([table["calls"].to_numpy()[day == d].sum() for d in range(7)])
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.nan_to_num(np.abs(np.log(came / mean)), posinf=0.0, neginf=0.0)
    side = np.where(np.arange(len(paths)) % 2, 1.0, -1.0)
    return _with_totals(table, paths, mean * np.exp(side[:, None] * size), plan)


def report(chances: dict[str, Chances]) -> None:
    """Spread and Brier score of each knowledge, and how many held of the days given so much."""
    print("\n| rosters | chance by | days | mean | held | deviation | Brier | of the base rate |")
    print("|---|---|---|---|---|---|---|---|")
    for name, own in chances.items():
        for kind in KINDS:
            chance, held = own.table(kind)
            brier, base = np.mean((chance - held) ** 2), np.mean((held.mean() - held) ** 2)
            print(
                f"| {name} | {kind} | {chance.size} | {chance.mean():.2f} | {held.mean():.2f} | {chance.std():.3f} | "
                f"{brier:.4f} | {base:.4f} |"
            )
    print()
    for name, own in chances.items():
        print(f"{name}: {_bins(*own.table('stated'))}")


def _bins(chance: np.ndarray, held: np.ndarray) -> str:
    parts = []
    for low, high in pairwise(EDGES):
        inside = (chance >= low) & ((chance < high) | (high == 1.0))
        if inside.any():
            parts.append(f"given {low:.0%}–{high:.0%} {inside.sum()} days, {held[inside].mean():.0%} held")
    return "; ".join(parts)
