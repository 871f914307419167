"""Files that are whole or absent: write beside the target, flush to disk, rename."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staffing.errors import InputError, Where

if TYPE_CHECKING:
    import pandas as pd


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """A temporary path in the target's folder; renamed onto ``target`` if the block ends well.

    Raises InputError when the folder cannot be written, or the target is a folder itself.
    """
    target = Path(target)
    if target.is_dir():
        raise InputError("is a folder.", where=Where(str(target)), remedy="Choose the name of a file.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror}).",
            where=Where(str(target)),
            remedy="Choose a folder you may write to.",
        ) from None
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(target: Path, text: str) -> None:
    with atomic_path(target) as path:
        path.write_text(text, encoding="utf-8")


def write_json(target: Path, value: Any) -> None:
    """JSON with sorted keys; NaN is refused, write None for what is undefined."""
    write_text(target, json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")


def write_parquet(target: Path, frame: pd.DataFrame) -> None:
    """Parquet whose bytes depend on the content alone."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({b"pandas": (table.schema.metadata or {}).get(b"pandas", b"{}")})
    with atomic_path(target) as path:
        pq.write_table(table, path, compression="zstd")


def read_parquet(path: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(path)
