"""The goals of a workspace: ``goals.toml``, or a pyramid to begin with where there is none."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from staffing.domain.goals import Goals
from staffing.domain.toml import parse_toml
from staffing.errors import Where
from staffing.store.steps import Steps

if TYPE_CHECKING:
    from staffing.store.workspace import Workspace

FILE = "goals.toml"


@cache
def first_goals() -> str:
    """The pyramid to begin with, as TOML."""
    return resources.files(__package__).joinpath("first_goals.toml").read_text(encoding="utf-8")


def goals_text(workspace: Workspace) -> str:
    """The goals as they are written."""
    content = workspace.ground.read(FILE)
    return first_goals() if content is None else content.decode("utf-8", errors="replace")


def goals_of(text: str) -> Goals:
    """The goals of a TOML text. Raises InputErrors naming each field that is wrong."""
    return Goals.parse(parse_toml(text, Where(FILE)), Where(FILE))


def keep_goals(workspace: Workspace, text: str, who: str) -> Goals:
    """Keep goals as ``who`` wrote them, a step that can be taken back.

    Raises InputErrors, and changes nothing, where they do not fit; Forbidden unless the user at work is planner."""
    made = goals_of(text)
    with workspace.ground.change(who, "goals") as change:
        steps(who).remember(change)
        change.write(FILE, text.encode())
    return made


def written(goals: Goals) -> str:
    """Goals as the TOML text that says them."""
    import tomli_w

    return tomli_w.dumps(goals.model_dump(mode="json", exclude_none=True, exclude_defaults=True))


def steps(who: str) -> Steps:
    """The steps of a user on the goals."""
    return Steps("goals", who, (FILE,))


def take_back(workspace: Workspace, who: str) -> None:
    """Goals as they were before the last step of ``who``; nothing where there was none."""
    with workspace.ground.change(who, "goals taken back") as change:
        steps(who).back(change)
