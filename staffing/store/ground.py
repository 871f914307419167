"""The ground a workspace stands on: named documents, changed several at once, all of them or none.

A ``FolderGround`` keeps them as files. What a change writes is first laid down under ``.desk/pending`` and flushed;
the moment its ``plan.json`` has its name the change has happened, and whoever comes next finishes moving the files
into place. Before that moment it has not happened, and what lies there is swept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from staffing.errors import AlreadyRunning, Unwritable, Where
from staffing.store import audit
from staffing.store.files import (
    append_at,
    make_folder,
    plain_file,
    read_inside,
    stamp_of,
    sweep,
    sync,
    unwritable,
    write_whole,
)
from staffing.store.lock import WAIT_S, held, holder
from staffing.store.rights import Role, acting, require

Read = TypeVar("Read")
PAUSE_S = 0.01
log = logging.getLogger("staffing.store")


def version_of(content: bytes | None) -> str:
    """Names what a document holds: equal versions are equal bytes; empty where there is no document."""
    return "" if content is None else hashlib.sha256(content).hexdigest()


@dataclass
class Transaction:
    """Documents to be written (or, None, deleted) together. ``read`` sees what was written before in it.

    ``reworded`` puts the audit's reasons in other words, where a person's name is to go from them.
    """

    ground: Ground
    who: str = ""
    why: str = ""
    staged: dict[str, bytes | None] = field(default_factory=dict)
    reworded: Callable[[str], str] | None = None

    def read(self, name: str) -> bytes | None:
        return self.staged[name] if name in self.staged else self.ground.read(name)

    def write(self, name: str, content: bytes | None) -> None:
        self.staged[name] = content

    def told(self) -> list[audit.DocumentChange]:
        """What the audit is to hold of it; asked before anything is written."""
        now, who = dt.datetime.now(dt.UTC), acting() or self.who
        digests = {
            name: (version_of(self.ground.read(name))[:16], version_of(content)[:16])
            for name, content in self.staged.items()
            if not name.startswith(audit.UNAUDITED)
        }
        changed = {name: both for name, both in digests.items() if both[0] != both[1]}
        return [audit.DocumentChange(name, now, who, self.why, *both) for name, both in changed.items()]


class Ground(Protocol):
    """What every encoding of a workspace offers. Names are relative, with ``/`` between their parts."""

    @property
    def label(self) -> str:
        """The workspace's own name: of its folder, or as it is stored."""

    def read(self, name: str) -> bytes | None:
        """The document of that name, None when there is none."""

    def changed_at(self, name: str) -> dt.datetime | None:
        """When (UTC, whole seconds) the document was last written, None when there is none."""

    def names(self, folder: str, ending: str) -> list[str]:
        """Names of the documents in and below ``folder`` that end so, sorted."""

    def stamp(self) -> int:
        """Another number after every change of what all users see."""

    def changes_since(self, moment: dt.datetime) -> list[audit.DocumentChange]:
        """Changes of what all users see since a moment, the newest first."""

    def steady(self, read: Callable[[], Read]) -> Read:
        """What ``read`` returns, seeing every change whole or not at all; it may be called again."""

    def change(
        self, who: str = "", why: str = "", *, needs: Role = Role.planner
    ) -> AbstractContextManager[Transaction]:
        """A context in which nobody else changes anything; at its good end all of the change has happened.

        Raises Forbidden unless the user at work has the role that it ``needs``.
        """

    def alone(self, who: str = "") -> AbstractContextManager[None]:
        """A context in which nobody but this thread changes anything, over several changes; others wait."""

    def bulk_change(self, who: str = "") -> AbstractContextManager[None]:
        """A context in which tables beside the documents are changed; at its good end they lie where they are kept.

        Raises Forbidden unless the user at work is planner.
        """


@dataclass(frozen=True)
class FolderGround:
    """Documents as files under ``root``. Links that lead out of it are not followed."""

    root: Path

    @property
    def label(self) -> str:
        return self.root.resolve().name

    @property
    def state(self) -> Path:
        """What the folder keeps about itself: lock, changes under way, drafts."""
        return self.root / ".desk"

    @property
    def _pending(self) -> Path:
        return self.state / "pending"

    @property
    def _plan(self) -> Path:
        return self._pending / "plan.json"

    @property
    def _lock(self) -> Path:
        return self.state / "lock"

    def read(self, name: str) -> bytes | None:
        """The file's bytes, None when it is absent. Raises InputError for what is no plain file in the workspace."""
        return read_inside(self.root, self.root / name)

    def changed_at(self, name: str) -> dt.datetime | None:
        path = self.root / name
        return dt.datetime.fromtimestamp(int(path.stat().st_mtime), dt.UTC) if path.is_file() else None

    def stamp(self) -> int:
        """Of the files that all users see (see ``files.stamp_of``)."""
        return stamp_of(self._seen_by_all())

    def changes_since(self, moment: dt.datetime) -> list[audit.DocumentChange]:
        """By the audit, which says who and why; a file that was changed by other hands, by its own time."""
        trail = list(audit.changes_of(self.read(audit.FILE)))
        known = {change.name: change.after for change in reversed(trail)}
        found = [change for change in trail if change.when >= moment]
        for path in self._seen_by_all():
            when, name = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC), path.relative_to(self.root).as_posix()
            if when >= moment and (now := version_of(self.read(name))[:16]) != known.get(name):
                found.append(audit.DocumentChange(name, when, before=known.get(name, ""), after=now))
        return sorted(found, key=lambda one: one.when, reverse=True)

    def _seen_by_all(self) -> Iterator[Path]:
        paths = (path for each in ("*.*", "scenarios/*", "rosters/*") for path in self.root.glob(each))
        return (path for path in paths if path.is_file())

    def names(self, folder: str, ending: str) -> list[str]:
        paths = (path for path in (self.root / folder).rglob("*") if not path.name.startswith(".") and path.is_file())
        return sorted(path.relative_to(self.root).as_posix() for path in paths if path.name.endswith(ending))

    def steady(self, read: Callable[[], Read]) -> Read:
        until = time.monotonic() + WAIT_S
        while time.monotonic() < until:
            self.recover()
            before = self._generation()
            found = read()
            if not self._plan.exists() and self._generation() == before:
                return found
            time.sleep(PAUSE_S)
        raise AlreadyRunning(f"{holder(self._lock)}.", where=Where(str(self.root)), remedy="Try again.")

    @contextmanager
    def change(self, who: str = "", why: str = "", *, needs: Role = Role.planner) -> Iterator[Transaction]:
        """Raises Forbidden without the role, AlreadyRunning, naming the holder, after a bounded wait, and InputError
        where it cannot write."""
        require(self, needs)
        with held(self._lock, who, nested=True):
            try:
                self._finish()
                change = Transaction(self, who, why)
                yield change
                if change.staged:
                    self._commit(change)
            except OSError as error:
                raise unwritable(error, self.root) from None

    def alone(self, who: str = "") -> AbstractContextManager[None]:
        """Raises AlreadyRunning, naming the holder, after a bounded wait."""
        return held(self._lock, who, nested=True)

    @contextmanager
    def bulk_change(self, who: str = "") -> Iterator[None]:
        """Tables of a folder lie in the folder."""
        require(self, Role.planner)
        yield

    def recover(self) -> None:
        """Finish a change that was broken off after it had happened, sweep one that had not; say so in the log.

        Where somebody is at work nothing is done: it is theirs. Raises InputError where a change that has happened
        cannot be finished.
        """
        if not self._plan.exists() and not self._litter():
            return
        try:
            with held(self._lock, "recovery", wait_s=0.0):
                self._finish()
        except AlreadyRunning:
            return
        except Unwritable:  # a folder that cannot be written: what has not happened does no harm
            if self._plan.exists():
                raise

    def _litter(self) -> bool:
        return self._pending.is_dir() and any(self._pending.iterdir())

    def _generation(self) -> bytes | None:
        return read_inside(self.root, self.state / "generation")

    def _commit(self, change: Transaction) -> None:
        """Lay everything down, give the plan its name (now it has happened), then move it into place.

        What is no part of what is read together (one user's draft, a kept run) is written at once where it is alone.
        """
        staged, told = dict(change.staged), b"".join(one.line for one in change.told())
        if not all(name.startswith(audit.UNAUDITED) for name in staged):
            staged[".desk/generation"] = f"{uuid.uuid4().hex} {change.who}\n".encode()
        if change.reworded is not None:
            staged[audit.FILE], told = audit.reworded(self.read(audit.FILE), change.reworded) + told, b""
        elif audit.FILE in staged:  # what comes from elsewhere brings its own
            told = b""
        for name in (*staged, audit.FILE):
            plain_file(self.root, self.root / name)
        self._pending.mkdir(exist_ok=True)
        if len(staged) == 1:
            self._write_one(*staged.popitem())
            return
        for number, content in enumerate(staged.values()):
            if content is not None:
                write_whole(self._pending / str(number), content)
        moves = [[name, None if content is None else str(n)] for n, (name, content) in enumerate(staged.items())]
        trail = self.root / audit.FILE
        plan = {"moves": moves, "told": told.decode(), "told_at": trail.stat().st_size if trail.exists() else 0}
        write_whole(self._pending / "plan.tmp", json.dumps(plan).encode())
        os.replace(self._pending / "plan.tmp", self._plan)
        sync(self._pending)
        self._apply()

    def _write_one(self, name: str, content: bytes | None) -> None:
        target = self.root / name
        if content is None:
            target.unlink(missing_ok=True)
        else:
            make_folder(target.parent)
            write_whole(self._pending / "0", content)
            os.replace(self._pending / "0", target)
        if target.parent.is_dir():
            sync(target.parent)

    def _finish(self) -> None:
        """Bring a broken-off change to its end, or remove what is left of one that has not happened."""
        if self._plan.exists():
            self._apply()
            log.warning("%s: a change that had been broken off was finished.", self.root)
        elif self._litter():
            shutil.rmtree(self._pending)
            log.warning("%s: a change that had been broken off was taken back; make it again.", self.root)
        for folder in ("", "rosters", "scenarios", "history"):
            sweep(self.root / folder)

    def _apply(self) -> None:
        """Move every file of the plan into its place; may be begun again at any point."""
        folders, plan = set(), json.loads(self._plan.read_bytes())
        for name, number in plan["moves"]:
            target = self.root / name
            if number is None:
                target.unlink(missing_ok=True)
            elif (self._pending / number).exists():
                make_folder(target.parent)
                os.replace(self._pending / number, target)
            folders.add(target.parent)
        if plan["told"]:
            append_at(self.root / audit.FILE, plan["told_at"], plan["told"].encode())
            folders.add(self.state)
        for folder in folders:
            if folder.is_dir():
                sync(folder)
        self._plan.unlink()
        sync(self._pending)
