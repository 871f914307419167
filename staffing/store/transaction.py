"""Documents that are written together, and what the audit is to hold of it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from staffing.store import audit
from staffing.store.rights import acting


class Documents(Protocol):
    """What holds documents by their names."""

    def read(self, name: str) -> bytes | None: ...


def version_of(content: bytes | None) -> str:
    """Names what a document holds: equal versions are equal bytes; empty where there is no document."""
    return "" if content is None else hashlib.sha256(content).hexdigest()


@dataclass
class Transaction:
    """Documents to be written (or, None, deleted) together. ``read`` sees what was written before in it.

    ``reworded`` puts the audit's reasons in other words, where a person's name is to go from them.
    """

    ground: Documents
    who: str = ""
    why: str = ""
    staged: dict[str, bytes | None] = field(default_factory=dict)
    reworded: Callable[[str], str] | None = None

    def read(self, name: str) -> bytes | None:
        return self.staged[name] if name in self.staged else self.ground.read(name)

    def write(self, name: str, content: bytes | None) -> None:
        self.staged[name] = content

    def told(self) -> list[audit.DocumentChange]:
        """What the audit is to hold of it; asked before anything is written."""
        now, who = dt.datetime.now(dt.UTC), acting() or self.who
        digests = {
            name: (version_of(self.ground.read(name))[:16], version_of(content)[:16])
            for name, content in self.staged.items()
            if not name.startswith(audit.UNAUDITED)
        }
        changed = {name: both for name, both in digests.items() if both[0] != both[1]}
        return [audit.DocumentChange(name, now, who, self.why, *both) for name, both in changed.items()]
