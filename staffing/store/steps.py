"""Changes that can be taken back: what documents held before each of a user's steps, kept beside that user's drafts."""

from __future__ import annotations

import json
from dataclasses import dataclass

from staffing.store.drafts import FOLDER, folder_of
from staffing.store.ground import Ground, Transaction

MOST_STEPS = 50


@dataclass(frozen=True)
class Steps:
    """The steps that one user took on some documents of a workspace, under a name."""

    name: str
    user: str
    documents: tuple[str, ...]

    @property
    def file(self) -> str:
        """Where they are kept."""
        return f"{FOLDER}/{folder_of(self.user)}/{self.name}.json"

    def count(self, ground: Ground) -> int:
        """How many can be taken back."""
        return len(_kept(ground.read(self.file)))

    def remember(self, change: Transaction) -> None:
        """Keep what the documents hold now; the change that follows is a step."""
        before = {name: change.read(name) for name in self.documents}
        step = {name: None if content is None else content.decode() for name, content in before.items()}
        change.write(self.file, json.dumps([*_kept(change.read(self.file)), step][-MOST_STEPS:]).encode())

    def back(self, change: Transaction) -> None:
        """The documents as they were before the last step; nothing where there was none."""
        kept = _kept(change.read(self.file))
        if kept:
            for name, content in kept[-1].items():
                change.write(name, None if content is None else content.encode())
            change.write(self.file, json.dumps(kept[:-1]).encode())


def _kept(content: bytes | None) -> list[dict[str, str | None]]:
    kept: list[dict[str, str | None]] = json.loads(content) if content else []
    return kept
