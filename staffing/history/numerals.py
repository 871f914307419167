"""Cells to numbers: any digits, decimal commas, thousands marks, durations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

DIGITS = str.maketrans(
    {chr(zero + k): str(k) for zero in (0x0660, 0x06F0) for k in range(10)}
    | {"٫": ".", "٬": "", "−": "-", "\u200e": "", "\u200f": "", "\u061c": "", "\u202a": "", "\u202c": "", "\xa0": " "}
)
EMPTY = {"", "-", "–", "—", "na", "n/a", "nan", "null", "none", "nil"}
DURATION = r"^\d{1,3}:[0-5]?\d(?::[0-5]\d(?:[.,]\d+)?)?$"


@dataclass(frozen=True)
class Numbers:
    """``values`` are floats, NaN where a cell is empty; ``wrong`` marks cells that are not numbers."""

    values: np.ndarray
    wrong: np.ndarray
    guess: str = ""


def western(texts: pd.Series) -> pd.Series:
    """Text with Western digits and ``.`` as the decimal sign where Persian or Arabic ones were written."""
    if texts.str.isascii().all():
        return texts
    return texts.str.translate(DIGITS)


def read_numbers(cells: pd.Series, *, durations: bool = False, decimal_comma: bool | None = None) -> Numbers:
    """A column's numbers. ``durations`` reads HH:MM:SS and MM:SS as seconds.

    ``decimal_comma`` settles '1,234', which alone could be either; None takes it for thousands.
    """
    if pd.api.types.is_bool_dtype(cells.dtype) or pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return Numbers(np.full(len(cells), np.nan), cells.notna().to_numpy())
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return _finite(cells.to_numpy(dtype=float, na_value=np.nan), np.zeros(len(cells), dtype=bool), "")
    texts = as_text(cells)
    each, codes = distinct(texts), texts.cat.codes.to_numpy()
    numbers = _plain_numbers(each) or _any_numbers(each, durations, decimal_comma)
    return Numbers(numbers.values[codes], numbers.wrong[codes], numbers.guess)


def as_text(cells: pd.Series) -> pd.Series:
    """Cells as categories of text, without surrounding space; empty where there is nothing.

    Millions of rows hold few distinct texts: each is kept, and read, once.
    """
    if cells.dtype == object:
        cells = pd.Series([cell_text(value) for value in cells], index=cells.index, dtype="str")
    codes, values = pd.factorize(cells, use_na_sentinel=False)
    texts = pd.Series(values) if is_text(cells) else pd.Series([*map(cell_text, values.astype(object))], dtype="str")
    return categories(codes, texts.astype("str").fillna("").str.strip(), cells.index)


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


def _any_numbers(texts: pd.Series, durations: bool, decimal_comma: bool | None) -> Numbers:
    plain = western(texts).str.replace(r"(?<=\d)[ '’](?=\d{3})", "", regex=True)
    guess = []
    timed = plain.str.match(DURATION).to_numpy() if durations else np.zeros(len(plain), dtype=bool)
    comma = is_decimal_comma(plain) if decimal_comma is None else decimal_comma
    if plain.str.contains(",", regex=False).any():
        guess.append("decimal comma" if comma else "commas between thousands")
    pointed = plain.str.replace(".", "", regex=False).str.replace(",", ".", regex=False) if comma else _ungrouped(plain)
    values = pd.to_numeric(pointed, errors="coerce").to_numpy(dtype=float, copy=True)
    if timed.any():
        values[timed] = _seconds(plain[timed])
        guess.append("durations as H:MM:SS or M:SS")
    empty = texts.str.lower().isin(EMPTY).to_numpy()
    values[empty] = np.nan
    return _finite(values, np.isnan(values) & ~empty, ", ".join(guess))


def _ungrouped(plain: pd.Series) -> pd.Series:
    """Without thousands marks: commas, and points where a number has two of them."""
    grouped = plain.str.match(r"^-?\d{1,3}(?:\.\d{3}){2,}$")
    thousands = plain.str.match(r"^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
    return plain.mask(thousands, plain.str.replace(",", "", regex=False)).mask(
        grouped, plain.str.replace(".", "", regex=False)
    )


def is_decimal_comma(texts: pd.Series) -> bool:
    """Whether the column as a whole writes 12,5 for twelve and a half."""
    with_comma = texts[texts.str.contains(",", regex=False)]
    if with_comma.empty:
        return False
    both = with_comma[with_comma.str.contains(".", regex=False)]
    if not both.empty:
        return bool((both.str.rfind(",") > both.str.rfind(".")).mean() > 0.5)
    return bool(with_comma.str.match(r"^-?\d+,\d+$").any() and not with_comma.str.match(r"^-?\d{1,3}(,\d{3})+$").all())


def _seconds(texts: pd.Series) -> np.ndarray:
    return np.array([_clock_seconds(text.replace(",", ".")) for text in texts], dtype=float)


def _clock_seconds(text: str) -> float:
    return sum(float(part) * 60.0**power for power, part in enumerate(reversed(text.split(":"))))


def _finite(values: np.ndarray, wrong: np.ndarray, guess: str) -> Numbers:
    wrong = wrong | np.isinf(values)
    return Numbers(np.where(wrong, np.nan, values) if wrong.any() else values, wrong, guess)
