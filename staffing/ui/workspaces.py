"""Workspaces that can be chosen, each opened once for all sessions of the server."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from staffing.errors import StaffingError
from staffing.history.options import KEPT
from staffing.store import files, rights
from staffing.store.bundled import bundled
from staffing.store.cache import StageCache
from staffing.store.ground import Ground
from staffing.store.rosters import RosterBook
from staffing.store.workspace import Workspace
from staffing.ui.who import signed_in

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.calendar import SiteCalendar
    from staffing.history import History

BUNDLED = bundled("data")
VARIABLE = "STAFFING_WORKSPACE"


def places() -> dict[str, str]:
    """Workspaces that this user can choose, by label. With a sign-in, those in which the user has a role.

    Where the database cannot be used, folders can be worked on all the same; the page says what is wrong.
    """
    try:
        every = every_place()
    except StaffingError as error:
        every = _named()
        st.session_state["problem"] = error
    if not signed_in():
        return every
    return {label: place for label, place in every.items() if rights.role_of(Workspace.open(place).ground)}


def every_place() -> dict[str, str]:
    """All workspaces by label: those named by the operator, the stored ones, the bundled ones.

    A page never takes a path from a visitor: the address bar holds a label of this list. Raises StaffingError where
    there is a database that cannot be used.
    """
    return {**_named(), **{name: name for name in _stored()}}


def _named() -> dict[str, str]:
    return {label: str(path) for label, path in _folders().items()}


def _stored() -> list[str]:
    """Workspaces in the database, where an operator has named one or brought one in."""
    from staffing.store.sql.database import in_use

    if not in_use():
        return []
    from staffing.store.sql.stored import SUFFIX, stored_names

    return [name + SUFFIX for name in stored_names()]


def _folders() -> dict[str, Path]:
    named = [*sys.argv[1:], *os.environ.get(VARIABLE, "").split(os.pathsep)]
    bundled = sorted(path.parent for path in BUNDLED.glob("*/workspace.toml"))
    found: dict[str, Path] = {}
    for path in [*(Path(name).resolve() for name in named if name), *bundled]:
        if path not in found.values():
            found[path.name if path.name not in found else f"{path.parent.name}-{path.name}"] = path
    return found


@st.cache_resource(max_entries=16, show_spinner=False)
def opened(place: str, stamp: int) -> Workspace:
    """The workspace as it stands; ``stamp`` (see ``Ground.stamp``) tells when to read it again."""
    workspace = Workspace.open(place)
    workspace.base  # noqa: B018  (read now, so that its errors show here)
    return workspace


@st.cache_resource(max_entries=8, show_spinner=False)
def read(folder: Path, site: SiteCalendar, stamp: int) -> History:
    """The workspace's history; ``stamp`` tells when to read it again."""
    from staffing.history import read_history

    return read_history(folder, site)


@st.cache_resource(max_entries=8, show_spinner=False)
def stages(folder: Path) -> StageCache:
    """Finished stages of a workspace, shared by all sessions."""
    return StageCache(folder)


@st.cache_resource(max_entries=16, show_spinner=False)
def remembered(_ground: Ground, site: SiteCalendar, week: dt.date, place: str, stamp: int) -> pd.DataFrame | None:
    """Rosters of the weeks before a week; ``place`` names the workspace, ``stamp`` tells when to read them again."""
    return RosterBook(_ground, site).before(week)


def without_history(label: str) -> Workspace | None:
    """The workspace that is offered under a label, where all it lacks is a file of history."""
    try:
        place = places()[label]
        workspace = opened(place, stamp_of(place))
    except (StaffingError, KeyError):
        return None  # it lacks more
    folder = workspace.history_folder
    files = (each for each in folder.iterdir() if each.is_file()) if folder.is_dir() else ()
    return None if any(each.name != KEPT for each in files) else workspace


def stamp_of(place: str) -> int:
    """Another number after every change of a workspace. Raises InputError where there is none."""
    return Workspace.open(place).ground.stamp()


def files_stamp(folder: Path) -> int:
    """Another number after every change of the files in and below a folder."""
    return files.stamp_of(path for path in folder.rglob("*") if path.is_file())
