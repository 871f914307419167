"""Sheets whose cells have types: each column as its numbers and its texts, so that 1.234 typed is never in doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa

from staffing.errors import InputError, Where
from staffing.history.files.sheet import HEAD_ROWS, Cells, Sheet
from staffing.history.files.text import too_many_rows
from staffing.history.options import ImportOptions

LONGEST_TEXT = 200_000


@dataclass(frozen=True)
class CellGrid:
    """A typed sheet: two Arrow columns for each of its own, numbers (``n0`` …) and texts (``t0`` …).

    A cell has a number, or a text, or neither. ``hidden`` sheets were hidden by their owner.
    """

    name: str
    cells: pa.Table
    hidden: bool = False
    formulas: bool = False

    @property
    def width(self) -> int:
        return len(self.cells.column_names) // 2

    def sheet(self, file: str, name: str, options: ImportOptions) -> Sheet:
        top = self.cells.slice(0, HEAD_ROWS)
        columns = [_texts(top, place) for place in range(self.width)]
        head = [list(line) for line in zip(*columns, strict=True)] if columns else []
        return Sheet(file, name, head, partial(self._load, file, options), self.formulas, lines=self._lines)

    def _lines(self) -> Iterator[list[str]]:
        columns = [_texts(self.cells, place) for place in range(self.width)]
        return (list(line) for line in zip(*columns, strict=True))

    def _load(self, file: str, options: ImportOptions, places: Sequence[int], first_row: int) -> Cells:
        body = self.cells.slice(first_row - 1)
        if body.num_rows > options.max_rows:
            raise too_many_rows(file, body.num_rows, options)
        rows = np.arange(first_row, first_row + body.num_rows, dtype="int32")
        return Cells({place: _column(body, place) for place in places}, rows)


def grid_of(name: str, lines: Sequence[Sequence[object]], *, hidden: bool = False, formulas: bool = False) -> CellGrid:
    """The grid of lines of typed cells, which may be of different lengths."""
    width = max(map(len, lines), default=0)
    columns: dict[str, pa.Array] = {}
    for place in range(width):
        cells = [line[place] if place < len(line) else None for line in lines]
        columns[f"n{place}"] = pa.array(map(_number, cells), pa.float64())
        columns[f"t{place}"] = pa.array(map(_text, cells), pa.string())
    return CellGrid(name, pa.table(columns), hidden, formulas)


def check_texts(file: str, texts: Iterable[str]) -> None:
    """Raises InputError for a text so long that it is no cell of a history."""
    longest = max(map(len, texts), default=0)
    if longest > LONGEST_TEXT:
        raise InputError(
            f"has a text of {longest:,} characters.", where=Where(file), remedy="Keep only the columns of the history."
        )


def _number(cell: object) -> float | None:
    return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) and cell == cell else None


def _text(cell: object) -> str | None:
    if cell is None or cell == "" or (isinstance(cell, int | float) and not isinstance(cell, bool)):
        return None
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    if isinstance(cell, dt.datetime):
        return str((cell + dt.timedelta(milliseconds=500)).replace(microsecond=0))
    if isinstance(cell, dt.time) and cell.microsecond:
        return _text(
            dt.timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second, microseconds=cell.microsecond)
        )
    return str(cell).strip()


def number_text(number: float) -> str:
    """A typed number as text: never with three decimals, which could be thousands."""
    if number == int(number):
        return str(int(number))
    text = repr(number)
    return f"{text}0" if len(text.partition(".")[2]) == 3 and "e" not in text else text


def _texts(cells: pa.Table, place: int) -> list[str]:
    numbers, texts = cells[f"n{place}"].to_pylist(), cells[f"t{place}"].to_pylist()
    return [
        text if text is not None else "" if number is None else number_text(number)
        for number, text in zip(numbers, texts, strict=True)
    ]


def _column(cells: pa.Table, place: int) -> pd.Series:
    """Numbers alone stay numbers; anything else becomes text."""
    texts = cells[f"t{place}"]
    if texts.null_count < len(texts) and any(text for text in texts.to_pylist()):
        return pd.Series(_texts(cells, place), dtype="str")
    return pd.Series(cells[f"n{place}"].to_numpy(), dtype=float)
