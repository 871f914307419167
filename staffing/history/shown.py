"""Cells as messages show them."""

from __future__ import annotations

from typing import Any

import pandas as pd

SHOWN_CHARACTERS = 60


def shown(value: Any) -> str:
    """A cell as a message shows it: short and on one line."""
    text = "" if value is None or value is pd.NaT or value is pd.NA else str(value)
    flat = " ".join("".join(ch if ch.isprintable() else " " for ch in text[: 4 * SHOWN_CHARACTERS]).split())
    return flat if len(flat) <= SHOWN_CHARACTERS else flat[: SHOWN_CHARACTERS - 1] + "…"
