"""What of a kept roster is at hand on Home: who works on a day, and the week on paper."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.language import digits, spoken
from staffing.language import text as said
from staffing.ui import text, views
from staffing.ui.roster_files import KINDS, content

if TYPE_CHECKING:
    from staffing.domain.calendar import SiteCalendar
    from staffing.export import Edition
    from staffing.planner import Plan
    from staffing.ui.state import Desk


def at_hand(desk: Desk, made: Plan, edition: Edition) -> None:
    """The days to press, the people of the one pressed, and the PDF."""
    day = st.pills(
        said("Who works"),
        views.days_of(made.start),
        format_func=lambda day: text.day_number(day, desk.site),
        key=f"home-day-{made.start}",
    )
    if day is not None:
        _working(made.roster.table, day, desk.site)
    label, icon, mime = KINDS[".pdf"]
    st.download_button(
        said("The week as {kind}", kind=said(label)),
        partial(content, made, edition, (spoken().code, ".pdf"), False),
        f"roster-{made.scenario.name}-{made.start:%Y-%m-%d}-{edition.slug}.pdf",
        mime,
        key=f"home-pdf-{made.start}",
        icon=icon,
        on_click="ignore",
    )


def _working(table: pd.DataFrame, day: dt.date, site: SiteCalendar) -> None:
    """A line for each span that somebody works on the day, those that run over from the evening before among them."""
    found = on_duty(table, day, site)
    for span, names in found.items():
        st.markdown(f"- **{digits(span)}** {text.escape(', '.join(names))}")
    if not found:
        st.caption(said("Nobody works on this day."))


def on_duty(table: pd.DataFrame, day: dt.date, site: SiteCalendar) -> dict[str, list[str]]:
    """People by the span of their shift on a local day, the earliest first; a shift of the night before that still
    runs at midnight counts too."""
    rows = table[table["activity"] == "shift"]
    first, last = site.midnight(day), site.midnight(day + dt.timedelta(days=1))
    rows = rows[(rows["start"] < last) & (rows["end"] > first)].sort_values(["start", "agent"])
    start, end = views.local(rows, site), views.local(rows, site, "end")
    found: dict[str, list[str]] = {}
    for name, begins, ends in zip(rows["agent"], start, end, strict=True):
        found.setdefault(f"{begins:%H:%M}–{ends:%H:%M}", []).append(str(name))
    return found
