"""When is a launch cheapest? Candidate dates planned anew and ranked, as a chart and a table."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.charts import events as charts
from staffing.language import text as said
from staffing.ui import tasks, text
from staffing.ui.jobs import Work
from staffing.ui.state import Desk
from staffing.ui.waiting import begin, jobs, outcome, show_progress, soon

if TYPE_CHECKING:
    from staffing.advice import LaunchAdvice


def advice(desk: Desk) -> None:
    """Choose an event that is ahead and how many days to try from the planned week on."""
    scenario = desk.scenario
    ahead = desk.planner.day_after(scenario)
    names = [event.name for event in scenario.events if event.movable and event.start >= ahead]
    if not names or not scenario.agents or not scenario.shifts:
        st.caption(said("Needs a movable event that is still ahead, people and shifts."))
        return
    first = max(ahead, desk.week)
    which, count, go = st.columns([3, 2, 2], vertical_alignment="bottom")
    name = which.selectbox(said("Event to place"), names, key="advice-event")
    days = int(
        count.number_input(
            said("Days to try"),
            2,
            92,
            28,
            key="advice-days",
            help=said("From {first} on.", first=text.day(first, desk.site)),
        )
    )
    span = first, first + dt.timedelta(days=days - 1)
    key = desk.stage_key(f"advice-{name}-{span[0]}-{days}", scenario)
    go.button(
        said("Try every day"),
        on_click=begin,
        args=(key, Work(partial(tasks.launch_dates, desk.source, scenario, name, span), "rosters")),
        icon=":material/event_upcoming:",
        width="stretch",
    )
    job = jobs().find(key)
    if job is None:
        return
    if not soon(job):
        show_progress(key, said("Planning every date"))
        return
    _show(outcome(key, job), desk)


def _show(found: LaunchAdvice, desk: Desk) -> None:
    st.success(text.escape(found.why_best), icon=":material/thumb_up:")
    ranked = found.table
    state = ["open" if is_open else "closed" for is_open in ranked["open"]]
    if len(ranked) > 1:
        st.warning(text.escape(found.why_worst), icon=":material/thumb_down:")
        state[-1] = "worst"
    state[0] = "best"
    rows = ranked.assign(state=state, label=[text.short_day(day, desk.site) for day in ranked["date"]])
    st.altair_chart(
        charts.launch_dates(
            rows.drop(columns="open").sort_values("date").drop(columns="date"), desk.scenario.prices.currency
        ),
        alt=said("Cost of the launch by first day"),
    )
    st.dataframe(_table(rows, desk.scenario.prices.currency), hide_index=True)


def _table(rows: pd.DataFrame, currency: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            said("first day"): rows["label"],
            said("cost, {currency}", currency=currency): [text.count(value) for value in rows["cost"]],
            said("extra agent-hours"): [text.count(value, 1) for value in rows["extra_hours"]],
            said("hours short"): [text.count(value, 1) for value in rows["shortage_hours"]],
            said("expected wait"): [text.seconds(value) for value in rows["wait_s"]],
            said("site"): [said("open") if is_open else said("closed") for is_open in rows["open"]],
        }
    )
