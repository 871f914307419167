"""What looks odd against a queue's own past or its site, though nothing is surely wrong: where, and how sure."""

from __future__ import annotations

import pandas as pd


def odd_figures(frame: pd.DataFrame, interval_min: int) -> list[str]:
    """Sentences on a HISTORY table."""
    return []
