"""Whether stated chances are true: promised for each day against what came.

A day's outcome is found by playing the contacts and handle times that came against the roster that held: no file says
how many were in time. The day held where most of its runs keep the targets (absences and patience are drawn).
Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.evaluation.rollup import ALL_QUEUES
from staffing.evaluation.shifts import read_roster
from staffing.requirements import requirements
from staffing.simulation.lines import Shapes, Worlds
from staffing.simulation.remarks import Z
from staffing.simulation.week import SimulatedWeek, simulate

RUNS = 40
ENOUGH_DAYS = 20  # fewer cannot tell a true chance from a false one
ALIKE = 0.1  # standard deviation of chances of days that were staffed to nearly the same risk
EDGES = (0.0, 0.5, 0.7, 0.85, 0.95, 1.0)
BINS = ["bin", "days", "promised", "held", "low", "high"]


@dataclass(frozen=True)
class Calibration:
    """Stated chances against what came.

    Attributes
    ----------
    days : ``queue, day, promised, held`` (1 or 0), one row a day that has come.
    bins : ``bin`` (chances between), ``days`` in it, their mean ``promised``, the share ``held`` with its 95 % interval
        ``low, high`` (Wilson).
    brier, base_brier : mean squared error of the stated chances, and of stating the share that held for every day; NaN
        without days.
    """

    days: pd.DataFrame
    bins: pd.DataFrame
    brier: float
    base_brier: float

    @property
    def enough(self) -> bool:
        """Whether so many days have come that the figures say something."""
        return len(self.days) >= ENOUGH_DAYS

    def sentence(self) -> str:
        """What it comes to, in words."""
        count = len(self.days)
        if not count:
            return "No day that was promised when its week was published has come yet."
        held, promised = self.days["held"].mean(), self.days["promised"].mean()
        told = f"Of {count} days, promised to hold with {promised:.0%} on average, {held:.0%} held"
        if not self.enough:
            return f"{told}: not enough days yet to judge the chances ({ENOUGH_DAYS} are)."
        better = self.brier < self.base_brier
        verb = "tells days apart better than" if better else "tells days apart no better than"
        why = ""
        if not better and self.days["promised"].std(ddof=0) < ALIKE:
            why = ", as is to be expected of days staffed to nearly the same risk"
        figures = f"Brier {self.brier:.3f} against {self.base_brier:.3f}"
        return f"{told}; the stated chance {verb} their mean ({figures}){why}."


def calibration(days: pd.DataFrame) -> Calibration:
    """From ``queue, day, promised, held``, one row a day."""
    promised, held = days["promised"].to_numpy(dtype=float), days["held"].to_numpy(dtype=float)
    which = np.clip(np.digitize(promised, EDGES) - 1, 0, len(EDGES) - 2)
    rows = [_bin(which == k, k, promised, held) for k in range(len(EDGES) - 1) if (which == k).any()]
    brier = base = float("nan")
    if len(days):
        brier, base = float(np.mean((promised - held) ** 2)), float(np.mean((held.mean() - held) ** 2))
    return Calibration(days, pd.DataFrame(rows, columns=BINS), brier, base)


def against_what_came(
    promised: pd.DataFrame,
    history: pd.DataFrame,
    rosters: Mapping[dt.date, pd.DataFrame],
    scenario: Scenario,
    shapes: pd.DataFrame,
) -> Calibration:
    """Chances stated when weeks were published (``promised``: queue, day, promised) against what came in ``history``.

    ``rosters`` are those that held, by week; ``shapes`` as `Shapes.table` tells them.
    """
    parts = [pd.DataFrame(columns=["queue", "day", "held"])]
    parts += [came(history, held, scenario, week, Shapes.of_table(shapes)) for week, held in rosters.items()]
    each = promised[promised["queue"] != ALL_QUEUES]  # the days of all together are the same days
    both = each.merge(pd.concat(parts, ignore_index=True), on=["queue", "day"])
    return calibration(both[["queue", "day", "promised", "held"]])


def _bin(
    own: np.ndarray, k: int, promised: np.ndarray, held: np.ndarray
) -> tuple[str, int, float, float, float, float]:
    count, share = int(own.sum()), float(held[own].mean())
    z2 = Z**2 / count
    middle, half = (share + z2 / 2) / (1 + z2), Z * np.sqrt(share * (1 - share) / count + z2 / (4 * count)) / (1 + z2)
    name = f"{EDGES[k]:.0%}–{EDGES[k + 1]:.0%}"
    return name, count, float(promised[own].mean()), share, float(middle - half), float(middle + half)


def came(
    history: pd.DataFrame, roster: pd.DataFrame, scenario: Scenario, start: dt.date, shapes: Shapes
) -> pd.DataFrame:
    """``queue, day, held`` of the days of a week whose contacts have come whole, by the roster that held.

    ``history`` is table HISTORY in the planning interval. People whom nobody knows any more are left out.
    """
    site, end = scenario.site, start + dt.timedelta(days=7)
    inside = (history["start"] >= site.midnight(start)) & (history["start"] < site.midnight(end))
    known = {agent.name for agent in scenario.agents}
    rows = roster[roster["agent"].isin(known)]
    if not inside.any() or rows.empty:
        return pd.DataFrame(columns=["queue", "day", "held"])
    calls = _as_forecast(history[inside], scenario)
    paths = {str(name): own["calls"].to_numpy()[None, :] for name, own in calls.groupby("queue", sort=False)}
    activities = read_roster(rows, scenario).activities
    week = SimulatedWeek(Worlds(calls, paths), requirements(calls, scenario), activities, scenario, start, 7, shapes)
    days = simulate(week, runs=RUNS).days
    last = history["start"].max().tz_convert(site.zone).date()  # maybe not over
    told = days[days["p_meets_target"].notna() & (days["day"] < last)]
    return told.assign(held=(told["p_meets_target"] > 0.5).astype(int))[["queue", "day", "held"]]


def _as_forecast(rows: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """What came, as a forecast that knows it."""
    queues = {queue.name: queue for queue in scenario.queues}
    own = rows[rows["queue"].isin(queues)].sort_values(["queue", "start"])
    calls = own["calls"].fillna(0.0).to_numpy(dtype=float)
    usual = own["queue"].map({name: queue.aht_s for name, queue in queues.items()})
    aht_s = own["aht_s"].where(own["aht_s"] > 0).fillna(usual) if "aht_s" in own else usual
    shares = dict.fromkeys(("calls", "p10", "p50", "p90"), calls)
    return own[["queue", "start"]].assign(aht_s=aht_s.to_numpy(dtype=float), **shares).reset_index(drop=True)
