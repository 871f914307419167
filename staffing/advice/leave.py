"""What a leave request costs in service and money, before it is granted.

In a week whose roster is kept, the person's shifts on those days are taken out and the roster is evaluated and
simulated again, everybody else staying as is: what granting costs if nobody steps in. The cheapest way to step in is
solved beside it. A week without a roster is priced by the cheapest cover its contracts allow (see `Team`), with the
person and without: what granting costs if the week is rostered well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from staffing.advice.launch_dates import PricingDesk
from staffing.roster.desk.edit import without
from staffing.store.absences import Absence, with_absences

if TYPE_CHECKING:
    from staffing.domain.scenario import Scenario
    from staffing.planner import Plan, Planner
    from staffing.roster.desk.explain import Remedy

WEEK = dt.timedelta(days=7)
MOST_WEEKS = 5  # of a long leave; the first ones stand for the rest


@dataclass(frozen=True)
class LeaveFigures:
    """A week with the person, or without.

    service_level : expected share answered in time, all queues; NaN where no roster tells it.
    p_day : mean chance that a day keeps its promises; NaN where no roster tells it.
    short_hours : on-phone agent hours missing.
    money : hours short and contacts lost at their prices; without a roster, the cheapest cover of the week.
    """

    service_level: float
    p_day: float
    short_hours: float
    money: float


@dataclass(frozen=True)
class LeaveWeek:
    """What leave does to one week: before and after it, the shifts that fall out, and the best way to step in."""

    week: dt.date
    rostered: bool
    shifts: int
    before: LeaveFigures
    after: LeaveFigures
    remedy: Remedy | None = None

    @property
    def money(self) -> float:
        """What granting costs in this week, in the scenario's currency."""
        return self.after.money - self.before.money


def leave_cost(
    planner: Planner, scenario: Scenario, leave: Absence, rosters: Mapping[dt.date, pd.DataFrame]
) -> list[LeaveWeek]:
    """What granting ``leave`` costs, week by week.

    Args:
        planner: the stages, on a history.
        scenario: in which the person still works on those days.
        leave: who is away, from when to when.
        rosters: the rosters that are kept, by the first day of their week.

    Returns:
        A row for each planning week that the leave touches, at most MOST_WEEKS.

    Raises:
        PlanError: for a week without a roster in which nobody can work any shift.
    """
    away = scenario.model_copy(update={"agents": with_absences(scenario.agents, [leave])})
    weeks = list(_weeks(scenario, leave))[:MOST_WEEKS]
    return [
        _rostered(planner, scenario, away, leave, week, rosters[week])
        if week in rosters
        else _unrostered(planner, scenario, away, week)
        for week in weeks
    ]


def _weeks(scenario: Scenario, leave: Absence) -> Iterator[dt.date]:
    week = scenario.site.week_of(leave.first)
    while week <= leave.last:
        yield week
        week += WEEK


def _rostered(
    planner: Planner, scenario: Scenario, away: Scenario, leave: Absence, week: dt.date, table: pd.DataFrame
) -> LeaveWeek:
    from staffing.planner import Workload
    from staffing.roster.desk.explain import explain

    work = planner.workload(scenario, start=week)
    inputs = planner.roster_inputs(work)
    days = [week + dt.timedelta(days=k) for k in range(7)]
    own, gone = table[table["agent"] == leave.agent], 0
    for day in (day for day in days if leave.covers(leave.agent, day)):
        fewer = without(inputs, own, day)
        gone += int(len(fewer) < len(own))
        own = fewer
    left = pd.concat([table[table["agent"] != leave.agent], own], ignore_index=True)
    before = _figures(planner.edited(work, table))
    if not gone:
        return LeaveWeek(week, True, 0, before, before)
    after = _figures(planner.edited(work, left))
    others = planner.roster_inputs(Workload(away, work.start, work.days, work.forecast, work.requirements))
    ways = [remedy for short in explain(others, left, most=3) for remedy in short.remedies if remedy.saves > 0]
    best = max(ways, key=lambda remedy: remedy.saves, default=None)
    return LeaveWeek(week, True, gone, before, after, best)


def _figures(made: Plan) -> LeaveFigures:
    prices, totals = made.scenario.prices, made.evaluation.totals
    days = made.simulated.days
    every = days[days["queue"] == "all queues"]["p_meets_target"]
    return LeaveFigures(
        float(made.simulated.total["service_level"]),
        float(every.mean()),
        float(totals["short_hours"]),
        float(totals["short_hours"]) * prices.shortage_hour + float(totals["lost_cost"]),
    )


def _unrostered(planner: Planner, scenario: Scenario, away: Scenario, week: dt.date) -> LeaveWeek:
    found = []
    for people in (scenario, away):
        desk = PricingDesk(planner, people, [week])
        price = desk.price_calls(desk.forecast(people), people)
        found.append(LeaveFigures(float("nan"), float("nan"), price.short_hours, price.cost))
    return LeaveWeek(week, False, 0, found[0], found[1])
