"""Leave that people ask for: one row each in ``leave.csv`` of a workspace, until it is granted or declined.

What is granted counts as days off of the person, as if it stood in ``agents.csv``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, Literal

from staffing.errors import InputError, Where
from staffing.store.absences import Absence
from staffing.store.csv_rows import text_of

if TYPE_CHECKING:
    from staffing.store.workspace import Workspace

FILE = "leave.csv"
COLUMNS = ("agent", "first", "last", "reason", "state", "asked", "decided")
LONGEST_DAYS = 366
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


def requests(workspace: Workspace) -> tuple[LeaveRequest, ...]:
    """Everything that was asked for, the newest last. Raises InputError where a row is none."""
    return requests_of(workspace.ground.read(FILE))


def requests_of(content: bytes | None) -> tuple[LeaveRequest, ...]:
    """Requests of a CSV with COLUMNS; none when there is no file. Raises InputError where a row is none."""
    found = []
    for row, cells in enumerate(csv.DictReader(io.StringIO(text_of(content, FILE), newline="")), start=2):
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


def ask(workspace: Workspace, request: LeaveRequest, who: str) -> None:
    """Note a request; ``who`` enters it.

    Raises InputError for a person nobody knows, days that end before they begin or are too many, and days of which
    some are asked for already; Forbidden unless the user at work is planner.
    """
    if request.agent not in {agent.name for agent in workspace.base.agents}:
        raise InputError(f"there is no agent '{request.agent}'.", where=Where(field="agent"), remedy="Choose a name.")
    if not 1 <= request.days <= LONGEST_DAYS:
        remedy = f"Give a last day from {request.first} on, at most {LONGEST_DAYS} days in all."
        raise InputError("the days do not fit.", where=Where(field="last"), remedy=remedy)
    with workspace.ground.change(who, "leave asked for") as change:
        known = requests_of(change.read(FILE))
        if any(_meet(one, request) for one in known):
            raise InputError("some of these days are asked for already.", where=Where(field="first"))
        change.write(FILE, _rows([*known, replace(request, asked=_now(who))]))


def decide(workspace: Workspace, request: LeaveRequest, state: LeaveState, who: str, why: str = "") -> None:
    """Grant or decline an open request, or open a decided one again; ``who`` does, and says ``why``.

    Raises InputError where the request is no longer as it was seen, Forbidden unless the user at work is planner.
    """
    with workspace.ground.change(who, f"leave {state}") as change:
        known = requests_of(change.read(FILE))
        if request not in known:
            raise InputError("this request was changed meanwhile.", remedy="Look at it again.")
        after = replace(request, state=state, decided=" ".join(part for part in (_now(who), why.strip()) if part))
        change.write(FILE, _rows(after if one == request else one for one in known))


def _meet(one: LeaveRequest, other: LeaveRequest) -> bool:
    return one.agent == other.agent and one.state != "declined" and one.first <= other.last and one.last >= other.first


def _now(who: str) -> str:
    return f"{dt.datetime.now(dt.UTC).isoformat(timespec='seconds')} {who}".strip()


def _rows(requests: Iterable[LeaveRequest]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(one) for one in requests)
    return text.getvalue().encode()
