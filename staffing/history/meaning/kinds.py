"""What kind of moment the cells of a column are: dates, times of day, both, or numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from staffing.history.meaning.clocks import read_clocks
from staffing.history.meaning.times import read_times

Kind = Literal["stamp", "date", "clock", "number", "other"]
MOST, ENOUGH = 0.6, 40


def kind_of(cells: Sequence[str]) -> Kind:
    """The kind that most of the filled cells are; ``date`` where most begin at midnight."""
    some = [cell for cell in cells if cell.strip()][:ENOUGH]
    filled = pd.Series(some, dtype="str")
    if filled.empty:
        return "other"
    numbers = pd.to_numeric(filled, errors="coerce")
    if numbers.notna().mean() >= MOST and (numbers < 13_000_000).mean() >= MOST:
        return "date" if _serial(numbers) else "number"
    if (~read_clocks(filled).wrong).mean() >= MOST:
        return "clock"
    times = read_times(filled)
    known = times.local[~times.wrong]
    if len(known) < MOST * len(filled):
        return "other"
    return "date" if (known.astype(np.int64) % 86_400 == 0).mean() >= MOST else "stamp"


def _serial(numbers: pd.Series) -> bool:
    """Whether numbers are a spreadsheet's days since 1900."""
    known = numbers.dropna()
    return bool(((known >= 29_000) & (known < 75_000)).mean() >= MOST)
