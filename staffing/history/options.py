"""What an import may be told, and how large its input may be."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args

from staffing.errors import InputError, Where

Absent = Literal["missing", "zero"]
DateOrder = Literal["day", "month"]
MAX_ROWS = 20_000_000
MAX_BYTES = 500_000_000


@dataclass(frozen=True)
class ImportOptions:
    """Choices of an import.

    Parameters
    ----------
    queue : name given to rows of a file that has no queue column.
    absent : what an open interval without a row means; ``zero`` for exports that leave out intervals without calls.
    date_order : whether 03/04 is the third day of April (``day``) or the fourth day of March (``month``);
        None decides from the whole column.
    today : rows that start after this local day are refused; None accepts any date.
    max_rows, max_bytes : largest input, in rows (of the file and of the filled grid) and bytes.
    apart : read Parquet and xlsx in a child process with limited memory and time, as uploads are.
    """

    queue: str = "voice"
    absent: Absent = "missing"
    date_order: DateOrder | None = None
    today: dt.date | None = None
    max_rows: int = MAX_ROWS
    max_bytes: int = MAX_BYTES
    apart: bool = False

    def __post_init__(self) -> None:
        if self.absent not in get_args(Absent):
            raise InputError(
                f"'{self.absent}' is not known.", where=Where(field="absent"), remedy="Choose 'missing' or 'zero'."
            )
        if self.date_order not in (*get_args(DateOrder), None):
            raise InputError(
                f"'{self.date_order}' is not known.", where=Where(field="date_order"), remedy="Choose 'day' or 'month'."
            )
        if not self.queue.strip():
            raise InputError("is empty.", where=Where(field="queue"), remedy="Give the queue a name.")
