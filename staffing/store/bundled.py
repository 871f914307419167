"""What comes with the program besides code: the pages' first file, their theme, example workspaces.

In a checkout they lie at its top; a wheel carries them inside the package.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from staffing.errors import InputError, Where

_PACKAGE = Path(__file__).resolve().parents[1]
STARTER = Path(__file__).with_name("starter")
EMPTY = "empty"

#: The files of a workspace; others beside a bundled one made it or check it.
_PARTS = ("*.toml", "*.csv", "*.md", "COPYING", "history/*", "scenarios/*")


def bundled(name: str = "") -> Path:
    """Where ``data``, ``app.py`` or ``.streamlit/config.toml`` lies; without a name, where they lie together."""
    inside = _PACKAGE / "bundled"
    return (inside if inside.is_dir() else _PACKAGE.parent) / name


def examples() -> dict[str, Path]:
    """What a new workspace can be a copy of, by name."""
    found = sorted(path.parent for path in bundled("data").glob("*/workspace.toml"))
    return {**{path.name: path for path in found}, EMPTY: STARTER}


def lay_workspace(folder: Path, source: str) -> list[Path]:
    """Make ``folder`` a workspace of its own: a copy of an example, or an empty one. Returns the files laid.

    The folder is whole or not there. Raises InputError for an unknown ``source`` and for a folder that holds
    something already or cannot be made.
    """
    known = examples()
    if source not in known:
        raise InputError(
            f"there is no example '{source}'.", where=Where(field="--from"), remedy=f"Known: {', '.join(known)}."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("is not an empty folder.", where=Where(str(folder)), remedy="Name a new one.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as beside:
            made = Path(beside) / folder.name
            parts = _copied(known[source], made)
            made.replace(folder)
    except OSError as error:
        reason = (error.strerror or "it cannot be written").lower()
        raise InputError(
            f"cannot be made: {reason}.", where=Where(str(folder)), remedy="Choose a folder that can be written."
        ) from None
    return [folder / part for part in parts]


def _copied(source: Path, target: Path) -> list[Path]:
    """Copy a workspace's own files; what planning left in a checkout (drafts, finished stages) stays behind."""
    files = sorted({path for part in _PARTS for path in source.glob(part) if path.is_file()} - _beside(source))
    for path in files:
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)  # not its rights: what is installed may be read-only
    return [path.relative_to(source) for path in files]


def _beside(source: Path) -> set[Path]:
    """Files that lie by a bundled workspace and do not belong to a new one."""
    return {source / name for name in ("truth.csv", "absences.csv")}
