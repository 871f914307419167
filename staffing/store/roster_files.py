"""A roster in a Parquet file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from staffing.errors import InputError, TableError, Where
from staffing.tables import ROSTER

if TYPE_CHECKING:
    import pandas as pd


def read_roster(path: Path) -> pd.DataFrame:
    """The roster (table ROSTER) of a file. Raises InputError where it holds none."""
    try:
        return roster_of(path.read_bytes(), str(path))
    except OSError as error:
        raise _no_roster(error, str(path)) from None


def roster_of(content: bytes, name: str) -> pd.DataFrame:
    """The roster (table ROSTER) in the bytes of a Parquet file. Raises InputError where they hold none."""
    import pandas as pd

    try:
        return ROSTER.check(pd.read_parquet(io.BytesIO(content)))
    except (OSError, ValueError, TableError) as error:
        raise _no_roster(error, name) from None


def _no_roster(error: Exception, name: str) -> InputError:
    reason = str(error).splitlines()[0].rstrip(".")
    remedy = "Name or put back a roster.parquet as written by: staffing roster"
    return InputError(f"is no roster that can be read ({reason}).", where=Where(name), remedy=remedy)
