"""Scenarios put aside: kept as they are written, where no list offers them, until they are taken out again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from staffing.domain.toml import parse_toml
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    from staffing.store.workspace import Workspace

FOLDER = "archive"


def archived(workspace: Workspace) -> tuple[str, ...]:
    """Names of the scenarios that were put aside."""
    return tuple(Path(name).stem for name in workspace.ground.names(FOLDER, ".toml"))


def archive(workspace: Workspace, name: str, who: str = "") -> None:
    """Put scenario ``name`` aside; ``who`` does.

    Raises InputError, and changes nothing, where others need it or one of its name lies there already."""
    workspace.must_be_own(name)
    if others := workspace.standing_on(name):
        remedy = f"Archive {', '.join(others)} first."
        raise InputError(f"'{name}' is what {', '.join(others)} stands on.", remedy=remedy)
    if name in archived(workspace):
        raise InputError(f"a scenario '{name}' lies in the archive already.", remedy="Rename this one first.")
    _move(workspace, f"scenarios/{name}.toml", _aside(name), who, f"{name} archived")


def restore(workspace: Workspace, name: str, who: str = "") -> None:
    """Take scenario ``name`` out of the archive; ``who`` does.

    Raises InputError where its name is taken, or it does not fit what it stands on any more; it then stays there."""
    if name in workspace.scenario_names:
        raise InputError(f"there is a scenario '{name}' already.", remedy="Rename that one first.")
    where = Where(_aside(name))
    patch = parse_toml((workspace.ground.read(_aside(name)) or b"").decode("utf-8", errors="replace"), where)
    workspace.scenario(str(patch.pop("base", "base"))).patched({**patch, "name": name}, where)
    _move(workspace, _aside(name), f"scenarios/{name}.toml", who, f"{name} out of the archive")


def _aside(name: str) -> str:
    return f"{FOLDER}/{name}.toml"


def _move(workspace: Workspace, source: str, target: str, who: str, why: str) -> None:
    with workspace.ground.change(who, why) as change:
        change.write(target, change.read(source))
        change.write(source, None)
