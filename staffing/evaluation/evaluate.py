"""What a roster will deliver and cost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing import tables
from staffing.domain.scenario import Scenario
from staffing.evaluation.coverage import Period, interval_table, longest_waits, uncovered
from staffing.evaluation.fairness import agent_table, spread_table
from staffing.evaluation.ledger import drift, ledger
from staffing.evaluation.measures import MEASURES
from staffing.evaluation.rollup import ALL_QUEUES, roll_up
from staffing.evaluation.shifts import WorkedShift, read_roster
from staffing.evaluation.timeline import SHIFT
from staffing.service import is_live


@dataclass(frozen=True)
class Evaluation:
    """Service, hours, money and fairness of ``days`` local days from ``start``.

    intervals : table EVALUATION with further columns (see ``coverage.interval_table``).
    days, weeks : per queue and ``all queues``: the figures of ``MEASURES`` and the service-level
        ``definition``; a week begins on the site's first weekday. Weighted by contacts, NaN without any.
    totals : the same figures of the whole period, all queues together.
    queues : the same figures of the whole period, one row per queue and one of all.
    agents, fairness : load per agent, and its spread (see ``fairness``).
    ledger, drift : what each has carried over the past weeks and this plan, and its spread by week (see ``ledger``).
    shifts, activities : one row per shift begun in the period; the roster's rows with their shift's number and
        whether nobody pays for them.
    uncovered, longest_waits : what understaffing breaks, by day and hour.
    notes : what the figures do not say by themselves.
    """

    scenario: Scenario
    start: dt.date
    period_days: int
    intervals: pd.DataFrame
    days: pd.DataFrame
    weeks: pd.DataFrame
    queues: pd.DataFrame
    totals: dict[str, float]
    agents: pd.DataFrame
    fairness: pd.DataFrame
    ledger: pd.DataFrame
    drift: pd.DataFrame
    shifts: pd.DataFrame
    activities: pd.DataFrame
    uncovered: pd.DataFrame
    longest_waits: pd.DataFrame
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        told = ", ".join(f"{name} {self.totals[name]:,.3g}" for name in ("service_level", "paid_hours", "cost"))
        return f"<Evaluation '{self.scenario.name}': {self.period_days} days from {self.start}; {told}>"


def evaluate(
    forecast: pd.DataFrame,
    requirements: pd.DataFrame,
    roster: pd.DataFrame,
    scenario: Scenario,
    *,
    start: dt.date,
    days: int = 7,
    past: pd.DataFrame | None = None,
) -> Evaluation:
    """Evaluate a roster (table ROSTER) against a forecast and its requirements.

    Service is that of the agents present: on the queue's shift rows (or work rows, where part of a shift
    goes to another queue), less breaks and absences, averaged over the minutes of the interval, × the share
    left by shrinkage. Hours and money belong to the day on which a shift begins. ``past`` is the roster of the
    weeks before: its shifts that reach into the period serve too, and the ledger counts them. Raises TableError
    when a table breaks its contract or does not fit the others.
    """
    forecast, requirements = tables.FORECAST.check(forecast), tables.REQUIREMENTS.check(requirements)
    roster = tables.ROSTER.check(roster)
    before = _known(past, scenario)
    begun = None if before is None else _reaching_in(before, scenario, start)
    worked = read_roster(roster if begun is None else tables.ROSTER.check(pd.concat([begun, roster])), scenario)
    period = Period(scenario, start, days)
    intervals = interval_table(forecast, requirements, worked.pieces, scenario, period)
    shifts = _begun_in(worked.shifts, start, days)
    pay = _pay(worked, shifts)
    dated = _dated(intervals, scenario)
    queues = roll_up(dated.assign(period=start), pay.assign(period=start), "period", scenario).drop(columns="period")
    overall = queues[queues["queue"] == ALL_QUEUES]
    agents = agent_table(shifts, scenario, days)
    carried = shifts if before is None else pd.concat([_begun_before(before, scenario, start), shifts])
    return Evaluation(
        scenario=scenario,
        start=start,
        period_days=days,
        intervals=intervals,
        days=roll_up(dated, pay, "day", scenario),
        weeks=roll_up(_in_weeks(dated, scenario), _in_weeks(pay, scenario), "week", scenario),
        queues=queues,
        totals={name: float(overall[name].iloc[0]) if len(overall) else np.nan for name in MEASURES},
        agents=agents,
        fairness=spread_table(agents),
        ledger=ledger(carried, scenario),
        drift=drift(carried, scenario),
        shifts=shifts,
        activities=worked.activities,
        uncovered=uncovered(intervals, scenario),
        longest_waits=longest_waits(intervals, scenario),
        notes=_notes(intervals, shifts, scenario),
    )


def _known(past: pd.DataFrame | None, scenario: Scenario) -> pd.DataFrame | None:
    """Rows of the past of people and queues that the scenario still knows; None where there are none."""
    if past is None:
        return None
    queue = past["queue"].isna() | past["queue"].isin([queue.name for queue in scenario.queues])
    known = past[past["agent"].isin([agent.name for agent in scenario.agents]) & queue].reset_index(drop=True)
    return None if known.empty else known


def _reaching_in(past: pd.DataFrame, scenario: Scenario, start: dt.date) -> pd.DataFrame | None:
    """Rows of shifts begun before ``start`` that end after its midnight; None where nobody is there so late."""
    midnight = scenario.site.midnight(start)
    whole = past[(past["activity"] == SHIFT) & (past["end"] > midnight) & (past["start"] < midnight)]
    begins = whole.groupby("agent")["start"].min()
    own = past[past["agent"].isin(begins.index)]
    return None if own.empty else own[own["start"] >= own["agent"].map(begins)]


def _begun_before(past: pd.DataFrame, scenario: Scenario, start: dt.date) -> pd.DataFrame:
    """Shifts of the past weeks."""
    shifts = read_roster(past, scenario).shifts
    return shifts[np.array([day < start for day in shifts["day"]], dtype=bool)]


def _begun_in(shifts: pd.DataFrame, start: dt.date, days: int) -> pd.DataFrame:
    last = start + dt.timedelta(days=days - 1)
    return shifts[np.array([start <= day <= last for day in shifts["day"]], dtype=bool)]


def _pay(worked: WorkedShift, shifts: pd.DataFrame) -> pd.DataFrame:
    """Paid hours and cost per queue and day on which the shift begins."""
    begun = worked.pieces[worked.pieces["shift"].isin(shifts.index)]
    pay = begun.groupby(["queue", "shift"], as_index=False)[["paid_hours", "cost"]].sum()
    return pay.assign(day=pay["shift"].map(shifts["day"]))


def _dated(intervals: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    return intervals.assign(day=intervals["start"].dt.tz_convert(scenario.site.zone).dt.date)


def _in_weeks(table: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    return table.assign(week=[scenario.site.week_of(day) for day in table["day"]])


def _notes(intervals: pd.DataFrame, shifts: pd.DataFrame, scenario: Scenario) -> tuple[str, ...]:
    notes = []
    for queue in scenario.queues:
        own = intervals[intervals["queue"] == queue.name]
        if own.empty:
            notes.append(f"{queue.name}: nothing is forecast, because history has no such queue; nobody is needed.")
        if not is_live(queue):
            notes.append(f"{queue.name}: deferred work; hours are compared, no waits are measured.")
        elif queue.channel == "voice" and queue.model == "transient":
            notes.append(
                f"{queue.name}: measured through time, a fraction of an agent as that share of days with one more."
            )
        endless = int(np.isinf(own["mean_wait_s"]).sum())
        if endless:
            notes.append(
                f"{queue.name}: in {endless} intervals there is as much work as the agents can do, or more, and nobody "
                "hangs up; waits are not bounded there and the service level is 0."
            )
    strange = int((shifts["kind"] == "").sum())
    if strange:
        notes.append(f"{strange} shifts are of no shift template; their breaks are paid as rules of the same name say.")
    return tuple(notes)
