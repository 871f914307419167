"""Two planners at one week: what the other has changed, day by day, and the ways to keep both."""

from __future__ import annotations

import streamlit as st

from staffing.language import text as said
from staffing.store.roster_days import Merged, differences, merged
from staffing.store.rosters import Seen
from staffing.ui import text
from staffing.ui.roster_desk import Working
from staffing.ui.state import Desk


def choose(desk: Desk, work: Working) -> None:
    """Say what somebody else kept or published meanwhile, and let the planner choose; nothing was written."""
    there, base = desk.workspace.rosters.seen(desk.week), work.seen.table
    st.warning(
        said("Somebody else changed this week meanwhile. Nothing was written, and nothing of either is lost."),
        icon=":material/group:",
    )
    if there.table is None:
        st.button(said("Keep mine"), on_click=_go_on, args=(work, there), key="roster-mine")
        return
    before = work.first if base is None else base
    theirs = differences(before, there.table, desk.site)
    st.dataframe(
        [{said("What they changed"): line} for line in theirs]
        or [{said("What they changed"): said("nothing of the shifts")}]
    )
    both = merged(before, work.table, there.table, desk.site)
    if both.clashes:
        days = text.series(f"{name}, {text.short_day(day, desk.site)}" for name, day in both.clashes)
        st.caption(said("You both changed these days, where theirs would stay: {days}", days=text.escape(days)))
    left, right = st.columns(2)
    left.button(said("Both"), on_click=_both, args=(work, there, both), key="roster-both", width="stretch",
                type="primary", help=said("Your changes laid over theirs, day by day."))  # fmt: skip
    right.button(said("Mine alone"), on_click=_go_on, args=(work, there), key="roster-mine", width="stretch",
                 help=said("Keep or publish yours next; theirs stays in the journal if it was published."))  # fmt: skip


def _both(work: Working, there: Seen, both: Merged) -> None:
    work.take(both.table)
    _go_on(work, there)


def _go_on(work: Working, there: Seen) -> None:
    st.session_state.pop("roster-conflict", None)
    work.goes_on(there)
