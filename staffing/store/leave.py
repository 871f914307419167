"""Leave that people ask for: one row each in ``leave.csv`` of a workspace, until it is granted or declined.

What is granted counts as days off of the person, as if it stood in ``agents.csv``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Literal

from staffing.errors import InputError, Where
from staffing.store.absences import Absence
from staffing.store.csv_rows import own_rows

FILE = "leave.csv"
COLUMNS = ("agent", "first", "last", "reason", "state", "asked", "decided")
LeaveState = Literal["open", "granted", "declined"]


@dataclass(frozen=True)
class LeaveRequest:
    """One person asks to be off from `first` to `last`, both inclusive.

    state : open, granted or declined; asked, decided : when (UTC) and by whom; why it was declined stands there too.
    """

    agent: str
    first: dt.date
    last: dt.date
    reason: str = ""
    state: LeaveState = "open"
    asked: str = ""
    decided: str = ""

    @property
    def days(self) -> int:
        """How many calendar days."""
        return (self.last - self.first).days + 1

    @property
    def absence(self) -> Absence:
        """The days as days away."""
        return Absence(self.agent, self.first, self.last, self.reason)


def requests_of(content: bytes | None) -> tuple[LeaveRequest, ...]:
    """Requests of a CSV with COLUMNS; none when there is no file. Raises InputError where a row is none."""
    found = []
    for row, cells in own_rows(content, FILE):
        try:
            first, last = (dt.date.fromisoformat(cells[name]) for name in ("first", "last"))
            state = cells["state"]
            if state not in ("open", "granted", "declined"):
                raise ValueError(state)
            told = (cells.get(name) or "" for name in ("asked", "decided"))
            found.append(LeaveRequest(cells["agent"], first, last, cells["reason"] or "", state, *told))  # type: ignore[arg-type]
        except (KeyError, TypeError, ValueError):
            remedy = f"Columns: {', '.join(COLUMNS)}; days YYYY-MM-DD; state open, granted or declined."
            raise InputError("is no leave request.", where=Where(FILE, row), remedy=remedy) from None
    return tuple(found)


def granted(content: bytes | None) -> tuple[Absence, ...]:
    """The days of the requests that were granted."""
    return tuple(one.absence for one in requests_of(content) if one.state == "granted")


def rows_of(requests: Iterable[LeaveRequest]) -> bytes:
    """The CSV of requests."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(one) for one in requests)
    return text.getvalue().encode()
