"""Tables as files: CSV that no spreadsheet runs, and Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from staffing.errors import InputError, Where
from staffing.export.plan_like import PlanLike
from staffing.store.files import atomic_path, write_parquet

if TYPE_CHECKING:
    import pandas as pd

#: A spreadsheet takes text that begins so for a formula, also in its full-width form.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def guarded(value: Any) -> Any:
    """Text that a spreadsheet would run, with an apostrophe before it; anything else unchanged."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def table_csv_bytes(frame: pd.DataFrame) -> bytes:
    """UTF-8 CSV with a byte-order mark (spreadsheets need it), CRLF line ends and guarded text."""
    import pandas as pd

    safe = {
        guarded(str(name)): column if pd.api.types.is_numeric_dtype(column.dtype) else column.map(guarded)
        for name, column in frame.items()
    }
    text: str = pd.DataFrame(safe, index=frame.index).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def write_table_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as CSV (see ``table_csv_bytes``), whole or not at all. Raises InputError."""
    with atomic_path(Path(path)) as temporary:
        temporary.write_bytes(table_csv_bytes(frame))


def roster_csv_bytes(plan: PlanLike) -> bytes:
    """Table ROSTER as CSV: a row per shift, break and lunch, with local times."""
    return table_csv_bytes(plan.roster.table)


def write_roster_csv(path: Path, plan: PlanLike) -> None:
    """Write ``roster_csv_bytes`` to a file, whole or not at all. Raises InputError."""
    write_table_csv(path, plan.roster.table)


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as ``.parquet`` or ``.csv``, by the name's ending. Raises InputError."""
    writers = {".parquet": write_parquet, ".csv": write_table_csv}
    suffix = Path(path).suffix.lower()
    if suffix not in writers:
        raise InputError(
            f"'{suffix}' cannot be written.", where=Where(str(path)), remedy="End the name in .parquet or .csv."
        )
    writers[suffix](Path(path), frame)
