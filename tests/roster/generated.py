"""Small sites with every rule and kind of shift, drawn from a number."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.domain.duties import Minimum, Pin, Session
from staffing.domain.prices import Prices
from staffing.domain.workforce import (
    Agent,
    BreakRule,
    Contract,
    DaySpan,
    LabourRules,
    Rotation,
    RuleChange,
    ShiftTemplate,
)
from staffing.roster.given import Inputs
from staffing.roster.inputs.pins import joined, pinned_rows

ZONES = ("UTC", "Europe/Berlin", "Asia/Tehran", "America/New_York", "Australia/Sydney")
START = dt.date(2026, 2, 2)  # a Monday; no clock changes in the weeks that follow
PAUSE = BreakRule(name="break", minutes=30, earliest_min=60, latest_min=150)
LUNCH = BreakRule(name="lunch", minutes=30, paid=False, earliest_min=180, latest_min=270)
LONG_LUNCH = LUNCH.model_copy(update={"from_length_min": 480})
SHIFTS = {
    "day": ShiftTemplate(name="day", length_min=510, first_start="07:00", last_start="10:00", breaks=(LUNCH,)),
    "flex": ShiftTemplate(
        name="flex", length_min=360, longest_min=540, length_step_min=60, first_start="07:00", last_start="11:00",
        breaks=(LONG_LUNCH,),
    ),
    "late": ShiftTemplate(
        name="late", length_min=480, first_start="13:00", last_start="15:00", breaks=(PAUSE, LUNCH), undesired=True
    ),
    "night": ShiftTemplate(
        name="night", length_min=480, first_start="22:00", last_start="23:00", breaks=(PAUSE,), undesired=True
    ),
    "split": ShiftTemplate(
        name="split", length_min=720, first_start="07:00", last_start="08:00",
        breaks=(BreakRule(name="gap", minutes=240, paid=False, earliest_min=210, latest_min=270),),
    ),
    "half": ShiftTemplate(name="half", length_min=240, first_start="08:00", last_start="18:00", breaks=(PAUSE,)),
    "home": ShiftTemplate(name="home", length_min=240, first_start="08:00", last_start="18:00", breaks=(
        PAUSE.model_copy(update={"paid": False}),), home=True),
    "saturday": ShiftTemplate(name="saturday", length_min=360, first_start="09:00", last_start="12:00",
                              weekdays=("saturday",)),
}  # fmt: skip
RULES: dict[str, Any] = {
    "min_rest_h": 12.0,
    "min_rest_after_night_h": 14.0,
    "weekly_rest_h": 36.0,
    "max_days_in_row": 4,
    "min_days_in_row": 2,
    "min_days_off_in_row": 2,
    "max_days_off_in_row": 5,
    "max_weekend_days": 1,
    "max_weekends": 1,
    "whole_weekends": True,
    "max_nights_per_week": 3,
    "max_nights_in_row": 2,
    "days_off_after_nights": 1,
    "forbidden_next": [["late", "day"], ["night", "late"]],
    "max_start_spread_min": 480,
    "max_shifts_of": {"late": 2, "night": 3},
}
PRICEABLE = ("max_weekends", "max_nights_per_week", "max_start_spread_min", "max_shifts_of", "min_days_off_in_row")


def generated(
    number: int, *, week: int = 0, past: pd.DataFrame | None = None, people: tuple[int, int] = (4, 9)
) -> Inputs:
    """The site of this number, so many weeks on; it has `people` (least, and one beyond the most) people."""
    rng = np.random.default_rng(number)
    calendar = _calendar(rng)
    shifts = _shifts(rng)
    contracts = _contracts(rng, shifts)
    agents = _agents(rng, contracts, people)
    rules = _rules(rng, {shift.name for shift in shifts})
    start = START + dt.timedelta(weeks=week)
    sessions = _sessions(rng) if rng.random() < 0.3 else ()
    return Inputs(
        _need(rng, calendar, start), agents, contracts, shifts, rules, Prices(agent_hour=1.0, shortage_hour=5.0,
        excess_hour=0.5, undesired_shift=0.1), calendar, start, 7, ("a", "b"), past=past,
        pinned=joined(pinned_rows(_pins(rng, agents), calendar)), rule_changes=_changes(rng),
        rotations=_rotations(rng, shifts), minimums=_minimums(rng, agents), sessions=sessions,
    )  # fmt: skip


def _calendar(rng: np.random.Generator) -> SiteCalendar:
    zone = str(rng.choice(ZONES))
    closed = (START + dt.timedelta(days=6),) if rng.random() < 0.2 else ()
    return SiteCalendar(timezone=zone, interval_min=30, closed_dates=closed)


def _shifts(rng: np.random.Generator) -> tuple[ShiftTemplate, ...]:
    names = ["day", *rng.permutation([name for name in SHIFTS if name != "day"])[: int(rng.integers(1, 4))]]
    return tuple(SHIFTS[name] for name in names)


def _contracts(rng: np.random.Generator, shifts: tuple[ShiftTemplate, ...]) -> tuple[Contract, ...]:
    names = tuple(shift.name for shift in shifts)
    some = tuple(str(name) for name in rng.permutation(names)[: max(1, len(names) - 1)])
    full = Contract(name="full", min_hours=0.0 if rng.random() < 0.5 else 12.0, max_hours=40.0, max_days=5)
    period = {"period_weeks": 2, "period_start": START, "max_period_hours": 44.0} if rng.random() < 0.3 else {}
    overtime_hours = float(rng.choice([0, 4]))
    part = Contract.parse(
        {"name": "part", "max_hours": 24, "max_days": 4, "shifts": some, "overtime_hours": overtime_hours, **period}
    )
    loose = Contract(name="loose", max_hours=30.0, max_days=6, voluntary_hours=4.0)
    return full, part, loose


def _agents(rng: np.random.Generator, contracts: tuple[Contract, ...], people: tuple[int, int]) -> tuple[Agent, ...]:
    found = []
    for number in range(int(rng.integers(*people))):
        first = START + dt.timedelta(days=int(rng.integers(0, 12)))
        away = (DaySpan(start=first, end=first + dt.timedelta(days=int(rng.integers(0, 3)))),)
        found.append(
            Agent(
                name=f"p{number}",
                team=("north", "south")[number % 2],
                contract=contracts[int(rng.integers(len(contracts)))].name,
                skills=(("a",), ("a", "b"), ("b",), ())[int(rng.integers(4))],
                earliest="08:00" if rng.random() < 0.15 else "00:00",
                latest="21:00" if rng.random() < 0.15 else "24:00",
                time_off=away if rng.random() < 0.3 else (),
                home=bool(rng.random() < 0.5),
                senior=number == 0,
                avoids=("late",) if rng.random() < 0.2 else (),
            )
        )
    return tuple(found)


def _rules(rng: np.random.Generator, known: set[str]) -> LabourRules:
    """One to four rules, without what they say of shifts that the site does not have."""
    names = rng.permutation(list(RULES))[: int(rng.integers(1, 5))]
    chosen = {name: RULES[name] for name in names}
    if "forbidden_next" in chosen:
        chosen["forbidden_next"] = [pair for pair in chosen["forbidden_next"] if known.issuperset(pair)]
    if "max_shifts_of" in chosen:
        chosen["max_shifts_of"] = {name: most for name, most in chosen["max_shifts_of"].items() if name in known}
    prices = {name: 3.0 for name in chosen if name in PRICEABLE and rng.random() < 0.3}
    night = {"night_from": "23:00", "night_to": "06:00"}
    return LabourRules.parse({**chosen, **night, "prices": prices})


def _changes(rng: np.random.Generator) -> tuple[RuleChange, ...]:
    if rng.random() < 0.7:
        return ()
    return (RuleChange(name="from Thursday", start=START + dt.timedelta(days=3), teams=("north",),
                       rules={"min_rest_h": 12.0, "max_days_in_row": 5}),)  # fmt: skip


def _rotations(rng: np.random.Generator, shifts: tuple[ShiftTemplate, ...]) -> tuple[Rotation, ...]:
    if rng.random() < 0.8:
        return ()
    weeks = (("|".join(shift.name for shift in shifts),), (*["any"] * 5, "off", "off"))
    return (Rotation(name="two", start=START, weeks=weeks, teams={"north": 0, "south": 1}),)


def _minimums(rng: np.random.Generator, agents: tuple[Agent, ...]) -> tuple[Minimum, ...]:
    if rng.random() < 0.7:
        return ()
    return (Minimum(name="a senior", agents=1, senior=True, earliest="09:00", latest="15:00"),)


def _sessions(rng: np.random.Generator) -> tuple[Session, ...]:
    return (
        Session(
            name="news", activity="meeting", minutes=30, start=START + dt.timedelta(days=1),
            end=START + dt.timedelta(days=3), earliest="09:00", latest="16:00", together=bool(rng.random() < 0.4),
            teams=("north",),
        ),
    )  # fmt: skip


def _pins(rng: np.random.Generator, agents: tuple[Agent, ...]) -> tuple[Pin, ...]:
    if rng.random() < 0.7:
        return ()
    return (Pin(agent=agents[0].name, day=START + dt.timedelta(days=2), shift="off"),)


def _need(rng: np.random.Generator, calendar: SiteCalendar, start: dt.date) -> pd.DataFrame:
    """Agents wanted of two queues: more by day, one at night where the site is open all night."""
    grid = calendar.open_grid(start, 7)
    hour = np.asarray(grid.hour)
    parts = []
    for queue, most in (("a", 2.5), ("b", 1.5)):
        level = np.where((hour >= 8) & (hour < 21), most, 0.6 if queue == "a" else 0.0)
        agents = np.round(level * rng.uniform(0.5, 1.2, len(grid)), 1)
        parts.append(pd.DataFrame({"queue": queue, "start": grid, "agents": agents, "agents_scheduled": agents}))
    return pd.concat(parts, ignore_index=True)
