"""Who may do what in a workspace: asked where a change is made, below every page and command.

``roles.csv`` of a workspace gives users their roles. Without one, everybody who reaches the workspace may do all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from enum import IntEnum
from typing import Any, Protocol

from staffing.errors import Forbidden, InputError, Where
from staffing.store.csv_rows import own_rows
from staffing.store.lock import user

FILE = "roles.csv"
COLUMNS = ("user", "role")


class Role(IntEnum):
    """Each may do what those before it may."""

    viewer = 1  # sees everything, tries things in drafts of their own
    planner = 2  # changes scenarios, people, drafts of rosters
    publisher = 3  # publishes weeks
    admin = 4  # gives roles and links


_DOES = {
    Role.viewer: "look at this workspace",
    Role.planner: "change anything here",
    Role.publisher: "publish",
    Role.admin: "give roles or links",
}


class _Acting:
    """Whose request is at work: this machine's user, until a server says how it knows."""

    who: Callable[[], str] = staticmethod(user)
    claimed: Callable[[], dict[str, Role]] | None = None
    told_apart = False


def acting() -> str:
    """The user whose request or command this is."""
    return _Acting.who()


def act_as(who: Callable[[], str], claimed: Callable[[], dict[str, Role]] | None = None) -> None:
    """Say how the user of a request is known, and what roles a sign-in gives them (see ``claimed_roles``), where it
    gives any; a server does it once, before it takes a request."""
    _Acting.who, _Acting.told_apart = staticmethod(who), True
    _Acting.claimed = None if claimed is None else staticmethod(claimed)


def claimed_roles(texts: Iterable[str]) -> dict[str, Role]:
    """Roles by workspace, from what a sign-in says: ``planner`` holds everywhere (under ""), ``bank=planner`` in one.

    What names no role is something else that the sign-in tells, and is left.
    """
    found: dict[str, Role] = {}
    for text in texts:
        label, _, role = text.strip().rpartition("=")
        if role in Role.__members__:
            found[label] = max(Role[role], found.get(label, Role.viewer))
    return found


class RoleKeeper(Protocol):
    """What roles are kept in: the part of a workspace's ground that they need."""

    @property
    def label(self) -> str: ...
    def read(self, name: str) -> bytes | None: ...
    def change(self, who: str = "", why: str = "", *, needs: Role = Role.planner) -> AbstractContextManager[Any]: ...


def roles(ground: RoleKeeper) -> dict[str, Role]:
    """Users and their roles; none where the workspace has no roles. Raises InputError."""
    found: dict[str, Role] = {}
    for row, cells in own_rows(ground.read(FILE), FILE):
        name, role = (cells.get("user") or "").strip(), (cells.get("role") or "").strip()
        if not name or role not in Role.__members__:
            remedy = f"Columns: {', '.join(COLUMNS)}; roles: {', '.join(Role.__members__)}."
            raise InputError("gives no role.", where=Where(FILE, row), remedy=remedy)
        found[name] = Role[role]
    return found


def may(ground: RoleKeeper, needed: Role, who: str | None = None) -> bool:
    """Whether a user (default: the one at work) has at least this role."""
    if _Acting.claimed is None and not roles(ground):
        return True
    return (role_of(ground, who) or 0) >= needed


def role_of(ground: RoleKeeper, who: str | None = None) -> Role | None:
    """The role of a user (default: the one at work), None without any: the higher of what the workspace's own table
    and, for the one at work, the sign-in gives."""
    given = [roles(ground).get(acting() if who is None else who)]
    if _Acting.claimed is not None and who is None:
        claims = _Acting.claimed()
        given += [claims.get(""), claims.get(ground.label)]
    return max((role for role in given if role is not None), default=None)


def require(ground: RoleKeeper, needed: Role) -> None:
    """Raises Forbidden unless the user at work has at least this role."""
    if not may(ground, needed):
        who = acting()
        raise Forbidden(
            f"{who or 'nobody'} may not {_DOES[needed]}: it takes the role {needed.name}.",
            remedy="Ask an admin of this workspace.",
        )


def require_own(who: str) -> None:
    """Raises Forbidden where users are told apart and this is not the one at work."""
    if _Acting.told_apart and who != acting():
        raise Forbidden(f"{acting()} may not act as {who}.", remedy="Nothing was changed.")


def give(ground: RoleKeeper, who: str, role: Role | None) -> None:
    """Give a user a role, or (None) take it away. Who gives the first becomes admin.

    Raises Forbidden unless the user at work is admin, and InputError where no admin would be left.
    """
    with ground.change(acting(), f"role of {who}", needs=Role.admin) as change:
        given = roles(ground) or {acting(): Role.admin}
        given = {name: held for name, held in given.items() if name != who} | ({who: role} if role else {})
        if Role.admin not in given.values():
            raise InputError("no admin would be left.", remedy="Make somebody else admin first.")
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((name, held.name) for name, held in sorted(given.items()))
        change.write(FILE, text.getvalue().encode())
