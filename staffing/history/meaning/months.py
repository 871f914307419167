"""Months and days of the month that stand apart, on two sides of a table: the date of each row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from staffing.errors import InputError, Where
from staffing.history.layout.table import RawTable
from staffing.history.meaning.date_order import dates_of
from staffing.history.meaning.numerals import DIGITS, EMPTY, as_text, distinct
from staffing.history.meaning.spelled import folded, month_named

YEAR = re.compile(r"(?<!\d)(1[34]\d{2}|19\d{2}|20\d{2})(?!\d)")
CLOCK = r"(?:[T ]0?0:00(?::00)?)?"
#: A month in numbers; a day beside it is the first, as in a spreadsheet's own months.
NUMBERED = (
    re.compile(rf"^(?P<year>\d{{4}})[-/. ]?(?P<month>0?[1-9]|1[0-2])(?:[-/.]0?1)?{CLOCK}$"),
    re.compile(rf"^(?:0?1[-/.])?(?P<month>0?[1-9]|1[0-2])[-/. ](?P<year>\d{{4}}){CLOCK}$"),
    re.compile(rf"^(?P<month>0?[1-9]|1[0-2])[-/.]0?1[-/.](?P<year>\d{{4}}){CLOCK}$"),
)
SHORT_YEAR = re.compile(r"\D(\d{2})$")
DAY = re.compile(r"^\D{0,6}?(\d{1,2})\.?(?:st|nd|rd|th)?$")
LONGEST = 31


def month_of(text: str) -> tuple[int, int] | None:
    """Year (0 where it is not said) and month of ``Jan 2025``, ``2025-01``, ``01/2025``, ``فروردین ۱۴۰۳``; or None."""
    plain = text.strip().translate(DIGITS)
    for pattern in NUMBERED:
        match = pattern.match(plain)
        if match:
            return int(match["year"]), int(match["month"])
    words = folded(plain)
    month = month_named(words)
    if month is None:
        return None
    digits = re.sub(r"\D+", " ", words).split()
    year, short = YEAR.search(words), SHORT_YEAR.search(words)
    if len(digits) > 1 or (digits and not year and not short):
        return None
    return (int(year[1]) if year else 2000 + int(short[1]) if short else 0), month


def day_of(text: str) -> int | None:
    """The day of the month that ``1``, ``01``, ``1st`` or ``Day 1`` names, or None."""
    match = DAY.match(text.strip().translate(DIGITS))
    return int(match[1]) if match and 1 <= int(match[1]) <= LONGEST else None


def year_in(lines: Iterable[str]) -> int:
    """The one year that titles name, else 0."""
    years = {int(year) for line in lines for year in YEAR.findall(line.translate(DIGITS))}
    return years.pop() if len(years) == 1 else 0


def month_in(lines: Iterable[str]) -> tuple[int, int] | None:
    """The one month that titles name, with its year; or None."""
    texts = [text for line in lines for text in (line, line.partition(":")[2]) if text.strip()]
    found = {month for text in texts if (month := month_of(text)) is not None}
    year = year_in(lines)
    whole = {(told or year, month) for told, month in found}
    return whole.pop() if len(whole) == 1 else None


def days_of_months(raw: RawTable) -> RawTable:
    """The table with each row's date, of a ``day`` and a ``month`` or the title's.

    Cells of days that a month does not have are left out where they are empty or 0. Raises InputError where no month
    or no year is told.
    """
    year, titled = year_in(raw.title), month_in(raw.title)
    days = as_text(raw.columns["day"])
    day = np.array([day_of(text) or 0 for text in distinct(days)])[days.cat.codes.to_numpy()]
    texts = as_text(raw.columns["month"]) if "month" in raw.columns else None
    if texts is None:
        told = np.array([titled or (0, 0)] * len(raw)).reshape(-1, 2)
    else:
        each = [_month_cell(text) for text in distinct(texts)]
        told = np.array(each).reshape(-1, 2)[texts.cat.codes.to_numpy()]
    years = _years(raw) if "year" in raw.columns else np.where(told[:, 0] > 0, told[:, 0], year)
    known = (told[:, 1] > 0) & (day > 0)
    if not known.any() or (years[known] == 0).any():
        raise InputError(
            "has days of months side by side, and does not say of which month and year.",
            where=Where(raw.file, int(raw.rows[0]) if len(raw) else None),
            remedy="Write the month with its year, such as 2025-01, in a column or above the table.",
        )
    dates = [
        f"{y:04d}-{m:02d}-{d:02d}" if fits else "" for y, m, d, fits in zip(years, told[:, 1], day, known, strict=True)
    ]
    cells = pd.Series(dates, dtype="str")
    cells[day == 0] = days.astype("str")[day == 0]  # such as the name of a total
    if texts is not None:
        cells[(day > 0) & ~known] = texts.astype("str")[(day > 0) & ~known]
    columns = {name: each for name, each in raw.columns.items() if name not in ("day", "month", "year")}
    made = replace(raw, columns={"date": cells, **columns}, headings={"date": "date", **raw.headings})
    return made.keep(~(known & _never(years, told[:, 1], day) & _nothing(raw)))


def _month_cell(text: str) -> tuple[int, int]:
    bare = text.strip().translate(DIGITS)
    if re.fullmatch(r"0?[1-9]|1[0-2]", bare):
        return 0, int(bare)
    return month_of(text) or (0, 0)


def _years(raw: RawTable) -> np.ndarray:
    texts = as_text(raw.columns["year"])
    return np.array([year_in([text]) for text in distinct(texts)])[texts.cat.codes.to_numpy()]


def _never(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    return np.isnat(dates_of(year, month, day)[0])


def _nothing(raw: RawTable) -> np.ndarray:
    """Rows whose calls are empty or 0."""
    calls = as_text(raw.columns["calls" if "calls" in raw.columns else "answered"])
    return distinct(calls).str.lower().isin({*EMPTY, "0"}).to_numpy()[calls.cat.codes.to_numpy()]
