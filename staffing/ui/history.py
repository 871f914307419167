"""What happened: the calls a plan is made from, their shape, their gaps, and new files checked before they count."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from staffing.charts import demand
from staffing.errors import InputError, Where
from staffing.ui import imports, text, views
from staffing.ui.state import Desk, show


def page(desk: Desk) -> None:
    st.title("History")
    frame, summary = desk.history.frame, desk.history.summary()
    st.caption(
        "Contacts as the phone system counted them, read and checked. Missing is not zero, and closed is not missing."
    )
    _headline(desk, summary)
    if frame["calls"].notna().sum() == 0:
        raise InputError("has no contacts yet.", where=Where("history/"), remedy="Import a file below.")
    volumes, shape, holes, new = st.tabs(["Volumes", "Weekday shape", "Queues and gaps", "Import"])
    with volumes:
        _volumes(desk)
    with shape:
        _shape(desk)
    with holes:
        _queues_and_gaps(desk, summary)
    with new:
        imports.panel(desk)


def _headline(desk: Desk, summary: pd.DataFrame) -> None:
    first, last = summary["first_day"].min(), summary["last_day"].max()
    calls, days, grain, missing = st.columns(4)
    calls.metric(
        "Contacts", text.count(summary["calls"].sum()), help="All contacts offered in the history.", border=True
    )
    days.metric(
        "Days",
        text.count((last - first).days + 1),
        help=f"From {text.day(first, desk.site)} to {text.day(last, desk.site)}, closed days included.",
        border=True,
    )
    grain.metric("Interval", f"{desk.history.interval_min} min", help="Length of one row of the history.", border=True)
    share = summary["missing"].sum() / summary["intervals"].sum()
    missing.metric(
        "Missing",
        text.share(share),
        help=f"Open intervals without a figure: {text.count(summary['missing'].sum())} of "
        f"{text.count(summary['intervals'].sum())}. They are left out of what is learnt, never counted as zero.",
        border=True,
    )
    if (last - first).days < 8 * 7:
        st.warning(
            "Fewer than eight weeks of history: weekday patterns are learnt, yearly ones and holidays are not.",
            icon=":material/hourglass_top:",
        )


def _volumes(desk: Desk) -> None:
    days = _daily(desk)
    queues = sorted(days["queue"].unique())
    chosen = queues
    if len(queues) > 1:
        chosen = st.pills("Queues", queues, selection_mode="multi", default=queues, format_func=text.escape) or queues
    st.altair_chart(demand.daily_volumes(days[days["queue"].isin(chosen)]), alt="Contacts per day")
    st.caption("Contacts a day; a day with any missing interval leaves a hole. Drag to move, scroll to zoom.")


@st.cache_data(max_entries=8, show_spinner=False, hash_funcs={Desk: lambda desk: desk.history.sha256})
def _daily(desk: Desk) -> pd.DataFrame:
    return views.daily(desk.history.frame, desk.history.interval_min, desk.site)


def _shape(desk: Desk) -> None:
    left, right = st.columns([3, 1])
    queues = sorted(desk.history.frame["queue"].unique())
    queue = left.selectbox("Queue", queues, key="history-queue")
    weeks = right.selectbox("Over the last", [4, 8, 13, 26, 52], index=1, format_func=lambda weeks: f"{weeks} weeks")
    rows = desk.history.frame[desk.history.frame["queue"] == queue]
    st.altair_chart(
        demand.weekday_profile(views.profile(rows, desk.site, weeks), views.weekdays(desk.site)),
        alt="Mean contacts by weekday and time of day",
    )
    st.caption(
        "Mean contacts of each interval by weekday. The forecast smooths such shapes and gives recent weeks more say."
    )


def _queues_and_gaps(desk: Desk, summary: pd.DataFrame) -> None:
    st.dataframe(
        summary.assign(closed=summary["closed"] * 100),
        hide_index=True,
        column_config={
            "queue": st.column_config.TextColumn("Queue", width="medium"),
            "first_day": st.column_config.DateColumn("First day", format="ddd D MMM YYYY"),
            "last_day": st.column_config.DateColumn("Last day", format="ddd D MMM YYYY"),
            "intervals": st.column_config.NumberColumn("Open intervals", format="localized"),
            "calls": st.column_config.NumberColumn("Contacts", format="localized"),
            "missing": st.column_config.NumberColumn(
                "Missing", format="localized", help="Open intervals without a figure."
            ),
            "closed": st.column_config.NumberColumn(
                "Closed", format="%.0f %%", help="Share of all intervals from first to last outside opening hours."
            ),
        },
    )
    for note in desk.history.notes:
        st.info(text.escape(note), icon=":material/info:")
    found = views.gaps(desk.history.frame, desk.history.interval_min, desk.site)
    if found.empty:
        st.success("No gaps: every open interval has a figure.", icon=":material/check_circle:")
        return
    st.subheader("Gaps", help="Runs of open intervals without a figure.")
    st.dataframe(
        found,
        hide_index=True,
        column_config={
            "queue": st.column_config.TextColumn("Queue", width="medium"),
            "from": st.column_config.DatetimeColumn("From", format="ddd D MMM YYYY, HH:mm"),
            "to": st.column_config.DatetimeColumn("To", format="ddd D MMM YYYY, HH:mm"),
            "intervals": st.column_config.NumberColumn("Intervals"),
        },
    )


if __name__ == "__main__":
    show(page)
