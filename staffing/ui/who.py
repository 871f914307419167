"""Who sits at this browser: drafts, locks and records carry that name."""

from __future__ import annotations

from staffing.store import lock


def user() -> str:
    """This machine's user, while nobody else reaches the pages."""
    return lock.user() or "local"
