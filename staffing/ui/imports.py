"""A new history file: checked and shown before it counts; its name is never used as a path."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from staffing.domain.calendar import SiteCalendar
from staffing.history.options import KEPT
from staffing.language import heard
from staffing.language import text as said
from staffing.store.files import write_parquet
from staffing.store.imports import ImportedFile, note_import
from staffing.ui import address, text
from staffing.ui.state import Desk
from staffing.ui.who import user

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from staffing.history import ImportReport
    from staffing.store.workspace import Workspace

TEMPLATE = "timestamp,queue,calls,answered,abandoned,aht_seconds\n2026-01-05 09:00,voice,42,40,2,245\n"
KINDS = ["csv", "tsv", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods", "parquet", "gz", "zip", "json", "jsonl"]
KEPT_WITH = "import-kept"  # of the session: the file whose answers were kept, and what was kept before
ANSWERS = "import-answers"  # of the session: the file they belong to, and what was answered


def panel(desk: Desk) -> None:
    """Choose a file, see what is right and wrong in it, add it to the workspace."""
    st.markdown(
        said(
            "A phone system's export, or a CSV, Excel or Parquet file with the columns `timestamp` "
            "and `calls`, and, where known, `queue`, `answered`, `abandoned` and `aht_seconds`. "
            "Times are the site's local times."
        )
    )
    st.download_button(
        said("Template"), TEMPLATE, "history-template.csv", "text/csv", icon=":material/description:", on_click="ignore"
    )
    add(desk.workspace, desk.site)


def first(workspace: Workspace) -> None:
    """In place of pages that need a history: the first file of a workspace that has none."""
    st.info(said("This workspace has no history yet. Add a file, and its pages open."), icon=":material/history:")
    add(workspace, workspace.base.site)


def add(workspace: Workspace, site: SiteCalendar) -> None:
    """Choose a file and add it to the history of a workspace."""
    found = examined(site, workspace.history_folder)
    if found is None:
        return
    if found.answers and st.checkbox(said("Keep these answers for tomorrow's files"), key="import-keep"):
        _keep(workspace, found.answers)
    label = said("Add to the history")
    if found.report.history is not None and st.button(label, type="primary", icon=":material/add:"):
        with workspace.ground.bulk_change(user()):
            name = put(workspace.history_folder, found)
        note_import(workspace, _entry(site, name, found))
        address.forget("week")  # it follows the data
        st.toast(said("Added. The forecast will learn from it."), icon=":material/check:")
        st.rerun()


def _entry(site: SiteCalendar, name: str, found: Examined) -> ImportedFile:
    """What is noted of an added file, with the answers that were kept with it as they were before."""
    assert found.report.history is not None
    rows = found.report.history.frame.dropna(subset="calls")
    days = rows["start"].dt.tz_convert(site.zone).dt.date
    kept = st.session_state.pop(KEPT_WITH, {})
    own = kept.get("file") == _digest(found.data)
    return ImportedFile(
        file=name,
        when=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        who=user(),
        rows=len(rows),
        first=str(days.min()),
        last=str(days.max()),
        calls=float(rows["calls"].sum()),
        answers=KEPT if own else "",
        answers_before=kept["before"] if own else None,
    )


@dataclass(frozen=True)
class Examined:
    """A chosen file: its bytes, what was found in it, and how its questions were answered."""

    data: bytes
    report: ImportReport
    answers: dict[str, str]


def examined(site: SiteCalendar, folder: Path | None) -> Examined | None:
    """Let a file be chosen, show what is right and wrong in it and ask what is in doubt; None while none is chosen.

    ``folder`` holds answers that are kept for all its files.
    """
    file = st.file_uploader(said("History file"), type=KINDS, key="history-file")
    if file is None:
        return None
    data = file.getvalue()
    answers = _answers(data, folder)
    report = _preview(file.name, data, site, tuple(answers.items()))
    _show(report)
    _ask(report, answers)
    return Examined(data, report, answers)


def put(folder: Path, found: Examined) -> str:
    """Write the file's history, as it was understood, into a folder, under a name that is returned; its own is never
    used."""
    assert found.report.history is not None
    target = folder / f"import-{_digest(found.data)[:12]}.parquet"
    write_parquet(target, _as_input(found.report.history.frame))
    return target.name


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@st.cache_data(
    max_entries=4, show_spinner="Checking the file …", hash_funcs={SiteCalendar: lambda site: site.model_dump_json()}
)
def _preview(name: str, data: bytes, site: SiteCalendar, answers: tuple[tuple[str, str], ...]) -> ImportReport:
    from staffing.history import preview_upload

    return preview_upload(name, data, site, answers=dict(answers))


def _answers(data: bytes, folder: Path | None) -> dict[str, str]:
    """What was answered for this file, beside what is kept for all files of the folder."""
    from staffing.history import kept_answers

    digest = _digest(data)
    if st.session_state.get(ANSWERS, {}).get("file") != digest:
        st.session_state[ANSWERS] = {"file": digest, "told": {} if folder is None else kept_answers(folder)}
    return dict(st.session_state[ANSWERS]["told"])


def _ask(report: ImportReport, answers: dict[str, str]) -> None:
    """A button for each reading of what is in doubt; and one to take the answers back."""
    for question in report.questions:
        with st.container(border=True):
            st.markdown(f"**{text.escape(heard(question.asks))}**")
            for reading in question.readings:
                sample = f": {reading.sample}" if reading.sample else ""
                label = text.escape(f"{heard(reading.means)}{sample}"[:200])
                if st.button(label, key=f"import-{question.option}-{reading.answer}"):
                    st.session_state[ANSWERS]["told"] = {**answers, question.option: reading.answer}
                    st.rerun()
    if answers:
        st.caption(said("Answered: ") + text.escape(text.listed(f"{key} = {value}" for key, value in answers.items())))
        if st.button(said("Ask me again"), icon=":material/undo:", key="import-again"):
            st.session_state[ANSWERS]["told"] = {}
            st.rerun()


def _keep(workspace: Workspace, answers: dict[str, str]) -> None:
    from staffing.history import keep_answers, kept_answers

    if kept_answers(workspace.history_folder) != answers:
        path = workspace.history_folder / KEPT
        before = path.read_text(encoding="utf-8") if path.is_file() else None
        st.session_state[KEPT_WITH] = {"file": st.session_state[ANSWERS]["file"], "before": before}
        with workspace.ground.bulk_change(user()):
            keep_answers(workspace.history_folder, answers)
        st.toast(said("Kept. Files of this folder are read so from now on."), icon=":material/check:")


def _as_input(frame: pd.DataFrame) -> pd.DataFrame:
    known = frame.dropna(subset="calls")
    return known.rename(columns={"start": "timestamp", "aht_s": "aht_seconds"})


def _show(report: ImportReport) -> None:
    if report.ok:
        st.success(
            said("{good_rows} rows can be used. Nothing is wrong.", good_rows=text.count(report.good_rows)),
            icon=":material/check_circle:",
        )
    elif report.status == "question":
        st.warning(said("Parts of this file can be read in two ways. Which is right?"), icon=":material/help:")
    else:
        st.error(
            said(
                "Problems: {problems}; rows that are fine: {good_rows}. Nothing has been changed: mend the file "
                "and choose it again.",
                problems=text.count(len(report.problems)),
                good_rows=text.count(report.good_rows),
            ),
            icon=":material/error:",
        )
        st.dataframe(
            report.errors.assign(**{name: report.errors[name].map(heard) for name in ("reason", "remedy")}),
            hide_index=True,
            column_config={
                "file": said("File"),
                "row": st.column_config.NumberColumn(
                    said("Row"), help=said("As a spreadsheet counts: the header is row 1.")
                ),
                "column": said("Column"),
                "value": said("Found"),
                "reason": st.column_config.TextColumn(said("What is wrong"), width="large"),
                "remedy": st.column_config.TextColumn(said("What to do"), width="large"),
            },
        )
    for note in report.notes:
        st.info(text.escape(heard(note)), icon=":material/info:")
    for each in report.unread:
        st.info(
            text.escape(said("{what} is not read: {why}", what=heard(each.what), why=heard(each.why))),
            icon=":material/visibility_off:",
        )
    if report.guesses:
        st.caption(
            said("Read as: ") + " · ".join(f"{text.escape(k)} {text.escape(v)}" for k, v in report.guesses.items())
        )
    if report.history is not None:
        with st.expander(said("First rows as they were understood")):
            st.dataframe(report.history.frame.head(20), hide_index=True)
