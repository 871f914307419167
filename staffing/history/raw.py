"""A file's known columns as they stand, with the rows they came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from staffing.errors import InputError, Where

SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".xlsm")


@dataclass(frozen=True)
class Source:
    """One file: a name to show, and where its bytes are. The name is never used as a path."""

    name: str
    path: Path | None = None
    data: bytes | None = None

    def load(self, max_bytes: int) -> bytes:
        """The file's bytes. Raises InputError when it cannot be read, is empty or is too large."""
        if self.path is not None and self.path.is_dir():
            kinds = ", ".join(SUFFIXES)
            raise InputError(
                "holds no history.", where=Where(self.name), remedy=f"Put files into it that end in {kinds}."
            )
        size = len(self.data) if self.data is not None else self._size()
        if size > max_bytes:
            raise InputError(
                f"is {size / 1e6:,.0f} MB; at most {max_bytes / 1e6:,.0f} MB are read.",
                where=Where(self.name),
                remedy="Split it by year, or save it as Parquet.",
            )
        data = self.data if self.data is not None else self._read()
        if not re.search(rb"[^\x00 \t\r\n\xef\xbb\xbf\xff\xfe]", data):
            raise InputError("is empty.", where=Where(self.name), remedy="Export it again with its rows.")
        return data

    def _size(self) -> int:
        try:
            return self._where().stat().st_size
        except OSError as error:
            raise self._unreadable(error) from None

    def _read(self) -> bytes:
        try:
            return self._where().read_bytes()
        except OSError as error:
            raise self._unreadable(error) from None

    def _where(self) -> Path:
        if self.path is None:
            raise InputError("has no content.", where=Where(self.name), remedy="Give its bytes or its path.")
        return self.path

    def _unreadable(self, error: OSError) -> InputError:
        reason = (error.strerror or "it cannot be read").lower()
        return InputError(f"cannot be read: {reason}.", where=Where(self.name), remedy="Check its path and its rights.")


@dataclass(frozen=True)
class RawTable:
    """Known columns of one file, cells typed or as categories of text; ``rows`` are the spreadsheet's row numbers.

    ``headings`` maps our column names to the file's own; ``unknown`` are columns that are not read.
    """

    file: str
    columns: dict[str, pd.Series]
    headings: dict[str, str]
    rows: np.ndarray
    unknown: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.rows)

    def keep(self, mask: np.ndarray) -> RawTable:
        """Only the rows where ``mask`` holds."""
        if mask.all():
            return self
        columns = {name: values[mask].reset_index(drop=True) for name, values in self.columns.items()}
        return RawTable(self.file, columns, self.headings, self.rows[mask], self.unknown)
