"""Who changed what, when and why: a line a changed document, only added to.

A folder keeps it in ``.desk/audit.jsonl``, a database as rows of the same fields. It names documents and digests, never
what stands in them; a reason is in the words of who gave it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

FILE = ".desk/audit.jsonl"
#: What a workspace keeps about itself, and what users have begun, is nobody else's to see; kept runs say when they
#: were made themselves.
UNAUDITED = (".desk/", "forecasts/")


@dataclass(frozen=True)
class DocumentChange:
    """A document that was written or deleted: when (UTC), by whom and why, where that is known.

    ``before`` and ``after`` are digests; empty where there was, or is, no such document.
    """

    name: str
    when: dt.datetime
    who: str = ""
    why: str = ""
    before: str = ""
    after: str = ""

    @property
    def row(self) -> dict[str, Any]:
        """Its fields as both encodings name them."""
        told = {"at": self.when, "who": self.who, "why": self.why, "what": self.name}
        return {**told, "before": self.before, "after": self.after}

    @property
    def line(self) -> bytes:
        """Its line in a folder's file."""
        return json.dumps({**self.row, "at": self.when.isoformat()}, ensure_ascii=False).encode() + b"\n"

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> DocumentChange:
        """From the fields of a line or a row; an instant without a zone is UTC."""
        when = row["at"] if isinstance(row["at"], dt.datetime) else dt.datetime.fromisoformat(row["at"])
        when = when.replace(tzinfo=when.tzinfo or dt.UTC)
        return cls(row["what"], when, row["who"], row["why"], row["before"], row["after"])


def changes_of(content: bytes | None) -> Iterator[DocumentChange]:
    """The changes that a file tells of, the newest first; a line that is none is passed over."""
    for line in reversed((content or b"").splitlines()):
        try:
            yield DocumentChange.of_row(json.loads(line))
        except (ValueError, KeyError, TypeError):
            continue


def reworded(content: bytes | None, words: Callable[[str], str]) -> bytes:
    """The file with its reasons in other words; nothing else of a line is touched."""
    changes = list(changes_of(content))[::-1]
    return b"".join(replace(change, why=words(change.why)).line for change in changes)
