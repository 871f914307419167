"""The roster board: people down, time across, shifts that can be dragged. It draws; what holds is decided elsewhere.

The timeline is the package's own, plain script and style: a thousand shifts stand in a fraction of a second, and
nothing is loaded from outside.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

FOLDER = Path(__file__).parent


def board(data: dict[str, Any], *, key: str, on_change: Callable[[dict[str, Any]], None]) -> None:
    """Mount the board; ``on_change`` hears what the planner did to it, before the page runs again.

    ``data`` (times are local, ``YYYY-MM-DDTHH:MM``): ``first`` day, number of ``days``, ``heads`` (day, text),
    ``slot_min``, ``step_min``, ``slot_width`` and ``height``; ``people`` (id, name, note, title); ``shifts`` (id,
    person, start, end, label, told, fill, state, locked, breaks); spans ``away`` and ``cover``; ``editable``;
    ``words``; ``heard``, the number of the last change; ``answer`` to it (number, taken, told, shift); ``offers`` of
    shifts (number, person, day, told, choices).

    A change has ``what``: move (shift, person, start, end), put (person, day, span), remove (shift), paste (shift and
    onto, or person and day), ask (person, start), undo or redo; and a ``number`` of its own.
    """

    def heard() -> None:
        change = st.session_state[key].edit
        if change is not None:
            on_change(change)

    _mounted()(data=data, key=key, on_edit_change=heard, height="content")


@lru_cache
def _mounted() -> Any:
    return st.components.v2.component(
        "staffing_board", html='<div class="board"></div>', css=style(), js=script(), isolate_styles=False
    )


def script() -> str:
    """The board's script, one module."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in ("timeline.js", "board.js"))


def style() -> str:
    """The board's style."""
    return (FOLDER / "board.css").read_text(encoding="utf-8")
