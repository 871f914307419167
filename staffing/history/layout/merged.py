"""Cells that were merged: empty ones that belong to the filled one above."""

from __future__ import annotations

import numpy as np
import pandas as pd

from staffing.history.meaning.numerals import as_text, distinct, is_text

MERGED_SHARE = 0.4  # of a column's cells that are empty where cells were merged


def filled_down(columns: dict[str, pd.Series], name: str) -> pd.Series | None:
    """A column whose empty cells belong to the filled one above: no two filled cells in a row are the same.

    Rows without figures and totals, which other columns name, are not filled.
    """
    if not is_text(columns[name]) and columns[name].notna().all():
        return None
    texts = as_text(columns[name])
    codes, each = texts.cat.codes.to_numpy(), distinct(texts)
    blank = (each == "").to_numpy()[codes]
    if blank.any():
        blank = blank & _told_elsewhere(columns, name)
    if not blank.any() or blank[0] or blank.mean() < MERGED_SHARE:
        return None
    told = codes[~blank]
    if (told[1:] == told[:-1]).any():
        return None
    at = np.maximum.accumulate(np.where(blank, 0, np.arange(len(codes))))
    if name == "time" and not _each_queue_once(columns, at):
        return None  # an empty time of day is that of a total
    whole = pd.Series(pd.Categorical.from_codes(codes[at], texts.cat.categories))
    if "time" in columns and name == "date":
        times = as_text(columns["time"])
        untimed = (distinct(times) == "").to_numpy()[times.cat.codes.to_numpy()]
        return whole.mask(untimed & blank, "") if (untimed & blank).any() and "" in whole.cat.categories else whole
    return whole


def _each_queue_once(columns: dict[str, pd.Series], at: np.ndarray) -> bool:
    """Whether the rows of each merged cell, which begins ``at``, are of different queues."""
    if "queue" not in columns:
        return False
    return not pd.DataFrame({"cell": at, "queue": as_text(columns["queue"]).cat.codes.to_numpy()}).duplicated().any()


def _told_elsewhere(columns: dict[str, pd.Series], name: str) -> np.ndarray:
    """Rows of which another column tells something."""
    told = np.zeros(len(columns[name]), dtype=bool)
    for other, values in columns.items():
        if other != name:
            texts = as_text(values)
            told |= (distinct(texts) != "").to_numpy()[texts.cat.codes.to_numpy()]
    return told
