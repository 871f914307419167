"""When each row begins on the wall clock: dates and times of day of one column or of two, as the cells say it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from staffing.history.layout.headings import meaning
from staffing.history.layout.table import RawTable
from staffing.history.layout.words import concepts
from staffing.history.meaning.clocks import Clocks, read_clocks
from staffing.history.meaning.date_order import DateOrder
from staffing.history.meaning.numerals import as_text, distinct, is_text
from staffing.history.meaning.times import NAT, Times, read_times
from staffing.history.meaning.titles import title_date
from staffing.history.options import ImportOptions

DAY_S = 86_400


@dataclass(frozen=True)
class Moments:
    """``local`` wall-clock starts (NaT where there is none) and their own ``offset_min`` (NaN without one).

    ``day`` is the date alone. ``untimed`` marks rows with a date but no time of day where others have one; ``bare``
    hours of a 12-hour clock without its mark; ``end_min`` the minutes at which a cell says that the interval ends;
    ``numbered`` the ways to number a day's intervals of which the cells do not tell the right one.
    """

    local: np.ndarray
    offset_min: np.ndarray
    day: np.ndarray
    untimed: np.ndarray
    bare: np.ndarray
    end_min: np.ndarray
    guesses: tuple[str, ...] = ()
    undecided: bool = False
    swapped: np.ndarray | None = None
    ends: bool = False
    read_from: tuple[str, ...] = ("timestamp",)
    numbered: tuple[str, ...] = ()

    @property
    def wrong(self) -> np.ndarray:
        return np.isnat(self.local)

    def keep(self, mask: np.ndarray) -> Moments:
        swapped = None if self.swapped is None else self.swapped[mask]
        arrays = {
            name: getattr(self, name)[mask] for name in ("local", "offset_min", "day", "untimed", "bare", "end_min")
        }
        return replace(self, swapped=swapped, **arrays)


def read_moments(raw: RawTable, options: ImportOptions) -> Moments:
    """The moments of a table's rows; nothing is asked or refused yet."""
    answered = options.answer("date_order")
    order: DateOrder | None = "dmy" if answered == "dmy" else "mdy" if answered == "mdy" else None
    ends = _names_ends(raw)
    if "time" in raw.columns:
        dates = _unswapped(_dates(raw, order), options)
        heading = concepts(raw.headings.get("time", ""))
        hours = "interval" not in heading or "clock" in heading
        clocks = read_clocks(raw.columns["time"], options.answer("slots"), hours=hours)
        return _together(dates, clocks, _blank(raw.columns["time"]), ends)
    times = _unswapped(read_times(raw.columns["timestamp"], order, persian=_in_persian(raw, "timestamp")), options)
    nothing = np.zeros(len(times.local), dtype=bool)
    nan = np.broadcast_to(np.float32(np.nan), len(times.local))
    return Moments(
        times.local,
        times.offset_min,
        times.local,
        nothing,
        nothing,
        nan,
        times.guesses,
        times.undecided,
        times.swapped,
        ends,
    )


def _unswapped(times: Times, options: ImportOptions) -> Times:
    """Day and month exchanged back, or left, where an answer says so."""
    answer = options.answer("dates")
    if times.swapped is None or answer is None:
        return times
    local = times.local
    if answer == "swapped":
        months = local.astype("datetime64[M]")
        month, day = months.astype(np.int64) % 12, (local.astype("datetime64[D]") - months).astype(np.int64)
        turned = (months - month + day).astype("datetime64[D]") + month.astype("timedelta64[D]")
        clock = local - local.astype("datetime64[D]")
        local = np.where(times.swapped, turned.astype("datetime64[s]") + clock, local)
    return replace(times, local=local, swapped=None)


def _names_ends(raw: RawTable) -> bool:
    """Whether the heading says that times are those at which intervals end."""
    heading = meaning(raw.headings.get("time", raw.headings.get("timestamp", "")))
    return heading is not None and heading.rank >= 4


def _dates(raw: RawTable, order: DateOrder | None) -> Times:
    if "date" in raw.columns:
        return read_times(raw.columns["date"], order, persian=_in_persian(raw, "date"))
    titled = title_date(raw.title, order)
    if titled is not None:
        return titled.take(np.zeros(len(raw), dtype=int))
    nothing = np.full(len(raw), NAT)
    return Times(nothing, np.full(len(raw), np.nan, dtype="float32"), np.ones(len(raw), dtype=bool))


def _in_persian(raw: RawTable, column: str) -> bool:
    """Whether the heading of dates is Persian: Arabic ones have the article."""
    return any(word in raw.headings.get(column, "") for word in ("تاریخ", "روز", "زمان"))


def _blank(cells: pd.Series) -> np.ndarray:
    if not is_text(cells):
        return np.asarray(cells.isna())
    texts = as_text(cells)
    return (distinct(texts) == "").to_numpy()[texts.cat.codes.to_numpy()]


def _together(dates: Times, clocks: Clocks, blank: np.ndarray, ends: bool) -> Moments:
    day = dates.local.astype("datetime64[D]").astype("datetime64[s]")
    own = blank & ~dates.wrong & (dates.local != day)  # the date holds the time of day that the other column lacks
    untimed = blank & ~dates.wrong & ~own
    minutes = np.nan_to_num(clocks.start_min, nan=-1).astype("int64")
    ends = ends and not (~np.isnan(clocks.end_min)).any()  # cells that say both leave no doubt
    local = np.where(minutes >= 0, day + (minutes * 60).astype("timedelta64[s]"), np.where(own, dates.local, NAT))
    guesses = (*dates.guesses, *((clocks.how,) if clocks.how else ()))
    return Moments(
        local,
        dates.offset_min,
        day,
        untimed,
        clocks.bare,
        clocks.end_min,
        guesses,
        dates.undecided,
        dates.swapped,
        ends,
        ("date", "time"),
        clocks.numbered,
    )
