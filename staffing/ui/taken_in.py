"""Files that were added to history in the browser: what each held, who added it, and a way to take it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import streamlit as st

from staffing.errors import StaffingError
from staffing.language import text as said
from staffing.store.imports import ImportedFile, imports, put_back, take_back
from staffing.store.workspace import Workspace
from staffing.ui import address, text
from staffing.ui.state import Desk
from staffing.ui.who import user


def listed(desk: Desk) -> None:
    """A line for each file, the newest first, with its button."""
    found = imports(desk.workspace)
    if not found:
        return
    st.subheader(
        said("Added here"), help=said("Taken back, a file counts no more and stays aside; it can be put back.")
    )
    for entry in found:
        _line(desk, entry)


def _line(desk: Desk, entry: ImportedFile) -> None:
    days, done, button = st.columns([4, 3, 2], vertical_alignment="center")
    first, last = (text.day(dt.date.fromisoformat(day), desk.site) for day in (entry.first, entry.last))
    told = {"first": first, "last": last, "rows": text.count(entry.rows), "calls": text.count(entry.calls)}
    days.markdown(said("**{first} – {last}** · {rows} rows, {calls} contacts", **told))
    when = dt.datetime.fromisoformat(entry.when).astimezone(desk.site.zone)
    moment = text.moment(when.replace(tzinfo=None), desk.site)
    words = said("added by {who}, {when}", who=text.escape(entry.who), when=moment)
    done.caption(words if entry.counts else words + " · " + said("taken back"))
    label, icon, act = (
        (said("Take back"), ":material/undo:", take_back)
        if entry.counts
        else (said("Put back"), ":material/redo:", put_back)
    )
    button.button(label, key=f"import-{entry.file}", icon=icon, width="stretch",
                  on_click=_do, args=(act, desk.workspace, entry.file))  # fmt: skip


def _do(act: Callable[[Workspace, str, str], None], workspace: Workspace, file: str) -> None:
    """Take back or put back; the week then follows the data. What is wrong is shown at the top of the page."""
    try:
        act(workspace, file, user())
    except StaffingError as error:
        st.session_state["problem"] = error
        return
    address.forget("week")
