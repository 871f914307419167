"""Runs as they lie in a workspace: those that are done, the one that is not, and which question each answered."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from staffing.errors import InputError, Where
from staffing.store.files import remove_folder, write_json
from staffing.store.kept import Kept, Shelf
from staffing.store.lock import held, holder

BEGUN = "begun.json"  # in the folder of a run that is not done: what was asked
ASKED = ".asked.json"
MOST_ASKED = 50


def asked_before(runs: Shelf, key: str) -> Kept | None:
    """The run that answered the same question, by its fingerprint; None where there is none."""
    name = _asked(runs.folder).get(key)
    return runs.read(name) if name else None


def remember(runs: Shelf, key: str, run: str) -> None:
    """Which run answered a question."""
    known = {**_asked(runs.folder), key: run}
    write_json(runs.folder / ASKED, dict(list(known.items())[-MOST_ASKED:]))


def _asked(runs: Path) -> dict[str, str]:
    try:
        told = json.loads((runs / ASKED).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # it only saves time
        return {}
    return {str(key): str(run) for key, run in told.items()} if isinstance(told, dict) else {}


@dataclass(frozen=True)
class Broken:
    """A run that is not done: ``done`` of ``queues`` have their part."""

    folder: Path
    scenario: str
    horizon_days: int
    queues: int

    @property
    def done(self) -> int:
        return len(list(self.folder.glob("queues/*.part")))


def broken_off(runs: Shelf) -> list[Broken]:
    """Runs that were begun and are not done, newest last."""
    found = []
    for path in sorted(runs.folder.glob(f"*/{BEGUN}"), key=lambda path: path.stat().st_mtime):
        if not runs.has(path.parent.name):
            told = json.loads(path.read_text(encoding="utf-8"))
            found.append(Broken(path.parent, told["scenario"], told["horizon_days"], told["queues"]))
    return found


def prune(runs: Shelf, keep_days: int) -> list[str]:
    """Delete runs older than ``keep_days`` before the newest, and those that broke off before it; returns their names.

    Raises AlreadyRunning while a run is at work.
    """
    with held(runs.folder / ".lock", who="staffing batch", wait_s=0.0):
        kept = list(runs.all())
        if not kept:
            return []
        gone = runs.forget(kept[-1].history_until - dt.timedelta(days=keep_days))
        newest = dt.datetime.fromisoformat(kept[-1].manifest["made_at"]).timestamp()
        for one in broken_off(runs):
            if (one.folder / BEGUN).stat().st_mtime < newest:
                remove_folder(one.folder)
                gone.append(one.folder.name)
        return gone


def named(runs: Shelf, run: str) -> Kept:
    """The run of that name, or of which it is the beginning or the end. Raises InputError naming those there are."""
    kept = list(runs.all())
    found = kept[-1:] if run == "last" else [one for one in kept if one.run.startswith(run) or one.run.endswith(run)]
    if len(found) != 1:
        known = ", ".join(one.run for one in kept[-5:]) or "none yet"
        what = f"there are {len(found)} runs '{run}'." if found else f"there is no run '{run}'."
        raise InputError(
            what, where=Where(str(runs.folder)), remedy=f"The last ones are: {known}. 'last' is the newest."
        )
    return found[0]


def status(runs: Shelf) -> dict[str, Any]:
    """What is at work, what was done last, and what broke off."""
    from filelock import FileLock, Timeout

    lock, at_work = FileLock(runs.folder / ".lock"), ""
    if runs.folder.is_dir():
        try:
            with lock.acquire(timeout=0):
                pass
        except Timeout:
            at_work = holder(runs.folder / ".lock")
    kept = list(runs.all())
    last = kept[-1].manifest if kept else None
    return {
        "at_work": at_work,
        "last": kept[-1].run if kept else None,
        "made_at": last["made_at"] if last else None,
        "queues": len(last["queues"]) if last else 0,
        "failed": [entry["queue"] for entry in last["queues"] if entry["method"] != "forecast"] if last else [],
        "alerts": list(last.get("alerts", ())) if last else [],
        "broken_off": [
            {"run": one.folder.name, "done": one.done, "queues": one.queues} for one in broken_off(runs)
        ],
    }  # fmt: skip
