"""Cells to local times: ISO, day first or month first, Jalali, 24:00, AM and PM, offsets, serial numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from staffing.history.meaning.clocks import clock_range
from staffing.history.meaning.date_order import YEARS, DateOrder, dates_of, decide
from staffing.history.meaning.numerals import as_text, distinct, western
from staffing.history.meaning.spelled import unspelled

PATTERN = (
    r"^(?P<a>\d{1,4})(?P<mark>[-/.])(?P<b>\d{1,2})[-/.](?P<c>\d{1,4})"
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?: ?(?P<half>[aApP])\.?[mM]\.?)?"
    r" ?(?P<zone>[zZ]|UTC|GMT|(?:UTC|GMT)?[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$"
)
#: The end of an interval behind its start; an offset looks alike, yet has few different values.
WHOLE_RANGE = r"\s*(?:/|-|–|—|to|bis|تا)\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ]+\d{1,2}:\d{2}.*$"
CLOCK_RANGE = (
    r"(?<=\d:\d{2})(?::\d{2})?(?P<half> ?[aApP]\.?[mM]\.?)?\s*(?:-|–|—|to|bis|تا)\s*"
    r"\d{1,2}:\d{2}(?::\d{2})?(?P<last> ?[aApP]\.?[mM]\.?)?$"
)
ANY_RANGE = re.sub(r"\?P<\w+>", "?:", CLOCK_RANGE)
MOST_OFFSETS = 3
YEARS_BEGIN, YEARS_END = np.datetime64(str(YEARS[0]), "s"), np.datetime64(str(YEARS[1] + 1), "s")
EXCEL_DAY_ZERO = np.datetime64("1899-12-30T00:00:00", "s")
NAT = np.datetime64("NaT", "s")
DAY_S = 86_400
MOST_OFFSET_MIN = 14 * 60
ISO_BY_LENGTH = {10: "%Y-%m-%d", 16: "%Y-%m-%d %H:%M", 19: "%Y-%m-%d %H:%M:%S"}


@dataclass(frozen=True)
class Times:
    """``local`` are wall-clock times (datetime64[s]); ``offset_min`` is NaN unless the cell gives its own offset.

    ``wrong`` marks cells that are no date; ``undecided`` that day and month cannot be told apart; ``swapped`` dates
    whose day and month a spreadsheet has exchanged: they contradict the others.
    """

    local: np.ndarray
    offset_min: np.ndarray
    wrong: np.ndarray
    guesses: tuple[str, ...] = ()
    undecided: bool = False
    swapped: np.ndarray | None = None

    def take(self, codes: np.ndarray) -> Times:
        swapped = None if self.swapped is None else self.swapped[codes]
        return Times(
            self.local[codes], self.offset_min[codes], self.wrong[codes], self.guesses, self.undecided, swapped
        )


def read_times(cells: pd.Series, order: DateOrder | None = None, *, persian: bool = False) -> Times:
    """The times of a column. ``order`` settles 03/04; None decides from the whole column.

    ``persian`` tells that the table is in Persian, where 03/11/01 is of the Jalali year 1403.
    """
    if isinstance(cells.dtype, pd.DatetimeTZDtype):
        return _typed(cells.dt.tz_convert("UTC").dt.tz_localize(None), 0.0)
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return _typed(cells, np.nan)
    if pd.api.types.is_numeric_dtype(cells.dtype) and not pd.api.types.is_bool_dtype(cells.dtype):
        numbers = cells.to_numpy(dtype=float, na_value=np.nan)
        if not _compact(numbers).any():
            return _serials(numbers)
        cells = pd.Series(np.round(numbers)).astype("Int64")
    texts = as_text(cells)
    codes, each = texts.cat.codes.to_numpy(), distinct(texts)
    return (_iso(each) or _parse(each, order, persian)).take(codes)


def _typed(values: pd.Series, offset_min: float) -> Times:
    local = _within_years(values.dt.round("s").to_numpy().astype("datetime64[s]"))
    return Times(local, np.full(len(local), offset_min, dtype="float32"), np.isnat(local))


def _within_years(local: np.ndarray) -> np.ndarray:
    return np.where((local >= YEARS_BEGIN) & (local < YEARS_END), local, NAT)


def _iso(texts: pd.Series) -> Times | None:
    """The quick way for columns that hold 2024-01-31 14:30 alone; None when any cell is different."""
    format_ = ISO_BY_LENGTH.get(len(texts.iloc[0])) if len(texts) else None
    if format_ is None or texts.str.endswith(":60").any():
        return None
    stamps = pd.to_datetime(texts, format=format_, errors="coerce", exact=True)
    local = _within_years(stamps.to_numpy().astype("datetime64[s]"))
    return None if np.isnat(local).any() else Times(local, _no_offset(len(local)), np.zeros(len(local), dtype=bool))


def _compact(numbers: np.ndarray) -> np.ndarray:
    """Which numbers are dates written as 20240131."""
    return (numbers >= 13_000_101) & (numbers <= 21_001_231)


def _serials(numbers: np.ndarray) -> Times:
    """Excel's days since 1900, or seconds or milliseconds since 1970 (which are UTC)."""
    seconds = np.where(numbers > 1e11, numbers / 1000, numbers)
    epoch, serial = (seconds >= 3e8) & (seconds < 4.2e9), (numbers >= 29_000) & (numbers < 75_000)
    local = np.full(len(numbers), NAT)
    local[epoch] = np.datetime64(0, "s") + np.round(seconds[epoch]).astype("timedelta64[s]")
    local[serial] = EXCEL_DAY_ZERO + np.round(numbers[serial] * DAY_S).astype("timedelta64[s]")
    guesses = ("seconds since 1970, UTC",) * bool(epoch.any()) + ("Excel serial dates",) * bool(serial.any())
    return Times(local, np.where(epoch, np.float32(0), np.float32(np.nan)), np.isnat(local), guesses)


def _parse(texts: pd.Series, order: DateOrder | None, persian: bool) -> Times:
    if texts.str.fullmatch(r"\d{5}(?:\.\d+)?|\d{9,10}(?:\.\d+)?|\d{13}").mean() > 0.5:
        return _serials(pd.to_numeric(texts, errors="coerce").to_numpy(dtype=float))
    plain, weekday = unspelled(western(texts))
    fields = pc.extract_regex(pa.array(_begins(_compacted(plain)), type=pa.string()), PATTERN)
    part = {name: _whole(fields, name) for name in ("a", "b", "c", "hour", "minute", "second")}
    read = ~np.asarray(fields.is_null())
    mark = np.asarray(pc.fill_null(pc.struct_field(fields, "mark"), "")).astype(str)
    decided = decide((part["a"], part["b"], part["c"]), read, (order, mark, weekday), persian=persian)
    stamp, jalali = dates_of(*decided.ymd)
    hour = _hours(part["hour"], pc.struct_field(fields, "half"))
    clock = np.maximum(hour, 0) * 3600 + np.maximum(part["minute"], 0) * 60 + np.maximum(part["second"], 0)
    sane = (hour <= 23) & (part["minute"] <= 59) & (part["second"] <= 59) | (clock == DAY_S)
    offset_min = _offsets(pc.struct_field(fields, "zone"))
    sane &= ~(np.abs(offset_min) > MOST_OFFSET_MIN)
    local = np.where(read & sane, stamp + clock.astype("timedelta64[s]"), NAT)
    guesses = (*decided.guesses, *(("Jalali dates",) if jalali else ()))
    return Times(local, offset_min, np.isnat(local), guesses, decided.undecided, decided.swapped)


def _begins(texts: pd.Series) -> pd.Series:
    """Without the end of the interval: 2025-01-20 08:00 - 08:30."""
    texts = texts.str.replace(WHOLE_RANGE, "", regex=True)
    ranges = texts.str.extract(CLOCK_RANGE)
    tails = texts.str.extract(r"([-–]\d{1,2}:\d{2})$")[0]
    there = texts.str.contains(ANY_RANGE, regex=True)
    if not there.any() or (tails[there].notna().all() and tails[there].nunique() <= MOST_OFFSETS):
        return texts
    begun = texts.str.replace(CLOCK_RANGE, "", regex=True) + ranges["half"].fillna("")
    marked = there & ranges["half"].isna() & ranges["last"].notna()
    begun[marked] = [_begun(text) for text in texts[marked]]
    return texts.where(~there, begun)


def _begun(text: str) -> str:
    """``1/20/2025 11:30 - 12:00 PM`` at its start: one mark belongs to both times."""
    match = re.match(r"^(.*?)[T ,]+(\d{1,2}:\d{2}.*)$", text)
    minutes = clock_range(match[2])[0] if match else np.nan
    return f"{match[1]} {int(minutes) // 60:02d}:{int(minutes) % 60:02d}" if match and minutes >= 0 else text


def _compacted(texts: pd.Series) -> pd.Series:
    """Dates without marks in the shape year-month-day, a clock without marks behind them too."""
    texts = texts.str.replace(r"^(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ])([0-2]\d)([0-5]\d)$", r"\1\2:\3", regex=True)
    texts = texts.str.replace(r"(?<=[T ])(\d{1,2}) ?[hH] ?(\d{2})$", r"\1:\2", regex=True)
    if not texts.str.match(r"\d{8}(?:\D|$)").any():
        return texts
    texts = texts.str.replace(r"^(\d{8}[T ])(\d{2})(\d{2})(\d{2})?(Z?)$", r"\1\2:\3\5", regex=True)
    dated = texts.str.replace(r"^(1[34]|19|20)(\d{2})(\d{2})(\d{2})(?=\D|$)", r"\1\2-\3-\4", regex=True)
    return dated.str.replace(r"^(\d{2})(\d{2})(20\d{2})(?=\D|$)", r"\1/\2/\3", regex=True)


def _whole(fields: pa.StructArray, name: str) -> np.ndarray:
    """A group's numbers, -1 where the text has none."""
    texts = pc.struct_field(fields, name)
    filled = pc.if_else(pc.equal(pc.fill_null(texts, ""), ""), "-1", texts)
    return np.asarray(pc.cast(filled, pa.int64()))


def _hours(hour: np.ndarray, half: pa.Array) -> np.ndarray:
    """Hours of the day from 12-hour clocks too; an hour that such a clock does not have becomes 99."""
    mark = pc.utf8_lower(pc.fill_null(half, ""))
    morning, evening = (np.asarray(pc.equal(mark, letter)) for letter in "ap")
    turned = np.where(evening, hour % 12 + 12, np.where(morning, hour % 12, hour))
    return np.where((morning | evening) & ((hour < 1) | (hour > 12)), 99, turned)


def _offsets(zone: pa.Array) -> np.ndarray:
    """Minutes east of UTC where a cell says so, else NaN."""
    texts = pc.fill_null(zone, "")
    if not pc.any(pc.not_equal(texts, "")).as_py():
        return _no_offset(len(texts))
    kinds, codes = np.unique(np.asarray(texts).astype(str), return_inverse=True)
    return np.array([_offset_min(kind) for kind in kinds], dtype="float32")[codes]


def _no_offset(cells: int) -> np.ndarray:
    return np.full(cells, np.nan, dtype="float32")


def _offset_min(text: str) -> float:
    if not text:
        return np.nan
    text = text.removeprefix("UTC").removeprefix("GMT")
    if not text or text[0] not in "+-":
        return 0.0
    digits = text[1:].replace(":", "")
    return (-1 if text[0] == "-" else 1) * (int(digits[:2]) * 60.0 + int(digits[2:] or 0))
