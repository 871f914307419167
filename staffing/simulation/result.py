"""What simulated runs say: expected service with its interval, and the chance that days and weeks keep the promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.domain.service import ServiceTarget
from staffing.evaluation.rollup import ALL_QUEUES
from staffing.evaluation.shifts import hour_cost
from staffing.service import is_live
from staffing.simulation.calls import Floats, Ints
from staffing.simulation.floor import Floor, Sums
from staffing.simulation.lines import Shapes
from staffing.simulation.remarks import Z, kept_less, of_floors
from staffing.simulation.tally import (
    AMOUNTS,
    ANSWERED,
    BASE,
    BUSY,
    IN_TIME,
    LOST,
    OFFERED,
    OVERRUN,
    PAID,
    PHONE,
    WAITED,
    bin_edges,
)

EPSILON = 1e-12
OF_PEOPLE = (BUSY, PHONE, OVERRUN, PAID)  # counted over all queues; waits and losses over those answered live

#: Every figure, its unit and what it is; all are means over the runs.
FIGURES = {
    "service_level": ("share", "mean over runs of the period's share in time; expected service under uncertainty"),
    "service_level_low": ("share", "lower end of the 95 % interval of that mean"),
    "service_level_high": ("share", "upper end of the 95 % interval of that mean"),
    "service_level_p10": ("share", "one run in ten falls below"),
    "service_level_p90": ("share", "one run in ten lies above"),
    "p_day_meets_target": ("share", "chance that a day keeps every promise of the queue, or of all; mean over days"),
    "p_week_meets_target": ("share", "chance that a week as a whole does; mean over weeks"),
    "abandonment": ("share", "hung up ÷ offered"),
    "asa_s": ("s", "mean wait of the answered"),
    "wait_p90_s": ("s", "nine of ten answered waited at most so long"),
    "occupancy": ("share", "time handling ÷ time on the phone, overrun included"),
    "overrun_hours": ("h", "worked past ends of shifts and into breaks, to finish the contact in hand; per run"),
    "overrun_cost": ("money", "what is paid for it: breaks taken in full and paid breaks cost nothing"),
    "contacts": ("contacts", "contacts offered, later calls of the same callers included, per run"),
    "lost": ("contacts", "contacts that hang up, per run"),
}


@dataclass(frozen=True)
class Simulated:
    """A simulated plan.

    Attributes
    ----------
    runs, paths : how often each day was simulated, and of how many sample paths the runs took turns; every chance and
        interval rests on so many.
    queues : per queue and all together, the columns of FIGURES.
    days : the same per queue and ``day``; ``p_meets_target`` with its 95 % interval ``p_low, p_high`` instead of the
        chances of the period.
    weeks : the same per queue and ``week`` (its first day).
    intervals : ``queue, start, calls, service_level, service_level_low, service_level_high, abandonment, asa_s,
        occupancy``: of all runs together.
    people : ``agent, overrun_hours, overrun_cost`` per run.
    shapes : handle times and patience as they were drawn (see ``Shapes.table``).
    calls_per_second : contacts simulated per processor second, drawing them included.
    """

    runs: int
    paths: int
    queues: pd.DataFrame
    days: pd.DataFrame
    weeks: pd.DataFrame
    intervals: pd.DataFrame
    people: pd.DataFrame
    shapes: pd.DataFrame
    calls_per_second: float
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> dict[str, float]:
        """The figures of all queues together."""
        row = self.queues[self.queues["queue"] == ALL_QUEUES].iloc[0]
        return {name: float(row[name]) for name in FIGURES}


@dataclass(frozen=True)
class _Part:
    """One queue, or all: amounts (runs × days × AMOUNTS), waits (days × bins), whether each run keeps its promise
    over some days (1, 0, or NaN where nothing was offered), and money per paid second past the end."""

    name: str
    days: Floats
    waits: Floats
    kept: Callable[[Ints], Floats]
    cost_per_s: float


def read(floors: list[Floor], scenario: Scenario, shapes: Shapes, played: tuple[int, float]) -> Simulated:
    """The result of floors that have been ``played`` so many times, in so many processor seconds."""
    runs, spent_s = played
    span = floors[0].span
    people = _people(floors, scenario, runs)
    parts = _parts(floors, scenario, people)
    week_of = pd.Series([scenario.site.week_of(day) for day in span.days])
    weeks = {week: np.asarray(rows) for week, rows in week_of.groupby(week_of).indices.items()}
    by_day = {day: np.array([d]) for d, day in enumerate(span.days)}
    day_table = _chances(_table(parts, by_day, "day"), runs)
    week_table = _chances(_table(parts, weeks, "week"), runs)
    whole = _table(parts, {span.days[0]: np.arange(len(span.days))}, "period").drop(
        columns=["period", "p_meets_target"]
    )
    for name, table in (("p_day_meets_target", day_table), ("p_week_meets_target", week_table)):
        whole[name] = whole["queue"].map(table.groupby("queue")["p_meets_target"].mean())
    calls = sum(floor.calls for floor in floors)
    return Simulated(
        runs, min(len(line.counts) for floor in floors for line in floor.lines), whole[["queue", *FIGURES]],
        day_table, week_table, _intervals(floors, scenario), people, shapes.table(), calls / max(spent_s, 1e-9),
        (*of_floors(floors), *kept_less(whole, scenario, runs)),
    )  # fmt: skip


def _parts(floors: list[Floor], scenario: Scenario, people: pd.DataFrame) -> list[_Part]:
    """Each queue in the scenario's order, then all together."""
    found: dict[str, tuple[Sums, ServiceTarget]] = {}
    for floor in floors:
        for line, sums in zip(floor.lines, floor.sums, strict=True):
            found[line.queue.name] = sums, scenario.target(line.queue)
    ordered = [(queue.name, *found[queue.name]) for queue in scenario.queues if queue.name in found]
    paid_s = sum(np.array(sums.days)[:, :, PAID].sum() for _, sums, _ in ordered)
    per_s = float(people["overrun_cost"].sum()) * len(ordered[0][1].days) / paid_s if paid_s > 0 else 0.0
    parts = []
    for name, sums, target in ordered:
        amounts = np.array(sums.days)
        parts.append(_Part(name, amounts, sums.waits, partial(_kept, amounts, target), per_s))

    def all_kept(days: Ints) -> Floats:
        each = np.array([part.kept(days) for part in parts])
        told = np.isfinite(each).any(axis=0)
        return np.where(told, np.where(np.isnan(each), 1.0, each).min(axis=0), np.nan)

    every, waits = np.zeros_like(parts[0].days), np.zeros_like(parts[0].waits)
    for part in parts:
        live = is_live(scenario.queue(part.name))
        every += part.days if live else np.where(np.isin(np.arange(len(AMOUNTS)), OF_PEOPLE), part.days, 0.0)
        waits += part.waits * live
    return [*parts, _Part(ALL_QUEUES, every, waits, all_kept, per_s)]


def _kept(amounts: Floats, target: ServiceTarget, days: Ints) -> Floats:
    """Whether each run keeps the targets of customers over ``days``: 1 or 0, NaN where nothing was offered."""
    sums = amounts[:, days].sum(axis=1)
    good = np.ones(len(sums), dtype=bool)
    if target.service_level is not None:
        good &= sums[:, IN_TIME] >= (target.service_level - EPSILON) * sums[:, BASE]
    if target.abandonment is not None:
        good &= sums[:, LOST] <= (target.abandonment + EPSILON) * sums[:, OFFERED]
    if target.asa_s is not None:
        good &= sums[:, WAITED] <= target.asa_s * sums[:, ANSWERED] + EPSILON
    return np.where(sums[:, BASE] > 0, good.astype(float), np.nan)


def chance_of(amounts: Floats, target: ServiceTarget, days: Ints) -> float:
    """How often ``amounts`` (runs × days × AMOUNTS) keep the target over ``days``; NaN where nothing was offered."""
    kept = _kept(amounts, target, days)
    return float(np.nanmean(kept)) if np.isfinite(kept).any() else np.nan


def _table(parts: list[_Part], spans: Mapping[dt.date, Ints], name: str) -> pd.DataFrame:
    rows = [{"queue": part.name, name: span, **_figures(part, days)} for part in parts for span, days in spans.items()]
    return pd.DataFrame(rows)


def _figures(part: _Part, days: Ints) -> dict[str, float]:
    sums = part.days[:, days].sum(axis=1)
    level = _over(sums[:, IN_TIME], sums[:, BASE])
    level = np.clip(level[np.isfinite(level)], 0, 1)
    mean, half = (float(level.mean()), _half(level)) if level.size else (np.nan, np.nan)
    tenths = np.quantile(level, [0.1, 0.9]) if level.size else (np.nan, np.nan)
    kept = part.kept(days)
    total = sums.mean(axis=0)
    return {
        "service_level": mean,
        "service_level_low": max(mean - half, 0.0),
        "service_level_high": min(mean + half, 1.0),
        "service_level_p10": float(tenths[0]),
        "service_level_p90": float(tenths[1]),
        "p_meets_target": float(np.nanmean(kept)) if np.isfinite(kept).any() else np.nan,
        "abandonment": float(_over(total[LOST], total[OFFERED])),
        "asa_s": float(_over(total[WAITED], total[ANSWERED])),
        "wait_p90_s": _wait_quantile(part.waits[days].sum(axis=0), 0.9),
        "occupancy": float(_over(total[BUSY], total[PHONE] + total[OVERRUN])),
        "overrun_hours": float(total[OVERRUN]) / 3600,
        "overrun_cost": float(total[PAID]) * part.cost_per_s,
        "contacts": float(total[OFFERED]),
        "lost": float(total[LOST]),
    }


def _half(values: Floats) -> float:
    """Half the 95 % interval of a mean."""
    return float(Z * values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else np.nan


def _over(part: Floats, whole: Floats) -> Floats:
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)


def _wait_quantile(counts: Floats, share: float) -> float:
    """From counts per bin, straight within a bin; NaN without any."""
    if counts.sum() == 0:
        return np.nan
    reached, edges = np.concatenate([[0.0], np.cumsum(counts)]), bin_edges()
    at = int(np.searchsorted(reached, share * reached[-1], side="left"))
    at = max(at, 1)
    inside = (share * reached[-1] - reached[at - 1]) / counts[at - 1]
    return float(edges[at - 1] + inside * (edges[at] - edges[at - 1]))


def _chances(table: pd.DataFrame, runs: int) -> pd.DataFrame:
    """With the 95 % interval of each chance (Wilson 1927)."""
    p, z2 = table["p_meets_target"].to_numpy(), Z**2 / runs
    middle, half = (p + z2 / 2) / (1 + z2), Z * np.sqrt(p * (1 - p) / runs + z2 / (4 * runs)) / (1 + z2)
    return table.assign(p_low=middle - half, p_high=middle + half)


def _intervals(floors: list[Floor], scenario: Scenario) -> pd.DataFrame:
    tables = []
    for floor in floors:
        begins = floor.span.begin_s + np.arange(floor.span.day_of.size) * int(floor.span.interval_s)
        for line, sums in zip(floor.lines, floor.sums, strict=True):
            seen, runs = sums.intervals, len(sums.days)
            level = np.clip(_over(seen[:, IN_TIME], seen[:, BASE]), 0, 1)
            half = Z * np.sqrt(level * (1 - level) / np.maximum(seen[:, BASE], 1))
            start = pd.to_datetime(begins, unit="s", utc=True).tz_convert(scenario.site.zone)
            table = pd.DataFrame({
                "queue": line.queue.name, "start": start, "calls": seen[:, OFFERED] / runs,
                "service_level": level, "service_level_low": np.maximum(level - half, 0),
                "service_level_high": np.minimum(level + half, 1),
                "abandonment": _over(seen[:, LOST], seen[:, OFFERED]),
                "asa_s": _over(seen[:, WAITED], seen[:, ANSWERED]), "occupancy": _over(seen[:, BUSY], seen[:, PHONE]),
            })  # fmt: skip
            tables.append(table[(seen[:, OFFERED] > 0) | (seen[:, PHONE] > 0)])
    return pd.concat(tables, ignore_index=True)


def _people(floors: list[Floor], scenario: Scenario, runs: int) -> pd.DataFrame:
    """Overrun of each person per run; those who serve several floors are counted over all."""
    parts = [
        pd.DataFrame({"agent": list(floor.people.names), "all": floor.overrun_s[:, 0], "paid": floor.overrun_s[:, 1]})
        for floor in floors
    ]
    sums = pd.concat(parts).groupby("agent", sort=True)[["all", "paid"]].sum() / (3600 * runs)
    price = {agent.name: hour_cost(agent, scenario) for agent in scenario.agents}
    cost = sums["paid"] * pd.Series(price, dtype=float).reindex(sums.index).to_numpy()
    table = pd.DataFrame(
        {"agent": sums.index, "overrun_hours": sums["all"].to_numpy(), "overrun_cost": cost.to_numpy()}
    )
    return table.astype({"overrun_hours": float, "overrun_cost": float})
