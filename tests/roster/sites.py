"""Small sites made by hand: a week that begins on Monday 2 March 2026, in UTC unless said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.domain.prices import Prices
from staffing.domain.workforce import Agent, BreakRule, Contract, LabourRules, ShiftTemplate
from staffing.roster.given import Inputs

START = dt.date(2026, 3, 2)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LUNCH = BreakRule(name="lunch", minutes=60, paid=False, earliest_min=180, latest_min=300)
DAY = ShiftTemplate(name="day", length_min=540, first_start="08:00", last_start="10:00", step_min=60, breaks=(LUNCH,))
LATE = ShiftTemplate(name="late", length_min=480, first_start="14:00", last_start="14:00", undesired=True)
NIGHT = ShiftTemplate(name="night", length_min=480, first_start="22:00", last_start="22:00")
FREE = Contract(name="free", max_hours=60, max_days=7)
PRICES = Prices(agent_hour=1.0, shortage_hour=4.0, excess_hour=1.0, undesired_shift=0.1)


def need(
    agents: Mapping[int, float] | float, *, days: int = 7, queue: str = "calls", zone: str = "UTC"
) -> pd.DataFrame:
    """Agents wanted per hour of every day: one number, or by hour of the day (0 elsewhere)."""
    first = pd.Timestamp(START, tz=zone)
    start = pd.date_range(first, first + pd.Timedelta(days=days), freq="60min", inclusive="left")
    wanted = [float(agents.get(t.hour, 0.0)) if isinstance(agents, Mapping) else float(agents) for t in start]
    return pd.DataFrame({"queue": queue, "start": start, "agents": wanted, "agents_scheduled": wanted})


def site(
    *agents: Agent,
    rules: LabourRules | None = None,
    contracts: tuple[Contract, ...] = (FREE,),
    shifts: tuple[ShiftTemplate, ...] = (DAY, LATE, NIGHT),
    requirements: pd.DataFrame | None = None,
    days: int = 7,
    past: pd.DataFrame | None = None,
    pinned: pd.DataFrame | None = None,
    calendar: SiteCalendar | None = None,
) -> Inputs:
    """Inputs of a site; everybody free to work anything unless said."""
    return Inputs(
        need({9: 1.0}, days=days) if requirements is None else requirements,
        agents or people(2),
        contracts,
        shifts,
        rules or LabourRules(),
        PRICES,
        calendar or SiteCalendar(timezone="UTC", interval_min=60),
        START,
        days,
        past=past,
        pinned=pinned,
    )


def people(count: int, **fields: object) -> tuple[Agent, ...]:
    """`count` agents with the free contract."""
    return tuple(Agent.parse({"name": f"p{i}", "contract": "free", **fields}) for i in range(count))


def shifts_of(name: str, *texts: str, lunch: bool = True, queue: str = "calls") -> pd.DataFrame:
    """Rows of a roster from texts such as ``Mon 08:00-17:00`` (``Mon+1`` is a week later, ``Sun-1`` before)."""
    rows = []
    for text in texts:
        day, clock = text.split()
        name_of_day, week = (day[:3], int(day[3:] or 0))
        begin, end = clock.split("-")
        midnight = pd.Timestamp(START, tz="UTC") + pd.Timedelta(days=DAYS.index(name_of_day) + 7 * week)
        start = midnight + pd.Timedelta(begin + ":00")
        stop = midnight + pd.Timedelta(end + ":00") + pd.Timedelta(days=int(end <= begin))
        rows.append((name, start, stop, "shift", queue))
        if lunch and stop - start == pd.Timedelta(hours=9):
            rows.append((name, start + pd.Timedelta(hours=4), start + pd.Timedelta(hours=5), "lunch", None))
    return pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "queue"])
