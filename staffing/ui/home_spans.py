"""The worst spans of a week on Home, each with its cheapest way out and the place where it is taken."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from staffing.content import content_hash
from staffing.language import digits, marked
from staffing.language import text as said
from staffing.ui import glance, remedies, tasks, text, waiting
from staffing.ui.jobs import Work
from staffing.ui.who import user

if TYPE_CHECKING:
    from staffing.planner import Plan
    from staffing.roster.desk.explain import Shortage
    from staffing.ui.state import Desk

REMEDY = ":material/healing:"
TRIED = marked("People's weeks are solved again with one rule bent; what is shown is worth most at your prices.")
#: A changed draft is looked at again and again: what would help under it is worked out when it is asked for.
UNDER_DRAFT = marked("What would help under your draft")


def show(desk: Desk, made: Plan) -> None:
    """A line for each span that leads to its day on the board, and beneath it what would help."""
    spans = glance.worst_spans(made)
    if spans.empty:
        st.success(said("Every interval has the agents it needs."), icon=":material/check_circle:")
        return
    asked = not desk.draft.changed or st.toggle(said(UNDER_DRAFT), key=f"home-ways-{made.start}")
    found, told = _shortages(desk, made) if asked else None, set[str]()
    for span in spans.to_dict("records"):
        _span(desk, made, span)
        _way_out(desk, made, span, found, told)


def _span(desk: Desk, made: Plan, span: dict[str, Any]) -> None:
    day = text.short_day(span["day"], desk.site)
    figures = {"short": digits(f"{span['short_agents']:.1f}"), "hours": digits(f"{span['short_hours']:.1f}")}
    price = digits(text.with_unit(span["price"], 0, desk.scenario.prices.currency))
    told = said("short by up to {short} agents, {hours} h, worth {price}", price=price, **figures)
    where = digits(f"{span['from']}–{span['to']}")
    label = f"**{text.escape(day)} {where}**{said(', ')}{text.escape(span['queue'])}: {text.escape(told)}"
    leads("roster", label, week=str(made.start), tab="coverage", queue=span["queue"])


def _way_out(desk: Desk, made: Plan, span: dict[str, Any], found: list[Shortage] | None, told: set[str]) -> None:
    """What would help most, beneath its span; and once the launch that brings its contacts, where one does."""
    launch = glance.launch_of(made, span)
    if launch is not None and launch[0] not in told:
        told.add(launch[0])
        facts = {"name": text.escape(launch[0]), "calls": digits(text.count(launch[1]))}
        words = said("{name} brings {calls} contacts of that day: see another date", **facts)
        leads("events", words, icon=REMEDY, week=str(made.start), event=launch[0])
    if found is None:
        return
    best = glance.remedy_of(found, span)
    words = said("nothing within three people helps") if best is None else remedies.line(best, _currency(desk))
    leads("roster", words, icon=REMEDY, week=str(made.start), tab="why")


def _currency(desk: Desk) -> str:
    return desk.scenario.prices.currency


def _shortages(desk: Desk, made: Plan) -> list[Shortage] | None:
    """What would help, worked out beside the page; None while it is on its way, which the page then shows."""
    key = f"home-why-{content_hash(desk.stage_key('why', made.scenario), made.start, made.roster.table)}"
    work = Work(partial(tasks.remedies, desk.source, made, made.roster.table), "rosters")
    job = waiting.jobs().start(key, work, user())
    if not waiting.soon(job):
        waiting.show_progress(key, said("Looking for ways out"))
        return None
    if job.error is not None:
        st.caption(text.escape(str(job.error)))
        return None
    st.caption(said(TRIED))
    shortages: list[Shortage] = job.result
    return shortages


def leads(page: str, label: str, *, icon: str = "", **address: str) -> None:
    """A line that leads to a page, with what it is about in the address."""
    pages = st.session_state.get("pages", {})
    if page in pages:
        st.page_link(pages[page], label=label, icon=icon or text.onward(), query_params=address)
