"""Files that are whole or absent: write beside the target, flush to disk, rename. Only plain files are read."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staffing.errors import InputError, Unwritable, Where

if TYPE_CHECKING:
    import pandas as pd

MAX_BYTES = 200_000_000
GROUP_ROWS = 65_536  # so that a reader of one queue passes over the others
_LITTER = re.compile(r"\..+\.[a-z0-9_]{8}\.tmp")
_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EROFS, errno.EACCES, errno.EPERM)


def unwritable(error: OSError, target: Path) -> Unwritable:
    """Why a file or folder cannot be written, and what to do, in words."""
    if error.errno in _FULL:
        what, remedy = "there is no room left on its disk; nothing was changed.", "Make room, then try again."
    elif error.errno in _FORBIDDEN:
        what, remedy = (
            f"cannot be written ({error.strerror}).",
            "Choose a folder you may write to, or ask for the right.",
        )
    else:
        what, remedy = f"cannot be written ({error.strerror or error}).", "Choose a folder you may write to."
    return Unwritable(what, where=Where(str(target)), remedy=remedy)


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """A temporary path in the target's folder; renamed onto ``target`` if the block ends well.

    Raises InputError when the folder cannot be written or is full, or the target is a folder itself.
    """
    target = Path(target)
    if target.is_dir():
        raise InputError("is a folder.", where=Where(str(target)), remedy="Choose the name of a file.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    except OSError as error:
        raise unwritable(error, target) from None
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        sync(temporary)
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
        sync(target.parent)
    except OSError as error:
        raise unwritable(error, target) from None
    finally:
        temporary.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """See a file, or a folder's list of names, to the disk; systems that cannot sync folders are left alone."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each name on the disk when the call returns."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def write_whole(target: Path, content: bytes) -> None:
    """A new file with this content, on the disk when the call returns."""
    with target.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def stamp_of(paths: Iterable[Path]) -> int:
    """Another number once any of these files is another, or more or fewer are there, whatever the clock does."""
    told = hashlib.sha256()
    for path in sorted(paths):
        with suppress(FileNotFoundError):
            about = path.stat()
            told.update(
                f"{path}\0{about.st_mtime_ns}\0{about.st_size}\0{about.st_ino}\0".encode(errors="surrogateescape")
            )
    return int.from_bytes(told.digest()[:8], "big")


def append_at(target: Path, offset: int, content: bytes) -> None:
    """Content behind the first ``offset`` bytes of a file, on the disk when the call returns; what a write that was
    broken off left there goes."""
    handle = os.open(target, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    with os.fdopen(handle, "r+b") as file:
        file.truncate(offset)
        file.seek(offset)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def remove_folder(folder: Path) -> None:
    """Take a folder away with all that is in it; one that cannot go stays."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep(folder: Path) -> int:
    """Remove what broken-off writes left in a folder (not below it); returns how many files.

    Call it where nobody else can be writing.
    """
    litter = [path for path in folder.glob(".*.tmp") if _LITTER.fullmatch(path.name)] if folder.is_dir() else []
    for path in litter:
        with suppress(OSError):
            path.unlink()
    return len(litter)


def read_inside(root: Path, path: Path, limit: int = MAX_BYTES) -> bytes | None:
    """The bytes of a plain file within ``root``, None when it is absent.

    Raises InputError for links that lead out of ``root``, for pipes and devices, which are never opened for
    reading, for files of more than ``limit`` bytes, and for files that may not be read.
    """
    where = Where(str(path))
    plain_file(root, path)
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror}).", where=where, remedy="Ask for the right.") from None
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise _no_plain_file(where)
        if about.st_size > limit:
            raise InputError(f"is larger than {limit:,} bytes.", where=where, remedy="Split it.")
        return file.read()


def plain_file(root: Path, path: Path) -> None:
    """Raises InputError when ``path`` lies outside ``root``, by a link or otherwise, or is a pipe or device."""
    if not path.resolve().is_relative_to(root.resolve()):
        raise InputError(
            "leads out of the workspace and is not followed.",
            where=Where(str(path)),
            remedy="Put a copy in its place.",
        )
    with suppress(OSError):
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise _no_plain_file(Where(str(path)))


def _no_plain_file(where: Where) -> InputError:
    return InputError("is no plain file and is not opened.", where=where, remedy="Put a file in its place.")


def write_text(target: Path, text: str) -> None:
    with atomic_path(target) as path:
        path.write_text(text, encoding="utf-8")


def write_json(target: Path, value: Any) -> None:
    """JSON with sorted keys; NaN is refused, write None for what is undefined."""
    write_text(target, json_text(value))


def json_text(value: Any) -> str:
    """JSON with sorted keys; NaN is refused, write None for what is undefined."""
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def write_parquet(target: Path, frame: pd.DataFrame) -> None:
    """Parquet whose bytes depend on the content alone."""
    with atomic_path(target) as path:
        path.write_bytes(parquet_bytes(frame))


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """A table as Parquet; the bytes depend on the content alone.

    Times in whole seconds are written as milliseconds, as Parquet keeps them: what was read back gives the same bytes.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    frame = in_milliseconds(frame)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({b"pandas": (table.schema.metadata or {}).get(b"pandas", b"{}")})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", row_group_size=GROUP_ROWS)
    return bytes(sink.getvalue())


def in_milliseconds(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with its times in whole seconds in the unit that Parquet keeps them in."""
    coarse = [name for name, dtype in frame.dtypes.items() if str(dtype).startswith("datetime64[s")]
    return frame.assign(**{str(name): frame[name].dt.as_unit("ms") for name in coarse}) if coarse else frame


def read_parquet(path: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(path)
