"""Corrections of the forecast: a planner's own knowledge, with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from staffing.domain.demand import Adjustment
from staffing.errors import StaffingError
from staffing.language import text as said
from staffing.ui import dates, text
from staffing.ui.messages import show_error

if TYPE_CHECKING:
    from staffing.ui.state import Desk

LIFE = "correction-life"  # of the session: fields begin anew when it changes


def tab(desk: Desk, queues: list[str]) -> None:
    """Corrections as they stand, each to be taken out, and the fields of another."""
    made = desk.scenario.adjustments
    st.caption(said("Your own knowledge on top of the forecast, always with its reason, so that others can follow it."))
    for place, adjustment in enumerate(made):
        line, button = st.columns([6, 1], vertical_alignment="center")
        line.markdown(_words(adjustment, desk))
        button.button(
            said("Remove"),
            key=f"remove-{place}",
            on_click=_replace,
            args=(desk, made[:place] + made[place + 1 :]),
            width="stretch",
        )
    _another(desk, queues)


def _another(desk: Desk, queues: list[str]) -> None:
    """Fields of one correction; what is wrong is said below them, and what was typed stays."""
    life = st.session_state.get(LIFE, 0)  # fields begin anew once one is taken
    with st.form(f"correction-{life}"):
        who, first, last, change = st.columns(4)
        queue = who.selectbox(said("Queue"), ["", *queues], format_func=lambda name: name or said("all queues"))
        start = dates.field(first, said("From"), desk.week, desk.site, key=f"correction-first-{life}")
        end = dates.field(last, said("To"), desk.week, desk.site, key=f"correction-last-{life}")
        percent = change.number_input(
            said("Contacts, %"), -99.0, 1900.0, 0.0, 1.0, help=said("+10 is ten per cent more.")
        )
        reason = st.text_input(said("Reason"), max_chars=200, placeholder=said("why you expect it"))
        sent = st.form_submit_button(said("Add the correction"), icon=":material/add:")
    if not sent or start is None or end is None:
        return
    fields = {"queue": queue, "start": start, "end": end, "factor": 1 + percent / 100, "reason": reason}
    try:
        new = Adjustment.parse(fields)
    except StaffingError as error:
        show_error(error)
        return
    _replace(desk, (*desk.scenario.adjustments, new))
    st.session_state[LIFE] = life + 1
    st.rerun()


def _words(adjustment: Adjustment, desk: Desk) -> str:
    queue = text.escape(adjustment.queue) or said("all queues")
    days = text.day(adjustment.start, desk.site)
    if adjustment.end != adjustment.start:
        days += f" – {text.day(adjustment.end, desk.site)}"
    change = text.signed((adjustment.factor - 1) * 100, 1)
    return f"**{change} %** · {queue} · {days} · {text.escape(adjustment.reason)}"


def _replace(desk: Desk, adjustments: tuple[Adjustment, ...]) -> None:
    desk.attempt(lambda scenario: scenario.patched({"adjustments": [one.model_dump() for one in adjustments]}))
