"""Tables that are no grid of cells: JSON records, and HTML or XML that calls itself xls."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any

from staffing.errors import InputError, Where
from staffing.history.files.grid import CellGrid, grid_of
from staffing.history.files.text import MOST_COLUMNS, too_wide

MOST_RECORD_BYTES = 100_000_000
MOST_SPAN = 2_000
MOST_CELLS = 15_000_000


def read_json(file: str, text: bytes) -> CellGrid:
    """The longest list of records in a JSON text, or a record per line. Raises InputError where there is none."""
    _check_size(file, text)
    try:
        records = _records(json.loads(text))
    except (ValueError, RecursionError):
        records = _lines(file, text)
    names = list(dict.fromkeys(name for record in records for name in record))
    if not names:
        raise InputError("holds no records.", where=Where(file), remedy="Export it as CSV.")
    if len(names) > MOST_COLUMNS or len(names) * len(records) > MOST_CELLS:
        raise too_wide(file, f"{len(names):,} columns and {len(records):,} rows")
    return grid_of("", [names, *([record.get(name) for name in names] for record in records)])


def _lines(file: str, text: bytes) -> list[dict[str, Any]]:
    try:
        return [each for line in text.splitlines() if line.strip() for each in _rows(json.loads(line))]
    except (ValueError, RecursionError, AttributeError):
        raise InputError("is not JSON that can be read.", where=Where(file), remedy="Export it as CSV.") from None


def _records(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [row for each in value if isinstance(each, dict) for row in _rows(each)]
    if isinstance(value, dict):
        columns = {name: each for name, each in value.items() if isinstance(each, list)}
        sizes = {len(each) for each in columns.values()}
        if len(columns) > 1 and len(sizes) == 1 and not any(isinstance(each[:1], dict) for each in columns.values()):
            return [dict(zip(columns, line)) for line in zip(*columns.values())]
        return max([_records(each) for each in value.values()], key=len, default=[])
    return []


def _rows(record: dict[str, Any], before: str = "") -> list[dict[str, Any]]:
    """A record as rows: its single values, those of records within it under both names, and of a list of records
    within it either all as one row's figures, if each is a figure with its name, or a row of each."""
    flat: dict[str, Any] = {}
    within: list[list[dict[str, Any]]] = []
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= _rows(value, f"{before}{name} ")[0]
        elif not isinstance(value, list):
            flat[f"{before}{name}"] = value
        elif value and all(isinstance(each, dict) for each in value):
            within.append(value)
    for records in within:
        flat |= _figures(records)
    tables = [[row for each in records for row in _rows(each)] for records in within if not _figures(records)]
    rows: list[dict[str, Any]] = max(tables, key=len, default=[{}])
    return [flat | row for row in rows]


def _figures(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Records that each have texts, which name them, and numbers: the numbers by the name; nothing for other records.

    ``[{"metric": "nOffered", "stats": {"count": 7}}]`` is ``{"nOffered count": 7}``.
    """
    found: dict[str, Any] = {}
    for record in records:
        row = _rows(record)[0]
        name = " ".join(value for value in row.values() if isinstance(value, str))
        numbers = {key: value for key, value in row.items() if _is_number(value)}
        if not name or not numbers or len(numbers) + sum(isinstance(value, str) for value in row.values()) < len(row):
            return {}
        found |= {f"{name} {key.split()[-1]}": value for key, value in numbers.items()}
    return found if len(found) >= len(records) and not any(map(_is_dated, found)) else {}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_dated(name: str) -> bool:
    return re.search(r"\d{4}-\d{2}|\d:\d{2}|\d{6}", name) is not None


def read_markup(file: str, text: bytes) -> CellGrid:
    """The longest table of an HTML or XML spreadsheet. Raises InputError where there is none."""
    _check_size(file, text)
    parser = _Tables()
    parser.feed(text.decode(errors="replace"))
    lines = max(parser.tables, key=len, default=[])
    if not lines:
        raise InputError("holds no table.", where=Where(file), remedy="Save it as xlsx or CSV.")
    widest = max(map(len, lines), default=0)
    if widest > MOST_COLUMNS:
        raise too_wide(file, f"{widest:,} columns")
    return grid_of("", lines)


def _check_size(file: str, text: bytes) -> None:
    if len(text) > MOST_RECORD_BYTES:
        raise InputError(
            f"is {len(text) / 1e6:,.0f} MB; at most {MOST_RECORD_BYTES / 1e6:,.0f} MB of such text are read.",
            where=Where(file),
            remedy="Export it as CSV or Parquet.",
        )


class _Tables(HTMLParser):
    """Rows of cells of every table; a cell that spans columns leaves empty ones behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.text: list[str] | None = None
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        told = {name.rpartition(":")[2]: value or "" for name, value in attrs}
        if tag in ("table", "worksheet"):
            self.tables.append([])
        elif tag in ("tr", "row"):
            if not self.tables:
                self.tables.append([])
            self.tables[-1].append([])
        elif tag in ("td", "th", "cell") and self.tables and self.tables[-1]:
            line = self.tables[-1][-1]
            line += [""] * max(0, _span(told.get("index", ""), 0) - 1 - len(line))
            line += ["", *[""] * (_span(told.get("colspan", ""), 1) - 1)]
            self.cells += len(line)
            self.text = [] if self.cells < MOST_CELLS else None
            self.place = len(line) - _span(told.get("colspan", ""), 1)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "cell") and self.text is not None:
            self.tables[-1][-1][self.place] = " ".join("".join(self.text).split())
            self.text = None

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)


def _span(text: str, default: int) -> int:
    return min(int(text), MOST_SPAN) if text.isdecimal() and int(text) > 0 else default
