"""Bids of a workspace: ``bids.csv`` with the columns agent, line, rank and, where points decide, points."""

from __future__ import annotations

from staffing.domain.bids import Bid
from staffing.errors import InputError, InputErrors, Where
from staffing.store.csv_rows import rows_of

FILE = "bids.csv"
COLUMNS = ("agent", "line", "rank", "points")


def bids_of(content: bytes | None, file: str = FILE) -> tuple[Bid, ...]:
    """The bids of a CSV, none when there is no file. Raises InputErrors naming row and column, also of a person who
    bids twice for one line or with one rank."""
    found: list[Bid] = []
    problems: list[InputError] = []
    seen: dict[tuple[str, str, object], int] = {}
    for row, cells in rows_of(content, file, COLUMNS, required=("agent", "line", "rank")):
        try:
            bid = Bid.parse({name: text.strip() for name, text in cells.items() if text.strip()}, Where(file, row))
        except InputErrors as error:
            problems += error.problems
            continue
        for column, value in (("line", bid.line), ("rank", bid.rank)):
            before = seen.setdefault((bid.agent, column, value), row)
            if before != row:
                what = f"'{bid.agent}' has the {column} {value} in row {before} already."
                problems.append(InputError(what, where=Where(file, row, column), remedy="Give each once."))
        found.append(bid)
    if problems:
        raise InputErrors(problems, file=file)
    return tuple(found)
