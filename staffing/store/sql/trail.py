"""The audit of a stored workspace: rows that the database lets nobody change, but for the words of a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from staffing.store import audit
from staffing.store.audit import DocumentChange
from staffing.store.sql import schema
from staffing.store.sql.documents import At


def add_to_trail(at: At, changes: Iterable[DocumentChange]) -> None:
    """Rows of what was changed."""
    rows = [{"workspace": _name(at), **change.row} for change in changes]
    if rows:
        at.connection.execute(sa.insert(schema.audit), rows)


def reword(at: At, words: Callable[[str], str]) -> None:
    """Put the reasons in other words."""
    own = schema.audit
    for row in at.connection.execute(sa.select(own.c.id, own.c.why).where(own.c.workspace == _name(at))).all():
        if words(row.why) != row.why:
            at.connection.execute(sa.update(own).where(own.c.id == row.id).values(why=words(row.why)))


@dataclass(frozen=True)
class Trail:
    """The audit as a folder's file, so that it goes with a workspace wherever that goes; only ever added to."""

    def holds(self, name: str) -> bool:
        return name == audit.FILE

    def names(self, at: At) -> list[str]:
        any_row = sa.select(schema.audit.c.id).where(schema.audit.c.workspace == _name(at)).limit(1)
        return [audit.FILE] if at.connection.scalar(any_row) is not None else []

    def read(self, at: At, name: str) -> bytes | None:
        own = schema.audit
        asked = sa.select(own).where(own.c.workspace == _name(at)).order_by(own.c.id)
        lines = [DocumentChange.of_row(dict(row)).line for row in at.connection.execute(asked).mappings()]
        return b"".join(lines) or None

    def write(self, at: At, name: str, content: bytes | None) -> None:
        there = set(audit.changes_of(self.read(at, name)))
        add_to_trail(at, [change for change in reversed(list(audit.changes_of(content))) if change not in there])


def _name(at: At) -> str:
    own = schema.workspaces.c
    return str(at.connection.scalar(sa.select(own.name).where(own.id == at.workspace_id)))
