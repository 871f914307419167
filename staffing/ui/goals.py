"""The pyramid: what the company is after, what serves it, and on which page each figure is moved; and proactive work
beside the queues."""

from __future__ import annotations

import streamlit as st

from staffing.domain.goals import LEVELS, Goal, Goals
from staffing.errors import StaffingError
from staffing.language import marked
from staffing.language import text as said
from staffing.planner.goals import figures
from staffing.store.goals import goals_of, goals_text, keep_goals
from staffing.ui import goals_work, overview, text
from staffing.ui.goals_fields import HEADS, LEVERS, fields
from staffing.ui.home_spans import leads
from staffing.ui.messages import show_error
from staffing.ui.state import Desk, show
from staffing.ui.who import user

#: What the pyramid to begin with calls its figures.
FIRST = (
    marked("Satisfied customers"),
    marked("Days that keep their promise"),
    marked("Cost per contact"),
    marked("Service level"),
    marked("Abandonment"),
    marked("Mean wait"),
    marked("Hours short"),
    marked("Hours over"),
    marked("Occupancy"),
    marked("Wishes kept"),
    marked("Overrun of shifts"),
    marked("Success calls"),
)
A_ROW = 4


def page(desk: Desk) -> None:
    st.title(said("Goals"))
    st.caption(said("The week of {week}: each figure with the one it serves and the page that moves it.",
                    week=text.week(desk.week, desk.site)))  # fmt: skip
    written = goals_text(desk.workspace)
    try:
        made = goals_of(written)
    except StaffingError as error:
        show_error(error)
        _written(desk, written)
        return
    week = overview.overview(desk)
    if week.plan is None:
        st.info(said("No roster is kept for this week; figures of it are dashes."), icon=":material/event_busy:")
        leads("roster", said("Make it"), week=str(desk.week))
    known = {} if week.plan is None else figures(week.plan)
    for level in LEVELS:
        own = [goal for goal in made.goals if goal.level == level]
        if own:
            st.subheader(said(HEADS[level]))
        for first in range(0, len(own), A_ROW):
            for place, goal in zip(st.columns(A_ROW), own[first : first + A_ROW], strict=False):
                with place.container(border=True, height="stretch"):
                    _goal(desk, made, goal, known)
    fields(desk, made)
    goals_work.show(desk, made, week.plan)
    _written(desk, written)


def _goal(desk: Desk, made: Goals, goal: Goal, known: dict[str, float]) -> None:
    """One figure: value and target, the one above it, its survey's share, those below, and its lever."""
    value = goal.survey.value if goal.survey is not None else known.get(goal.figure, float("nan"))
    off = None if goal.target is None or value != value else value - goal.target
    bad = off is not None and (off < 0 if goal.better == "high" else off > 0)
    st.metric(text.escape(said(goal.name)), _shown(desk, goal, value))
    if goal.target is not None:
        wanted = _shown(desk, goal, goal.target)
        high = goal.better == "high"
        words = said("at least {value}", value=wanted) if high else said("at most {value}", value=wanted)
        state = said("missed") if bad else said("kept")
        badge = "" if off is None else f" :{'red' if bad else 'green'}-badge[{state}]"
        st.markdown(text.escape(words) + badge)
    if goal.above:
        st.caption(said("serves: {name}", name=text.escape(said(goal.above))))
    if goal.survey is not None:
        told = {
            "answered": text.count(goal.survey.answered),
            "asked": text.count(goal.survey.asked),
            "share": text.share(goal.survey.share, 0),
        }
        st.caption(said("{share} answered ({answered} of {asked})", **told))
    elif not goal.figure:
        st.caption(said("No survey is told yet."))
    if goal.lever:
        leads(goal.lever, said("moved on: {page}", page=said(LEVERS[goal.lever])))


def _shown(desk: Desk, goal: Goal, value: float) -> str:
    if goal.unit == "share":
        return text.share(value)
    unit = desk.scenario.prices.currency if goal.unit == "money" else said(goal.unit)
    return text.with_unit(value, 2 if goal.unit == "money" else 1, unit)


def _written(desk: Desk, written: str) -> None:
    """The definitions as text, checked before they are kept."""
    with st.expander(said("Definitions"), icon=":material/edit_note:"):
        st.caption(
            said(
                "One goal of the company, at most two strategic, at most seven operational; a survey as "
                "`survey = {value = 0.82, answered = 140, asked = 900}`."
            )
        )
        typed = st.text_area("goals.toml", written, height=360, key="goals-text")
        if st.button(said("Keep these goals"), type="primary", icon=":material/save:"):
            try:
                keep_goals(desk.workspace, typed, user())
            except StaffingError as error:
                show_error(error)
            else:
                st.rerun()


if __name__ == "__main__":
    show(page)
