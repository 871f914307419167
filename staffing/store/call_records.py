"""Single calls of the phone system, where a site exports them: how handle times and patience really spread.

``records.csv`` beside the history: one row per call that queued or was answered, columns ``queue`` (may be left out of
a site with one queue), ``wait_s`` (seconds in queue), ``answered`` (1 or 0) and ``handle_s`` (empty where nobody
answered).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from staffing.errors import InputError, Where

if TYPE_CHECKING:
    import pandas as pd

FILE = "records.csv"
NUMBERS = ("wait_s", "answered", "handle_s")
MOST_ROWS = 5_000_000


def read_records(path: Path, queues: tuple[str, ...]) -> pd.DataFrame | None:
    """``queue, wait_s, answered, handle_s`` (NaN where nobody answered) of a file; None where there is none.

    Raises InputError naming the column and row of what is no number, is negative, or names an unknown queue.
    """
    if not path.is_file():
        return None
    known = path.stat()
    return _read(path, queues, known.st_mtime_ns, known.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, queues: tuple[str, ...], _changed_ns: int, _size: int) -> pd.DataFrame:
    """The file as it stands; read once as long as it does not change."""
    import pandas as pd

    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, nrows=MOST_ROWS, encoding="utf-8-sig")
    except (ValueError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"cannot be read: {error}.", where=Where(path.name)) from None
    missing = [name for name in NUMBERS if name not in table]
    if "queue" not in table and len(queues) > 1:
        missing.append("queue")
    if missing:
        raise InputError("is missing.", where=Where(path.name, column=missing[0]), remedy="Add the column.")
    made = {"queue": table["queue"] if "queue" in table else queues[0]}
    made |= {name: _numbers(table[name], name, path.name) for name in NUMBERS}
    records = pd.DataFrame(made)
    strange = ~records["queue"].isin(queues)
    if strange.any():
        row = int(strange.to_numpy().argmax())
        raise InputError(
            f"names the unknown queue '{records['queue'].iloc[row]}'.",
            where=Where(path.name, row + 2, "queue"),
            remedy=f"Known: {', '.join(queues)}.",
        )
    return records.assign(answered=records["answered"] > 0)


def _numbers(column: pd.Series, name: str, file: str) -> pd.Series:
    import pandas as pd

    values = pd.to_numeric(column.str.strip(), errors="coerce")
    blank = column.str.strip() == ""
    wrong = (values.isna() & ~(blank & (name == "handle_s"))) | (values < 0) | (values > 86_400)
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise InputError(
            f"must be a number of seconds from 0 to 86,400 (found {column.iloc[row][:40]!r})."
            if name != "answered"
            else f"must be 1 or 0 (found {column.iloc[row][:40]!r}).",
            where=Where(file, row + 2, name),
        )
    return values.astype(float)
