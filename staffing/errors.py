"""One family of errors: what is wrong, where it is, what to do about it.

Every message a user sees comes from here, so it always has the same three parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

#: Of a long list of problems, so many are printed; the rest is counted.
SHOWN = 20

#: What libraries raise at figures that nobody foresaw: a queue that fails so is at fault, not the program.
FAULTS = (ArithmeticError, ValueError, LookupError, TypeError, RuntimeError)


@dataclass(frozen=True)
class Where:
    """A place a user can go to: any part may be left out.

    ``row`` counts as the user's spreadsheet does: the header is row 1.
    """

    file: str | None = None
    row: int | None = None
    column: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        parts = [
            self.file,
            f"row {self.row}" if self.row is not None else None,
            f"column '{self.column}'" if self.column else None,
            f"field '{self.field}'" if self.field else None,
        ]
        return ", ".join(part for part in parts if part)


class StaffingError(Exception):
    """Something a user can mend. ``str()`` gives the whole message on one line."""

    exit_code = 1

    def __init__(self, what: str, *, where: Where | None = None, remedy: str = "") -> None:
        self.what = what
        self.where = where or Where()
        self.remedy = remedy
        place = str(self.where)
        super().__init__(" ".join(part for part in (f"{place}:" if place else "", what, remedy) if part))


class InputError(StaffingError):
    """A file, option or field is wrong; nothing has been changed."""

    exit_code = 2


class Unwritable(InputError):
    """A file or folder cannot be written: a full disk, a read-only place, a missing right; nothing was changed."""


class InputErrors(InputError):
    """Several things are wrong in one input; ``problems`` lists each."""

    def __init__(self, problems: list[InputError], *, file: str | None = None) -> None:
        self.problems = tuple(problems)
        shown = "\n".join(f"  - {problem}" for problem in problems[:SHOWN])
        more = f"\n  - and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
        super().__init__(f"{len(problems)} problem(s):\n{shown}{more}", where=Where(file=file))

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), file=self.where.file), (list(self.problems),)


class TableError(StaffingError):
    """A table passed between stages breaks its contract (columns, types, values)."""


class PlanError(StaffingError):
    """The inputs are well formed, yet no plan can be made from them."""


class Cancelled(StaffingError):
    """The user stopped the work; nothing was written. `best` is the roster that was complete by then, if any."""

    best: object = None

    def __init__(self) -> None:
        super().__init__("Stopped before the end.", remedy="Nothing was written; start it again when you like.")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (), {"best": self.best}


class AlreadyRunning(StaffingError):
    """Another run holds the lock of this workspace."""

    exit_code = 4


class Forbidden(StaffingError):
    """The user at work lacks the role; nothing was changed."""


class Conflict(StaffingError):
    """Somebody else changed the same thing meanwhile; nothing was written. ``differences`` are theirs, in words."""

    exit_code = 4

    def __init__(self, what: str, differences: tuple[str, ...] = (), *, remedy: str = "") -> None:
        self.differences = differences
        shown = "\n".join(f"  - {text}" for text in differences[:SHOWN])
        more = f"\n  - and {len(differences) - SHOWN} more" if len(differences) > SHOWN else ""
        super().__init__(f"{what}\n{shown}{more}\n" if differences else what, remedy=remedy)
