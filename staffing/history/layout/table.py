"""A sheet's table: where its headings are, which columns are read, its merged cells filled down."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from staffing.errors import InputError, Where
from staffing.history.files.sheet import OddRow, Sheet
from staffing.history.layout.headings import OWN, PARTS, TIMES, recognise
from staffing.history.layout.merged import filled_down
from staffing.history.layout.words import own_words, plain
from staffing.history.meaning.kinds import kind_of
from staffing.history.meaning.numerals import as_text
from staffing.history.options import ImportOptions
from staffing.history.shown import shown

HEADING_ROWS = 25
MOST_TITLE_CELLS = 12
SEVERAL = ("aht", *PARTS, "wait", "asa", "abandon_wait")  # a mean and a total may stand side by side
COUNTS = ("calls", "answered", "abandoned")
FIGURES = (*COUNTS, *SEVERAL, "scheduled", "planned_off", "present")


@dataclass(frozen=True)
class RawTable:
    """Known columns of one sheet, cells typed or as categories of text; ``rows`` are the spreadsheet's row numbers.

    ``headings`` maps our column names to the sheet's own; ``unknown`` are columns that are not read, by their place;
    ``title`` are the lines above the headings; ``filled`` the columns whose empty cells were merged ones. ``again``
    opens the sheet once more: its bytes are not held while its rows are looked at.
    """

    file: str
    columns: dict[str, pd.Series]
    headings: dict[str, str]
    rows: np.ndarray
    unknown: dict[int, str] = field(default_factory=dict)
    title: tuple[str, ...] = ()
    odd: tuple[OddRow, ...] = ()
    filled: tuple[str, ...] = ()
    separator: str = ""
    first_row: int = 2
    again: Callable[[], Sheet] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def keep(self, mask: np.ndarray) -> RawTable:
        """Only the rows where ``mask`` holds."""
        if mask.all():
            return self
        columns = {name: values[mask].reset_index(drop=True) for name, values in self.columns.items()}
        return replace(self, columns=columns, rows=self.rows[mask])

    def beside(self, place: int) -> pd.Series | None:
        """The texts of a column that is not read, for the rows that are kept; None where they cannot be had."""
        if self.again is None:
            return None
        cells = self.again().load([place], self.first_row)
        kept = np.isin(cells.rows, self.rows)
        return as_text(cells.columns[place][kept].reset_index(drop=True)) if kept.sum() == len(self.rows) else None


@dataclass(frozen=True)
class Layout:
    """``places`` maps our names to columns; ``texts`` are the sheet's headings, ``first_row`` the first below them."""

    places: dict[str, int]
    texts: tuple[str, ...]
    first_row: int
    title: tuple[str, ...] = ()


def find_layout(sheet: Sheet, options: ImportOptions) -> Layout | None:
    """The headings among a sheet's first lines, on one row or spread over two; None where a history's are not there."""
    lines = sheet.head
    for row, cells in enumerate(lines[:HEADING_ROWS], start=1):
        layout = _layout(lines, (row, row + 1), cells, options)
        if layout:
            below = _layout(lines, (row + 1, row + 2), lines[row], options) if row < len(lines) else None
            return below if below and len(below.places) > len(layout.places) else layout
    for row, (upper, lower) in enumerate(pairwise(lines[:HEADING_ROWS]), start=1):
        for cells in (_joined(upper, lower), _stacked(upper, lower)):
            layout = _layout(lines, (row, row + 2), cells, options)
            if layout:
                return layout
    return None


def _layout(
    lines: Sequence[Sequence[str]], rows: tuple[int, int], cells: Sequence[str], options: ImportOptions
) -> Layout | None:
    found = recognise(cells)
    chosen = _chosen_columns(cells, options)
    for name, place in chosen.items():
        found[name] = [place]
    if not {"calls", "answered"} & set(found):
        return None
    body = body_of(lines[rows[1] - 1 :])
    places = {name: spots[0] for name, spots in found.items() if name not in TIMES}
    for name in SEVERAL:
        if len(found.get(name, ())) > 1:
            places[f"{name}+"] = found[name][1]
    if "answered" not in found and "abandoned" in found and len(found["calls"]) > 1:
        places["calls+"] = found["calls"][1]  # perhaps those answered: figures tell
    times = times_of(found, body, chosen)
    if not times:
        return None
    title = title_of(lines[: rows[0] - 1])
    if _twice(cells, places, chosen) or len(_named_groups(cells, found)) > 1:
        return None
    return Layout({**times, **places}, tuple(cells), rows[1], title)


def body_of(lines: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The lines below headings, without empty ones and those of one cell, such as a footer, where others have more."""
    filled = [(sum(map(bool, line)), line) for line in lines]
    return [line for cells, line in filled if cells > 1] or [line for cells, line in filled if cells]


def title_of(lines: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The texts of the lines above the headings; a name and its value in two cells are told as 'Queue: Sales' too."""
    texts: list[str] = []
    for line in lines:
        told = [text for text in line if text]
        pairs = [f"{name.rstrip(' :')}: {value}" for name, value in pairwise(told)]
        texts += [*told, *(pairs if len(told) <= MOST_TITLE_CELLS else [])]
    return tuple(texts)


def _twice(cells: Sequence[str], places: dict[str, int], chosen: dict[str, int]) -> bool:
    """Whether a heading that is read stands over two columns."""
    plains = [plain(text) for text in cells]
    return any(
        plains.count(plains[place]) > 1 for name, place in places.items() if name in COUNTS and name not in chosen
    )


def _named_groups(cells: Sequence[str], found: dict[str, list[int]]) -> set[str]:
    """Words of their own, such as queues' names, that several columns of calls have, each its own."""
    words = [own_words(cells[place]) for place in found.get("calls", ())]
    return set(words) if all(words) else set()


def _chosen_columns(cells: Sequence[str], options: ImportOptions) -> dict[str, int]:
    """Columns that were answered by their headings."""
    spelled = {plain(text): place for place, text in reversed(list(enumerate(cells)))}
    told = {key.partition(".")[2]: plain(value) for key, value in options.answers.items() if key.startswith("column.")}
    return {name: spelled[heading] for name, heading in told.items() if heading in spelled}


def times_of(
    found: dict[str, list[int]], body: Sequence[Sequence[str]], chosen: dict[str, int] | None = None
) -> dict[str, int]:
    """The column, or the date and the time of day, that rows begin at: by the headings, and by the cells below."""
    candidates = [(name, place) for name in TIMES for place in found.get(name, ())]
    if chosen and set(chosen) & set(TIMES):
        return {name: place for name, place in chosen.items() if name in TIMES}
    kinds = {place: kind_of([line[place] if place < len(line) else "" for line in body]) for _, place in candidates}
    stamps = [place for name, place in candidates if kinds[place] == "stamp"]
    dates = [place for name, place in candidates if kinds[place] == "date"]
    clocks = [place for name, place in candidates if kinds[place] == "clock" and name != "date"]
    hours = [place for name, place in candidates if kinds[place] == "number" and name == "time" and place not in clocks]
    if stamps:
        return {"timestamp": stamps[0]}
    if dates and (clocks or hours):
        return {"date": dates[0], "time": (clocks or hours)[0]}
    if dates:
        return {"timestamp": dates[0]}
    if any(name != "time" for name, _ in candidates):
        place = next(place for name, place in candidates if name != "time")
        time = next((p for name, p in candidates if name == "time" and kinds[p] in ("clock", "number")), None)
        return {"timestamp": place} if time is None else {"date": place, "time": time}
    return {"time": (clocks or hours)[0]} if clocks or hours else {}


def read_table(sheet: Sheet, layout: Layout) -> RawTable:
    """The known columns under the headings, merged dates and queues filled down."""
    cells = sheet.load(sorted(set(layout.places.values())), layout.first_row)
    columns = {name: cells.columns[place] for name, place in layout.places.items() if place in cells.columns}
    headings = {name: layout.texts[place] for name, place in layout.places.items()}
    known = set(layout.places.values())
    unknown = {place: text for place, text in enumerate(layout.texts) if place not in known and text}
    filled = []
    for name in ("time", "date", "timestamp", "queue"):
        whole = filled_down(columns, name) if name in columns else None
        if whole is not None:
            columns[name] = whole
            filled.append(name)
    return RawTable(
        sheet.label,
        columns,
        headings,
        cells.rows,
        unknown,
        layout.title,
        cells.odd,
        tuple(filled),
        sheet.guesses.get("separator", ""),
        layout.first_row,
    )


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """'Calls' above 'offered' is 'Calls offered'; a group's name holds until the next."""
    cells, group = [], ""
    for place, text in enumerate(lower):
        group = (upper[place].strip() if place < len(upper) else "") or group
        cells.append(f"{group} {text}".strip() if text.strip() else group)
    return cells


def _stacked(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """The lower heading where there is one, else the upper."""
    return [text.strip() or (upper[place].strip() if place < len(upper) else "") for place, text in enumerate(lower)]


def with_values(raw: RawTable, sheet: Sheet) -> RawTable:
    """``raw`` as it is. Raises InputError where a workbook holds the formulas of calls without their values."""
    calls = raw.columns["calls" if "calls" in raw.columns else "answered"]
    if sheet.formulas and len(raw) and not (as_text(calls) != "").any():
        raise InputError(
            "holds formulas without their values.",
            where=Where(raw.file),
            remedy="Open it in the program that it is for, and save it again.",
        )
    return raw


def is_own(raw: RawTable) -> bool:
    """Whether a table is the planner's own: typed instants, and its own headings alone."""
    at = raw.columns.get("timestamp")
    return (
        at is not None
        and isinstance(at.dtype, pd.DatetimeTZDtype)
        and set(map(plain, raw.headings.values())) <= set(OWN)
    )


def no_table(sheet: Sheet) -> InputError:
    """Why a sheet has no table of history, as far as its headings tell."""
    best = max(sheet.head[:HEADING_ROWS], key=lambda cells: (len(recognise(cells)), len(cells)), default=[])
    row = next((number for number, cells in enumerate(sheet.head, start=1) if cells is best), 1)
    found = recognise(best)
    timed = bool(set(TIMES) & set(found))
    lacks = "calls" if timed else "timestamp" if "calls" in found else None
    seen = ", ".join(shown(text)[:30] for text in best[:12] if text.strip()) or "nothing"
    if _repeats(best):
        return InputError(
            f"has the heading '{shown(_repeats(best))}' twice.",
            where=Where(sheet.label, row),
            remedy="Name the queues on the row above, or keep one of the columns.",
        )
    what = f"lacks the column '{lacks}'" if lacks else "has no headings that can be read"
    choose = f", or say which column it is with column.{lacks}=HEADING" if lacks else ""
    return InputError(
        f"{what} (found: {seen}).",
        where=Where(sheet.label, row),
        remedy="Name a time column (timestamp, date or start) and 'calls' in the first row; queue, answered, abandoned "
        f"and aht_seconds may follow{choose}.",
    )


def _repeats(cells: Sequence[str]) -> str:
    """A heading of calls that stands over two columns, else nothing."""
    counted = [text for name in COUNTS for text in (cells[place] for place in recognise(cells).get(name, ()))]
    plains = [plain(text) for text in counted]
    return next((text for text in counted if plains.count(plain(text)) > 1), "")


def is_number(text: str) -> bool:
    """Whether a cell is a bare number, in any digits."""
    return bool(
        re.fullmatch(r"[-+]?[\d\u0660-\u0669\u06f0-\u06f9][\d\u0660-\u0669\u06f0-\u06f9., ٫٬’']*", text.strip())
    )
