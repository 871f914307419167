"""Links and tokens that open one thing without a sign-in: a person's own shifts, or the read API; each can be revoked.

Only a digest of the secret is kept: who reads the file cannot use it.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import hmac
import io
import secrets
from dataclasses import astuple, dataclass
from typing import Literal

from staffing.errors import InputError
from staffing.store.csv_rows import own_rows
from staffing.store.ground import Ground
from staffing.store.rights import Role, acting
from staffing.store.transaction import Transaction

FILE = "links.csv"
COLUMNS = ("digest", "kind", "name", "made")
Kind = Literal["person", "api"]


@dataclass(frozen=True)
class Link:
    """What a secret opens: ``person`` the shifts of the agent ``name``, ``api`` the read API, for ``name``."""

    digest: str
    kind: str
    name: str
    made: str


def links(ground: Ground) -> tuple[Link, ...]:
    """Every link that holds."""
    return _links(ground.read(FILE))


def make(ground: Ground, kind: Kind, name: str) -> str:
    """A new secret; it is told this once. Raises Forbidden unless the user at work is admin."""
    secret = secrets.token_urlsafe(24)
    made = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    with ground.change(acting(), "a link made", needs=Role.admin) as change:
        _write(change, (*_links(change.read(FILE)), Link(_digest(secret), kind, name, made)))
    return secret


def revoke(ground: Ground, kind: Kind, name: str) -> int:
    """End all links of a kind for a name; returns how many. Raises InputError where there is none."""
    with ground.change(acting(), "links revoked", needs=Role.admin) as change:
        ended = end(change, kind, name)
        if not ended:
            raise InputError(f"there is no link for '{name}'.")
    return ended


def end(change: Transaction, kind: Kind, name: str) -> int:
    """End all links of a kind for a name as part of a change; returns how many there were."""
    held = _links(change.read(FILE))
    left = tuple(link for link in held if (link.kind, link.name) != (kind, name))
    if len(left) < len(held):
        _write(change, left)
    return len(held) - len(left)


def opened(ground: Ground, kind: Kind, secret: str) -> Link | None:
    """What a secret opens, None where it opens nothing (any more)."""
    digest = _digest(secret)
    return next(
        (link for link in links(ground) if link.kind == kind and hmac.compare_digest(link.digest, digest)), None
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _links(content: bytes | None) -> tuple[Link, ...]:
    rows = own_rows(content, FILE)
    return tuple(Link(*(row.get(column) or "" for column in COLUMNS)) for _, row in rows)


def _write(change: Transaction, held: tuple[Link, ...]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(astuple, held))
    change.write(FILE, text.getvalue().encode())
