"""Tables with a column per time of day, per day or per queue, turned to a row per interval and queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from staffing.errors import InputError, Where
from staffing.history.arithmetic.total_names import is_total_name
from staffing.history.files.sheet import Sheet
from staffing.history.layout.headings import meaning, recognise
from staffing.history.layout.table import COUNTS, FIGURES, HEADING_ROWS, RawTable, is_number, times_of
from staffing.history.layout.words import own_words, plain
from staffing.history.meaning.clocks import read_clocks
from staffing.history.meaning.kinds import kind_of
from staffing.history.meaning.numerals import as_text
from staffing.history.meaning.times import read_times
from staffing.history.options import ImportOptions
from staffing.history.report import Findings
from staffing.history.shown import shown

FEWEST_TIMES, FEWEST_DAYS, FEWEST_QUEUES = 4, 2, 2
MOST_CELLS = 15_000_000
DURATIONS = ("aht", "talk", "hold", "wrap", "wait", "asa", "abandon_wait")


@dataclass(frozen=True)
class Across:
    """A column of figures: what it counts, and the ``key`` (time, day, queue) that its heading gives all its cells."""

    place: int
    measure: str
    key: str


@dataclass(frozen=True)
class Wide:
    """``ids`` are the columns that name a row, ``across`` those of figures, ``of`` what their keys are."""

    ids: dict[str, int]
    across: tuple[Across, ...]
    of: str
    texts: tuple[str, ...]
    first_row: int
    title: tuple[str, ...]
    totals: tuple[str, ...] = ()


def find_wide(sheet: Sheet, options: ImportOptions) -> Wide | None:
    """How a sheet's table lies across, or None."""
    lines = sheet.head[:HEADING_ROWS]
    for row, cells in enumerate(lines, start=1):
        found = _by_time(sheet, row, cells) or _by_group(sheet, row, cells)
        if found:
            return found
    for row, cells in enumerate(lines, start=1):
        found = _by_queue(sheet, row, cells, options)
        if found:
            return found
    return None


def _body(sheet: Sheet, row: int) -> list[list[str]]:
    return [line for line in sheet.head[row:] if any(line)]


def _column(body: Sequence[Sequence[str]], place: int) -> list[str]:
    return [line[place] if place < len(line) else "" for line in body]


def _title(sheet: Sheet, row: int) -> tuple[str, ...]:
    return tuple(text for line in sheet.head[: row - 1] for text in line if text)


def _by_time(sheet: Sheet, row: int, cells: Sequence[str]) -> Wide | None:
    """Times of day, or dates, across."""
    for of, places in (("time", _clocks(cells)), ("date", _days(cells))):
        if len(places) < (FEWEST_TIMES if of == "time" else FEWEST_DAYS):
            continue
        body = _body(sheet, row)
        if not body or not any(is_number(text) for place in places for text in _column(body, place)):
            continue
        ids = _ids(cells, body, [place for place in range(len(cells)) if place not in places])
        ids.pop("timestamp" if of == "time" else "", None)
        if of == "time" and "date" not in ids and not _dated(sheet, row):
            continue
        totals = tuple(text for text in cells if text and is_total_name(text))
        across = tuple(Across(place, "calls", cells[place]) for place in places)
        return Wide(ids, across, of, tuple(cells), row + 1, _title(sheet, row), totals)
    return None


def _dated(sheet: Sheet, row: int) -> bool:
    return any(
        kind_of([part]) in ("date", "stamp") for text in _title(sheet, row) for part in (text, text.split(": ")[-1])
    )


def _clocks(cells: Sequence[str]) -> list[int]:
    filled = [(place, text) for place, text in enumerate(cells) if text]
    read = read_clocks(pd.Series([text if not text.isdigit() else "" for _, text in filled], dtype="str"))
    places = [place for (place, _), wrong in zip(filled, read.wrong, strict=True) if not wrong]
    hours = [place for place, text in filled if text.isdigit() and int(text) <= 24]
    numbers = [int(cells[place]) for place in hours]
    rising = len(hours) >= 6 and all(b - a == 1 for a, b in pairwise(numbers))
    return places or (hours if rising else [])


def _days(cells: Sequence[str]) -> list[int]:
    texts = pd.Series([text if any(ch.isdigit() for ch in text) else "" for text in cells], dtype="str")
    if (texts != "").sum() < FEWEST_DAYS:
        return []
    times = read_times(texts)
    return [place for place, wrong in enumerate(times.wrong) if not wrong and not texts[place].isdigit()]


def _ids(cells: Sequence[str], body: Sequence[Sequence[str]], places: Sequence[int]) -> dict[str, int]:
    """Columns that name a row: by their headings, and by their cells where a heading says nothing."""
    ids: dict[str, int] = {}
    for place in places:
        kind = kind_of(_column(body, place))
        heading = meaning(cells[place])
        named = heading.meaning if heading else None
        if kind in ("date", "stamp"):
            ids.setdefault("date" if kind == "date" else "timestamp", place)
        elif kind == "clock" or (kind == "number" and named == "time"):
            ids.setdefault("time", place)
        elif named == "queue" or (kind == "other" and not cells[place] and place == 0):
            ids.setdefault("queue", place)
    return ids


def _by_group(sheet: Sheet, row: int, cells: Sequence[str]) -> Wide | None:
    """The same figures again and again, under the name of each queue: on the row above, or within each heading."""
    upper = sheet.head[row - 2] if row > 1 else []
    groups = _groups(upper, len(cells)) if _repeated(cells) and upper else None
    if groups is None:
        words = [own_words(text) if _measure(text) else "" for text in cells]
        counts = [
            word for word, text in zip(words, cells, strict=True) if word and _measure(text) in ("calls", "answered")
        ]
        if len(set(counts)) < FEWEST_QUEUES or any(_measure(text) == "calls" and not own_words(text) for text in cells):
            return None
        groups = words
    across, seen = [], set()
    for place, text in enumerate(cells):
        measure = _measure(text)
        if measure and groups[place] and not is_total_name(groups[place]) and (groups[place], measure) not in seen:
            across.append(Across(place, measure, groups[place]))
            seen.add((groups[place], measure))
    body = _body(sheet, row)
    ids = times_of(recognise(cells), body)
    keys = {each.key for each in across if each.measure in ("calls", "answered")}
    if len(keys) < FEWEST_QUEUES or not ids:
        return None
    totals = tuple(dict.fromkeys(group for group in groups if group and is_total_name(group)))
    kept = tuple(each for each in across if each.key in keys)
    return Wide(ids, kept, "queue", tuple(cells), row + 1, _title(sheet, row - 1 if upper else row), totals)


def _measure(text: str) -> str | None:
    heading = meaning(text)
    return heading.meaning if heading and heading.meaning in FIGURES else None


def _repeated(cells: Sequence[str]) -> bool:
    named = [plain(text) for text in cells if _measure(text) in COUNTS]
    return len(named) > len(set(named))


def _groups(upper: Sequence[str], width: int) -> list[str] | None:
    """The name above each column; it holds until the next."""
    names, name = [], ""
    for place in range(width):
        name = (upper[place] if place < len(upper) else "") or name
        names.append(name)
    return names if len(set(filter(None, names))) >= FEWEST_QUEUES else None


def _by_queue(sheet: Sheet, row: int, cells: Sequence[str], options: ImportOptions) -> Wide | None:
    """Columns of whole numbers beside the time, under headings that are no words of figures: a queue each."""
    body = _body(sheet, row)
    found = recognise(cells)
    if (
        len(body) < 2
        or any(name in found for name in FIGURES)
        or any(key.startswith("column.") for key in options.answers)
    ):
        return None
    ids = times_of(found, body)
    if not ids:
        return None
    known = {place for places in found.values() for place in places}
    named = [place for place, text in enumerate(cells) if text and place not in known and not is_number(text)]
    counts = [place for place in named if _whole(_column(body, place))]
    queues = [place for place in counts if not is_total_name(cells[place])]
    timed = [cells[place] for place in queues if kind_of([cells[place]]) != "other"]
    if len(queues) < FEWEST_QUEUES or timed or any(meaning(cells[place]) for place in queues):
        return None
    totals = tuple(cells[place] for place in counts if is_total_name(cells[place]))
    across = tuple(Across(place, "calls", cells[place]) for place in queues)
    return Wide(ids, across, "queue", tuple(cells), row + 1, _title(sheet, row), totals)


def _whole(cells: Sequence[str]) -> bool:
    filled = [text for text in cells if text]
    return (
        len(filled) > 0 and all(is_number(text) for text in filled) and not all(text in ("0", "1") for text in filled)
    )


def read_wide(sheet: Sheet, wide: Wide, findings: Findings) -> RawTable:
    """The table turned: a row for each of its rows and each key across. Raises InputError when it is none of calls."""
    _check_title(sheet, wide)
    places = sorted({*wide.ids.values(), *(each.place for each in wide.across)})
    cells = sheet.load(places, wide.first_row)
    rows, keys = len(cells.rows), list(dict.fromkeys(each.key for each in wide.across))
    if rows * len(keys) > MOST_CELLS:
        raise InputError(
            f"has {rows * len(keys):,} cells.", where=Where(sheet.label), remedy="Split it by year or by queue."
        )
    order = np.tile(np.arange(len(keys)), rows)  # row by row, each key in its turn
    at = np.repeat(np.arange(rows), len(keys))
    columns = {name: as_text(cells.columns[place]).iloc[at].reset_index(drop=True) for name, place in wide.ids.items()}
    columns[wide.of] = pd.Series(pd.Categorical.from_codes(order, keys))
    for measure in dict.fromkeys(each.measure for each in wide.across):
        columns[measure] = _turned(cells.columns, [_place(wide, measure, key) for key in keys])
    headings = {name: wide.texts[place] or name for name, place in wide.ids.items()}
    headings |= {name: name for name in columns if name not in headings}
    _say(sheet, wide, keys, findings)
    raw = RawTable(sheet.label, columns, headings, cells.rows[at], {}, wide.title, cells.odd)
    told = (as_text(columns["calls" if "calls" in columns else "answered"]) != "").to_numpy()
    return raw.keep(told) if wide.of != "queue" else raw


def _place(wide: Wide, measure: str, key: str) -> int | None:
    return next((each.place for each in wide.across if each.measure == measure and each.key == key), None)


def _turned(columns: dict[int, pd.Series], places: Sequence[int | None]) -> pd.Series:
    """Columns side by side to one, row by row."""
    texts = [
        None if place is None else as_text(columns[place]).astype("str").to_numpy(dtype=object) for place in places
    ]
    rows = next(len(each) for each in texts if each is not None)
    empty = np.full(rows, "", dtype=object)
    return pd.Series(np.stack([empty if each is None else each for each in texts], axis=1).ravel(), dtype="str")


def _check_title(sheet: Sheet, wide: Wide) -> None:
    for text in (*wide.title, *wide.texts[:1]):
        heading = meaning(text)
        if heading and heading.meaning in DURATIONS and all(each.measure == "calls" for each in wide.across):
            raise InputError(
                f"seems to hold no calls but what '{shown(text)}' says.",
                where=Where(sheet.label),
                remedy="Export the calls offered; handle times belong into a column beside them.",
            )


def _say(sheet: Sheet, wide: Wide, keys: Sequence[str], findings: Findings) -> None:
    what = {"time": "times of day", "date": "days", "queue": "queues"}[wide.of]
    sample = ", ".join(shown(key) for key in keys[:3])
    findings.note(
        f"{sheet.label}: {len(keys)} columns are read as {what}, side by side "
        f"({sample}{' …' if len(keys) > 3 else ''})."
    )
    for total in wide.totals:
        findings.note(f"{sheet.label}: column '{shown(total)}' is a total and is left out.")
