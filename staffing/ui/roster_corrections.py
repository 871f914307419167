"""The roster corrected by its own simulated days: each round shown, the best roster to be taken or left."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.content import content_hash
from staffing.language import text as said
from staffing.ui import tasks, text, waiting
from staffing.ui.jobs import Work

if TYPE_CHECKING:
    from staffing.planner import Plan
    from staffing.planner.correcting import CorrectedPlan
    from staffing.ui.roster_desk import Working
    from staffing.ui.state import Desk


def tab(desk: Desk, made: Plan, work: Working) -> None:
    """Corrections on request: every round solves the week again."""
    key = f"correct-{content_hash(desk.plan_key(made.scenario), made.roster.table)}"
    job = waiting.jobs().find(key)
    st.caption(
        said(
            "What simulated days miss comes back as hours where they tell most, what they have to spare is given "
            "back, and the roster is solved again, in up to four rounds. No round makes it worse; days edited by "
            "hand are rostered anew too."
        )
    )
    if job is None:
        task = Work(partial(tasks.correct, desk.source, made), "rosters", history=desk.history.sha256)
        st.button(said("Correct by simulation"), key="roster-correct", icon=":material/tune:",
                  on_click=waiting.begin, args=(key, task))  # fmt: skip
        return
    if not job.done:
        waiting.show_progress(key, said("Correcting the roster"))
        return
    found: CorrectedPlan = waiting.outcome(key, job)
    _rounds(found.rounds)
    if found.rounds["kept"].sum() == 1:  # the roster as it was
        st.info(said("No round is better than the roster as it stands."), icon=":material/check_circle:")
        return
    left, right = st.columns(2)
    left.button(said("Accept"), key="corrections-accept", type="primary", icon=":material/check:", width="stretch",
                on_click=_accept, args=(work, key, found.plan.roster.table))  # fmt: skip
    right.button(said("Discard"), key="corrections-discard", icon=":material/close:", width="stretch",
                 on_click=waiting.jobs().forget, args=(key,))  # fmt: skip


def _accept(work: Working, key: str, table: pd.DataFrame) -> None:
    work.take(table)
    waiting.jobs().forget(key)


def _rounds(rounds: pd.DataFrame) -> None:
    shares = ("service_level", "p_day_meets_target", "p_week_meets_target")
    labels = {
        "round": said("Round"),
        "added_hours": said("Hours added"),
        "cut_hours": said("Hours given back"),
        "paid_hours": said("Paid hours"),
        "service_level": said("Expected service"),
        "p_day_meets_target": said("A day holds"),
        "p_week_meets_target": said("The week holds"),
        "lacking": said("Contacts lacking"),
        "kept": said("Better"),
    }
    hours = {name: rounds[name].round(1) for name in ("added_hours", "cut_hours", "paid_hours", "lacking")}
    st.dataframe(
        rounds.assign(**hours, **{name: rounds[name].map(text.share) for name in shares})[list(labels)],
        hide_index=True,
        column_config=labels,
    )
    st.caption(
        said(
            "Round 0 is the roster as it was. Hours added and given back are of agents on the phone; lacking are "
            "contacts that days miss of their targets."
        )
    )
