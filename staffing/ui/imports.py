"""A new history file: checked and shown before it counts; its name is never used as a path."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import streamlit as st

from staffing.store.files import write_parquet
from staffing.ui import text
from staffing.ui.state import Desk

if TYPE_CHECKING:
    import pandas as pd

    from staffing.history import ImportReport

TEMPLATE = "timestamp,queue,calls,answered,abandoned,aht_seconds\n2026-01-05 09:00,voice,42,40,2,245\n"


def panel(desk: Desk) -> None:
    """Choose a file, see what is right and wrong in it, add it to the workspace."""
    st.markdown(
        "A CSV, xlsx or Parquet file with the columns `timestamp` and `calls`, and, where known, `queue`, `answered`, "
        "`abandoned` and `aht_seconds`. Times are the site's local times."
    )
    st.download_button(
        "Template", TEMPLATE, "history-template.csv", "text/csv", icon=":material/description:", on_click="ignore"
    )
    file = st.file_uploader("History file", type=["csv", "tsv", "txt", "xlsx", "xlsm", "parquet"], key="history-file")
    if file is None:
        return
    data = file.getvalue()
    report = _preview(file.name, data, desk)
    _show(report)
    if report.history is not None and st.button("Add to the history", type="primary", icon=":material/add:"):
        target = desk.workspace.history_folder / f"import-{hashlib.sha256(data).hexdigest()[:12]}.parquet"
        write_parquet(target, _as_input(report.history.frame))
        st.toast("Added. The forecast will learn from it.", icon=":material/check:")
        st.rerun()


@st.cache_data(max_entries=4, show_spinner="Checking the file …", hash_funcs={Desk: lambda desk: str(desk.site)})
def _preview(name: str, data: bytes, desk: Desk) -> ImportReport:
    from staffing.history import preview_upload

    return preview_upload(name, data, desk.site)


def _as_input(frame: pd.DataFrame) -> pd.DataFrame:
    known = frame.dropna(subset="calls")
    return known.rename(columns={"start": "timestamp", "aht_s": "aht_seconds"})


def _show(report: ImportReport) -> None:
    if report.ok:
        st.success(
            f"{text.count(report.good_rows)} rows can be used. Nothing is wrong.", icon=":material/check_circle:"
        )
    else:
        st.error(
            f"{text.count(len(report.problems))} problems; {text.count(report.good_rows)} rows are fine. "
            "Nothing has been changed: mend the file and choose it again.",
            icon=":material/error:",
        )
        st.dataframe(
            report.errors,
            hide_index=True,
            column_config={
                "file": "File",
                "row": st.column_config.NumberColumn("Row", help="As a spreadsheet counts: the header is row 1."),
                "column": "Column",
                "value": "Found",
                "reason": st.column_config.TextColumn("What is wrong", width="large"),
                "remedy": st.column_config.TextColumn("What to do", width="large"),
            },
        )
    for note in report.notes:
        st.info(text.escape(note), icon=":material/info:")
    if report.guesses:
        st.caption("Read as: " + " · ".join(f"{text.escape(k)} {text.escape(v)}" for k, v in report.guesses.items()))
    if report.history is not None:
        with st.expander("First rows as they were understood"):
            st.dataframe(report.history.frame.head(20), hide_index=True)
