"""Columns of weekdays beside the date of a week: the day of each row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from staffing.errors import InputError, Where
from staffing.history.layout.table import RawTable
from staffing.history.layout.words import concepts
from staffing.history.meaning.date_order import DateOrder
from staffing.history.meaning.numerals import as_text, distinct, western
from staffing.history.meaning.times import NAT, read_times
from staffing.history.meaning.titles import title_date
from staffing.history.options import ImportOptions

ISO_WEEK = re.compile(
    r"(?i)^(\d{4})\W*(?:w|kw|wk|week|woche|هفته)\W*(\d{1,2})$|^(?:kw|w|wk|week|woche|هفته)\W*(\d{1,2})\W+(\d{4})$"
)
DAY = np.timedelta64(1, "D")
ORDERS: tuple[DateOrder | None, ...] = (None, "dmy", "mdy")


def days_of_weeks(raw: RawTable, options: ImportOptions) -> RawTable:
    """The table with each row's own date, of a week's date and a weekday (0 for Monday).

    Raises InputError where a week's date is neither its first day nor, where its heading says so, its last.
    """
    weekday = as_text(raw.columns["weekday"]).astype("str").astype(int).to_numpy()
    first = int(weekday[0])
    days = None
    for order in _orders(options):
        days = _week_starts(raw, first, order)
        if days is not None:
            break
    if days is None:
        cell = raw.columns["date"].iloc[0] if "date" in raw.columns else " ".join(raw.title[:1])
        raise InputError(
            f"'{cell}' is not the first day of the weeks whose days stand side by side.",
            where=Where(raw.file, int(raw.rows[0]), raw.headings.get("date")),
            remedy="Give the date of each week's first column, or of its last under a heading such as 'week ending'.",
        )
    dates = days + ((weekday - first) % 7).astype("timedelta64[D]")
    columns = {name: each for name, each in raw.columns.items() if name != "weekday"}
    texts = pd.Series(np.where(np.isnat(days), "", dates.astype("datetime64[D]").astype(str)), dtype="str")
    empty = np.asarray(as_text(raw.columns["date"]) == "") if "date" in raw.columns else np.zeros(len(raw), bool)
    wrong = np.isnat(days) & ~empty
    texts[wrong] = raw.columns["date"].astype("str")[wrong] if "date" in raw.columns else ""
    return replace(raw, columns={**columns, "date": texts}, headings={"date": "date", **raw.headings})


def are_weeks(cells: Sequence[str]) -> bool:
    """Whether the cells are numbered weeks: 2025-W03, KW 3/2025."""
    filled = [text for text in cells if text.strip()]
    return bool(filled) and sum(bool(ISO_WEEK.match(text.strip())) for text in filled) > len(filled) / 2


def _orders(options: ImportOptions) -> tuple[DateOrder | None, ...]:
    told = options.answer("date_order")
    return ("dmy",) if told == "dmy" else ("mdy",) if told == "mdy" else ORDERS


def _week_starts(raw: RawTable, first: int, order: DateOrder | None) -> np.ndarray | None:
    """The day of the first column in the week of each row (NaT where there is none); None where dates do not fit."""
    if "date" in raw.columns:
        texts = as_text(raw.columns["date"])
        days = _iso_weeks(western(distinct(texts)))
        days = (read_times(distinct(texts), order).local if days is None else days)[texts.cat.codes.to_numpy()]
    else:
        titled = title_date(raw.title, order)
        days = np.full(len(raw), NAT if titled is None else titled.local[0])
    days = days.astype("datetime64[D]")
    known = days[~np.isnat(days)]
    if not len(known):
        return None
    on = (known.astype(np.int64) + 3) % 7
    if (on == first).all():
        return days
    last = (first - 1) % 7
    ends = "end" in concepts(raw.headings.get("date", "") or " ".join(raw.title))
    return days - 6 * DAY if ends and (on == last).all() else None


def _iso_weeks(texts: pd.Series) -> np.ndarray | None:
    """Mondays of 2025-W03 or KW 3/2025; None where a text is no such week."""
    found = [ISO_WEEK.match(text.strip()) for text in texts if text.strip()]
    if not found or not all(found):
        return None
    return np.array([_monday(text.strip()) for text in texts], dtype="datetime64[s]")


def _monday(text: str) -> str:
    match = ISO_WEEK.match(text)
    if match is None:
        return "NaT"
    year, week = int(match[1] or match[4]), int(match[2] or match[3])
    return str(dt.date.fromisocalendar(year, week, 1)) if 1 <= week <= 52 else "NaT"
