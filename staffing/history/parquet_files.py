"""Parquet: the size is checked in the file's own index before anything is unpacked."""

from __future__ import annotations

import io

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from staffing.errors import InputError, Where
from staffing.history.headings import find_headings
from staffing.history.options import ImportOptions
from staffing.history.raw import RawTable
from staffing.history.report import shown
from staffing.history.text_files import too_many_rows

MAX_UNPACKED = 8  # times the largest file
LONGEST_TEXT = 1_000


def read_parquet(file: str, data: bytes, options: ImportOptions) -> RawTable:
    """A Parquet file's known columns with their types. Raises InputError when it is damaged or too large."""
    try:
        parquet = pq.ParquetFile(io.BytesIO(data))
        headings = find_headings([parquet.schema_arrow.names], file)
        _check_size(file, parquet, options)
        table = _read(file, data, parquet.schema_arrow, list(headings.shown.values()))
        rows = np.arange(table.num_rows, dtype="int32") + np.int32(headings.first_row)
        columns = {name: table.column(text).to_pandas() for name, text in headings.shown.items()}
    except (pa.ArrowException, OSError, ValueError, KeyError, MemoryError) as error:
        raise InputError(
            f"is not a Parquet file that can be read ({shown(str(error))}).",
            where=Where(file),
            remedy="Export it again; it may have been cut short.",
        ) from None
    return RawTable(file, columns, headings.shown, rows, headings.unknown)


def _read(file: str, data: bytes, schema: pa.Schema, wanted: list[str]) -> pa.Table:
    """The wanted columns; texts that repeat are measured once before they are written out row by row."""
    texts = [name for name in wanted if _is_text(schema.field(name).type)]
    table = pq.ParquetFile(io.BytesIO(data), read_dictionary=texts).read(columns=wanted, use_threads=False)
    for name in texts:
        for chunk in table.column(name).chunks:
            longest = pc.max(pc.binary_length(chunk.dictionary)).as_py() or 0
            if longest > LONGEST_TEXT:
                raise InputError(
                    f"has a text of {longest:,} characters.",
                    where=Where(file, column=name),
                    remedy="Keep only the columns of the history.",
                )
    return table


def _is_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind)


def _check_size(file: str, parquet: pq.ParquetFile, options: ImportOptions) -> None:
    if parquet.metadata.num_rows > options.max_rows:
        raise too_many_rows(file, parquet.metadata.num_rows, options)
    # Sizes per column would be closer, yet asking a damaged file for them ends the whole process.
    unpacked = sum(parquet.metadata.row_group(k).total_byte_size for k in range(parquet.metadata.num_row_groups))
    if unpacked > MAX_UNPACKED * options.max_bytes:
        raise InputError(
            f"unpacks to {unpacked / 1e6:,.0f} MB.",
            where=Where(file),
            remedy="Keep only the columns of the history, and split it by year.",
        )
