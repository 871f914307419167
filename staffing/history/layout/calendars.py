"""Calendars on a page: the days of a month across, or months across and days down."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from staffing.history.arithmetic.total_names import is_total_name
from staffing.history.files.sheet import Sheet
from staffing.history.layout.headings import meaning
from staffing.history.layout.table import HEADING_ROWS, body_of, is_number, title_of
from staffing.history.layout.wide import Across, Wide
from staffing.history.layout.words import concepts
from staffing.history.meaning.kinds import kind_of
from staffing.history.meaning.months import day_of, month_in, month_of

FEWEST_DAYS, FEWEST_MONTHS = 28, 2
FEWEST_DAYS_DOWN = 8
MOST = 0.6  # of a column's cells that are months where some are totals


def find_calendar(sheet: Sheet) -> Wide | None:
    """How a sheet's table is a calendar, or None."""
    rows = enumerate(sheet.head[:HEADING_ROWS], start=1)
    return next((found for row, cells in rows if (found := _calendar(sheet, row, cells)) is not None), None)


def _calendar(sheet: Sheet, row: int, cells: Sequence[str]) -> Wide | None:
    body = body_of(sheet.head[row:])
    title = title_of(sheet.head[: row - 1])
    days = _days(cells)
    if len(days) >= FEWEST_DAYS and _numbers_below(days, body):
        ids = _ids(cells, body, days)
        if "month" in ids or month_in(title):
            return _wide("day", days, ids, (tuple(cells), row, title))
    months = _months(cells)
    if len(months) >= FEWEST_MONTHS and _numbers_below(months, body):
        ids = _ids(cells, body, months)
        if "day" in ids:
            ids.pop("month", None)
            return _wide("month", months, ids, (tuple(cells), row, title))
    return None


def _wide(of: str, keys: dict[int, str], ids: dict[str, int], at: tuple[tuple[str, ...], int, tuple[str, ...]]) -> Wide:
    texts, row, title = at
    if of == "day":
        ids.pop("day", None)
    across = tuple(Across(place, "calls", key) for place, key in keys.items())
    return Wide(ids, across, of, texts, row + 1, title, tuple(text for text in texts if text and is_total_name(text)))


def _days(cells: Sequence[str]) -> dict[int, str]:
    """Headings that are 1, 2, 3 … to the end of a month, by place."""
    told = [(place, day) for place, text in enumerate(cells) if (day := day_of(text)) is not None]
    first = next((k for k, (_, day) in enumerate(told) if day == 1), None)
    if first is None:
        return {}
    run = told[first : first + 1]
    for (_, before), (place, day) in pairwise(told[first:]):
        if day != before + 1:
            break
        run.append((place, day))
    return {place: str(day) for place, day in run}


def _months(cells: Sequence[str]) -> dict[int, str]:
    """Headings that are months, one after the other, by place."""
    told = {place: month for place, text in enumerate(cells) if (month := month_of(text)) is not None}
    follow = all((later[1] - before[1]) % 12 == 1 for before, later in pairwise(told.values()))
    if not follow or len(set(told.values())) < len(told):
        return {}
    return {place: f"{year:04d}-{month:02d}" if year else cells[place] for place, (year, month) in told.items()}


def _numbers_below(keys: dict[int, str], body: Sequence[Sequence[str]]) -> bool:
    return any(is_number(line[place]) for line in body for place in keys if place < len(line))


def _ids(cells: Sequence[str], body: Sequence[Sequence[str]], keys: dict[int, str]) -> dict[str, int]:
    """Columns that name a row: its month, year, day of the month, time of day, queue."""
    ids: dict[str, int] = {}
    for place, text in enumerate(cells):
        if place in keys:
            continue
        filled = [line[place] for line in body if place < len(line) and line[place]]
        name = _name(text, filled)
        if name:
            ids.setdefault(name, place)
    return ids


def _name(heading: str, filled: Sequence[str]) -> str | None:
    words, told = concepts(heading), meaning(heading)
    if not filled:
        return None
    if "year" in words:
        return "year"
    months = sum(month_of(text) is not None for text in filled)
    if months >= MOST * len(filled) or ("month" in words and kind_of(filled) == "number"):
        return "month"
    if sum(day_of(text) is not None for text in filled) >= FEWEST_DAYS_DOWN and "time" not in words:
        return "day"
    if kind_of(filled) == "clock" or (told is not None and told.meaning == "time"):
        return "time"
    return "queue" if (told is not None and told.meaning == "queue") or not heading else None
