"""Service desk and customer success side by side: queues with what they are held to, proactive work in its valleys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.evaluation.rollup import ALL_QUEUES
from staffing.language import digits
from staffing.language import text as said
from staffing.planner.goals import valleys
from staffing.ui import text

if TYPE_CHECKING:
    from staffing.domain.goals import Goals
    from staffing.planner import Plan
    from staffing.ui.state import Desk


def show(desk: Desk, made: Goals, plan: Plan | None) -> None:
    """Two columns, each side with its own measures."""
    if plan is None:
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(said("Queues that customers wait in"))
        _queues(plan)
    with right:
        st.subheader(said("Proactive work, in valleys"))
        _work(desk, made, plan)


def _queues(plan: Plan) -> None:
    rows = plan.simulated.queues
    number = st.column_config.NumberColumn
    percent = {name: 100 * rows[name] for name in ("service_level", "abandonment", "p_day_meets_target")}
    st.dataframe(
        rows.assign(**percent, queue=[said("all queues") if name == ALL_QUEUES else name for name in rows["queue"]]),
        hide_index=True,
        placeholder=text.UNDEFINED,
        column_order=["queue", "service_level", "abandonment", "asa_s", "p_day_meets_target"],
        column_config={
            "queue": st.column_config.TextColumn(said("Queue")),
            "service_level": number(said("In time"), format="%.1f %%", help=said("By simulation.")),
            "abandonment": number(said("Abandoned"), format="%.1f %%"),
            "asa_s": number(said("ASA, s"), format="%.0f"),
            "p_day_meets_target": number(said("Days that hold"), format="%.0f %%"),
        },
    )


def _work(desk: Desk, made: Goals, plan: Plan) -> None:
    if not made.proactive:
        st.caption(said("None is defined."))
        return
    laid = valleys(plan, made.proactive)
    hours = laid.groupby("work")["hours"].sum()
    st.dataframe(
        pd.DataFrame(
            {
                "name": said(one.name),
                "wanted": one.hours,
                "planned": float(hours.get(one.name, 0.0)),
                "share": 100 * float(hours.get(one.name, 0.0)) / one.hours,
                "done": one.done,
            }
            for one in made.proactive
        ),
        hide_index=True,
        placeholder=text.UNDEFINED,
        column_config={
            "name": st.column_config.TextColumn(said("Work")),
            "wanted": st.column_config.NumberColumn(said("Wanted, h"), format="%.1f"),
            "planned": st.column_config.NumberColumn(said("Planned, h"), format="%.1f"),
            "share": st.column_config.NumberColumn(said("Planned"), format="%.0f %%"),
            "done": st.column_config.NumberColumn(said("Done last week, h"), format="%.1f"),
        },
    )
    with st.expander(said("When, and from which queue"), icon=":material/event_available:"):
        st.dataframe(
            laid.assign(
                day=[text.short_day(day, desk.site) for day in laid["day"]],
                span=[digits(f"{a:%H:%M}–{b:%H:%M}") for a, b in zip(laid["start"], laid["end"], strict=True)],
            ),
            hide_index=True,
            column_order=["day", "span", "work", "queue", "agents", "hours"],
            column_config={
                "day": said("Day"), "span": said("From – to"), "work": said("Work"), "queue": said("Queue"),
                "agents": said("Agents"), "hours": said("Hours"),
            },
        )  # fmt: skip
    st.caption(said("Only agents whom no queue needs at that time: the service stays as planned."))
