"""What a planner's browser session holds by name, and what one run of a page has read."""

from __future__ import annotations

from typing import Any

import streamlit as st


def held(name: str) -> dict[Any, Any]:
    """The session's own dictionary of that name."""
    kept: dict[Any, Any] = st.session_state.setdefault(name, {})
    return kept


def this_run() -> dict[Any, Any]:
    """What this run of the page has read; fragments that are run again go on with it."""
    return held("run")


def begin_run() -> None:
    """Let a run of the page read anew what others may have changed."""
    this_run().clear()
