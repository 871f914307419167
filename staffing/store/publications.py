"""Publications of rosters, and the lines of the journal that tell of them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass

from staffing.errors import InputError, Where

JOURNAL = "rosters/journal.jsonl"


@dataclass(frozen=True)
class Publication:
    """One line of the journal: which roster was published, by whom, when (UTC) and why.

    changed : shifts added, dropped or moved since the version before (all of them for the first).
    """

    week: dt.date
    version: int
    when: str
    who: str
    why: str
    scenario: str
    shifts: int
    changed: int
    sha256: str

    @property
    def file(self) -> str:
        return f"{self.week}.v{self.version}.parquet"

    def __str__(self) -> str:
        return f"version {self.version} by {self.who}, {self.when}: {self.why}"


@dataclass(frozen=True)
class Signed:
    """Who publishes, why, and from which scenario. Line breaks in names and reasons are taken as spaces."""

    who: str
    why: str
    scenario: str = "base"

    def __post_init__(self) -> None:
        for name in ("who", "why"):
            object.__setattr__(self, name, " ".join(getattr(self, name).split()))
        if not self.who or not self.why:
            raise InputError("a publication needs a name and a reason.", remedy="Say who publishes, and why.")


def whole_lines(content: bytes | None) -> bytes:
    """The journal without a last line that was cut off."""
    return (content or b"")[: (content or b"").rfind(b"\n") + 1]


def line_of(entry: Publication) -> bytes:
    text = json.dumps({**asdict(entry), "week": str(entry.week)}, ensure_ascii=False, sort_keys=True)
    return f"{text}\n".encode()


def journal_of(content: bytes | None) -> tuple[Publication, ...]:
    """Every publication, oldest first; a last line that was cut off is not one. Raises InputError when damaged."""
    lines = whole_lines(content).decode("utf-8", errors="replace").split("\n")
    return tuple(publication_of(line, Where(JOURNAL, row)) for row, line in enumerate(lines, start=1) if line)


def publication_of(line: str, where: Where) -> Publication:
    try:
        data = json.loads(line)
        return Publication(**{**data, "week": dt.date.fromisoformat(data["week"])})
    except (ValueError, KeyError, TypeError):
        raise InputError("is damaged.", where=where, remedy="Put the line back as it was written.") from None
