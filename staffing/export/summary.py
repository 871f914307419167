"""A plan's figures for machines: JSON-safe, with units and definitions.

What is undefined is null; a wait without bound is the text ``not bounded``. Solving times are left out, so
that the same plan gives the same file.
"""

from __future__ import annotations

import datetime as dt
import math
from numbers import Integral
from typing import TYPE_CHECKING, Any

from staffing.export.plan_like import PlanLike

if TYPE_CHECKING:
    import pandas as pd

    from staffing.evaluation import Comparison
    from staffing.simulation.result import Simulated


def summary(plan: PlanLike) -> dict[str, Any]:
    """The content of summary.json."""
    from staffing.evaluation import MEASURES
    from staffing.evaluation.measures import unit

    made, scenario = plan.evaluation, plan.scenario
    return plain(
        {
            "scenario": scenario.name,
            "start": plan.start,
            "days": plan.days,
            "timezone": scenario.site.timezone,
            "totals": made.totals,
            "queues": records(made.queues),
            "by_day": records(made.days),
            "by_week": records(made.weeks),
            "simulated": None if plan.simulated is None else simulated_summary(plan.simulated),
            "units": {measure.name: unit(measure, scenario) for measure in MEASURES.values()},
            "definitions": _definitions(plan),
            "roster": solver_figures(plan),
            "uncovered": records(made.uncovered),
            "longest_waits": records(made.longest_waits),
            "fairness": records(made.fairness),
            "notes": list(plan.notes),
        }
    )


def simulated_summary(played: Simulated) -> dict[str, Any]:
    """Expected service under uncertainty, and the chance of each day and week; each day came ``runs`` times."""
    from staffing.simulation.result import FIGURES

    return {
        "runs": played.runs,
        "sample_paths": played.paths,
        "totals": played.total,
        "queues": records(played.queues),
        "by_day": records(played.days),
        "by_week": records(played.weeks),
        "overrun": records(played.people),
        "units": {name: unit for name, (unit, _) in FIGURES.items()},
        "definitions": {name: text for name, (_, text) in FIGURES.items()},
    }


def solver_figures(plan: PlanLike) -> dict[str, Any]:
    """What the solver found and proved: its objective, a bound no roster can beat, and the gap between them."""
    found = plan.roster
    return {"status": str(found.status), "objective": found.objective, "bound": found.bound, "gap": found.gap}


def roster_summary(plan: PlanLike) -> dict[str, Any]:
    """The roster's own figures: solver, hours, people, what is not covered, how the load is shared.

    ``paid_hours``, ``short_hours`` and ``excess_hours`` are those the objective prices, in rostered agent-hours;
    the figures ``on_phone`` count those on the phone, after shrinkage.
    """
    made, found = plan.evaluation, plan.roster
    hours = ("required_hours", "scheduled_hours", "short_hours", "excess_hours")
    return plain(
        {
            "scenario": plan.scenario.name,
            "start": plan.start,
            **solver_figures(plan),
            "seconds": plan.roster.seconds,
            "paid_hours": found.paid_hours,
            "short_hours": found.short_hours,
            "excess_hours": found.excess_hours,
            "on_phone": {name: made.totals[name] for name in hours},
            "cost": made.totals["cost"],
            "agents_rostered": int((made.agents["shifts"] > 0).sum()),
            "shifts": len(made.shifts),
            "uncovered": records(made.uncovered),
            "fairness": records(made.fairness),
            "notes": list(plan.notes),
        }
    )


def comparison_summary(comparison: Comparison) -> dict[str, Any]:
    """Every figure of every scenario with its difference from the base, and what differs between them."""
    return plain(
        {
            "base": comparison.base,
            "scenarios": list(comparison.scenarios),
            "changes": records(comparison.changes),
            "figures": records(comparison.table),
            "notes": list(comparison.notes),
        }
    )


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.itertuples(index=False, name=None)]


def plain(value: dict[str, Any]) -> dict[str, Any]:
    """``value`` in JSON's own types; floats to nine significant digits."""
    return {str(key): _plain_item(item) for key, item in value.items()}


def _plain_item(value: Any) -> Any:
    if isinstance(value, dict):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_plain_item(item) for item in value]
    if isinstance(value, str | bool) or value is None:
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    number = float(value)
    if math.isnan(number):
        return None
    return float(f"{number:.9g}") if math.isfinite(number) else "not bounded"


def _definitions(plan: PlanLike) -> dict[str, str]:
    from staffing.evaluation import ALL_QUEUES, MEASURES

    texts = {measure.name: measure.definition for measure in MEASURES.values()}
    overall = plan.evaluation.queues
    overall = overall[overall["queue"] == ALL_QUEUES]
    return {**texts, "service_level": overall["definition"].iloc[0] if len(overall) else ""}
