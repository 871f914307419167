"""Rotations: patterns of weeks that repeat, a row for each week, with the teams that begin in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import streamlit as st

from staffing.domain.calendar import WEEKDAYS, Weekday
from staffing.domain.shifts import ANY, FREE, Rotation
from staffing.errors import InputError
from staffing.language import text as said
from staffing.language import weekday_short
from staffing.ui import dates, text
from staffing.ui.setting_up.setting import Row, Setting, grid

TEMPLATE_WEEKS = 3


def panel(setting: Setting) -> None:
    """The patterns as rows to edit; without one, a beginning out of the site's shifts."""
    st.subheader(said("Rotations"))
    st.caption(
        said(
            "Who works which shifts in turn: a row for each week of the pattern, in order, under one name. After the "
            "last row it begins anew. A cell holds a shift, several joined by |, or {off}; empty: any shift. Shifts: "
            "{shifts}.",
            off=said("off"),
            shifts=text.listed(shift.name for shift in setting.scenario.shifts),
        )
    )
    if not setting.scenario.rotations:
        st.button(
            said("Begin with the shifts in turn"),
            icon=":material/autorenew:",
            disabled=not setting.scenario.shifts,
            on_click=setting.press,
            args=(lambda: setting.replace(rotations=[_in_turn(setting)]), "rotations"),
        )
    days = _days(setting)
    rows = [row for rotation in setting.scenario.rotations for row in _rows(rotation, days)]
    frame = pd.DataFrame(rows, columns=["name", "start", "week", "teams", *days])
    frame = dates.cells(frame, ["start"], setting.scenario.site)
    texts = ["name", "week", *days]
    frame = frame.astype({**dict.fromkeys(texts, object), "teams": object}).fillna(dict.fromkeys(texts, ""))
    grid(
        setting, "rotations", frame, lambda now: setting.replace(rotations=_rotations(setting, now)), _columns(setting)
    )


def _columns(setting: Setting) -> dict[str, Any]:
    column = st.column_config
    teams = sorted({agent.team for agent in setting.scenario.agents if agent.team})
    return {
        "name": column.TextColumn(said("Rotation"), help=said("The same name on each of its weeks.")),
        "start": dates.column(
            said("From the week of"),
            setting.scenario.site,
            help=said("When its first row is worked; one is enough."),
        ),
        "week": column.TextColumn(said("The whole week"), help=said("In place of a cell for each day.")),
        "teams": column.MultiselectColumn(said("Teams that begin here"), options=teams),
        **{day: column.TextColumn(_short(day), width="small") for day in _days(setting)},
    }


def _short(day: Weekday) -> str:
    return weekday_short(dt.date(2024, 1, 1) + dt.timedelta(days=WEEKDAYS.index(day)))  # that year began on a Monday


def _days(setting: Setting) -> list[Weekday]:
    first = WEEKDAYS.index(setting.scenario.site.week_start)
    return [*WEEKDAYS[first:], *WEEKDAYS[:first]]


def _in_turn(setting: Setting) -> Row:
    """A week of each of the first shifts, the teams begun one after the other."""
    kinds = [shift.name for shift in setting.scenario.shifts if not shift.home][:TEMPLATE_WEEKS]
    teams = sorted({agent.team for agent in setting.scenario.agents if agent.team})
    return {
        "name": said("in turn"),
        "start": _first_day(setting),
        "weeks": [[kind] for kind in kinds],
        "teams": {team: number % len(kinds) for number, team in enumerate(teams)},
    }


def _first_day(setting: Setting) -> Any:
    return setting.scenario.site.week_of(setting.history.frame["start"].max().date())


def _rows(rotation: Rotation, days: list[Weekday]) -> list[Row]:
    """A rotation's weeks as rows; ``any`` is an empty cell."""
    rows = []
    for number, week in enumerate(rotation.weeks):
        cells = {"week": week[0]} if len(week) == 1 else dict(zip(days, week, strict=True))
        rows.append(
            {
                "name": rotation.name,
                "start": rotation.start if number == 0 else None,
                **{place: _shown(entry) for place, entry in cells.items()},
                "teams": [team for team, first in rotation.teams.items() if first % len(rotation.weeks) == number],
            }
        )
    return rows


def _shown(entry: str) -> str:
    return "" if entry == ANY else said("off") if entry == FREE else entry


def _rotations(setting: Setting, rows: list[Row]) -> list[Row]:
    """Rotations out of rows, in the order of their names' first. Raises InputError."""
    told: dict[str, Row] = {}
    for row in rows:
        name = row.get("name", next(reversed(told), ""))  # a row without a name goes on with the one above it
        if not name:
            raise InputError("a week has no name of its rotation.", remedy="Write the name on its first row.")
        rotation = told.setdefault(name, {"name": name, "start": None, "weeks": [], "teams": {}})
        if "start" in row and rotation["start"] is None:
            rotation["start"] = dates.of_cell(row["start"])
        for team in row.get("teams", ()):
            if team in rotation["teams"]:
                raise InputError(
                    f"rotation '{name}': team '{team}' begins in two weeks.", remedy="Leave it on one row."
                )
            rotation["teams"][team] = len(rotation["weeks"])
        rotation["weeks"].append(_week(name, row, _days(setting)))
    return [{**one, "start": one["start"] or _first_day(setting)} for one in told.values()]


def _week(name: str, row: Row, days: list[Weekday]) -> list[str]:
    daily = [day for day in days if day in row]
    if "week" in row and daily:
        raise InputError(
            f"rotation '{name}': a week has an entry for all of it beside entries for days.",
            remedy="Leave out the one or the others.",
        )
    if not daily:
        return [_entry(row.get("week", ""))]
    return [_entry(row.get(day, "")) for day in days]


def _entry(typed: str) -> str:
    parts = [part.strip() for part in typed.split("|") if part.strip()]
    return "|".join(FREE if part == said("off") else part for part in parts) or ANY
