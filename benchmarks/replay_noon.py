"""What the same day can still mend: at noon of every open day the product's own ``today``, all its proposals taken.

It knows the calls until noon and nothing later: breaks are moved, people stay on or leave early. Overtime is asked of
four hours a week at the usual pay, early leave of as much, unpaid; whoever is asked agrees.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks.banks import Bank
from staffing.planner import Plan, Planner
from staffing.roster.desk.today.moment import Moment
from staffing.store.workspace import Workspace

NOON_H = 12
ASKED = {"overtime_hours": 4.0, "voluntary_hours": 4.0, "overtime_factor": 1.0}


def mended(bank: Bank, plan: Plan, folder: Path) -> Plan:
    """The plan of a week with what its noons changed. ``folder`` holds a workspace whose history ends after it."""
    week = pd.Timestamp(plan.start)
    contracts = tuple(one.model_copy(update=ASKED) for one in plan.scenario.contracts)
    scenario = plan.scenario.model_copy(update={"contracts": contracts})
    opened = Workspace.open(bank.workspace(folder, f"{week + pd.Timedelta(days=7):%Y-%m-%d}"))
    planner, table = Planner.open(opened), plan.roster.table
    for d in range(7):
        day = week + pd.Timedelta(days=d)
        low, high = bank.open_min(day)
        noon = (day + pd.Timedelta(hours=NOON_H)).tz_localize(bank.zone)
        if not low < NOON_H * 60 < high or not (bank.rows["timestamp"].dt.normalize() == day).any():
            continue
        made = planner.rest_of_day(scenario, table, Moment(noon))
        table = made.accepted(range(1, len(made.proposals) + 1))
    known = Planner.open(Workspace.open(bank.workspace(folder / "before", str(week.date()))))
    return known.held(scenario, table, start=plan.start)
