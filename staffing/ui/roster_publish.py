"""The roster kept as a draft, published with a name and a reason, or taken back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from staffing.errors import Conflict, StaffingError
from staffing.language import text as said
from staffing.store.roster_days import shift_spans
from staffing.ui import forecast_promises, roster_both, text
from staffing.ui.messages import show_error
from staffing.ui.roster_desk import Working
from staffing.ui.state import Desk
from staffing.ui.who import signed_in, user

if TYPE_CHECKING:
    from staffing.planner import Plan
    from staffing.roster.given import Inputs


def section(desk: Desk, made: Plan, work: Working, inputs: Inputs) -> None:
    """Keep the roster as a draft, or publish it with a name and a reason."""
    st.subheader(said("Publish"))
    last = desk.workspace.rosters.newest(desk.week)
    if last is not None:
        st.caption(
            said(
                "Published: version {version}, {when} UTC, by {who}: {why}",
                version=last.version,
                when=last.when[:16].replace("T", " "),
                who=text.escape(last.who),
                why=text.escape(last.why),
            )
        )
    kept = desk.workspace.rosters.at_hand(desk.week)
    if kept is not None and shift_spans(kept) != shift_spans(work.table):
        st.button(said("Open the kept roster"), key="roster-reopen", icon=":material/folder_open:", on_click=work.take,
                  args=(kept,), help=said("The draft of the week, or else its published roster."))  # fmt: skip
    if last is not None and last.version > 1:
        _go_back(desk, work, inputs, last.version)
    with st.form("roster-publish", border=False):
        who = st.text_input(said("Name"), value=user(), key="roster-who", max_chars=80, disabled=signed_in())
        why = st.text_input(said("Reason"), key="roster-why", max_chars=200)
        anyway = st.checkbox(said("Also where a rule is broken"), key="roster-anyway")
        left, right = st.columns(2)
        drafted = left.form_submit_button(said("Keep as draft"), icon=":material/draft:", width="stretch")
        asked = right.form_submit_button(said("Publish"), icon=":material/publish:", type="primary", width="stretch")
    try:
        if drafted:
            desk.workspace.rosters.keep(
                work.table, [work.seen], away=work.away, who=user(), by_hand=work.by_hand, released=work.released
            )
            work.goes_on(desk.workspace.rosters.seen(desk.week))
            st.success(said("Kept as the draft of the week."), icon=":material/check:")
        if asked:
            _publish_now(desk, made, work, inputs, (who, why, anyway))
    except Conflict:
        st.session_state["roster-conflict"] = desk.week
    except StaffingError as error:
        show_error(error)
    if st.session_state.get("roster-conflict") == desk.week:
        roster_both.choose(desk, work)


def _go_back(desk: Desk, work: Working, inputs: Inputs, newest: int) -> None:
    """Take a publication back: an earlier version on the desk, to be published with a reason; undo leaves it again."""
    with st.popover(said("Take a publication back"), icon=":material/history:"):
        st.caption(said("An earlier version comes onto the desk; what has begun stays. Publish it with a reason."))
        names = {number: said("version {number}", number=number) for number in range(newest - 1, 0, -1)}
        number = st.selectbox(said("Back to"), list(names), format_func=names.__getitem__, key="roster-back-to")
        if st.button(said("Open it"), key="roster-back"):
            try:
                work.take(desk.workspace.rosters.as_it_was(desk.week, number, inputs.now))
            except StaffingError as error:
                show_error(error)
            else:
                st.rerun()


def _publish_now(desk: Desk, made: Plan, work: Working, inputs: Inputs, form: tuple[str, str, bool]) -> None:
    from staffing.errors import InputError
    from staffing.roster.desk.begun import still_broken
    from staffing.store.publications import Signed

    who, why, anyway = form
    broken, _ = still_broken(inputs, work.table)
    if broken and not anyway:
        raise InputError(f"{len(broken)} rule(s) are broken.", remedy="Mend them, or tick the box.")
    signed = Signed(who, why, made.scenario.name)
    now = dt.datetime.now(dt.UTC)
    book, seen, away = desk.workspace.rosters, work.seen, work.away
    entry = book.publish(
        desk.week, work.table, signed, now, seen=seen, away=away, begun=inputs.now,
        by_hand=work.by_hand, released=work.released,
    )  # fmt: skip
    forecast_promises.keep(desk, entry, made, work.table)
    work.goes_on(book.seen(desk.week))
    st.success(
        said("Published as version {version}: {changed} shifts changed.", version=entry.version, changed=entry.changed),
        icon=":material/check:",
    )
