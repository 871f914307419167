"""What is new on Home: leave that waits, what was published last, what changed since yesterday and who changed it."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import streamlit as st

from staffing.language import digits, marked, ntext
from staffing.language import text as said
from staffing.store.leave_book import requests
from staffing.ui import glance, text
from staffing.ui.home_spans import leads

if TYPE_CHECKING:
    from staffing.store.audit import DocumentChange
    from staffing.ui.state import Desk

DAY = dt.timedelta(days=1)
TOLD = 4
#: What a document of the workspace is to who plans, and the page where it is changed.
DOCUMENTS = {
    "workspace.toml": (marked("Site, queues and targets"), "setup"),
    "shifts.toml": (marked("Shifts and contracts"), "setup"),
    "agents.csv": (marked("People"), "setup"),
    "events.csv": (marked("Events"), "events"),
    "absences.csv": (marked("Sick calls"), "roster"),
    "leave.csv": (marked("Leave"), "roster"),
    "imports.json": (marked("History"), "history"),
    "goals.toml": (marked("Goals"), "goals"),
}
_WEEK = re.compile(r"rosters/(\d{4}-\d{2}-\d{2})\.")


def show(desk: Desk) -> None:
    """All that is new, each line with its place."""
    _leave(desk)
    _published(desk)
    _changed(desk)


def _leave(desk: Desk) -> None:
    waiting = [one for one in requests(desk.workspace) if one.state == "open"]
    if waiting:
        told = ntext("{shown} leave request waits", "{shown} leave requests wait", len(waiting),
                     shown=digits(text.count(len(waiting))))  # fmt: skip
        leads("roster", told, week=str(desk.site.week_of(waiting[0].first)), tab="leave")


def _published(desk: Desk) -> None:
    st.subheader(said("Published last"))
    entries = desk.workspace.rosters.journal()[-TOLD:][::-1]
    for entry in entries:
        moment = dt.datetime.fromisoformat(entry.when).astimezone(desk.site.zone).replace(tzinfo=None)
        facts = {"version": digits(text.count(entry.version)), "changed": digits(text.count(entry.changed))}
        told = said("version {version}, {changed} shifts changed, by {who}", who=text.escape(entry.who), **facts)
        week = text.escape(text.short_day(entry.week, desk.site))
        when = text.escape(text.moment(moment, desk.site))
        leads("roster", f"**{week}** · {told}, {when}: {text.escape(entry.why)}", week=str(entry.week), tab="hand-on")
    if not entries:
        st.caption(said("No week is published yet."))
        leads("roster", said("Who is told what"))


def _changed(desk: Desk) -> None:
    st.subheader(said("Changed since yesterday"))
    since = dt.datetime.now(dt.UTC) - DAY
    found = [one for one in glance.changed(desk.workspace.ground.changes_since(since)) if place_of(desk, one)]
    for change in found[:TOLD]:
        name, page, address = place_of(desk, change) or ("", "", {})
        who = said(", by {who}", who=text.escape(change.who)) if change.who else ""
        when = digits(f"{change.when.astimezone(desk.site.zone):%H:%M}")
        leads(page, f"**{text.escape(name)}**{who}, {when}", **address)
    if not found:
        st.caption(said("Nothing."))


def place_of(desk: Desk, change: DocumentChange) -> tuple[str, str, dict[str, str]] | None:
    """A changed document in words, its page, and what stands in that page's address; None for what tells nobody
    anything."""
    if change.name in DOCUMENTS:
        name, page = DOCUMENTS[change.name]
        return said(name), page, {"tab": "leave"} if change.name == "leave.csv" else {}
    if change.name.startswith("scenarios/"):
        name = change.name.removeprefix("scenarios/").removesuffix(".toml")
        return said("Scenario {name}", name=name), "forecast", {"scenario": name}
    met = _WEEK.match(change.name)
    if met is None:
        return None
    week = dt.date.fromisoformat(met[1])
    return said("Roster of the week of {day}", day=text.short_day(week, desk.site)), "roster", {"week": met[1]}
