"""Rows of the workspace's CSV files as domain objects; whatever is wrong is named by file, row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from staffing.domain.base import Frozen
from staffing.errors import InputError, InputErrors, Where

MAX_ROWS = 100_000
MAX_CELL = 20_000
_RENAMED = {"queue": "queues", "agent": "name"}
_LISTS = {
    "queues", "skills", "secondary", "shares", "handle_factors", "days", "other_days", "time_off", "elsewhere",
    "contract_changes", "prefers", "avoids", "languages",
}  # fmt: skip
_SHARE = "Write a share: 0.10 adds 10 %, -0.05 takes away 5 %."
_REMEDIES = dict.fromkeys(("effect", "effect_low", "effect_high", "aht_effect"), _SHARE)


def _in_column(problem: InputError, columns: tuple[str, ...]) -> InputError:
    """The problem of a field in the column that it was read from."""
    where = problem.where
    field = (where.field or "").partition(".")[0]
    column = next((column for column in columns if field in (column, _RENAMED.get(column))), field)
    shown = Where(where.file, where.row, column or None)
    return InputError(problem.what, where=shown, remedy=problem.remedy or _REMEDIES.get(column or "", ""))


def parsed(
    kind: type[Frozen], rows: list[tuple[int, dict[str, Any]]], file: str, columns: tuple[str, ...]
) -> Iterator[Any]:
    problems: list[InputError] = []
    names: dict[str, int] = {}
    for row, data in rows:
        try:
            item = kind.parse(data, Where(file, row))
        except InputErrors as error:
            problems += [_in_column(problem, columns) for problem in error.problems]
            continue
        name = str(data["name"])
        if name in names:
            problems.append(
                InputError(
                    f"the name '{name}' stands in row {names[name]} already.",
                    where=Where(file, row),
                    remedy="Names must differ.",
                )
            )
        names.setdefault(name, row)
        yield item
    if problems:
        raise InputErrors(problems, file=file)


def cells_of(cells: Mapping[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for column, text in cells.items():
        field = _RENAMED.get(column, column)
        if not text.strip():
            continue
        data[field] = [part.strip() for part in text.split(";") if part.strip()] if field in _LISTS else text.strip()
    return data


def text_of(content: bytes | None, file: str) -> str:
    """The text of a CSV file, empty when there is none. Raises InputError where it is not UTF-8."""
    try:
        return (content or b"").decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text.", where=Where(file), remedy="Save it as CSV UTF-8.") from None


def own_rows(content: bytes | None, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a file that the program writes itself, by their number; none when there is no file.

    Raises InputError where other hands have made something of it that is no CSV.
    """
    reader = csv.DictReader(io.StringIO(text_of(content, file), newline=""))
    try:
        yield from enumerate(reader, start=2)
    except csv.Error as error:
        raise _no_csv(file, reader.line_num, error) from None


def every_row(content: bytes | None, file: str) -> Iterator[list[str]]:
    """Every row's cells, the heading's too. Raises InputError where it is no CSV."""
    reader = csv.reader(io.StringIO(text_of(content, file), newline=""))
    try:
        yield from reader
    except csv.Error as error:
        raise _no_csv(file, reader.line_num, error) from None


def _no_csv(file: str, line: int, error: csv.Error) -> InputError:
    return InputError(f"is not a readable CSV: {error}.", where=Where(file, max(line, 1)))


def rows_of(
    content: bytes | None, file: str, columns: tuple[str, ...], required: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows that are not empty, by their number in the file; none when there is no file.

    Raises InputError for columns that are missing or unknown, and for rows and cells that are too many or too long.
    """
    if content is None:
        return
    reader = csv.DictReader(io.StringIO(text_of(content, file), newline=""), strict=True)
    try:
        header = [name.strip() for name in reader.fieldnames or ()]
        _check_header(header, file, columns, required)
        reader.fieldnames = header
        for row, cells in enumerate(reader, start=2):
            if None in cells or row > MAX_ROWS:
                raise InputError(
                    "has more cells than the header." if None in cells else f"has more than {MAX_ROWS} rows.",
                    where=Where(file, row),
                )
            for name, value in cells.items():
                if len(value or "") > MAX_CELL:
                    raise InputError(f"is longer than {MAX_CELL:,} characters.", where=Where(file, row, name))
            if any((value or "").strip() for value in cells.values()):
                yield row, {name: value or "" for name, value in cells.items()}
    except csv.Error as error:
        raise _no_csv(file, reader.line_num, error) from None


def _check_header(header: list[str], file: str, columns: tuple[str, ...], required: tuple[str, ...]) -> None:
    for name in required:
        if name not in header and len(header) == 1 and any(mark in header[0] for mark in ";\t"):
            raise InputError("is not separated by commas.", where=Where(file, 1), remedy="Save it as CSV with commas.")
        if name not in header:
            found = ", ".join(column[:60] for column in header) or "none"
            raise InputError(f"lacks the column '{name}'.", where=Where(file, 1), remedy=f"It has: {found}.")
    unknown = [name for name in header if name not in columns]
    if unknown:
        known = ", ".join(columns)
        raise InputError(
            "is not a known column.", where=Where(file, 1, unknown[0][:60]), remedy=f"Known columns: {known}."
        )
