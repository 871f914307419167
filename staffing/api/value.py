"""What a plan is worth: its money, the frontier around it, and guard-rails with their prices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from staffing.domain.patches import REMOVE
from staffing.planner import Plan
from staffing.requirements import requirements
from staffing.simulation.lines import Shapes, Worlds
from staffing.simulation.value import Valued, frontier, guards
from staffing.simulation.week import SimulatedWeek

CEILINGS = (0.90, 0.85, 0.80)
RUNS = 100


@dataclass(frozen=True)
class Value:
    """What staffing costs beside what understaffing breaks, by ``runs`` simulated weeks for each row.

    Attributes
    ----------
    frontier : ``more`` (people more or fewer than the plan's), ``people, paid_hours``, service, waits and losses, and
        the money of each: ``wages, overrun`` against ``lost, waiting, repeats, leavers``, and their ``total``.
    guards : ``guard, hours, money``: occupancy ceilings, breaks in full, calls listened to, coaching.
    currency : of all money.
    """

    frontier: pd.DataFrame
    guards: pd.DataFrame
    currency: str
    runs: int

    @property
    def plan(self) -> pd.Series:
        """The plan's own row."""
        return self.frontier[self.frontier["more"] == 0].iloc[0]

    @property
    def cheapest(self) -> pd.Series:
        """The row of least total money."""
        return self.frontier.loc[self.frontier["total"].idxmin()]


def value(plan: Plan, *, runs: int = RUNS, told: Callable[[float], None] | None = None) -> Value:
    """A plan in money: its people, some more and some fewer, simulated with the same callers; guard-rails priced.

    Prices are those of the scenario.

    Parameters
    ----------
    plan : a plan with its roster, evaluation and simulation.
    runs : simulated weeks for each row.
    told : hears the share done, and may raise Cancelled.

    Returns
    -------
    Value
        Money in the scenario's currency.

    Raises
    ------
    InputError
        Where the plan cannot be simulated.
    """
    worlds = Worlds(plan.forecast.table, plan.forecast.paths, plan.forecast.aht_paths)
    shapes, activities = Shapes.of_table(plan.simulated.shapes), plan.evaluation.activities
    week = SimulatedWeek(worlds, plan.requirements, activities, plan.scenario, plan.start, plan.days, shapes)
    paid = plan.evaluation.shifts.groupby("agent", as_index=False)[["paid_hours", "cost"]].sum()
    valued = Valued(week, paid, runs)
    found = guards(valued, _ceilings(plan))
    return Value(frontier(valued, told), found, plan.scenario.prices.currency, runs)


def _ceilings(plan: Plan) -> pd.DataFrame:
    """Hours to roster that an occupancy ceiling asks beyond the other targets."""
    scenario, hours = plan.scenario, plan.scenario.site.interval_min / 60
    plain = scenario.patched({"service": {"meet": REMOVE}}) if scenario.service.meet else scenario
    queues = tuple(queue.model_copy(update={"service": None}) for queue in plain.queues)
    plain = plain.model_copy(update={"queues": queues})

    def rostered(ceiling: float | None) -> float:
        service = plain.service.model_copy(update={"max_occupancy": ceiling})
        needed = requirements(plan.forecast.table, plain.model_copy(update={"service": service}))
        return float(needed["agents_scheduled"].sum()) * hours

    if all(target is None for target in (plain.service.service_level, plain.service.asa_s, plain.service.abandonment)):
        return pd.DataFrame(columns=["guard", "hours", "money"])  # nothing but a ceiling is asked for
    without = rostered(None)
    rows = [(f"occupancy at most {ceiling:.0%}", rostered(ceiling) - without) for ceiling in CEILINGS]
    table = pd.DataFrame(rows, columns=["guard", "hours"])
    return table.assign(money=table["hours"] * scenario.prices.agent_hour)
