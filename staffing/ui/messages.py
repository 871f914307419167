"""What a page says besides its figures: errors in words, never a traceback."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from staffing.errors import InputErrors, StaffingError
from staffing.language import digits
from staffing.language import text as said
from staffing.ui import text

log = logging.getLogger("staffing.ui")


def show_error(error: StaffingError) -> None:
    """What is wrong, where, and what to do, in words."""
    if isinstance(error, InputErrors):
        rows = [_error_line(problem) for problem in error.problems[:20]]
        more = [f"… and {len(error.problems) - 20} more."] if len(error.problems) > 20 else []
        st.error("\n".join(f"- {row}" for row in [*rows, *more]), icon=":material/error:")
    else:
        st.error(_error_line(error), icon=":material/error:")


def _error_line(error: StaffingError) -> str:
    place = f"**{text.escape(str(error.where))}:** " if str(error.where) else ""
    what = error.what if place else error.what[:1].upper() + error.what[1:]
    return f"{place}{text.escape(what)} {text.escape(error.remedy)}".strip()


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
