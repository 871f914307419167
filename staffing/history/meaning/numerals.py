"""Cells to numbers: any digits, the file's decimal mark, thousands marks, durations."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Mark = Literal[".", ","]
DIGITS = str.maketrans(
    {chr(zero + k): str(k) for zero in (0x0660, 0x06F0) for k in range(10)}
    | {
        "٫": ".",
        "٬": "",
        "−": "-",
        "\u200e": "",
        "\u200f": "",
        "\u061c": "",
        "\u202a": "",
        "\u202c": "",
        "\xa0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u200b": "",
        "\u2066": "",
        "\u2069": "",
        "\u200c": "",
    }
)
EMPTY = {"", "-", "–", "—", "na", "n/a", "nan", "null", "none", "nil"}
DURATION = r"^(?::[0-5]\d|\d{1,6}:[0-5]?\d(?::[0-5]\d(?:[.,]\d+)?)?)$"
SPELLED = (
    r"(?i)^(?:PT)?(?:(\d+) ?(?:h(?:(?:ou)?rs?|eures?|oras?)?|std|stunden?|saat|ساعت)\.?)?[ ,و]*"
    r"(?:(\d+) ?(?:m(?:in(?:ut(?:en?|es|os?)|s)?)?|dk|dakika|دقیقه)\.?)?[ ,و]*"
    r"(?:(\d+(?:[.,]\d+)?) ?(?:s(?:e[ck](?:onds?|ondes?|s|unden?)?|egundos?|eg)?|sn|saniye|ثانیه)\.?)?$"
)


@dataclass(frozen=True)
class Numbers:
    """``values`` are floats, NaN where a cell is empty; ``wrong`` marks cells that are not numbers.

    ``clock`` tells the parts of a duration's clock: 3 for H:MM:SS, 2 for M:SS, 1 for 4m 20s, 0 for a bare number.
    """

    values: np.ndarray
    wrong: np.ndarray
    clock: np.ndarray | None = None


def western(texts: pd.Series) -> pd.Series:
    """Text with Western digits and ``.`` as the decimal sign where Persian or Arabic ones were written."""
    if texts.str.isascii().all():
        return texts
    return texts.str.translate(DIGITS)


def read_numbers(cells: pd.Series, *, durations: bool = False, decimal: Mark = ".") -> Numbers:
    """A column's numbers. ``durations`` reads HH:MM:SS and MM:SS as seconds; ``decimal`` is the file's decimal mark."""
    if pd.api.types.is_bool_dtype(cells.dtype) or pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return Numbers(np.full(len(cells), np.nan), cells.notna().to_numpy())
    if pd.api.types.is_timedelta64_dtype(cells.dtype):
        cells = cells.dt.total_seconds()
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return _finite(cells.to_numpy(dtype=float, na_value=np.nan), np.zeros(len(cells), dtype=bool))
    texts = as_text(cells)
    each, codes = distinct(texts), texts.cat.codes.to_numpy()
    numbers = (_plain_numbers(each) if decimal == "." else None) or _any_numbers(each, durations, decimal)
    clock = None if numbers.clock is None else numbers.clock[codes]
    return Numbers(numbers.values[codes], numbers.wrong[codes], clock)


def as_text(cells: pd.Series) -> pd.Series:
    """Cells as categories of text, without surrounding space; empty where there is nothing.

    Millions of rows hold few distinct texts: each is kept, and read, once.
    """
    if cells.dtype == object:
        cells = pd.Series([cell_text(value) for value in cells], index=cells.index, dtype="str")
    codes, values = _told(cells)
    texts = pd.Series(values) if is_text(cells) else pd.Series(_written(values), dtype="str")
    texts = texts.astype("str").fillna("").str.strip()
    if (
        isinstance(cells.dtype, pd.CategoricalDtype)
        and texts.equals(pd.Series(values))
        and values is cells.cat.categories
    ):
        return cells
    return categories(codes, texts, cells.index)


def _told(cells: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Codes of the cells and the values they stand for, each of which is there."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        codes, there = cells.cat.codes.to_numpy(), np.zeros(len(cells.cat.categories) + 1, dtype=bool)
        there[codes] = True  # an empty cell's code, -1, marks the last
        if there[:-1].all() and not there[-1]:
            return codes, cells.cat.categories
    codes, values = pd.factorize(cells, use_na_sentinel=False)
    return codes, pd.Index(values)


def _written(values: Any) -> Sequence[str]:
    """Distinct typed cells as ``cell_text`` writes them; clock times without a zone all at once."""
    if not isinstance(values, pd.DatetimeIndex) or values.tz is not None:
        return [*map(cell_text, values.astype(object))]
    instants = values.to_numpy().astype("datetime64[ms]") + np.timedelta64(500, "ms")
    texts = np.char.replace(np.datetime_as_string(instants, unit="s"), "T", " ")
    return [*np.where(np.isnat(instants), "", texts)]


def is_text(cells: pd.Series) -> bool:
    """Whether cells are text, rather than typed numbers or times."""
    return isinstance(cells.dtype, (pd.StringDtype, pd.CategoricalDtype)) or cells.dtype == object


def distinct(texts: pd.Series) -> pd.Series:
    """The texts that stand in a column of ``as_text``, each once, in the order of its codes."""
    return pd.Series(texts.cat.categories, dtype="str")


def rewritten(texts: pd.Series, change: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """A column of ``as_text`` with ``change`` made to its distinct texts."""
    return categories(texts.cat.codes.to_numpy(), change(distinct(texts)), texts.index)


def categories(codes: np.ndarray, texts: pd.Series, index: pd.Index | None = None) -> pd.Series:
    """Rows whose text is the one at ``codes``; equal ``texts`` become one category."""
    places, names = pd.factorize(texts)
    return pd.Series(pd.Categorical.from_codes(places[codes], names), index=index)


def cell_text(value: object) -> str:
    """A typed cell as it would be written: whole numbers without a point, dates to the second."""
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return str((value + dt.timedelta(milliseconds=500)).replace(microsecond=0))
    return str(value).strip()


def _plain_numbers(texts: pd.Series) -> Numbers | None:
    """The quick way for columns that hold digits and points alone."""
    array = pa.array(texts, type=pa.string(), from_pandas=True)
    filled = pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)
    try:
        values = pc.cast(filled, pa.float64())
    except pa.ArrowInvalid:
        return None
    if pc.any(pc.match_substring_regex(array, "[a-zA-Z]")).as_py():
        return None
    values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return Numbers(values.to_numpy(zero_copy_only=False), np.zeros(len(texts), dtype=bool))


def _any_numbers(texts: pd.Series, durations: bool, decimal: Mark) -> Numbers:
    plain = unspaced(western(texts))
    clock = _clocks(plain) if durations else None
    values = pd.to_numeric(_pointed(plain, decimal), errors="coerce").to_numpy(dtype=float, copy=True)
    if clock is not None and clock.any():
        values[clock > 0] = [_clock_seconds(text) for text in plain[clock > 0]]
    empty = texts.str.lower().isin(EMPTY).to_numpy()
    values[empty] = np.nan
    return _finite(values, np.isnan(values) & ~empty, clock if clock is not None and clock.any() else None)


def unspaced(texts: pd.Series) -> pd.Series:
    """Without spaces and apostrophes between thousands."""
    return texts.str.replace(r"(?<=\d)[ '’](?=\d{3}(?!\d))", "", regex=True)


def _pointed(plain: pd.Series, decimal: Mark) -> pd.Series:
    """Numbers as programs write them; what groups digits wrongly is left as it is, and so is refused."""
    group = "," if decimal == "." else "."
    grouped = plain.str.match(rf"^[-+]?\d{{1,3}}(?:\{group}\d{{3}})+(?:\{decimal}\d+)?$")
    ungrouped = plain.mask(grouped, plain.str.replace(group, "", regex=False))
    if decimal == ".":
        return ungrouped
    pointed = ungrouped.str.contains(".", regex=False)
    return ungrouped.str.replace(",", ".", regex=False).mask(pointed, "no number")


def _clocks(plain: pd.Series) -> np.ndarray:
    """How many parts a duration's clock has: 3 of H:MM:SS, 2 of M:SS, 1 of 4m 20s, 0 where there is none."""
    parts = plain.str.count(":") + 1
    clock = np.where(plain.str.match(DURATION), np.minimum(parts, 3), 0)
    spelled = plain.str.match(SPELLED) & plain.str.contains(r"\d", regex=True)
    return np.where(spelled.to_numpy() & (clock == 0), 1, clock).astype("int8")


def _clock_seconds(text: str) -> float:
    spelled = re.match(SPELLED, text)
    if spelled and ":" not in text:
        told = [float((part or "0").replace(",", ".")) for part in spelled.groups()]
        return float(np.dot(told, [3600, 60, 1]))
    return sum(float(part or 0) * 60.0**power for power, part in enumerate(reversed(text.replace(",", ".").split(":"))))


def _finite(values: np.ndarray, wrong: np.ndarray, clock: np.ndarray | None = None) -> Numbers:
    wrong = wrong | np.isinf(values)
    return Numbers(np.where(wrong, np.nan, values) if wrong.any() else values, wrong, clock)
