"""Tables as files: CSV that no spreadsheet runs, and Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from staffing.errors import InputError, Where
from staffing.export.edition import Edition
from staffing.export.personal import own_part
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


def roster_csv_bytes(plan: PlanLike, *, edition: Edition | None = None, agent: str = "") -> bytes:
    """A row per shift, break and lunch, of everybody or one ``agent``; local times that spreadsheets take for times.

    ``utc_offset`` tells apart the hour that a change of clocks repeats, ``roster`` says which version the row is of.
    Raises InputError for an agent the scenario does not know.
    """
    edition, site = edition or Edition(plan.start), plan.scenario.site
    rows = (own_part(plan, agent) if agent else plan).roster.table
    start, end = (rows[name].dt.tz_convert(site.zone) for name in ("start", "end"))
    offset = start.dt.strftime("%z")
    told = {
        "date": start.dt.strftime("%Y-%m-%d"),
        "start": start.dt.strftime("%Y-%m-%d %H:%M"),
        "end": end.dt.strftime("%Y-%m-%d %H:%M"),
        "utc_offset": "UTC" + offset.str[:3] + ":" + offset.str[3:],
    }
    plain = {name: rows[name] for name in rows.columns if name not in ("agent", "start", "end")}
    return table_csv_bytes(rows[["agent"]].assign(**told, **plain, roster=edition.slug))


def write_roster_csv(path: Path, plan: PlanLike, *, edition: Edition | None = None, agent: str = "") -> None:
    """Write ``roster_csv_bytes`` to a file, whole or not at all. Raises InputError."""
    content = roster_csv_bytes(plan, edition=edition, agent=agent)
    with atomic_path(Path(path)) as temporary:
        temporary.write_bytes(content)


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as ``.parquet`` or ``.csv``, by the name's ending. Raises InputError."""
    writers = {".parquet": write_parquet, ".csv": write_table_csv}
    suffix = Path(path).suffix.lower()
    if suffix not in writers:
        raise InputError(
            f"'{suffix}' cannot be written.", where=Where(str(path)), remedy="End the name in .parquet or .csv."
        )
    writers[suffix](Path(path), frame)
