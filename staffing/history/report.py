"""What an import found: problems, questions, plain notes, what was guessed, and what was not read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from staffing.errors import InputError, InputErrors, Where
from staffing.history.shown import shown

if TYPE_CHECKING:
    from staffing.history.history import History
    from staffing.history.layout.table import RawTable

ERROR_COLUMNS = ["file", "row", "column", "value", "reason", "remedy"]
FIRST_ROWS = 5


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. ``row`` counts as a spreadsheet does: the first line of the file is row 1.

    Many rows with the same fault are one problem, which names the first of them. ``queues`` are those whose rows it
    concerns; none where the file does not say.
    """

    file: str
    reason: str
    remedy: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    queues: tuple[str, ...] = ()

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


@dataclass(frozen=True)
class Reading:
    """One way to read what is doubtful: the ``answer`` that chooses it, what it means, and a row read so."""

    answer: str
    means: str
    sample: str = ""


@dataclass(frozen=True)
class Question:
    """What can be read in two ways. ``option`` is the name that its answer goes by everywhere."""

    option: str
    file: str
    asks: str
    readings: tuple[Reading, ...]

    def as_error(self) -> InputError:
        ways = "; or ".join(
            f"{self.option}={each.answer}: {each.means}{f' ({each.sample})' if each.sample else ''}"
            for each in self.readings
        )
        return InputError(self.asks, where=Where(self.file or None), remedy=f"Answer {ways}.")


@dataclass(frozen=True)
class Unread:
    """Something beside the history that was not read, and why."""

    what: str
    why: str


@dataclass
class Findings:
    """Collects what comes to light while files are read."""

    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    guesses: dict[str, str] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def guess(self, file: str, what: str, value: str) -> None:
        self.guesses[f"{file}: {what}"] = value

    def ask(self, question: Question) -> None:
        """Ask once for each option: the answer holds for all files."""
        if question.option not in {each.option for each in self.questions}:
            self.questions.append(question)

    def add(self, other: Findings) -> None:
        """What was found in another file, behind what is here."""
        self.problems += other.problems
        self.unread += other.unread
        self.guesses |= other.guesses
        for question in other.questions:
            self.ask(question)
        for note in other.notes:
            self.note(note)

    def leave(self, what: str, why: str) -> None:
        self.unread.append(Unread(what, why))

    def error(self, error: InputError) -> None:
        """Keep a problem that stops one file."""
        for each in error.problems if isinstance(error, InputErrors) else (error,):
            self.problems.append(
                Problem(each.where.file or "", each.what, each.remedy, each.where.row, each.where.column)
            )

    def cells(self, table: RawTable, bad: np.ndarray, fault: Fault) -> np.ndarray:
        """Report the cells of ``table`` where ``bad`` holds, as one problem. Returns ``bad``."""
        places = np.flatnonzero(bad)
        if len(places):
            values = table.columns.get(fault.column)
            value = None if values is None else shown(values.iloc[places[0]])
            heading = table.headings.get(fault.column, fault.column)
            reason = fault.reason + _more_rows(table.rows[places])
            where = int(table.rows[places[0]]), heading, value
            self.problems.append(Problem(table.file, reason, fault.remedy, *where, _queues_at(table, places)))
        return bad

    def as_errors(self) -> InputErrors:
        """All problems and open questions as one error."""
        each = [problem.as_error() for problem in self.problems] + [asked.as_error() for asked in self.questions]
        return InputErrors(each, file=next((error.where.file for error in each), None))


def _queues_at(table: RawTable, places: np.ndarray) -> tuple[str, ...]:
    """The queues of some rows; none where a row names none."""
    told = table.columns.get("queue")
    names = [] if told is None else [str(name).strip() for name in told.iloc[places].drop_duplicates()]
    return tuple(dict.fromkeys(names)) if all(names) else ()


def _more_rows(rows: np.ndarray) -> str:
    if len(rows) == 1:
        return ""
    return f" So it is in {len(rows):,} rows: {first_rows(rows)}."


def first_rows(rows: np.ndarray) -> str:
    """The first of some row numbers, for a message: ``4, 5, 6 …``."""
    more = " …" if len(rows) > FIRST_ROWS else ""
    return ", ".join(map(str, rows[:FIRST_ROWS])) + more


@dataclass(frozen=True)
class ImportReport:
    """What an import would do, before it is done.

    ``errors`` has one row per kind of fault (file, row, column, value, reason, remedy); ``history`` is None when
    there are any, or open ``questions``. ``good_rows`` counts the rows of the files that can be used as they are.
    """

    good_rows: int
    problems: tuple[Problem, ...]
    questions: tuple[Question, ...]
    notes: tuple[str, ...]
    guesses: Mapping[str, str]
    unread: tuple[Unread, ...]
    history: History | None

    @property
    def ok(self) -> bool:
        return self.history is not None

    @property
    def status(self) -> str:
        """``read``, ``question`` or ``refused``."""
        return "refused" if self.problems else "question" if self.questions else "read"

    @property
    def errors(self) -> pd.DataFrame:
        rows = [[getattr(problem, name) for name in ERROR_COLUMNS] for problem in self.problems]
        return pd.DataFrame(rows, columns=ERROR_COLUMNS).astype({"row": "Int64"})
