"""What of a folder's documents was changed, when, by whom and why: the last few hundred changes, a line each."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass

NOTED = ".desk/changes.jsonl"
MOST_NOTED = 500


@dataclass(frozen=True)
class DocumentChange:
    """A document that was written or deleted: when (UTC), by whom and why, where that is known."""

    name: str
    when: dt.datetime
    who: str = ""
    why: str = ""


def changes_of(content: bytes | None) -> list[DocumentChange]:
    """The noted changes, the oldest first; a line that cannot be read tells nothing and is passed over."""
    found = []
    for line in (content or b"").decode("utf-8", errors="replace").splitlines():
        try:
            told = json.loads(line)
            when = dt.datetime.fromisoformat(told["when"])
            found.append(DocumentChange(str(told["name"]), when, str(told["who"]), str(told["why"])))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def noted_with(content: bytes | None, names: Iterable[str], who: str, why: str) -> bytes:
    """What is noted, with a change of the documents ``names`` made now; what the folder keeps of itself is left out."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    fresh = [
        json.dumps({"name": name, "when": now, "who": who, "why": why}, ensure_ascii=False)
        for name in names
        if not name.startswith(".desk/")
    ]
    lines = [*(content or b"").decode("utf-8", errors="replace").splitlines(), *fresh]
    return ("\n".join(lines[-MOST_NOTED:]) + "\n").encode()
