"""What a plan tells of goals: its figures by name, and where proactive work fits."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from staffing.evaluation.rollup import ALL_QUEUES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staffing.domain.goals import ProactiveWork
    from staffing.planner.plans import Plan

#: Figures that a goal may name, in words.
FIGURES = {
    "service_level": "expected share answered in time, by simulation",
    "p_day_meets_target": "mean chance that a day keeps its promises, by simulation",
    "abandonment": "expected share that hang up, by simulation",
    "asa_s": "expected mean wait of the answered, by simulation",
    "occupancy": "time handling ÷ time on the phone",
    "short_hours": "on-phone agent hours missing",
    "excess_hours": "on-phone agent hours beyond the need",
    "paid_hours": "paid hours of the roster",
    "cost": "cost of the roster",
    "cost_per_contact": "cost of the roster ÷ contacts expected",
    "wishes_kept": "share of shifts that people wished for, of those with wishes",
    "overrun_hours": "worked past the end of shifts, by simulation",
}


def figures(plan: Plan) -> dict[str, float]:
    """The figures of FIGURES that a plan tells; NaN where it tells none."""
    totals, expected = plan.evaluation.totals, plan.simulated.total
    days = plan.simulated.days
    chances = days.loc[days["queue"] == ALL_QUEUES, "p_meets_target"]
    calls = float(plan.forecast.table["calls"].sum())
    people = plan.evaluation.agents
    return {
        **{name: float(expected[name]) for name in ("service_level", "abandonment", "asa_s")},
        **{name: float(totals[name]) for name in ("occupancy", "short_hours", "excess_hours", "paid_hours", "cost")},
        "p_day_meets_target": float(chances.mean()),
        "cost_per_contact": float(totals["cost"]) / calls if calls else float("nan"),
        "wishes_kept": float(people["preference_success"].mean()),
        "overrun_hours": float(expected["overrun_hours"]),
    }


def valleys(plan: Plan, work: Sequence[ProactiveWork]) -> pd.DataFrame:
    """Proactive work laid where agents are spare, so that no interval falls below what its queue requires.

    Each sitting takes one agent for ``block_min`` in the valley with most to spare, until the hours are reached or no
    valley is left; work named first chooses first. Work of any queue takes a queue's agents, never two queues' halves.

    Args:
        plan: a week with its roster.
        work: what is wanted.

    Returns:
        ``work, queue, day, start, end, agents, hours``, in order of time; sittings side by side are one row.
    """
    step_h = plan.scenario.site.interval_min / 60
    spare = {
        str(name): rows.sort_values("start").reset_index(drop=True)
        for name, rows in plan.evaluation.intervals.groupby("queue")
    }
    free = {name: np.floor(rows["net"].to_numpy(dtype=float) + 1e-6) for name, rows in spare.items()}
    placed: list[tuple[str, str, int, int]] = []
    for wanted in work:
        left = wanted.hours
        while left > 1e-6:
            best = _widest(free, spare, wanted, step_h)
            if best is None:
                break
            queue, first, end = best
            free[queue][first:end] -= 1
            placed.append((wanted.name, queue, first, end))
            left -= (end - first) * step_h
    return _table(placed, spare, plan.scenario.site.zone, step_h)


def _widest(
    free: dict[str, np.ndarray], spare: dict[str, pd.DataFrame], wanted: ProactiveWork, step_h: float
) -> tuple[str, int, int] | None:
    """The sitting with most agents to spare all through, the earliest of equals; None where none is left."""
    length = max(1, round(wanted.block_min / 60 / step_h))
    best: tuple[float, str, int] | None = None
    for queue, room in free.items():
        if wanted.queue not in ("", queue) or len(room) < length:
            continue
        windows = np.lib.stride_tricks.sliding_window_view(room, length).min(axis=1)
        starts = spare[queue]["start"]
        together = (starts.shift(1 - length) - starts).to_numpy()[: len(windows)]
        windows = np.where(together == np.timedelta64(round((length - 1) * step_h * 3600), "s"), windows, 0)
        first = int(windows.argmax())
        if windows[first] >= 1 and (best is None or windows[first] > best[0]):
            best = float(windows[first]), queue, first
    return None if best is None else (best[1], best[2], best[2] + length)


def _table(
    placed: list[tuple[str, str, int, int]], spare: dict[str, pd.DataFrame], zone: dt.tzinfo, step_h: float
) -> pd.DataFrame:
    step = pd.Timedelta(hours=step_h)
    rows = [
        {
            "work": name,
            "queue": queue,
            "start": spare[queue]["start"].iloc[first].tz_convert(zone),
            "end": spare[queue]["start"].iloc[end - 1].tz_convert(zone) + step,
            "hours": (end - first) * step_h,
        }
        for name, queue, first, end in placed
    ]
    columns = ["work", "queue", "day", "start", "end", "agents", "hours"]
    if not rows:
        return pd.DataFrame(columns=columns)
    table = (
        pd.DataFrame(rows)
        .groupby(["start", "end", "work", "queue"], as_index=False)
        .agg(hours=("hours", "sum"), agents=("hours", "size"))
    )
    return table.assign(day=table["start"].dt.date).sort_values(["start", "work"], ignore_index=True)[columns]
