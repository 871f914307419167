"""Parquet: the size is checked in the file's own index before anything is unpacked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from staffing.errors import InputError, Where
from staffing.history.files.sheet import HEAD_ROWS, Cells, Sheet
from staffing.history.files.text import too_many_rows
from staffing.history.options import ImportOptions
from staffing.history.shown import shown

MAX_UNPACKED = 8  # times the largest file
LONGEST_TEXT = 1_000


def read_parquet(file: str, name: str, data: bytes, options: ImportOptions) -> Sheet:
    """A Parquet file as a sheet whose columns keep their types. Raises InputError when it is damaged or too large."""
    try:
        parquet = pq.ParquetFile(io.BytesIO(data))
        names = parquet.schema_arrow.names
        _check_size(file, parquet, options)
        sample = next(parquet.iter_batches(HEAD_ROWS, columns=_simple(parquet.schema_arrow)), None)
    except (pa.ArrowException, OSError, ValueError, KeyError, MemoryError) as error:
        raise _damaged(file, error) from None
    head = [names, *_lines(names, sample)]
    return Sheet(file, name, head, partial(_load, file, data, parquet.schema_arrow))


def _simple(schema: pa.Schema) -> list[str]:
    """Columns of single values; lists and records within cells are no part of a history."""
    return [field.name for field in schema if not pa.types.is_nested(field.type)]


def _lines(names: list[str], sample: pa.RecordBatch | None) -> list[list[str]]:
    if sample is None:
        return []
    told = {name: sample.column(name).to_pylist() for name in sample.schema.names}
    return [
        ["" if name not in told or told[name][k] is None else str(told[name][k])[:LONGEST_TEXT] for name in names]
        for k in range(sample.num_rows)
    ]


def _load(file: str, data: bytes, schema: pa.Schema, places: Sequence[int], first_row: int) -> Cells:
    """The wanted columns; texts that repeat are measured once before they are written out row by row."""
    simple = set(_simple(schema))
    wanted = [schema.names[place] for place in places if schema.names[place] in simple]
    texts = [name for name in wanted if _is_text(schema.field(name).type)]
    try:
        source = pq.ParquetFile(io.BytesIO(data), read_dictionary=texts)
        table = source.read(columns=wanted, use_threads=False)
        for name in texts:
            _check_texts(file, name, table.column(name))
        rows = np.arange(table.num_rows, dtype="int32") + np.int32(first_row)
        named = {name: table.column(name).to_pandas() for name in wanted}
    except (pa.ArrowException, OSError, ValueError, KeyError, MemoryError) as error:
        raise _damaged(file, error) from None
    return Cells({place: named[schema.names[place]] for place in places if schema.names[place] in named}, rows)


def _check_texts(file: str, name: str, column: pa.ChunkedArray) -> None:
    for chunk in column.chunks:
        longest = pc.max(pc.binary_length(chunk.dictionary)).as_py() or 0
        if longest > LONGEST_TEXT:
            raise InputError(
                f"has a text of {longest:,} characters.",
                where=Where(file, column=name),
                remedy="Keep only the columns of the history.",
            )


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


def _damaged(file: str, error: object) -> InputError:
    return InputError(
        f"is not a Parquet file that can be read ({shown(str(error))}).",
        where=Where(file),
        remedy="Export it again; it may have been cut short.",
    )
