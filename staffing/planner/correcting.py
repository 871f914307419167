"""A roster corrected by its own simulation: what days miss or overshoot goes back into the requirement."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from staffing.planner.plans import Plan
from staffing.work import Progress, silent

if TYPE_CHECKING:
    import pandas as pd

ROUNDS, SECONDS = 4, 300.0

#: Makes the plan of another requirement, and tells how far it is.
Remake = Callable[["pd.DataFrame", Progress], Plan]


@dataclass(frozen=True)
class CorrectedPlan:
    """The best ``plan`` of all rounds, and the ``rounds``.

    ``rounds``: ``round`` (0: as it was), ``added_hours, cut_hours`` (agent-hours on the phone, against the best plan
    before), ``required_hours, paid_hours``, expected ``service_level``, ``p_day_meets_target, p_week_meets_target``,
    ``lacking`` (contacts that days lack of their targets), ``kept`` (whether it is better than all before).
    """

    plan: Plan
    rounds: pd.DataFrame


def correct(
    plan: Plan, remake: Remake, *, rounds: int = ROUNDS, seconds: float = SECONDS, progress: Progress = silent
) -> CorrectedPlan:
    """Let the simulated week correct the requirement until its days keep their targets at the least paid hours.

    A round is kept where less is lacking, or nothing more at fewer paid hours: no round makes the plan worse. After one
    that is not kept half as much is given back. It ends when nothing is left to change, after ``rounds``, or when no
    round may begin after ``seconds``.
    """
    import pandas as pd

    from staffing.simulation.corrections import balances, corrected

    best, boldly, ends = plan, 1.0, time.monotonic() + seconds
    told = [_told(plan, 0, (0.0, 0.0), kept=True)]
    for number in range(1, rounds + 1):
        if time.monotonic() > ends:
            break
        there = best.evaluation.intervals[["queue", "start", "scheduled"]].rename(columns={"scheduled": "agents"})
        found = balances(best.simulated, best.scenario)
        change = corrected(_worlds(best), best.requirements, there, found, best.scenario, boldly=boldly)
        if change.added_hours == change.cut_hours == 0:
            break
        made = remake(change.table, _part_of(progress, number - 1, rounds))
        kept = _better(made, best)
        told.append(_told(made, number, (change.added_hours, change.cut_hours), kept=kept))
        if not kept and not change.cut_hours:
            break  # the people there are cannot do more
        best, boldly = (made, boldly) if kept else (best, boldly / 2)
    progress("done", 1.0)
    return CorrectedPlan(best, pd.DataFrame(told))


def _worlds(plan: Plan) -> Any:
    from staffing.simulation.lines import Worlds

    return Worlds(plan.forecast.table, plan.forecast.paths, plan.forecast.aht_paths)


def lacking(plan: Plan) -> float:
    """Contacts that days (weeks) lack of their targets, of those that do not keep them."""
    from staffing.simulation.corrections import balances

    return sum(span.lacking for span in balances(plan.simulated, plan.scenario) if span.lacks)


def _better(made: Plan, best: Plan) -> bool:
    before, now = lacking(best), lacking(made)
    if abs(now - before) > 1e-9:
        return now < before
    return made.evaluation.totals["paid_hours"] < best.evaluation.totals["paid_hours"] - 1e-9


def _told(plan: Plan, number: int, hours: tuple[float, float], *, kept: bool) -> dict[str, Any]:
    required = float(plan.requirements["agents_scheduled"].sum()) * plan.scenario.site.interval_min / 60
    chances = {
        name: plan.simulated.total[name] for name in ("service_level", "p_day_meets_target", "p_week_meets_target")
    }
    return {
        "round": number,
        "added_hours": hours[0],
        "cut_hours": hours[1],
        "required_hours": required,
        "paid_hours": plan.evaluation.totals["paid_hours"],
        **chances,
        "lacking": lacking(plan),
        "kept": kept,
    }


def _part_of(progress: Progress, done: int, rounds: int) -> Progress:
    """Of one round, told as a part of all."""
    return lambda stage, share: progress(f"{stage}, round {done + 1} of {rounds}", (done + share) / rounds)
