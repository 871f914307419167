"""What a page says besides its figures: errors in words, never a traceback."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputErrors, StaffingError, Where
from staffing.language import digits, heard
from staffing.language import text as said
from staffing.ui import text

log = logging.getLogger("staffing.ui")
NOTES_SHOWN = 2


def show_error(error: StaffingError) -> None:
    """What is wrong, where, and what to do, in words."""
    if isinstance(error, InputErrors):
        rows = [_error_line(problem) for problem in error.problems[:20]]
        left = len(error.problems) - 20
        more = [said("… and {count} more.", count=digits(str(left)))] if left > 0 else []
        st.error("\n".join(f"- {row}" for row in [*rows, *more]), icon=":material/error:")
    else:
        st.error(_error_line(error), icon=":material/error:")


def show_notes(notes: tuple[str, ...], site: SiteCalendar) -> None:
    """What the figures do not say by themselves, dates as the site shows them; many at once are folded away."""
    for note in notes[:NOTES_SHOWN]:
        st.info(text.escape(heard(note, site)), icon=":material/info:")
    if notes[NOTES_SHOWN:]:
        with st.expander(
            said("{notes} more notes", notes=digits(str(len(notes) - NOTES_SHOWN))), icon=":material/info:"
        ):
            st.markdown("\n".join(f"- {text.escape(heard(note, site))}" for note in notes[NOTES_SHOWN:]))


def _error_line(error: StaffingError) -> str:
    place = f"**{text.escape(where(error.where))}:** " if str(error.where) else ""
    what = heard(error.what)
    what = what if place else what[:1].upper() + what[1:]
    return f"{place}{text.escape(what)} {text.escape(heard(error.remedy))}".strip()


def where(place: Where) -> str:
    """A place that a reader can go to, in their words."""
    parts = (
        place.file,
        said("row {count}", count=digits(str(place.row))) if place.row is not None else None,
        said("column '{name}'", name=place.column) if place.column else None,
        said("field '{name}'", name=place.field) if place.field else None,
    )
    return text.listed(part for part in parts if part)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Show errors as messages; what was not foreseen goes to the log, and the page says so."""
    try:
        yield
    except StaffingError as error:
        show_error(error)
        st.stop()
    except Exception:
        log.exception("a page failed")
        st.error(
            said(
                "The planner itself failed on this page. The server's log says where (at {now}).",
                now=digits(f"{dt.datetime.now():%H:%M}"),
            ),
            icon=":material/error:",
        )
        st.stop()


def ink() -> str:
    """The colour of text on the page, light or dark."""
    return "#e4eaee" if st.context.theme.type == "dark" else "#1d2730"
