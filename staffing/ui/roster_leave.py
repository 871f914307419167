"""Leave: asked for here, shown with what it costs in service and money, then granted or declined."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.content import content_hash
from staffing.errors import StaffingError
from staffing.language import digits, marked
from staffing.language import text as said
from staffing.store.leave import LeaveRequest, LeaveState
from staffing.store.leave_book import ask, decide, requests
from staffing.ui import dates, remedies, tasks, text, waiting
from staffing.ui.jobs import Work
from staffing.ui.messages import show_error
from staffing.ui.who import user

if TYPE_CHECKING:
    from staffing.advice import LeaveWeek
    from staffing.ui.state import Desk

MOST_DECIDED = 10
STATES = {"open": marked("open"), "granted": marked("granted"), "declined": marked("declined")}


def tab(desk: Desk) -> None:
    """A form for a request; the open ones with their costs and two buttons; those decided last."""
    st.caption(
        said(
            "A request is shown with what it costs before it is decided: the roster without the person, "
            "evaluated and simulated again. What is granted counts as days off."
        )
    )
    _form(desk)
    found = requests(desk.workspace)
    waiting_ones = [one for one in found if one.state == "open"]
    for request in waiting_ones:
        with st.container(border=True):
            _open(desk, request)
    if not waiting_ones:
        st.info(said("No request waits for an answer."), icon=":material/beach_access:")
    decided = [one for one in found if one.state != "open"][::-1][:MOST_DECIDED]
    if decided:
        st.subheader(said("Decided last"))
    for request in decided:
        _decided(desk, request)


def _form(desk: Desk) -> None:
    with st.form("leave", clear_on_submit=False):
        who, first, last, why = st.columns([2, 1.4, 1.4, 3], vertical_alignment="bottom")
        names = [agent.name for agent in desk.scenario.agents]
        agent = who.selectbox(said("Person"), names, index=None, placeholder=said("Choose a person"), key="leave-who")
        begins = dates.field(first, said("From"), desk.week, desk.site, key="leave-first")
        ends = dates.field(last, said("To"), desk.week, desk.site, key="leave-last")
        reason = why.text_input(said("Reason"), max_chars=120, key="leave-why")
        sent = st.form_submit_button(said("Enter the request"), icon=":material/add:")
    if not sent:
        return
    if agent is None:
        st.error(said("Choose a person."), icon=":material/error:")
        return
    if begins is None or ends is None:
        return
    try:
        ask(desk.workspace, LeaveRequest(agent, begins, ends, " ".join(reason.split())), user())
    except StaffingError as error:
        show_error(error)
        return
    st.rerun()


def _open(desk: Desk, request: LeaveRequest) -> None:
    st.markdown(_words(desk, request))
    costs = _costs(desk, request)
    if costs is not None:
        _shown(desk, costs)
    why, grant, decline = st.columns([4, 1.5, 1.5], vertical_alignment="bottom")
    place = f"{request.agent}-{request.first}"
    reason = why.text_input(said("Answer"), key=f"leave-answer-{place}", max_chars=120)
    for column, label, icon, state in (
        (grant, said("Grant"), ":material/check:", "granted"),
        (decline, said("Decline"), ":material/close:", "declined"),
    ):
        column.button(label, key=f"leave-{state}-{place}", icon=icon, width="stretch", disabled=costs is None,
                      on_click=_decide, args=(desk, request, state, reason))  # fmt: skip


def _decided(desk: Desk, request: LeaveRequest) -> None:
    words, button = st.columns([6, 1.5], vertical_alignment="center")
    answer = text.escape(" ".join(request.decided.split(" ")[1:]))
    words.markdown(f"{_words(desk, request)} · **{said(STATES[request.state])}** · {answer}")
    button.button(said("Open again"), key=f"leave-again-{request.agent}-{request.first}-{request.state}",
                  icon=":material/undo:", on_click=_decide, args=(desk, request, "open", ""))  # fmt: skip


def _decide(desk: Desk, request: LeaveRequest, state: LeaveState, why: str) -> None:
    try:
        decide(desk.workspace, request, state, user(), why)
    except StaffingError as error:
        st.session_state["problem"] = error


def _words(desk: Desk, request: LeaveRequest) -> str:
    days = text.day(request.first, desk.site)
    if request.last != request.first:
        days += f" – {text.day(request.last, desk.site)}"
    reason = f" · {text.escape(request.reason)}" if request.reason else ""
    return f"**{text.escape(request.agent)}** · {days}{reason}"


def _costs(desk: Desk, request: LeaveRequest) -> list[LeaveWeek] | None:
    """What granting costs, worked out beside the page; None while it is on its way, which the page shows."""
    book = desk.workspace.rosters
    rosters = {week: table for week in book.weeks() if (table := book.at_hand(week)) is not None}
    key = f"leave-{content_hash(desk.stage_key('leave', desk.scenario), request.absence, *rosters.values())}"
    task = partial(tasks.leave_cost, desk.source, desk.scenario, request.absence, rosters)
    job = waiting.jobs().start(key, Work(task, "rosters"), user())
    if not waiting.soon(job):
        waiting.show_progress(key, said("Working out what it costs"))
        return None
    made: list[LeaveWeek] = waiting.outcome(key, job)
    return made


def _shown(desk: Desk, costs: list[LeaveWeek]) -> None:
    currency = desk.scenario.prices.currency
    number = st.column_config.NumberColumn
    rows = [
        {
            "week": text.week(one.week, desk.site),
            "shifts": one.shifts if one.rostered else None,
            "service": _change(100 * one.before.service_level, 100 * one.after.service_level, 1, "%"),
            "days": _change(100 * one.before.p_day, 100 * one.after.p_day, 0, "%"),
            "short": _change(one.before.short_hours, one.after.short_hours, 1, said("h")),
            "money": one.money,
        }
        for one in costs
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        placeholder=text.UNDEFINED,
        column_config={
            "week": st.column_config.TextColumn(said("Week")),
            "shifts": number(said("Shifts that fall out"), format="%d"),
            "service": st.column_config.TextColumn(
                said("Expected service"), help=said("By simulation, all queues: with the person → without.")
            ),
            "days": st.column_config.TextColumn(
                said("Days that hold"), help=said("Mean chance that a day keeps its promise: with → without.")
            ),
            "short": st.column_config.TextColumn(
                said("Short"), help=said("On-phone agent hours missing: with the person → without.")
            ),
            "money": number(
                said("Costs, {currency}", currency=currency),
                format="%+.0f",
                help=said("Hours short and contacts lost at their prices, if nobody steps in."),
            ),
        },
    )
    for one in costs:
        if one.remedy is not None:
            st.caption(said("To step in: ") + remedies.line(one.remedy, currency))
    if any(not one.rostered for one in costs):
        st.caption(said("Without a roster: the cheapest cover that the contracts allow, with the person and without."))


def _change(before: float, after: float, places: int, unit: str) -> str:
    if before != before or after != after:
        return text.UNDEFINED
    return digits(f"{before:,.{places}f} → {after:,.{places}f} {unit}")
