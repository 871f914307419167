"""Charts of whole plans, for notebooks: Altair objects, 640 pixels wide, which `.properties()` changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import altair as alt
import pandas as pd

from staffing.charts import demand, staff
from staffing.charts.style import BLUE, GREY
from staffing.domain.base import day_of
from staffing.domain.scenario import Scenario
from staffing.errors import InputError, Where
from staffing.evaluation.comparison import Comparison
from staffing.forecast.result import Forecast
from staffing.planner import Plan

WIDTH = 640


def forecast(made: Forecast, scenario: Scenario, queue: str | None = None) -> Any:
    """Expected contacts per interval of one queue, and the range from p10 to p90.

    Parameters
    ----------
    made : the forecast.
    scenario : its site tells the zone in which times are shown.
    queue : may be left out where there is one.

    Returns
    -------
    altair.Chart
        Layers of one chart.

    Raises
    ------
    InputError
        Naming the queues there are.
    """
    rows = _rows(made.table, queue)
    nothing = pd.DataFrame({"start": [], "calls": [], "of": [], "day": []})
    return demand.forecast_band(rows, nothing, scenario.site).properties(width=WIDTH)


def requirement(required: pd.DataFrame, scenario: Scenario, queue: str | None = None) -> Any:
    """Agents per interval of one queue: on the phone as a line, to roster as an area.

    Parameters
    ----------
    required : table REQUIREMENTS, ``queue, start, agents, agents_scheduled``.
    scenario : its site tells the zone in which times are shown.
    queue : may be left out where there is one.

    Returns
    -------
    altair.Chart
        Layers of one chart.

    Raises
    ------
    InputError
        Naming the queues there are.
    """
    return staff.required(_rows(required, queue), scenario.site).properties(width=WIDTH)


def coverage(plan: Plan, queue: str | None = None) -> Any:
    """Agents needed on the phone over agents rostered, per interval of one queue.

    Parameters
    ----------
    plan : a plan with its evaluation.
    queue : may be left out where there is one.

    Returns
    -------
    altair.Chart
        Layers of one chart.

    Raises
    ------
    InputError
        Naming the queues there are.
    """
    return staff.coverage(_rows(plan.evaluation.intervals, queue), plan.scenario.site).properties(width=WIDTH)


def roster(plan: Plan, day: dt.date | str | None = None) -> Any:
    """Shifts and breaks of one local day.

    Parameters
    ----------
    plan : a plan with its roster.
    day : such as ``"2026-12-02"``; by default the first with a shift.

    Returns
    -------
    altair.Chart
        A bar per shift and break, a row per person.

    Raises
    ------
    InputError
        Where nobody works on that day, or it is no day.
    """
    rows = plan.roster.table
    local = rows["start"].dt.tz_convert(plan.scenario.site.zone).dt.date
    chosen = rows[local == (local.min() if day is None else day_of(day, "day"))]
    if chosen.empty:
        raise InputError(f"nobody works on {day}.", where=Where(field="day"), remedy="Choose a day of the plan.")
    labels = chosen["activity"].where(chosen["queue"].isna(), chosen["activity"] + ", " + chosen["queue"].astype(str))
    return staff.gantt(chosen.assign(label=labels), plan.scenario.site).properties(width=WIDTH)


def comparison(compared: Comparison, measure: str) -> Any:
    """One measure of every scenario, side by side.

    Parameters
    ----------
    compared : what `staffing.compare` gave.
    measure : such as ``"cost"``.

    Returns
    -------
    altair.Chart
        A bar per scenario, in the measure's unit.

    Raises
    ------
    InputError
        Naming the measures there are.
    """
    rows = compared.table[(compared.table["level"] == "total") & (compared.table["measure"] == measure)]
    if rows.empty:
        known = ", ".join(compared.table["measure"].unique())
        raise InputError(f"there is no measure '{measure}'.", where=Where(field="measure"), remedy=f"Known: {known}.")
    shown = rows.assign(which=["base", *["other"] * (len(rows) - 1)])
    return (
        alt.Chart(shown)
        .mark_bar(height=18, cornerRadius=2)
        .encode(
            x=alt.X("value:Q", title=f"{measure}, {rows['unit'].iloc[0]}"),
            y=alt.Y("scenario:N", sort=list(compared.scenarios), title=None),
            color=alt.Color("which:N", scale=alt.Scale(domain=["base", "other"], range=[GREY, BLUE]), legend=None),
            tooltip=["scenario", alt.Tooltip("value:Q", format=",.3f"), alt.Tooltip("difference:Q", format="+,.3f")],
        )
        .properties(width=WIDTH)
    )


def _rows(table: pd.DataFrame, queue: str | None) -> pd.DataFrame:
    """The rows of one queue."""
    names = list(dict.fromkeys(table["queue"]))
    if queue is None and len(names) == 1:
        queue = names[0]
    if queue not in names:
        what = "must be named" if queue is None else f"there is no '{queue}'"
        raise InputError(
            f"{what}.", where=Where(field="queue"), remedy=f"Known: {', '.join(map(str, names)) or 'none'}."
        )
    return table[table["queue"] == queue].reset_index(drop=True)
