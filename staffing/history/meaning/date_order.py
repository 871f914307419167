"""Day first, month first or year first: settled for a whole column by what its dates can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

DateOrder = Literal["dmy", "mdy"]
Triple = tuple[np.ndarray, np.ndarray, np.ndarray]
JALALI_YEARS = (1300, 1420)  # later ones are of another calendar: no history is of 2042
YEARS = (1980, 2100)
JALALI_CENTURY, SHORT_JALALI = 1400, 20  # two digits up to so many are of this century of the Jalali calendar
NAT = np.datetime64("NaT", "s")
DAY_S = 86_400
SHOWN = {
    "dmy": "day first (31/12/2024)", "mdy": "month first (12/31/2024)", "ymd": "year first (24/12/31)",
    "ydm": "year, day, month (2024-31-12)",
}  # fmt: skip
ORDERED: dict[str, Callable[[Triple], Triple]] = {
    "dmy": lambda t: (t[2], t[1], t[0]),
    "mdy": lambda t: (t[2], t[0], t[1]),
    "ymd": lambda t: t,
    "ydm": lambda t: (t[0], t[2], t[1]),
}
TELLING = 3  # times closer together that a reading's days must lie
MOST = 0.9


@dataclass(frozen=True)
class Decided:
    """Year, month and day of each cell, how they were told, and the cells that contradict it."""

    ymd: Triple
    guesses: tuple[str, ...] = ()
    undecided: bool = False
    swapped: np.ndarray | None = None


def shown_order(guesses: tuple[str, ...]) -> str:
    """``dmy`` or ``mdy`` where day and month of a column could be told apart in that order, else nothing."""
    return next((order for order in ("dmy", "mdy") if SHOWN[order] in guesses), "")


def decide(
    parts: Triple, read: np.ndarray, told: tuple[DateOrder | None, np.ndarray, np.ndarray], *, persian: bool = False
) -> Decided:
    """Year, month and day of three numbers each.

    ``read`` are the cells that have them; ``told`` the order that was answered, the mark between the numbers and the
    weekday that the cell names (0 for Monday, -1 for none). Years have four digits, or all have two; those of a
    ``persian`` table are Jalali.
    """
    order, mark, weekday = told
    year_first = read & (parts[0] > 31)
    unclear = read & ~year_first & (parts[2] > 31)
    short = read & ~year_first & (parts[2] <= 31)
    if len(short) and short.mean() > 0.5:
        return _short_years(parts, short, told, persian)
    result = [np.where(short, 0, values) for values in parts]  # lone two-digit years are no dates
    result = list(_year_first(tuple(result), year_first, weekday))  # type: ignore[arg-type]
    if not unclear.any():
        return Decided((result[0], result[1], result[2]))
    chosen, undecided = _chosen(parts, unclear, (order, mark, weekday), ("dmy", "mdy"))
    ordered = ORDERED[chosen](parts)
    ymd = tuple(np.where(unclear, ordered[k], result[k]) for k in range(3))
    swapped = _swapped(parts, (year_first, unclear), chosen) if not undecided else None
    return Decided((ymd[0], ymd[1], ymd[2]), (SHOWN[chosen],), undecided, swapped)


def _short_years(
    parts: Triple, short: np.ndarray, told: tuple[DateOrder | None, np.ndarray, np.ndarray], persian: bool
) -> Decided:
    orders = ("dmy", "mdy", "ymd") if told[0] is None else (told[0],)
    full = {order: _century(ORDERED[order](parts)) for order in orders}
    chosen, undecided = _densest(full, short, told[2])
    if persian and chosen == "ymd" and bool((parts[0][short] <= SHORT_JALALI).all()):
        full[chosen] = _century(parts, JALALI_CENTURY)
    year, month, day = full[chosen]
    return Decided((np.where(short, year, 0), month, day), (SHOWN[chosen],), undecided)


def _century(ymd: Triple, century: int = 2000) -> Triple:
    return np.where(ymd[0] < 100, ymd[0] + century, ymd[0]), ymd[1], ymd[2]


def _year_first(parts: Triple, year_first: np.ndarray, weekday: np.ndarray) -> Triple:
    """Year, month, day; or year, day, month where the middle number shows it beyond doubt."""
    b, c = parts[1][year_first], parts[2][year_first]
    if len(b) >= 3 and (b > 12).mean() > 0.25 and not (c > 12).any():
        turned = ORDERED["ydm"](parts)
        return parts[0], np.where(year_first, turned[1], parts[1]), np.where(year_first, turned[2], parts[2])
    return parts


def _chosen(
    parts: Triple, unclear: np.ndarray, told: tuple[DateOrder | None, np.ndarray, np.ndarray], orders: tuple[str, ...]
) -> tuple[str, bool]:
    order, mark, weekday = told
    if order:
        return order, False
    first, second = parts[0][unclear] > 12, parts[1][unclear] > 12
    if first.sum() != second.sum():
        return ("dmy" if first.sum() > second.sum() else "mdy"), False
    if (mark[unclear] == ".").all():
        return "dmy", False
    return _densest({each: ORDERED[each](parts) for each in orders}, unclear, weekday)


def _densest(readings: dict[str, Triple], among: np.ndarray, weekday: np.ndarray) -> tuple[str, bool]:
    """The reading that fits the weekdays named; else whose days are all dates and lie far closer together."""
    fits, spans = {}, {}
    for order, (year, month, day) in readings.items():
        dates, _ = dates_of(year[among], month[among], day[among])
        named = weekday[among] >= 0
        days = dates.astype("datetime64[D]").astype(np.int64)
        fits[order] = float(((days[named] + 3) % 7 == weekday[among][named]).mean()) if named.any() else 0.0
        spans[order] = _span((year[among], month[among], day[among]))
    best = max(fits, key=lambda order: fits[order])
    if fits[best] >= MOST and all(fit < 1 - MOST for order, fit in fits.items() if order != best):
        return best, False
    ranked = sorted(spans, key=lambda order: spans[order])
    if len(ranked) == 1 or spans[ranked[0]] * TELLING < spans[ranked[1]]:
        return ranked[0], False
    first, second = readings[ranked[0]], readings[ranked[1]]
    alike = all(bool((first[k][among] == second[k][among]).all()) for k in range(3))
    return ranked[0], not alike


def _swapped(parts: Triple, forms: tuple[np.ndarray, np.ndarray], chosen: str) -> np.ndarray | None:
    """Dates that a spreadsheet took for month and day, beside those that it could not take so.

    A spreadsheet that expects the month first turns 01/02 to 2 January and leaves 13/02 as text. Where it says typed
    dates in a form of their own, the two never share a day; else days lie far closer together once turned back.
    """
    typed, written = forms
    place = 0 if chosen == "dmy" else 1
    late = written & (parts[place] > 12)
    if typed.sum() >= 3 and written.sum() >= 3:
        return typed if bool(late[written].all()) and bool((parts[2][typed] <= 12).all()) else None
    early = written & (parts[0] <= 12) & (parts[1] <= 12) & (parts[0] != parts[1])
    if late.sum() < 3 or early.sum() < 3:
        return None
    as_chosen, turned = ORDERED[chosen](parts), ORDERED["mdy" if chosen == "dmy" else "dmy"](parts)
    mixed = tuple(np.where(early, turned[k], as_chosen[k]) for k in range(3))
    spans = [_span((each[0][written], each[1][written], each[2][written])) for each in (as_chosen, mixed)]
    return early if spans[1] * TELLING < spans[0] else None


def _span(ymd: Triple) -> int:
    dates, _ = dates_of(*ymd)
    return int((dates.max() - dates.min()).astype(int)) if not np.isnat(dates).any() else DAY_S * 40_000


def dates_of(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, bool]:
    """Midnight of each date (NaT where there is no such date), and whether any was Jalali."""
    jalali = (year >= JALALI_YEARS[0]) & (year <= JALALI_YEARS[1])
    known = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (year >= YEARS[0]) & (year <= YEARS[1])
    months = (np.where(known, year, YEARS[0]) - 1970) * 12 + np.where(known, month, 1) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]")
    dates = first + (np.where(known, day, 1) - 1).astype("timedelta64[D]")
    known &= dates.astype("datetime64[M]").astype(np.int64) == months
    stamp = np.where(known, dates.astype("datetime64[s]"), NAT)
    if jalali.any():
        stamp[jalali] = _from_jalali(year[jalali], month[jalali], day[jalali])
    return stamp, bool(jalali.any())


def _from_jalali(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    from persiantools.jdatetime import JalaliDate

    keys, codes = np.unique(np.stack([year, month, day]), axis=1, return_inverse=True)

    def gregorian(y: int, m: int, d: int) -> str:
        return (
            str(JalaliDate.fromisoformat(f"{y}-{m:02d}-{d:02d}").to_gregorian())
            if JalaliDate.check_date(y, m, d)
            else "NaT"
        )

    return np.array([gregorian(*map(int, key)) for key in keys.T], dtype="datetime64[s]")[codes]
