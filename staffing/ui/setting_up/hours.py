"""When the site is open, how its weeks run and how its dates are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.domain.calendar import INTERVALS_MIN, WEEKDAYS
from staffing.language import digits
from staffing.language import text as said
from staffing.ui import text
from staffing.ui.setting_up.setting import Row, Setting, choice, grid
from staffing.ui.setting_up.words import CALENDARS, weekday

if TYPE_CHECKING:
    from staffing.domain.calendar import SiteCalendar


def step(setting: Setting) -> None:
    """A row a weekday, in the order of the site's weeks."""
    st.caption(
        said("Local times such as 08:00-18:00; several with commas; empty where the day is closed; all empty: always.")
    )
    site = setting.scenario.site
    first = WEEKDAYS.index(site.week_start)
    days = [WEEKDAYS[(first + k) % 7] for k in range(7)]
    rows = [{"day": weekday(day), "open": ", ".join(map(str, site.opening.get(day, ())))} for day in days]
    left, right = st.columns([1, 1], gap="large")
    with left:
        grid(
            setting,
            "hours",
            pd.DataFrame(rows),
            lambda now: setting.replace(site={**setting.scenario.site.model_dump(), "opening": _opening(now)}),
            {
                "day": st.column_config.TextColumn(said("Day"), disabled=True),
                "open": st.column_config.TextColumn(said("Open")),
            },
            rows="fixed",
        )
    choice(setting, right, said("Weeks begin on"), "site.week_start", list(WEEKDAYS), weekday)
    choice(
        setting,
        right,
        said("Dates are shown as"),
        "site.display",
        list(CALENDARS),
        lambda one: said(CALENDARS[one]),
    )
    choice(
        setting,
        right,
        said("Planning interval, min"),
        "site.interval_min",
        list(INTERVALS_MIN),
        lambda minutes: digits(str(minutes)),
        help=said("No finer than the history's own."),
    )


def _opening(rows: list[Row]) -> dict[str, object]:
    """Every weekday's hours; a closed day is taken out."""
    names = {weekday(day): day for day in WEEKDAYS}
    told = {names[row["day"]]: spans(str(row.get("open", ""))) for row in rows}
    return {day: hours for day, hours in told.items() if hours}


def spans(typed: str) -> list[str]:
    """``08:00-12:00, 13:00-17:00`` as it was typed, span by span."""
    plain = typed.replace("–", "-").replace("،", ",").replace(" ", "")
    return [span for span in plain.split(",") if span]


def in_words(site: SiteCalendar) -> str:
    """``Monday–Friday 08:00-18:00``: runs of days with the same hours."""
    if not site.opening:
        return said("always")
    first = WEEKDAYS.index(site.week_start)
    runs: list[tuple[list[str], str]] = []
    for day in (WEEKDAYS[(first + k) % 7] for k in range(7)):
        hours = text.listed(map(str, site.opening.get(day, ())))
        if runs and runs[-1][1] == hours:
            runs[-1][0].append(day)
        else:
            runs.append(([day], hours))
    names = [("–".join(dict.fromkeys(weekday(day) for day in (days[0], days[-1]))), hours) for days, hours in runs]
    return digits(text.series(f"{days} {hours}" for days, hours in names if hours))
