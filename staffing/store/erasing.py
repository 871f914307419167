"""A person's name, taken out of a workspace on their request: another stands in its place, everywhere."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from staffing.errors import InputError
from staffing.store import links, rights
from staffing.store.csv_rows import every_row
from staffing.store.files import parquet_bytes
from staffing.store.publications import JOURNAL, Publication, journal_of, line_of
from staffing.store.transaction import version_of

if TYPE_CHECKING:
    from staffing.store.transaction import Transaction
    from staffing.store.workspace import Workspace

#: Where people's names stand; history and forecasts are of contacts.
PLACES = (
    ("", ".toml"),
    ("", ".csv"),
    ("archive", ".toml"),
    ("scenarios", ".toml"),
    ("rosters", ""),
    (".desk/drafts", ""),
)
NOT_NAMES = ("roles.csv", "events.csv")
STANDS_FOR = "former"


@dataclass(frozen=True)
class Erasure:
    """A name, what stands for it, and the documents in which it stood."""

    name: str
    stands_for: str
    documents: tuple[str, ...]
    others: tuple[str, ...] = ()  # longer names that hold this one


def found(workspace: Workspace, name: str) -> Erasure:
    """Where a person's name stands; nothing is changed. Raises InputError where it stands nowhere."""
    return workspace.ground.steady(lambda: _found(workspace, name))


def erase(workspace: Workspace, name: str) -> Erasure:
    """Put a number in place of a person's name in people, sick calls, wishes, rosters, their journal and drafts; end
    their links; drop finished stages, which are made again.

    The plan stays as it is, and so do the digests' promise (they are renewed) and the audit, but for its reasons'
    words. Back-ups made before, exported files and the history's own files are not reached.
    Raises Forbidden unless the user at work is admin, and InputError where the name stands nowhere.
    """
    ground = workspace.ground
    with ground.change(rights.acting(), "a person's name erased", needs=rights.Role.admin) as change:
        erasure = _found(workspace, name)
        for document in erasure.documents:
            content = change.read(document)
            if document not in (JOURNAL, links.FILE) and content is not None:  # these two follow
                change.write(document, _without(document, content, erasure))
        _renew_journal(change, erasure)
        change.reworded = partial(_words_without, erasure=erasure)
        links.end(change, "person", name)
    shutil.rmtree(workspace.cache_folder, ignore_errors=True)
    return erasure


def _found(workspace: Workspace, name: str) -> Erasure:
    ground, taken = workspace.ground, set[str]()
    others = tuple(agent.name for agent in workspace.base.agents if name in agent.name and name != agent.name)
    documents = []
    for document in _documents(workspace):
        content = ground.read(document) or b""
        if _without(document, content, Erasure(name, "", (), others)) != content:
            documents.append(document)
        taken |= set(re.findall(rf"\b{STANDS_FOR}-\d+\b", content.decode("utf-8", errors="ignore")))
    if not documents:
        raise InputError(f"the name '{name}' stands nowhere.", remedy="Write it as it stands in agents.csv.")
    number = next(k for k in range(1, len(taken) + 2) if f"{STANDS_FOR}-{k}" not in taken)
    return Erasure(name, f"{STANDS_FOR}-{number}", tuple(documents), others)


def _documents(workspace: Workspace) -> list[str]:
    every = {name for folder, ending in PLACES for name in workspace.ground.names(folder, ending)}
    kept = {name for name in every if name.startswith(tuple(f"{folder}/" for folder, _ in PLACES if folder))}
    return sorted(name for name in kept | {name for name in every if "/" not in name} if name not in NOT_NAMES)


def _without(document: str, content: bytes, erasure: Erasure) -> bytes:
    """A document with the name replaced wherever it stands as a whole value, and as whole words of a reason."""
    if document.endswith(".parquet"):
        return _table_without(content, erasure)
    if document.endswith(".csv"):
        return _rows_without(document, content, erasure)
    if document.endswith(".toml"):
        quoted = re.compile(rf"""(["']){re.escape(erasure.name)}\1""")
        return quoted.sub(f'"{erasure.stands_for}"', content.decode()).encode()
    if document.endswith((".json", ".jsonl")):
        lines = content.decode().split("\n")
        return "\n".join(_json_without(line, erasure) if line.strip() else line for line in lines).encode()
    return content


def _table_without(content: bytes, erasure: Erasure) -> bytes:
    import pandas as pd

    table = pd.read_parquet(io.BytesIO(content))
    if "agent" not in table.columns or not (table["agent"] == erasure.name).any():
        return content
    agents = table["agent"].astype(object).where(table["agent"] != erasure.name, erasure.stands_for)
    return parquet_bytes(table.assign(agent=agents.astype(table["agent"].dtype)))


def _rows_without(document: str, content: bytes, erasure: Erasure) -> bytes:
    rows = list(every_row(content, document))
    changed = [[_words_without(cell, erasure) for cell in row] for row in rows]
    if changed == rows:
        return content
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(changed)
    return text.getvalue().encode()


def _json_without(line: str, erasure: Erasure) -> str:
    try:
        told = json.loads(line)
    except ValueError:
        return line
    changed = _value_without(told, lambda text: _words_without(text, erasure))
    return line if changed == told else json.dumps(changed, ensure_ascii=False, sort_keys=isinstance(told, dict))


def _value_without(value: Any, replaced: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return replaced(value)
    if isinstance(value, list):
        return [_value_without(one, replaced) for one in value]
    if isinstance(value, dict):
        return {replaced(key): _value_without(one, replaced) for key, one in value.items()}
    return value


def _words_without(text: str, erasure: Erasure) -> str:
    """A value that is the name, and the name among the words of a sentence; a longer name that holds it is left."""
    longer = "|".join(re.escape(other) for other in sorted(erasure.others, key=len, reverse=True))
    pattern = rf"(?<![\w-])(?:(?P<longer>{longer or '(?!)'})|{re.escape(erasure.name)})(?![\w-])"
    return re.sub(pattern, lambda met: met["longer"] or erasure.stands_for, text)


def _renew_journal(change: Transaction, erasure: Erasure) -> None:
    """The journal's lines with the digests of the versions as they are now, and without the name in their reasons."""
    content = change.read(JOURNAL)
    if content is None:
        return

    def renewed(entry: Publication) -> Publication:
        rows = change.read(f"rosters/{entry.file}")
        digest = entry.sha256 if rows is None else version_of(rows)
        return replace(entry, sha256=digest, why=_words_without(entry.why, erasure))

    change.write(JOURNAL, b"".join(line_of(renewed(entry)) for entry in journal_of(content)))
