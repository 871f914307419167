"""Documents of a workspace as rows of tables and back: the same names as files have, the same content."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import sqlalchemy as sa

from staffing.domain.toml import parse_toml
from staffing.errors import InputError, Where
from staffing.store.csv_rows import own_rows
from staffing.store.sql import schema


@dataclass(frozen=True)
class At:
    """A workspace within a transaction."""

    connection: sa.Connection
    workspace_id: int

    def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        """The rows of a table in their order."""
        asked = sa.select(table).where(table.c.workspace_id == self.workspace_id)
        order = table.c.position if "position" in table.c else table.c.id
        return [dict(row) for row in self.connection.execute(asked.order_by(order)).mappings()]

    def replace(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        """All rows of a table anew."""
        self.connection.execute(sa.delete(table).where(table.c.workspace_id == self.workspace_id))
        self.add(table, rows)

    def add(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            own = [{"workspace_id": self.workspace_id, **row} for row in rows]
            self.connection.execute(sa.insert(table), own)


class DocumentKind(Protocol):
    """One kind of documents: which names it has, and how they are read and written."""

    def holds(self, name: str) -> bool:
        """Whether a document of this name is of this kind."""

    def names(self, at: At) -> list[str]:
        """The names that there are."""

    def read(self, at: At, name: str) -> bytes | None:
        """The document, None when there is none."""

    def write(self, at: At, name: str, content: bytes | None) -> None:
        """Replace or (None) delete it."""


def plain(value: Any) -> Any:
    """TOML as JSON keeps it: dates as text, which every reader takes."""
    return json.loads(json.dumps(value, default=lambda item: item.isoformat()))


def _toml(value: dict[str, Any]) -> bytes:
    import tomli_w

    return tomli_w.dumps(value).encode()


def _listed(items: list[Any]) -> list[dict[str, Any]]:
    return [{"position": k, "name": str(item.get("name", "")), "data": item} for k, item in enumerate(items)]


@dataclass(frozen=True)
class SettingsDocument:
    """``workspace.toml``: rules and special days have tables of their own, the rest is the workspace's settings."""

    def holds(self, name: str) -> bool:
        return name == "workspace.toml"

    def names(self, at: At) -> list[str]:
        return ["workspace.toml"]

    def read(self, at: At, name: str) -> bytes | None:
        own = schema.workspaces.c
        settings = at.connection.scalar(sa.select(own.settings).where(own.id == at.workspace_id))
        if settings is None:
            return None
        rules = [row["data"] for row in at.rows(schema.rules)]
        special = [row["data"] for row in at.rows(schema.special_days)]
        data = dict(settings)
        for row in rules:
            data |= {"rules": row["rules"]} if "rules" in row else {}
        changes = [row for row in rules if "rules" not in row or "name" in row]
        data |= {"rule_changes": changes} if changes else {}
        if special:
            closed = [row["closed"] for row in special if "closed" in row]
            named = [row for row in special if "closed" not in row]
            site = {**data.get("site", {}), **({"closed_dates": closed} if closed else {})}
            data["site"] = {**site, **({"special_days": named} if named else {})}
        return _toml(data)

    def write(self, at: At, name: str, content: bytes | None) -> None:
        data = plain(parse_toml((content or b"").decode(), Where(name)))
        site = data.get("site", {})
        closed = [{"name": day, "closed": day} for day in site.pop("closed_dates", [])]
        at.replace(schema.special_days, _listed([*closed, *site.pop("special_days", [])]))
        rules = [{"rules": data.pop("rules")}] if "rules" in data else []
        at.replace(schema.rules, _listed([*rules, *data.pop("rule_changes", [])]))
        own = schema.workspaces
        settings = sa.null() if content is None else data
        at.connection.execute(sa.update(own).where(own.c.id == at.workspace_id).values(settings=settings))


@dataclass(frozen=True)
class ShiftBook:
    """``shifts.toml``: shifts, contracts and rotations."""

    tables: ClassVar = {"shifts": schema.shifts, "contracts": schema.contracts, "rotations": schema.rotations}

    def holds(self, name: str) -> bool:
        return name == "shifts.toml"

    def names(self, at: At) -> list[str]:
        return ["shifts.toml"] if self.read(at, "shifts.toml") else []

    def read(self, at: At, name: str) -> bytes | None:
        data = {key: [row["data"] for row in at.rows(table)] for key, table in self.tables.items()}
        held = {key: rows for key, rows in data.items() if rows}
        return _toml(held) if held else None

    def write(self, at: At, name: str, content: bytes | None) -> None:
        data = plain(parse_toml((content or b"").decode(), Where(name)))
        for key, table in self.tables.items():
            at.replace(table, _listed(data.pop(key, [])))
        if data:
            raise InputError(f"'{next(iter(data))}' does not belong here.", where=Where(name))


@dataclass(frozen=True)
class CsvRows:
    """A CSV with a row a thing; its cells are kept as they were written."""

    file: str
    table: sa.Table
    columns: tuple[str, ...]

    def holds(self, name: str) -> bool:
        return name == self.file

    def names(self, at: At) -> list[str]:
        return [self.file] if at.rows(self.table) else []

    def read(self, at: At, name: str) -> bytes | None:
        rows = [row["data"] for row in at.rows(self.table)]
        if not rows:
            return None
        used = [column for column in self.columns if any(column in row for row in rows)]
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, used, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().encode()

    def write(self, at: At, name: str, content: bytes | None) -> None:
        rows_there = (row for _, row in own_rows(content, name))
        cells = [{str(key).strip(): value for key, value in row.items() if value} for row in rows_there]
        first = self.columns[0]
        rows = [{"position": k, "name": str(row.get(first, "")), "data": row} for k, row in enumerate(cells) if row]
        at.replace(self.table, rows)


@dataclass(frozen=True)
class Scenarios:
    """``scenarios/NAME.toml``: the parent and what is changed in it."""

    def holds(self, name: str) -> bool:
        return name.startswith("scenarios/") and name.endswith(".toml")

    def names(self, at: At) -> list[str]:
        return [f"scenarios/{row['name']}.toml" for row in at.rows(schema.scenarios)]

    def read(self, at: At, name: str) -> bytes | None:
        own = schema.scenarios.c
        asked = sa.select(own.parent, own.patch).where(own.workspace_id == at.workspace_id, own.name == _stem(name))
        row = at.connection.execute(asked).first()
        return None if row is None else _toml({"base": row.parent, **row.patch})

    def write(self, at: At, name: str, content: bytes | None) -> None:
        own = schema.scenarios
        at.connection.execute(sa.delete(own).where(own.c.workspace_id == at.workspace_id, own.c.name == _stem(name)))
        if content is not None:
            patch = plain(parse_toml(content.decode(), Where(name)))
            at.add(own, [{"name": _stem(name), "parent": str(patch.pop("base", "base")), "patch": patch}])


def _stem(name: str) -> str:
    return name.removeprefix("scenarios/").removesuffix(".toml")


@dataclass(frozen=True)
class Journal:
    """``rosters/journal.jsonl``: a line a publication; lines are only added. What one tells of a week, its version,
    when and by whom is never changed; its reason and the digest are, where a person's name is erased."""

    def holds(self, name: str) -> bool:
        return name == "rosters/journal.jsonl"

    def names(self, at: At) -> list[str]:
        return ["rosters/journal.jsonl"] if at.rows(schema.publications) else []

    def read(self, at: At, name: str) -> bytes | None:
        rows = [row["data"] for row in at.rows(schema.publications)]
        lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows]
        return "".join(f"{line}\n" for line in lines).encode() if lines else None

    def write(self, at: At, name: str, content: bytes | None) -> None:
        there = [row["data"] for row in at.rows(schema.publications)]
        rows = [json.loads(line) for line in (content or b"").decode().splitlines() if line]
        if [_facts(row) for row in there] != [_facts(row) for row in rows[: len(there)]]:
            raise InputError("is only added to.", where=Where(name), remedy="Publish the week anew.")
        own = schema.publications
        for old, row in zip(there, rows, strict=False):
            if old != row:
                this = (
                    own.c.workspace_id == at.workspace_id,
                    own.c.week == row["week"],
                    own.c.version == row["version"],
                )
                at.connection.execute(sa.update(own).where(*this).values(data=row))
        fresh = rows[len(there) :]
        at.add(own, [{"week": row["week"], "version": row["version"], "data": row} for row in fresh])


def _facts(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(key) for key in ("week", "version", "when", "who", "scenario", "shifts", "changed"))


@dataclass(frozen=True)
class Blobs:
    """Documents kept as they are, under their name."""

    folder: str
    table: sa.Table

    def holds(self, name: str) -> bool:
        return name.startswith(self.folder)

    def names(self, at: At) -> list[str]:
        asked = sa.select(self.table.c.file).where(self.table.c.workspace_id == at.workspace_id)
        return [self.folder + file for file in at.connection.scalars(asked)]

    def read(self, at: At, name: str) -> bytes | None:
        return at.connection.scalar(sa.select(self.table.c.content).where(*self._this(at, name)))

    def changed_at(self, at: At, name: str) -> dt.datetime | None:
        when = at.connection.scalar(sa.select(self.table.c.changed_at).where(*self._this(at, name)))
        return None if when is None else when.replace(tzinfo=when.tzinfo or dt.UTC, microsecond=0)

    def write(self, at: At, name: str, content: bytes | None) -> None:
        at.connection.execute(sa.delete(self.table).where(*self._this(at, name)))
        if content is not None:
            file = name.removeprefix(self.folder)
            at.add(self.table, [{"file": file, "content": content, "changed_at": dt.datetime.now(dt.UTC)}])

    def _this(self, at: At, name: str) -> tuple[sa.ColumnElement[bool], ...]:
        own = self.table.c
        return own.workspace_id == at.workspace_id, own.file == name.removeprefix(self.folder)
