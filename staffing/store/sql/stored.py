"""Workspaces into the database and out of it again, equal to what they were."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import sqlalchemy as sa

from staffing.errors import InputError, Where
from staffing.store.bundled import EMPTY, lay_workspace
from staffing.store.files import plain_file
from staffing.store.ground import FolderGround
from staffing.store.kept import FORECASTS, MANIFEST
from staffing.store.sql import database, schema
from staffing.store.sql.ground import SqlGround
from staffing.store.sql.kinds import KINDS
from staffing.store.workspace import Workspace

SUFFIX = "@db"
BULK = ("history", FORECASTS)
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,59}")


def stored_names(url: str | None = None) -> list[str]:
    """Names of the workspaces in the database."""
    engine = database.opened(url or database.database_url())
    with database.in_words(), engine.connect() as connection:
        return list(connection.scalars(sa.select(schema.workspaces.c.name).order_by(schema.workspaces.c.name)))


def bring_in(folder: Path, name: str = "", who: str = "") -> Workspace:
    """Take a workspace folder into the database under ``name`` (default: the folder's), with all that was made in it.

    Raises InputErrors for what is wrong with the folder, and InputError where there is a workspace of that name.
    """
    source = Workspace.open(folder)
    _ = [source.scenario(each) for each in source.scenario_names]
    name = name or source.folder.resolve().name
    if not _NAME.fullmatch(name):
        raise InputError("is no name.", where=Where(field="name"), remedy="Use letters, digits, '.', '_' and '-'.")
    url = database.database_url()
    if name in stored_names(url):
        raise InputError(f"there is a stored workspace '{name}' already.", remedy="Choose another name with --as.")
    ground, own = SqlGround(url, name), FolderGround(source.folder)
    _copy_bulk(source.folder, ground.folder)
    with ground.change(who, f"brought in from {source.folder.name}", new=True) as change:
        for document in _documents(own):
            change.write(document, own.read(document))
    ground.send_bulk()
    return Workspace.open(name + SUFFIX)


def lay_stored(name: str, who: str) -> Workspace:
    """A new workspace in the database, empty but for what every workspace begins with. Raises InputError."""
    with tempfile.TemporaryDirectory() as beside:
        folder = Path(beside) / "new"
        lay_workspace(folder, EMPTY)
        made = bring_in(folder, name, who)
    for note in made.history_folder.glob("*.md"):
        note.unlink()
    return made


def send_out(name: str, folder: Path) -> Workspace:
    """Write a stored workspace as a folder of files. Raises InputError where the folder is in use."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("is not an empty folder.", where=Where(str(folder)), remedy="Name a new one.")
    ground, target = SqlGround(database.database_url(), name), FolderGround(folder)
    documents = ground.steady(lambda: {each: ground.read(each) for each in ground.names("", "")})
    folder.mkdir(parents=True, exist_ok=True)
    _copy_bulk(ground.folder, folder)
    with target.change() as change:
        for each, content in documents.items():
            change.write(each, content)
    return Workspace.open(folder)


def _documents(ground: FolderGround) -> list[str]:
    files = [name for name in ground.names("", "") if (ground.root / name).is_file()]
    kept = [name for name in files if any(kind.holds(name) for kind in KINDS)]
    return sorted(kept, key=lambda name: (name != "workspace.toml", name))


def _copy_bulk(source: Path, target: Path) -> None:
    for name in BULK:
        if (source / name).is_dir():
            for path in (source / name, *(source / name).rglob("*")):
                plain_file(source, path)
            documents = shutil.ignore_patterns(*([MANIFEST] if name == FORECASTS else ()))
            shutil.copytree(source / name, target / name, dirs_exist_ok=True, ignore=documents)
