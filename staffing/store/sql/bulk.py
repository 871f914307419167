"""Bulk tables of stored workspaces in an object store: the database says which bytes each file has there.

``STAFFING_BULK_URL`` names the store (see ``places``). Bytes lie there under their digest, so no file is ever half of
another; a change has happened when its rows are written. A folder holds a copy, brought in step when a workspace is
opened; what a change that was broken off had not sent is sent then.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from staffing.errors import AlreadyRunning, InputError, Where
from staffing.store.files import atomic_path, plain_file, write_json
from staffing.store.lock import WAIT_S, held
from staffing.store.places import Place
from staffing.store.sql import schema
from staffing.store.sql.documents import At

VARIABLE = "STAFFING_BULK_URL"
#: Files of these folders and all below, and those of each run's folder.
WHOLE, RUNS = ("history", ".desk/taken-back"), "forecasts"
#: The row whose digest is another one after every change.
ALL = ""
TRIES = 3
Transacting = Callable[[], AbstractContextManager[At]]


@dataclass(frozen=True)
class Known:
    """A file of the copy as it was when it was last seen: its digest, size and time."""

    sha256: str
    size: int
    mtime_ns: int

    def still(self, path: Path) -> bool:
        """Whether the file is the same by size and time."""
        about = path.stat()
        return (self.size, self.mtime_ns) == (about.st_size, about.st_mtime_ns)

    @classmethod
    def of(cls, path: Path, sha256: str) -> Known:
        about = path.stat()
        return cls(sha256, about.st_size, about.st_mtime_ns)


@dataclass(frozen=True)
class BulkStore:
    """The bulk tables of one workspace: at ``place``, with a copy in ``folder``; ``writing`` and ``reading`` open
    transactions of its rows."""

    folder: Path
    place: Place
    reading: Transacting
    writing: Transacting

    @contextmanager
    def change(self, who: str) -> Iterator[None]:
        """A context in which files of the copy are changed; at its good end the store holds them.

        Raises AlreadyRunning, naming the holder, after a bounded wait.
        """
        with self._alone(who):
            self._bring()
            self._unsent.touch()
            yield
            self._send()

    def in_step(self) -> None:
        """Bring the copy in step; what was not sent, goes. Where somebody changes it, it is theirs.

        Raises InputError where the store cannot be reached, or has not what the database says.
        """
        last = self._told().get(ALL)
        if last is not None and last.sha256 == self._whole() and not self._unsent.exists():
            return
        try:
            with self._alone("recovery", 0.0 if self._told() else WAIT_S):
                if self._unsent.exists() or (not self._named() and any(self._files())):
                    self._send()  # what was there before a store was named goes too
                self._bring()
        except AlreadyRunning:
            return

    def _alone(self, who: str, wait_s: float = WAIT_S) -> AbstractContextManager[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        return held(self.folder / ".bulk.lock", who, wait_s)

    @property
    def _unsent(self) -> Path:
        return self.folder / ".bulk.unsent"

    def _bring(self) -> None:
        for _ in range(TRIES):
            named, told = self._named(), self._told()
            if self._fetched(named, told):
                return
        remedy = "See that the store and the database belong together; a back-up holds both."
        raise InputError("lacks a file that the database names.", where=Where(self.place.url), remedy=remedy)

    def _fetched(self, named: dict[str, str], told: dict[str, Known]) -> bool:
        """Whether every file could be had; one that has just been replaced by another cannot."""
        for file in told.keys() - named.keys() - {ALL}:
            (self.folder / file).unlink(missing_ok=True)
        kept: dict[str, Known] = {}
        for file, sha256 in named.items():
            target, before = self.folder / file, told.get(file)
            if file != ALL and not (before is not None and before.sha256 == sha256 and target.is_file()):
                content = self.place.read(_key(file, sha256))
                if content is None or hashlib.sha256(content).hexdigest() != sha256:
                    return False
                with atomic_path(target) as path:
                    path.write_bytes(content)
                before = Known.of(target, sha256)
            kept[file] = before if before is not None and file != ALL else Known(sha256, 0, 0)
        self._tell(kept)
        return True

    def _send(self) -> None:
        """What is new or other goes to the store, then rows say so, then what no row names any more is let go."""
        named, told = self._named(), self._told()
        found = {file: self._seen(file, told.get(file)) for file in self._files()}
        for file, known in found.items():
            if known.sha256 not in named.values():
                self.place.write(_key(file, known.sha256), (self.folder / file).read_bytes())
        with self.writing() as at:
            others = {file: sha for file, sha in _rows(at).items() if file not in told and file != ALL}
            now = {**others, **{file: known.sha256 for file, known in found.items()}}
            whole = uuid.uuid4().hex
            at.replace(schema.bulk_files, [{"file": file, "sha256": sha} for file, sha in {**now, ALL: whole}.items()])
        self._tell({**found, ALL: Known("" if others.keys() - found.keys() else whole, 0, 0)})
        self._unsent.unlink(missing_ok=True)
        for file, sha256 in named.items():
            if file != ALL and sha256 not in now.values():
                self.place.delete(_key(file, sha256))

    def _seen(self, file: str, before: Known | None) -> Known:
        path = self.folder / file
        plain_file(self.folder, path)
        if before is not None and before.still(path):
            return before
        return Known.of(path, hashlib.sha256(path.read_bytes()).hexdigest())

    def _files(self) -> Iterator[str]:
        """Files that belong to the store, relative to the folder; what is under way is hidden or lies deeper."""
        paths = [path for part in WHOLE for path in (self.folder / part).rglob("*")]
        paths += (self.folder / RUNS).glob("*/*")
        for path in paths:
            if path.is_file() and not path.name.startswith((".", "begun.")) and path.name != "manifest.json":
                yield path.relative_to(self.folder).as_posix()

    def _named(self) -> dict[str, str]:
        with self.reading() as at:
            return _rows(at)

    def _whole(self) -> str:
        own = schema.bulk_files.c
        with self.reading() as at:
            asked = sa.select(own.sha256).where(own.workspace_id == at.workspace_id, own.file == ALL)
            return at.connection.scalar(asked) or ""

    def _told(self) -> dict[str, Known]:
        """What was last seen of the copy; nothing where it was never brought in step."""
        with suppress(OSError, ValueError, TypeError):
            told = json.loads((self.folder / ".bulk.json").read_text(encoding="utf-8"))
            return {file: Known(*about) for file, about in told.items()}
        return {}

    def _tell(self, known: dict[str, Known]) -> None:
        write_json(self.folder / ".bulk.json", {file: list(vars(one).values()) for file, one in known.items()})


def store_of(folder: Path, reading: Transacting, writing: Transacting) -> BulkStore | None:
    """Where the bulk tables of the workspace in ``folder`` lie; None where they lie in the folder alone."""
    url = os.environ.get(VARIABLE)
    return BulkStore(folder, Place(url).within(folder.name), reading, writing) if url else None


def _rows(at: At) -> dict[str, str]:
    return {row["file"]: row["sha256"] for row in at.rows(schema.bulk_files)}


def _key(file: str, sha256: str) -> str:
    return f"{sha256}{Path(file).suffix}"
