"""The Hand on tab of the roster: files for all and for each, and what to tell whom."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from staffing.export import Edition, changes, each_file, kept_roster, messages, writer_of, zipped
from staffing.language import LANGUAGES, marked, ntext, speaking, spoken
from staffing.language import text as said
from staffing.store.roster_days import same_roster
from staffing.ui import text
from staffing.ui.state import Desk

if TYPE_CHECKING:
    from staffing.planner import Plan

KINDS = {
    ".xlsx": (
        marked("Excel workbook"),
        ":material/table_view:",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ".pdf": ("PDF", ":material/picture_as_pdf:", "application/pdf"),
    ".ics": (marked("Calendar (iCal)"), ":material/event:", "text/calendar"),
    ".csv": ("CSV table", ":material/csv:", "text/csv"),
}
ZIP = "application/zip"


def tab(desk: Desk, made: Plan) -> None:
    """Files of the roster as it stands, each saying which roster it is; messages to those whose shifts changed."""
    edition = edition_of(desk, made)
    st.markdown(f"**{text.escape(edition.told(desk.site))}**")
    code = st.segmented_control(
        said("Language of the files"),
        list(LANGUAGES),
        default=spoken().code,
        format_func=lambda one: LANGUAGES[one].name,
        key="roster-language",
        required=True,
    )
    st.caption(said("For everybody: by week, by day, coverage and person."))
    _downloads(made, edition, code, each=False)
    st.caption(said("A file for each person, with their own shifts and nobody else's, as one archive."))
    _downloads(made, edition, code, each=True)
    _messages(desk, made, edition, code)
    if made.scenario != desk.scenario:
        st.caption(said("These are the files of the roster as it was made, before your last changes."))


def edition_of(desk: Desk, made: Plan) -> Edition:
    """Which roster a plan holds: the one that is published, or else a draft."""
    found = kept_roster(desk.workspace.rosters, made.start)
    if found is None or not found[1].final:
        return Edition(made.start, "draft") if found is None else found[1]
    table, edition = found
    if same_roster(table, made.roster.table):
        return edition
    return Edition(made.start, "draft", edition.version, earlier=(*edition.earlier, table))


def _downloads(made: Plan, edition: Edition, code: str, *, each: bool) -> None:
    stem = f"roster-{made.scenario.name}-{made.start:%Y-%m-%d}-{edition.slug}"
    for place, (ending, (label, icon, mime)) in zip(st.columns(len(KINDS)), KINDS.items(), strict=True):
        place.download_button(
            said("{label}, each", label=said(label)) if each else said(label),
            partial(content, made, edition, (code, ending), each),
            f"{stem}-{ending[1:]}.zip" if each else f"{stem}{ending}",
            ZIP if each else mime,
            icon=icon,
            on_click="ignore",
            width="stretch",
        )


def content(made: Plan, edition: Edition, how: tuple[str, str], each: bool) -> bytes:
    """The roster as a file (language, ending) for all; with ``each`` an archive of one for each person."""
    code, ending = how
    with speaking(code):
        if each:
            return zipped(each_file(made, ending, edition=edition))[1]
        return writer_of(ending)(made, edition=edition)


def _messages(desk: Desk, made: Plan, edition: Edition, code: str) -> None:
    """What to tell those whose shifts are not what they were told last."""
    if not edition.earlier:
        return
    with speaking(code):
        found = changes(edition.earlier[-1], made.roster.table, desk.site)
        told = dict(messages(found, desk.site))
    before = edition.version - 1 if edition.final else edition.version
    st.subheader(said("Changed since version {before}", before=before))
    if not told:
        st.caption(said("Nobody's shifts have changed."))
        return
    st.caption(
        ntext(
            "{shown} message to copy.",
            "{shown} messages to copy, one a person.",
            len(told),
            shown=text.count(len(told)),
        )
    )
    st.code("\n\n".join(told.values()), language=None, wrap_lines=True)
