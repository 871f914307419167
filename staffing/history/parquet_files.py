"""Parquet: the size is checked in the file's own index before anything is unpacked."""

from __future__ import annotations

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from staffing.errors import InputError, Where
from staffing.history.headings import Headings, find_headings
from staffing.history.options import ImportOptions
from staffing.history.raw import RawTable
from staffing.history.text_files import too_many_rows

MAX_UNPACKED = 8  # times the largest file


def read_parquet(file: str, data: bytes, options: ImportOptions) -> RawTable:
    """A Parquet file's known columns with their types. Raises InputError when it is damaged or too large."""
    try:
        parquet = pq.ParquetFile(io.BytesIO(data))
        headings = find_headings([parquet.schema_arrow.names], file)
        _check_size(file, parquet, headings, options)
        table = parquet.read(columns=list(headings.shown.values()), use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"is not a Parquet file that can be read ({str(error).splitlines()[0][:80]}).",
            where=Where(file),
            remedy="Export it again; it may have been cut short.",
        ) from None
    columns = {name: table.column(text).to_pandas() for name, text in headings.shown.items()}
    return RawTable(file, columns, headings.shown, np.arange(table.num_rows) + headings.first_row, headings.unknown)


def _check_size(file: str, parquet: pq.ParquetFile, headings: Headings, options: ImportOptions) -> None:
    if parquet.metadata.num_rows > options.max_rows:
        raise too_many_rows(file, parquet.metadata.num_rows, options)
    wanted = set(headings.shown.values())
    groups = (parquet.metadata.row_group(k) for k in range(parquet.metadata.num_row_groups))
    chunks = (group.column(k) for group in groups for k in range(group.num_columns))
    unpacked = sum(chunk.total_uncompressed_size for chunk in chunks if chunk.path_in_schema in wanted)
    if unpacked > MAX_UNPACKED * options.max_bytes:
        raise InputError(
            f"unpacks to {unpacked / 1e6:,.0f} MB.",
            where=Where(file),
            remedy="Keep only the columns of the history, and split it by year.",
        )
