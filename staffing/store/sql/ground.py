"""A workspace in a database: the same documents as a folder's files, changed several at once in one transaction."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from staffing.errors import InputError, Where
from staffing.store.audit import UNAUDITED, DocumentChange
from staffing.store.ground import Transaction
from staffing.store.lock import WAIT_S, held
from staffing.store.rights import Role, require
from staffing.store.sql import database, schema
from staffing.store.sql.bulk import BulkStore, store_of
from staffing.store.sql.documents import At, Blobs
from staffing.store.sql.kinds import KINDS, kind_of
from staffing.store.sql.trail import add_to_trail, reword

Read = TypeVar("Read")
_alone = threading.local()  # the workspaces that this thread holds for itself


@dataclass(frozen=True)
class SqlGround:
    """The documents of the workspace ``name``; its bulk tables lie in ``folder``."""

    url: str
    name: str
    _open: threading.local = field(default_factory=threading.local, compare=False, repr=False)

    @property
    def label(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """History, kept forecasts and finished stages: Parquet, beside the database."""
        return database.bulk_root(self.url) / self.name

    def read(self, name: str) -> bytes | None:
        """The document, None when there is none."""
        with self._reading() as at:
            return kind_of(name).read(at, name)

    def changed_at(self, name: str) -> dt.datetime | None:
        kind = kind_of(name)
        with self._reading() as at:
            return kind.changed_at(at, name) if isinstance(kind, Blobs) else None

    def names(self, folder: str, ending: str) -> list[str]:
        with self._reading() as at:
            found = [name for kind in KINDS for name in kind.names(at)]
        inside = f"{folder.rstrip('/')}/" if folder else ""
        return sorted(name for name in found if name.startswith(inside) and name.endswith(ending))

    def stamp(self) -> int:
        """Grows with every change of what all users see."""
        with self._reading() as at:
            own = schema.workspaces.c
            return int(at.connection.scalar(sa.select(own.revision).where(own.id == at.workspace_id)) or 0)

    def changes_since(self, moment: dt.datetime) -> list[DocumentChange]:
        """By the audit, which says who and why."""
        own = schema.audit.c
        asked = sa.select(schema.audit).where(own.workspace == self.name, own.at >= moment)
        with self._reading() as at:
            rows = at.connection.execute(asked.order_by(own.id.desc())).mappings().all()
        return [DocumentChange.of_row(dict(row)) for row in rows]

    def steady(self, read: Callable[[], Read]) -> Read:
        """What ``read`` returns, all of it as of one moment."""
        with self._reading():
            return read()

    @contextmanager
    def alone(self, who: str = "") -> Iterator[None]:
        """Raises AlreadyRunning after a bounded wait, and StaffingError where the database cannot be used."""
        with database.in_words(), self._only_writer(who):
            if self.url.startswith("sqlite"):
                yield
                return
            with database.opened(self.url).connect() as connection:
                _wait_at_most(connection)
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": self.name})
                _alone.names = {*_own_turn(), (self.url, self.name)}
                try:
                    yield
                finally:
                    _alone.names = _own_turn() - {(self.url, self.name)}

    def recover(self) -> None:
        """A transaction that was broken off has not happened; bulk tables in an object store are brought in step."""
        if (store := self._bulk) is not None:
            with database.in_words():
                store.in_step()

    @contextmanager
    def bulk_change(self, who: str = "") -> Iterator[None]:
        """Tables lie in the folder, and in an object store where one is named."""
        require(self, Role.planner)
        store = self._bulk
        with nullcontext() if store is None else store.change(who):
            yield

    def send_bulk(self) -> None:
        """See what lies in the folder of a new workspace to the object store, where one is named."""
        with nullcontext() if (store := self._bulk) is None else store.change("import"):
            pass

    @property
    def _bulk(self) -> BulkStore | None:
        return store_of(self.folder, self._reading, lambda: self._transaction(writes=True))

    @contextmanager
    def change(
        self, who: str = "", why: str = "", *, needs: Role = Role.planner, new: bool = False
    ) -> Iterator[Transaction]:
        """A ``new`` workspace begins with this change.

        Raises Forbidden without the role, AlreadyRunning after a bounded wait, and StaffingError where the database
        cannot be used.
        """
        if not new:
            require(self, needs)
        with database.in_words(), self._only_writer(who), self._transaction(writes=True, new=new) as at:
            change = Transaction(self, who, why)
            yield change
            told = change.told()
            for name, content in change.staged.items():
                kind_of(name).write(at, name, content)
            if change.reworded is not None:
                reword(at, change.reworded)
            add_to_trail(at, told)
            if not all(name.startswith(UNAUDITED) for name in change.staged):
                own = schema.workspaces
                at.connection.execute(
                    sa.update(own).where(own.c.id == at.workspace_id).values(revision=own.c.revision + 1)
                )

    def _only_writer(self, who: str) -> AbstractContextManager[None]:
        """SQLite has one writer a file: who waits is told for whom."""
        file = sa.make_url(self.url).database
        if not self.url.startswith("sqlite") or not file:
            return nullcontext()
        return held(Path(file).with_name(f"{Path(file).name}.lock"), who, WAIT_S, nested=True)

    @contextmanager
    def _reading(self) -> Iterator[At]:
        """The transaction that is open in this thread, or else one of its own."""
        if (at := getattr(self._open, "at", None)) is not None:
            yield at
            return
        with database.in_words(), self._transaction(writes=False) as at:
            yield at

    @contextmanager
    def _transaction(self, *, writes: bool, new: bool = False) -> Iterator[At]:
        engine = database.opened(self.url)
        options: dict[str, Any] = {"writes": writes}
        if engine.dialect.name == "postgresql" and not writes:
            options["isolation_level"] = "REPEATABLE READ"
        with engine.connect().execution_options(**options) as connection, connection.begin():
            if new:
                connection.execute(sa.insert(schema.workspaces).values(name=self.name))
            at = At(connection, self._workspace_id(connection, writes))
            self._open.at = at
            try:
                yield at
            finally:
                self._open.at = None

    def _workspace_id(self, connection: sa.Connection, writes: bool) -> int:
        own = schema.workspaces.c
        asked = sa.select(own.id).where(own.name == self.name)
        if writes and connection.dialect.name == "postgresql":
            _wait_at_most(connection)
            if (self.url, self.name) not in _own_turn():
                turn = sa.text("SELECT pg_advisory_xact_lock_shared(hashtext(:name))")
                connection.execute(turn, {"name": self.name})
            asked = asked.with_for_update()
        found = connection.scalar(asked)
        if found is None:
            known = ", ".join(connection.scalars(sa.select(own.name).order_by(own.name))) or "none"
            raise InputError(
                f"there is no stored workspace '{self.name}'.",
                where=Where("database"),
                remedy=f"Known: {known}. Bring one in with: staffing import FOLDER",
            )
        return int(found)


def _wait_at_most(connection: sa.Connection) -> None:
    connection.execute(sa.text(f"SET LOCAL lock_timeout = '{WAIT_S:.0f}s'"))


def _own_turn() -> set[tuple[str, str]]:
    return getattr(_alone, "names", set())
