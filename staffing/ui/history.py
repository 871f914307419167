"""What happened: the calls a plan is made from, their shape, their gaps, and new files checked before they count."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from staffing.charts import demand
from staffing.errors import InputError, Where
from staffing.language import heard
from staffing.language import text as said
from staffing.ui import address, imports, taken_in, text, views
from staffing.ui.state import Desk, show


def page(desk: Desk) -> None:
    st.title(said("History"))
    frame, summary = desk.history.frame, desk.history.summary()
    st.caption(
        said(
            "Contacts as the phone system counted them, read and checked. Missing is not zero, and "
            "closed is not missing."
        )
    )
    _headline(desk, summary)
    if frame["calls"].notna().sum() == 0:
        raise InputError("has no contacts yet.", where=Where("history/"), remedy="Import a file below.")
    names = {
        "volumes": said("Volumes"),
        "shape": said("Weekday shape"),
        "gaps": said("Queues and gaps"),
        "import": said("Import"),
    }
    volumes, shape, holes, new = address.tabs("history-tab", names)
    with volumes:
        _volumes(desk)
    with shape:
        _shape(desk)
    with holes:
        _queues_and_gaps(desk, summary)
    with new:
        imports.panel(desk)
        taken_in.listed(desk)


def _headline(desk: Desk, summary: pd.DataFrame) -> None:
    first, last = summary["first_day"].min(), summary["last_day"].max()
    calls, days, grain, missing = st.columns(4)
    calls.metric(
        said("Contacts"),
        text.count(summary["calls"].sum()),
        help=said("All contacts offered in the history."),
        border=True,
    )
    days.metric(
        said("Days"),
        text.count((last - first).days + 1),
        help=said(
            "From {first} to {last}, closed days included.",
            first=text.day(first, desk.site),
            last=text.day(last, desk.site),
        ),
        border=True,
    )
    grain.metric(
        said("Interval"),
        said("{count} min", count=text.count(desk.history.interval_min)),
        help=said("Length of one row of the history."),
        border=True,
    )
    share = summary["missing"].sum() / summary["intervals"].sum()
    missing.metric(
        said("Missing"),
        text.share(share),
        help=said(
            "Open intervals without a figure: {missing} of {intervals}. They are left out of what is learnt, "
            "never counted as zero.",
            missing=text.count(summary["missing"].sum()),
            intervals=text.count(summary["intervals"].sum()),
        ),
        border=True,
    )
    if (last - first).days < 8 * 7:
        st.warning(
            said("Fewer than eight weeks of history: weekday patterns are learnt, yearly ones and holidays are not."),
            icon=":material/hourglass_top:",
        )


def _volumes(desk: Desk) -> None:
    days = _daily(desk)
    queues = sorted(days["queue"].unique())
    chosen = queues
    if len(queues) > 1:
        chosen = (
            st.pills(said("Queues"), queues, selection_mode="multi", default=queues, format_func=text.escape) or queues
        )
    st.altair_chart(demand.daily_volumes(days[days["queue"].isin(chosen)], desk.site), alt=said("Contacts per day"))
    st.caption(said("Contacts a day; a day with any missing interval leaves a hole. Drag to move, scroll to zoom."))


@st.cache_data(max_entries=8, show_spinner=False, hash_funcs={Desk: lambda desk: desk.history.sha256})
def _daily(desk: Desk) -> pd.DataFrame:
    return views.daily(desk.history.frame, desk.history.interval_min, desk.site)


def _shape(desk: Desk) -> None:
    left, right = st.columns([3, 1])
    queues = sorted(desk.history.frame["queue"].unique())
    queue = left.selectbox(said("Queue"), queues, key="history-queue")
    weeks = right.selectbox(
        said("Over the last"), [4, 8, 13, 26, 52], index=1, format_func=lambda weeks: f"{weeks} weeks"
    )
    rows = desk.history.frame[desk.history.frame["queue"] == queue]
    st.altair_chart(
        demand.weekday_profile(views.profile(rows, desk.site, weeks), views.weekdays(desk.site)),
        alt=said("Mean contacts by weekday and time of day"),
    )
    st.caption(
        said(
            "Mean contacts of each interval by weekday. The forecast smooths such shapes and gives "
            "recent weeks more say."
        )
    )


def _queues_and_gaps(desk: Desk, summary: pd.DataFrame) -> None:
    st.dataframe(
        summary.assign(
            closed=summary["closed"] * 100,
            **{name: [text.day(day, desk.site) for day in summary[name]] for name in ("first_day", "last_day")},
        ),
        hide_index=True,
        column_config={
            "queue": st.column_config.TextColumn(said("Queue"), width="medium"),
            "first_day": st.column_config.TextColumn(said("First day")),
            "last_day": st.column_config.TextColumn(said("Last day")),
            "intervals": st.column_config.NumberColumn(said("Open intervals"), format="localized"),
            "calls": st.column_config.NumberColumn(said("Contacts"), format="localized"),
            "missing": st.column_config.NumberColumn(
                said("Missing"), format="localized", help=said("Open intervals without a figure.")
            ),
            "closed": st.column_config.NumberColumn(
                said("Closed"),
                format="%.0f %%",
                help=said("Share of all intervals from first to last outside opening hours."),
            ),
        },
    )
    for note in desk.history.notes:
        st.info(text.escape(heard(note, desk.site)), icon=":material/info:")
    found = views.gaps(desk.history.frame, desk.history.interval_min, desk.site)
    if found.empty:
        st.success(said("No gaps: every open interval has a figure."), icon=":material/check_circle:")
        return
    st.subheader(said("Gaps"), help=said("Runs of open intervals without a figure."))
    st.dataframe(
        found.assign(**{name: [text.moment(when, desk.site) for when in found[name]] for name in ("from", "to")}),
        hide_index=True,
        column_config={
            "queue": st.column_config.TextColumn(said("Queue"), width="medium"),
            "from": st.column_config.TextColumn(said("From")),
            "to": st.column_config.TextColumn(said("To")),
            "intervals": st.column_config.NumberColumn(said("Intervals")),
        },
    )


if __name__ == "__main__":
    show(page)
