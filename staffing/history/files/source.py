"""Files on disk or uploaded: their bytes, and what of a folder is not read."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from pathlib import Path

from staffing.errors import InputError, Where
from staffing.history.options import KEPT, ImportOptions
from staffing.history.report import Findings

#: Kinds of files that history comes in; of the second row, a file that cannot be read is said and left.
PLAIN = (".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".xlsm")
OTHERS = (".xls", ".xlsb", ".ods", ".gz", ".zip", ".json", ".jsonl", ".ndjson", ".log")
SUFFIXES = (*PLAIN, *OTHERS)
NOT_HISTORY = (".md", ".toml", ".rst")
AT_REST = "archive"  # the folder of a history that holds what was taken in, by queue and month


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
        if self.path is not None and len(data) != self._size():
            raise InputError(
                "grew while it was read.",
                where=Where(self.name),
                remedy="Wait until its export is done, then try again.",
            )
        if not re.search(rb"[^\x00 \t\r\n\xef\xbb\xbf\xff\xfe]", data):
            raise InputError("is empty.", where=Where(self.name), remedy="Export it again with its rows.")
        return data

    def _size(self) -> int:
        try:
            told = self._where().stat()
        except OSError as error:
            raise self._unreadable(error) from None
        if not stat.S_ISREG(told.st_mode):
            raise InputError("is no ordinary file.", where=Where(self.name), remedy="Copy its content to a file.")
        return told.st_size

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


def uploaded(name: str, data: bytes) -> Source:
    """What was uploaded; of its name only the end is shown."""
    kept = "".join(ch for ch in name.replace("\\", "/").rsplit("/", 1)[-1] if ch.isprintable())
    return Source(kept[-80:] or "upload", data=data)


def sources_of(path: Path, options: ImportOptions, findings: Findings) -> list[Source]:
    """The files to read: one, or those of a folder in order of their names; what is left out is said."""
    if not path.is_dir():
        return [Source(path.name, path)]
    found = sorted(_files(path, options, findings), key=lambda each: each.relative_to(path).as_posix())
    sources = [Source(each.relative_to(path).as_posix(), each) for each in found]
    return sources or ([] if is_at_rest(path / AT_REST) else [Source(f"{path.name}/", path)])


def is_at_rest(folder: Path) -> bool:
    """Whether a folder is an archive of rows that were taken in (see ``history.rest``)."""
    return folder.name == AT_REST and (folder / "index.json").is_file()


def _files(folder: Path, options: ImportOptions, findings: Findings, before: str = "") -> list[Path]:
    kept = []
    for each in sorted(folder.iterdir()):
        name = f"{before}{each.name}"
        if each.name.startswith((".", "~")) or each.name == KEPT:
            continue
        if is_at_rest(each):
            continue
        if each.is_dir():
            if options.answer("subfolders") == "read" and not each.is_symlink():
                kept += _files(each, options, findings, f"{name}/")
            elif any(each.iterdir()):
                findings.leave(f"{name}/", "it is a folder within; read it with subfolders=read, or move its files up.")
        elif each.exists() and not each.is_file():
            findings.leave(name, "it is no ordinary file.")
        elif each.suffix.lower() in SUFFIXES:
            kept.append(each)
        elif each.suffix.lower() not in NOT_HISTORY:
            findings.leave(name, "it is no kind of file that history comes in.")
    return kept
