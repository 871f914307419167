"""Every kind of documents that a stored workspace holds."""

from __future__ import annotations

from staffing.errors import InputError, Where
from staffing.store import links, rights
from staffing.store.absences import COLUMNS as ABSENCE_COLUMNS
from staffing.store.csv_files import AGENT_COLUMNS, EVENT_COLUMNS
from staffing.store.sql import schema
from staffing.store.sql.documents import (
    Blobs,
    CsvRows,
    DocumentKind,
    Journal,
    Scenarios,
    SettingsDocument,
    ShiftBook,
)
from staffing.store.sql.manifests import Manifests
from staffing.store.sql.trail import Trail

NAMED = ("imports.json", "leave.csv", "goals.toml")
ASIDE = "archive/"


class Named(Blobs):
    """Documents of set names, and those put aside, kept as they are."""

    def holds(self, name: str) -> bool:
        return name in NAMED or name.startswith(ASIDE)


KINDS: tuple[DocumentKind, ...] = (
    SettingsDocument(),
    ShiftBook(),
    CsvRows("events.csv", schema.events, EVENT_COLUMNS),
    CsvRows("agents.csv", schema.people, AGENT_COLUMNS),
    CsvRows("absences.csv", schema.absences, ABSENCE_COLUMNS),
    CsvRows("roles.csv", schema.roles, rights.COLUMNS),
    CsvRows("links.csv", schema.links, links.COLUMNS),
    Scenarios(),
    Journal(),
    Manifests(),
    Trail(),
    Blobs("rosters/", schema.roster_files),
    Blobs(".desk/drafts/", schema.drafts),
    Named("", schema.documents),
)


def kind_of(name: str) -> DocumentKind:
    """The kind of documents that has this name. Raises InputError where none has."""
    for kind in KINDS:
        if kind.holds(name):
            return kind
    raise InputError("has no place in a stored workspace.", where=Where(name))
