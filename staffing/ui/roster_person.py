"""One person's week: shifts with breaks, what has been carried so far, and a calendar file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.language import text as said
from staffing.ui import roster_tables, text, views
from staffing.ui.state import Desk

if TYPE_CHECKING:
    from staffing.planner import Plan


def tab(desk: Desk, made: Plan) -> None:
    names = [agent.name for agent in made.scenario.agents]
    name = st.selectbox(said("Agent"), names, key="roster-agent", format_func=text.escape)
    agent = next(agent for agent in made.scenario.agents if agent.name == name)
    facts = [agent.team, agent.contract, text.listed(agent.skills) or said("all queues")]
    st.caption(" · ".join(text.escape(fact) for fact in facts if fact))
    rows = week_of(made.roster.table[made.roster.table["agent"] == name], desk)
    if rows.empty:
        st.info(said("No shift this week."), icon=":material/bedtime:")
    else:
        st.dataframe(
            rows,
            hide_index=True,
            column_config={
                "day": st.column_config.TextColumn(said("Day"), width="medium"),
                "shift": said("Shift"),
                "queue": said("Queue"),
                "inside": st.column_config.TextColumn(said("Breaks and other work"), width="large"),
            },
        )
    own = made.evaluation.ledger
    roster_tables.carried(own[own["agent"] == name])
    st.download_button(
        said("Calendar (iCal)"),
        lambda: _calendar(made, name),
        f"shifts-{made.start:%Y-%m-%d}.ics",
        "text/calendar",
        icon=":material/event:",
        on_click="ignore",
    )


def week_of(table: pd.DataFrame, desk: Desk) -> pd.DataFrame:
    """One row per shift: day, shift, queue, inside (breaks and work on other queues, in order)."""
    start, end = views.local(table, desk.site), views.local(table, desk.site, "end")
    spans = table.assign(
        day=[text.day(moment.date(), desk.site) for moment in start],
        span=start.dt.strftime("%H:%M") + "–" + end.dt.strftime("%H:%M"),
        what=table["activity"].where(table["activity"] != "work", table["queue"]),
    ).sort_values(["start", "end"])
    shifts = spans[spans["activity"] == "shift"]
    inside = [
        text.listed(
            f"{row.what} {row.span}"
            for row in spans[spans["activity"] != "shift"].itertuples()
            if shift.start <= row.start and row.end <= shift.end
        )
        for shift in shifts.itertuples()
    ]
    return pd.DataFrame({"day": shifts["day"], "shift": shifts["span"], "queue": shifts["queue"], "inside": inside})


def _calendar(made: Plan, name: str) -> bytes:
    from staffing.export import roster_ics_bytes

    return roster_ics_bytes(made, agent=name)
