"""Times of day: 8:00, 0800, 8 Uhr, hours and periods by number, ranges, 12-hour clocks with one mark or none."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.history.meaning.numerals import as_text, distinct, western
from staffing.history.meaning.spelled import UNSEEN, marked_halves

DAY_MIN = 1440
HALF_DAY_MIN = 720
FEWEST_NUMBERED, DENSE = 4, 0.75  # numbers of intervals, of which some may be missing
LONGEST_BREAK_MIN = 120  # around noon, of a clock that passes 12
CLOCK = r"(\d{1,2})(?:[:.hH٫](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?)?\s*(?:[hH]|Uhr|uhr)?\s*([AP]M)?"
RANGE = re.compile(rf"^{CLOCK}(?:\s*(?:-|–|—|~|to|bis|a|à|تا|الی|الى|ile)\s*{CLOCK})?\s*(?:Z|UTC|[+-]00:?00)?$")
HOURS = re.compile(r"^(\d{1,2})\s*(?:-|–|—|to|bis|تا)\s*(\d{1,2})\s*([AP]M)?$")
JOINED = re.compile(r"^(\d{1,2})([0-5]\d)(?:(?<=\d{4})([0-5]\d))?(?:\s*[-–—]\s*(\d{1,2}):?(\d{2}))?$")


#: The numbers of a day's intervals: their first, and how many there are.
NUMBERED = {"1-24": (1, 24), "0-23": (0, 24), "1-48": (1, 48), "0-47": (0, 48), "1-96": (1, 96), "0-95": (0, 96)}


@dataclass(frozen=True)
class Clocks:
    """Minutes after midnight at which rows begin (NaN where a cell is no time), and where they end if a cell says so.

    ``bare`` marks hours from 1 to 12 that have no mark of the half of the day; ``how`` says how numbers were read;
    ``numbered`` are the ways to number a day's intervals of which the cells do not tell the right one.
    """

    start_min: np.ndarray
    end_min: np.ndarray
    bare: np.ndarray
    how: str = ""
    numbered: tuple[str, ...] = ()

    @property
    def wrong(self) -> np.ndarray:
        return np.isnan(self.start_min)

    def take(self, codes: np.ndarray) -> Clocks:
        return Clocks(self.start_min[codes], self.end_min[codes], self.bare[codes], self.how, self.numbered)


def read_clocks(cells: pd.Series, slots: str | None = None, *, hours: bool = True) -> Clocks:
    """The times of day of a column. ``slots`` is the key of ``NUMBERED`` that was answered; ``hours`` tells that bare
    numbers up to 24 are hours, as where the heading calls them neither intervals nor periods."""
    texts = as_text(cells)
    each, codes = western(distinct(texts)).map(_tidy), texts.cat.codes.to_numpy()
    numbers = pd.to_numeric(each, errors="coerce")
    known = each != ""
    if known.any() and (numbers.notna() | ~known).all():
        return _by_number(numbers.to_numpy(dtype=float), slots, hours=hours).take(codes)
    return _spelled(each).take(codes)


def _tidy(text: str) -> str:
    """Without a date that is the same for all times (Excel's day zero), and with AM and PM in English."""
    text = UNSEEN.sub("", text).replace("\u202f", " ").replace("\xa0", " ")
    text = re.sub(r"^(?:1899-12-3[01]|1900-01-0[01]|1904-01-01)[T ]", "", text)
    return marked_halves(text).strip()


def _spelled(texts: pd.Series) -> Clocks:
    read = [clock_range(text) for text in texts]
    start, end, bare = (np.array(values) for values in zip(*read, strict=True)) if read else (np.zeros(0),) * 3
    return Clocks(start.astype(float), end.astype(float), bare.astype(bool))


def clock_range(text: str) -> tuple[float, float, bool]:
    """Minutes of the start and the end of ``8:00 - 8:30 AM``; one mark belongs to both."""
    nothing = (np.nan, np.nan, False)
    hours = HOURS.match(text)
    if hours and (int(hours[2]) - int(hours[1])) % 12 == 1:
        text = f"{hours[1]}:00 - {hours[2]}:00 {hours[3] or ''}".strip()
    joined = JOINED.match(text)
    if joined:
        text = f"{joined[1]}:{joined[2]}" + (f" - {joined[4]}:{joined[5]}" if joined[4] else "")
    match = RANGE.match(text)
    if not match or not (match[2] or match[4] or match[6] or "h" in text.lower()):
        return nothing
    start_half, end_half = match[4], match[8]
    end = _minutes(match[5], match[6], end_half) if match[5] else np.nan
    start = _minutes(match[1], match[2], start_half or end_half)
    if end_half and not start_half and start > end > -1:
        start -= HALF_DAY_MIN if start >= HALF_DAY_MIN else -HALF_DAY_MIN
    bare = not (start_half or end_half) and 1 <= int(match[1]) <= 12
    return (start, end, bare) if start >= 0 else nothing


def _minutes(hour: str, minute: str | None, half: str | None) -> float:
    hours, minutes = int(hour), int(minute or 0)
    if half and not 1 <= hours <= 12:
        return -1.0
    if half:
        hours = hours % 12 + (12 if half == "PM" else 0)
    total = hours * 60.0 + minutes
    return total if minutes < 60 and total <= DAY_MIN else -1.0


def _by_number(numbers: np.ndarray, slots: str | None, *, hours: bool) -> Clocks:
    """Shares of a day, hours, HHMM, or the number of the half or quarter hour."""
    known = numbers[~np.isnan(numbers)]
    whole = bool((known == np.round(known)).all())
    how, fits = "", _numberings(known, hours=hours) if whole else ()
    if slots in fits or len(fits) == 1 or (len(fits) > 1 and (known.max() > 24 or not hours)):
        first, parts = NUMBERED[slots if slots in fits else fits[0]]
        minutes, how = (numbers - first) * (DAY_MIN / parts), f"numbers of the {DAY_MIN // parts} minutes"
        nothing = np.full(len(minutes), np.nan)
        return Clocks(minutes, nothing, nothing > 0, how, fits if len(fits) > 1 and slots not in fits else ())
    if not whole and (known < 1.0001).all():
        minutes, how = np.round(numbers * DAY_MIN), "shares of a day"
    elif not whole:
        minutes = np.floor(numbers) * 60 + np.round((numbers % 1) * 100)  # 8.30 is half past eight
        minutes = np.where(np.round((numbers % 1) * 100) < 60, minutes, np.nan)
    elif known.max() <= 24:
        minutes, how = numbers * 60, "hours of the day"
    else:
        whole_hours, minutes = np.divmod(np.nan_to_num(numbers), 100)
        minutes = np.where((minutes < 60) & ~np.isnan(numbers), whole_hours * 60 + minutes, np.nan)
    minutes = np.where((minutes >= 0) & (minutes <= DAY_MIN), minutes, np.nan)
    nothing = np.full(len(minutes), np.nan)
    bare = np.full(len(minutes), how == "hours of the day") & (numbers >= 1) & (numbers <= 12)
    return Clocks(minutes, nothing, bare, how)


def _numberings(known: np.ndarray, *, hours: bool) -> tuple[str, ...]:
    """How whole numbers one after the other may number a day's intervals; none where they are hours or HHMM."""
    each = np.unique(known)
    if len(each) < FEWEST_NUMBERED or each[0] < 0 or len(each) < DENSE * (each[-1] - each[0] + 1):
        return ()
    if hours and each[-1] <= 24:
        return ()
    last = {key: first + parts - 1 for key, (first, parts) in NUMBERED.items()}
    whole_day = tuple(key for key, (first, _) in NUMBERED.items() if (each[0], each[-1]) == (first, last[key]))
    return whole_day or tuple(key for key, (first, _) in NUMBERED.items() if each[0] >= first and each[-1] <= last[key])


def unfolded(minutes: np.ndarray, days: np.ndarray) -> np.ndarray | None:
    """Minutes of 12-hour clocks without marks, told by the order of one queue's rows; None where order does not tell.

    Only 12:30 before 1:00 of the same day tells: once in a day that begins in the morning, twice in one that begins
    at midnight, written 12:00.
    """
    if _descends(days, minutes):
        turned = unfolded(minutes[::-1], days[::-1])
        return None if turned is None else turned[::-1]
    same_day = days[1:] == days[:-1]
    drops = same_day & (np.diff(minutes) < 0)
    if not drops.any() or (same_day & (np.diff(minutes) == 0)).any():
        return None
    before, after = minutes[:-1][drops], minutes[1:][drops]
    if (before < HALF_DAY_MIN - 60).any() or (after + HALF_DAY_MIN - before > LONGEST_BREAK_MIN).any():
        return None
    around = minutes % HALF_DAY_MIN
    passed = pd.Series(np.concatenate([[0], same_day & (np.diff(around) < 0)])).groupby(days).cumsum().to_numpy()
    dropped = pd.Series(np.concatenate([[0], drops])).groupby(days).transform("sum").to_numpy()
    begins = pd.Series(minutes).groupby(days).transform("first").to_numpy()
    doubtful = (dropped > 0) & ((dropped == 2) != (begins >= HALF_DAY_MIN))
    if passed.max() > 1 or doubtful.any():
        return None
    return np.where(dropped > 0, around + HALF_DAY_MIN * passed, minutes)


def _descends(days: np.ndarray, minutes: np.ndarray) -> bool:
    """Whether rows run from the last to the first."""
    if len(days) < 2 or days[0] != days[-1]:
        return len(days) > 1 and bool(days[0] > days[-1])
    return bool((np.diff(minutes) < 0).mean() > 0.5)
