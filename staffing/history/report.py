"""What an import found: errors by row, plain notes, and the formats it guessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from staffing.errors import InputError, InputErrors, Where

if TYPE_CHECKING:
    from staffing.history.intervals import History
    from staffing.history.raw import RawTable

ERROR_COLUMNS = ["file", "row", "column", "value", "reason", "remedy"]
SHOWN_PER_KIND = 50
SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. ``row`` counts as a spreadsheet does: the first line of the file is row 1."""

    file: str
    reason: str
    remedy: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def as_error(self) -> InputError:
        what = (
            self.reason
            if self.value is None
            else f"'{self.value}' {self.reason}"
            if self.value
            else f"an empty cell {self.reason}"
        )
        return InputError(what, where=Where(self.file or None, self.row, self.column), remedy=self.remedy)


@dataclass(frozen=True)
class Fault:
    """A kind of wrong cell: its reason completes "'value' …", its remedy tells the planner what to do."""

    column: str
    reason: str
    remedy: str


@dataclass
class Findings:
    """Collects problems, notes and guesses while a file is read."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    guesses: dict[str, str] = field(default_factory=dict)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def guess(self, file: str, what: str, value: str) -> None:
        self.guesses[f"{file}: {what}"] = value

    def error(self, error: InputError) -> None:
        """Keep a problem that stops one file."""
        for each in error.problems if isinstance(error, InputErrors) else (error,):
            self.problems.append(
                Problem(each.where.file or "", each.what, each.remedy, each.where.row, each.where.column)
            )

    def cells(self, table: RawTable, bad: np.ndarray, fault: Fault) -> np.ndarray:
        """Report the cells of ``table`` where ``bad`` holds; at most 50 by row, the rest as a count.

        Returns ``bad``.
        """
        places = np.flatnonzero(bad)
        heading = table.headings.get(fault.column, fault.column)
        values = table.columns.get(fault.column)
        for place in places[:SHOWN_PER_KIND]:
            value = None if values is None else shown(values.iloc[place])
            self.problems.append(
                Problem(table.file, fault.reason, fault.remedy, int(table.rows[place]), heading, value)
            )
        if len(places) > SHOWN_PER_KIND:
            more = f"the same holds for {len(places) - SHOWN_PER_KIND:,} more rows."
            self.problems.append(Problem(table.file, more, "", column=heading))
        return bad

    def as_errors(self) -> InputErrors:
        return InputErrors([problem.as_error() for problem in self.problems], file=self.problems[0].file or None)


def shown(value: Any) -> str:
    """A cell as a message shows it: short and on one line."""
    text = "" if value is None or value is pd.NaT or value is pd.NA else str(value)
    flat = " ".join("".join(ch if ch.isprintable() else " " for ch in text[: 4 * SHOWN_CHARACTERS]).split())
    return flat if len(flat) <= SHOWN_CHARACTERS else flat[: SHOWN_CHARACTERS - 1] + "…"


@dataclass(frozen=True)
class ImportReport:
    """What an import would do, before it is done.

    ``errors`` has one row per wrong cell (file, row, column, value, reason, remedy); ``history`` is None when
    there are any. ``good_rows`` counts the rows of the files that can be used as they are.
    """

    good_rows: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    guesses: dict[str, str]
    history: History | None

    @property
    def ok(self) -> bool:
        return self.history is not None

    @property
    def errors(self) -> pd.DataFrame:
        rows = [[getattr(problem, name) for name in ERROR_COLUMNS] for problem in self.problems]
        return pd.DataFrame(rows, columns=ERROR_COLUMNS).astype({"row": "Int64"})
