"""What a planner has begun and not saved: a scenario's changes, step by step, kept for one user until saved.

A draft lies under ``.desk/drafts/USER/`` of its workspace: another browser, a crash or a restart find it there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from staffing.domain.changes import clashes, patch_between
from staffing.domain.patches import Patch
from staffing.domain.scenario import Scenario
from staffing.errors import InputError, InputErrors, Where
from staffing.store import rights
from staffing.store.ground import Ground
from staffing.store.transaction import Transaction, version_of

if TYPE_CHECKING:
    from staffing.store.workspace import Workspace

FOLDER = ".desk/drafts"
MOST_STEPS = 200


@dataclass(frozen=True)
class Draft:
    """Changes from the scenario as it was ``saved`` to the scenario as it stands.

    Parameters
    ----------
    steps : what leads from ``saved`` to each version after it; those from ``at`` on were undone.
    seen : the version of the scenario's file that ``saved`` was read from.
    number : grows with every change, whichever way it goes.
    """

    saved: Scenario
    seen: str = ""
    steps: tuple[Patch, ...] = ()
    at: int = 0
    number: int = 0

    @cached_property
    def current(self) -> Scenario:
        return self.saved.patched(self.steps[self.at - 1]) if self.at else self.saved

    @property
    def changed(self) -> bool:
        return self.current != self.saved

    def with_version(self, scenario: Scenario) -> Draft:
        """The draft one step on; an equal scenario is no step. Of very many steps the oldest are forgotten."""
        if scenario == self.current:
            return self
        steps = (*self.steps[: self.at], _plain(patch_between(self.saved, scenario)))[-MOST_STEPS:]
        return replace(self, steps=steps, at=len(steps), number=self.number + 1)

    def undone(self) -> Draft:
        """The draft one step back."""
        return replace(self, at=self.at - 1, number=self.number + 1) if self.at else self

    def redone(self) -> Draft:
        """The draft one step forward again, where one was undone."""
        return replace(self, at=self.at + 1, number=self.number + 1) if self.at < len(self.steps) else self

    def reset(self) -> Draft:
        """As saved; a step of its own, so that it can be undone."""
        return self.with_version(self.saved)

    def following(self, there: Draft) -> Draft:
        """The same changes laid over the scenario as it is ``there``, unchanged: what it stands on may have changed.

        Where somebody saved the scenario itself the draft stays as it is: that is to be chosen between (see ``onto``).
        Raises InputError where the changes no longer fit, such as that of an event that is gone.
        """
        if self.seen != there.seen or self.saved == there.saved:
            return self
        made = replace(self, saved=there.saved)
        for step in made.steps:
            there.saved.patched(step)
        return made

    def clashes(self, theirs: Scenario) -> list[tuple[str, Any, Any]]:
        """What this draft and ``theirs`` both changed in what was saved: (path, mine, theirs)."""
        return clashes(self.saved, self.current, theirs)

    def onto(self, theirs: Scenario, seen: str, *, mine: bool) -> Draft:
        """The draft with its changes laid over what somebody else saved; one step, all else forgotten.

        Where both changed the same field, ``mine`` or theirs is taken. Raises InputErrors where the changes no longer
        fit, such as that of an event that they took out.
        """
        named = theirs.patched({"name": self.saved.name})
        own = patch_between(self.saved, self.current)
        laid = named.patched(own)
        if not mine:  # their changes over mine: they win where both changed
            laid = laid.patched(patch_between(self.saved, named))
        return replace(Draft(named, seen).with_version(laid), number=self.number + 1)


def as_saved(workspace: Workspace, name: str) -> Draft:
    """The draft of a scenario in which nothing was changed, with the version that it was read from.

    Raises InputErrors where the scenario cannot be read.
    """
    return workspace.ground.steady(lambda: Draft(workspace.scenario(name), workspace.version(name)))


@dataclass(frozen=True)
class Drafts:
    """The drafts of one user in a workspace."""

    ground: Ground
    user: str

    def scenario(self, name: str) -> Draft | None:
        """The draft of a scenario, None where nothing was begun. Raises InputError where it cannot be read."""
        content = self.ground.read(self._file(name))
        return None if content is None else _draft_of(content)

    def keep(self, name: str, draft: Draft | None) -> None:
        """Keep a draft in place of the one there; None forgets it."""
        with self._change() as change:
            if draft is not None or change.read(self._file(name)) is not None:
                change.write(self._file(name), None if draft is None else _content(draft))

    def step(self, name: str, draft: Draft, scenario: Scenario) -> Draft:
        """Take a change that was made from ``draft`` and keep it; another window's steps since then stay.

        Returns the draft as it is kept.
        """
        with self._change() as change:
            content = change.read(self._file(name))
            held = draft if content is None else _draft_of(content).following(draft)
            if held.number != draft.number:
                scenario = held.current.patched(patch_between(draft.current, scenario))
            made = held.with_version(scenario)
            change.write(self._file(name), _content(made))
        return made

    def _change(self) -> AbstractContextManager[Transaction]:
        """A change of one's own drafts: whoever may look at the workspace may make it, nobody else's."""
        rights.require_own(self.user)
        return self.ground.change(self.user, needs=rights.Role.viewer)

    def set_aside(self, name: str) -> None:
        """Put a draft that cannot be read out of the way, where a person may still find it."""
        with self._change() as change:
            change.write(f"{self._file(name)}.unreadable", change.read(self._file(name)))
            change.write(self._file(name), None)

    def others(self, name: str) -> list[str]:
        """Other users who have begun to change this scenario."""
        kept = [file.split("/")[-2:] for file in self.ground.names(FOLDER, ".scenario.json")]
        users = [unquote(folder)[2:] for folder, file in kept if file == _file(name)]
        return [user for user in users if user != self.user]

    def _file(self, name: str) -> str:
        return f"{FOLDER}/{folder_of(self.user)}/{_file(name)}"


def _file(name: str) -> str:
    return f"{quote(name, safe='')}.scenario.json"


def folder_of(user: str) -> str:
    """The name of a user's folder: whatever the user is called, it stays one level deep."""
    return f"u-{quote(user, safe='')}"


def _content(draft: Draft) -> bytes:
    saved = draft.saved.model_dump(mode="json", exclude_defaults=True)
    told = {"saved": saved, "seen": draft.seen, "steps": draft.steps, "at": draft.at, "number": draft.number}
    return json.dumps(told, ensure_ascii=False, allow_nan=False).encode()


@lru_cache(maxsize=128)
def _draft_of(content: bytes) -> Draft:
    try:
        told = json.loads(content)
        steps = tuple(told["steps"])
        at = min(int(told["at"]), len(steps))
        return Draft(Scenario.parse(told["saved"]), str(told["seen"]), steps, at, int(told["number"]))
    except (ValueError, KeyError, TypeError, InputErrors) as error:
        what = f"was kept by another version of this program or is damaged ({version_of(content)[:8]})."
        raise InputError(what, where=Where("draft"), remedy="Reset it to what is saved.") from error


def _plain(patch: Mapping[str, Any]) -> Patch:
    """A patch as JSON keeps it, so that a draft is the same before and after it was kept."""
    made: Patch = json.loads(json.dumps(patch, default=str))
    return made
