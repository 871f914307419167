"""Back-up and restore: workspaces, in folders or in the database, as one file; what comes back is checked and equal."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from staffing.errors import InputError, Where
from staffing.store.files import atomic_path, plain_file
from staffing.store.workspace import Workspace
from staffing.version import VERSION

MANIFEST = "manifest.json"
BULK = ("history", "forecasts")
_LEFT_OUT = (".staffing", ".desk/lock", ".desk/pending", ".desk/generation")


def back_up(file: Path, places: Sequence[str]) -> list[str]:
    """Write workspaces into one file, each as of one moment, while others work; returns their names.

    Raises InputError where two have the same name, and for what is no workspace.
    """
    opened = [Workspace.open(place) for place in places]
    names = [workspace.folder.resolve().name for workspace in opened]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not names:
        what = f"two workspaces are named '{twice[0]}'." if twice else "no workspace is named."
        raise InputError(what, remedy="Name each workspace once.")
    digests: dict[str, str] = {}
    with atomic_path(file) as temporary, tarfile.open(temporary, "w:gz") as archive:
        for name, workspace in zip(names, opened, strict=True):
            for member, content in _members(workspace):
                digests[f"{name}/{member}"] = hashlib.sha256(content).hexdigest()
                _add(archive, f"{name}/{member}", content)
        stored = [name for name, each in zip(names, opened, strict=True) if each.place.endswith("@db")]
        told = {"version": VERSION, "workspaces": names, "stored": stored, "sha256": digests}
        _add(archive, MANIFEST, json.dumps(told, ensure_ascii=False).encode())
    return names


def restore(file: Path, folder: Path) -> list[Workspace]:
    """Lay the workspaces of a back-up into a new folder, each in one of its own, and open them.

    Raises InputError where the file is no back-up or is damaged, and where the folder is in use.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("is not an empty folder.", where=Where(str(folder)), remedy="Name a new one.")
    damaged = InputError("is no back-up, or is damaged.", where=Where(str(file)), remedy="Take another back-up.")
    try:
        with tarfile.open(file, "r:gz") as archive:
            found = {member.name: _read(archive, member) for member in archive if member.isfile()}
        told = json.loads(found.pop(MANIFEST))
        digests, names = dict(told["sha256"]), list(told["workspaces"])
    except (OSError, tarfile.TarError, EOFError, KeyError, ValueError, TypeError):
        raise damaged from None
    if digests != {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}:
        raise damaged
    for name, content in found.items():
        target = folder / name
        if ".." in Path(name).parts or Path(name).is_absolute():
            raise damaged
        with atomic_path(target) as temporary:
            temporary.write_bytes(content)
    return [Workspace.open(folder / name) for name in names]


def stored_in(file: Path) -> list[str]:
    """Names of the workspaces of a back-up that came from the database. Raises InputError where it is none."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            return list(json.loads(_read(archive, archive.getmember(MANIFEST)))["stored"])
    except (OSError, tarfile.TarError, EOFError, KeyError, ValueError, TypeError):
        raise InputError("is no back-up, or is damaged.", where=Where(str(file))) from None


def _members(workspace: Workspace) -> Iterator[tuple[str, bytes]]:
    """Every file of a workspace: its documents as of one moment, then its bulk tables."""
    ground = workspace.ground

    def documents() -> dict[str, bytes]:
        bulk = () if workspace.place.endswith("@db") else tuple(f"{part}/" for part in BULK)
        names = [name for name in ground.names("", "") if not name.startswith((*_LEFT_OUT, *bulk))]
        return {name: content for name in names if _is_document(workspace, name) and (content := ground.read(name))}

    yield from ground.steady(documents).items()
    for path in (path for part in BULK for path in sorted((workspace.folder / part).rglob("*"))):
        plain_file(workspace.folder, path)
        if path.is_file() and not path.name.startswith("."):
            yield path.relative_to(workspace.folder).as_posix(), path.read_bytes()


def _is_document(workspace: Workspace, name: str) -> bool:
    return workspace.place.endswith("@db") or (workspace.folder / name).is_file()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o644
    archive.addfile(member, io.BytesIO(content))


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(member)
    return b"" if stream is None else stream.read()
