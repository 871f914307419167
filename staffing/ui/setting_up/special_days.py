"""Holidays of a country, days that are closed, and periods of the site's own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import streamlit as st

from staffing.language import marked
from staffing.language import text as said
from staffing.ui import dates
from staffing.ui.setting_up.hours import spans
from staffing.ui.setting_up.setting import Row, Setting, choice, grid

KINDS = {"closed": marked("closed"), "holiday": marked("holiday"), "period": marked("period")}
COUNTRIES = (
    None, "AE", "AT", "AU", "BE", "CA", "CH", "DE", "DK", "ES", "FI", "FR", "GB", "IE", "IN", "IR", "IT", "NL", "NO",
    "PL", "PT", "SE", "TR", "US",
)  # fmt: skip


def step(setting: Setting) -> None:
    """A row a day or span: closed, a holiday of its own effect, or a period of another level."""
    choice(
        setting,
        st.columns(3)[0],
        said("Public holidays of"),
        "site.country",
        list(COUNTRIES),
        lambda code: code or said("no country"),
        help=said("The forecast learns what they do to contacts. Closed days are named below."),
    )
    site = setting.scenario.site
    closed = [{"name": said("closed"), "kind": "closed", "start": day, "end": None} for day in site.closed_dates]
    own = [
        {
            "name": one.name,
            "kind": one.kind,
            "start": one.start,
            "end": one.end,
            "open": ", ".join(map(str, one.opening)),
        }
        for one in site.special_days
    ]
    frame = pd.DataFrame([*closed, *own], columns=["name", "kind", "start", "end", "open"])
    column = st.column_config
    grid(
        setting,
        "special-days",
        dates.cells(frame.astype({"name": object, "kind": object, "open": object}), ("start", "end"), site),
        lambda now: setting.replace(site={**setting.scenario.site.model_dump(), **_days_of(now)}),
        {
            "name": column.TextColumn(said("Name")),
            "kind": column.SelectboxColumn(
                said("Kind"),
                options=list(KINDS),
                format_func=lambda kind: said(KINDS[str(kind)]),
                help=said("closed: nobody works; holiday: its own effect; period: another level, such as Ramadan."),
            ),
            "start": dates.column(said("First day"), site),
            "end": dates.column(said("Last day"), site),
            "open": column.TextColumn(
                said("Open"), help=said("Hours of a half day, such as 08:00-14:00; empty: those of its weekday.")
            ),
        },
    )
    st.caption(said("Launches, campaigns and other events have a page of their own."))


def _days_of(rows: list[Row]) -> dict[str, Any]:
    whole = [row for row in rows if "start" in row and "kind" in row]
    closed = [day for row in whole if row["kind"] == "closed" for day in _days(row)]
    named = [
        {
            "name": row.get("name", ""),
            "kind": row["kind"],
            "start": dates.of_cell(row["start"]),
            "opening": spans(str(row.get("open", ""))),
            **_end(row),
        }
        for row in whole
        if row["kind"] != "closed"
    ]
    return {"closed_dates": sorted(set(closed)), "special_days": named}


def _days(row: Row) -> list[dt.date]:
    first, last = dates.of_cell(row["start"]), dates.of_cell(row.get("end", row["start"]))
    return [first + dt.timedelta(days=k) for k in range((last - first).days + 1)]


def _end(row: Row) -> Row:
    return {"end": dates.of_cell(row["end"])} if "end" in row else {}
