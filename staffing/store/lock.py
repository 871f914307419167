"""One writer at a time: a lock whose holder has a name, and a wait that ends."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from staffing.errors import AlreadyRunning, Where
from staffing.store.files import unwritable

WAIT_S = 20.0
POLL_S = 0.01


def user() -> str:
    """The name of this machine's user, for locks and records; empty where there is none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


@contextmanager
def held(path: Path, who: str = "", wait_s: float = WAIT_S, *, nested: bool = False) -> Iterator[None]:
    """Hold the lock file ``path``; it is free again when this process ends, however it ends.

    Where ``nested``, a thread that holds it so already goes on.

    Raises AlreadyRunning, naming the holder, when it is not free within ``wait_s`` seconds, and InputError when the
    folder cannot be written.
    """
    from filelock import FileLock, Timeout

    lock, note = FileLock(path, is_singleton=nested), path.with_name(f"{path.name}.holder")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait_s, poll_interval=POLL_S)
        note.write_text(json.dumps(_holder(who)), encoding="utf-8")
    except Timeout:
        remedy = "Wait for it to end, then try again."
        raise AlreadyRunning(f"{holder(path)}.", where=Where(str(path.parent)), remedy=remedy) from None
    except OSError as error:
        lock.release()
        raise unwritable(error, path.parent) from None
    try:
        yield
    finally:
        lock.release()


def holder(path: Path) -> str:
    """Who holds the lock, or held it last, in words."""
    try:
        told = json.loads(path.with_name(f"{path.name}.holder").read_text(encoding="utf-8"))
        return f"{told['who']} (process {told['pid']} on {told['host']}) is at work here since {told['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "Another run is at work here"


def _holder(who: str) -> dict[str, object]:
    since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return {"who": who or user() or "somebody", "pid": os.getpid(), "host": socket.gethostname(), "since": since}
