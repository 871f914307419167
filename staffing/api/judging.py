"""A roster judged, wherever it comes from: what it delivers, and which rules it breaks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from staffing.api.arguments import days_of, forecast_of, requirement_of, scenario_of
from staffing.domain.base import day_of
from staffing.domain.scenario import Scenario
from staffing.forecast import Forecast
from staffing.roster.result import Roster
from staffing.tables import ROSTER

if TYPE_CHECKING:
    from staffing.evaluation import Evaluation


def evaluate(
    roster: Roster | pd.DataFrame,
    forecast: Forecast,
    required: pd.DataFrame,
    scenario: Scenario,
    *,
    start: dt.date | str,
    days: int = 7,
    past: pd.DataFrame | None = None,
) -> Evaluation:
    """Service, hours, money and fairness of a roster, made here or elsewhere.

    Parameters
    ----------
    roster : a `Roster`, or a table ``agent, start, end, activity, queue``.
    forecast, required : of the same days, as given to `make_roster`.
    scenario : targets, people, prices.
    start, days : first local day, and how many.
    past : roster table of the weeks before, for rest and fairness.

    Returns
    -------
    Evaluation
        Service in [0, 1], hours, money in the scenario's currency; undefined (NaN) where nothing came.

    Raises
    ------
    InputError
        Naming the argument.
    TableError
        When tables do not fit.
    """
    from staffing.evaluation import evaluate as work_out

    needed = requirement_of(required, scenario_of(scenario))
    table = roster if isinstance(roster, pd.DataFrame) else roster.table
    first, length = day_of(start, "start"), days_of(days)
    return work_out(forecast_of(forecast).table, needed, table, scenario, start=first, days=length, past=past)


def broken_rules(
    roster: Roster | pd.DataFrame,
    required: pd.DataFrame,
    scenario: Scenario,
    *,
    start: dt.date | str,
    days: int = 7,
    past: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Every rule that a roster breaks, by checkers that know nothing of how it was made.

    Parameters
    ----------
    roster : a `Roster`, or a table ``agent, start, end, activity, queue``.
    required : ``queue, start, agents, agents_scheduled`` of the days.
    scenario : people, contracts, shifts, rules.
    start, days : first local day, and how many.
    past : roster table of the weeks before.

    Returns
    -------
    DataFrame
        ``rule, agent, date, what``, empty where all is kept.

    Raises
    ------
    InputError
        Naming the argument.
    TableError
        When tables do not fit.
    """
    from staffing.roster import inputs_of
    from staffing.roster.rules import check

    table = ROSTER.check(roster if isinstance(roster, pd.DataFrame) else roster.table)
    needed = requirement_of(required, scenario_of(scenario))
    first = day_of(start, "start")
    found = check(table, inputs_of(needed, scenario, start=first, days=days_of(days), past=past))
    rows = [(one.rule, one.agent, one.date, one.what) for one in found]
    return pd.DataFrame(rows, columns=["rule", "agent", "date", "what"])
