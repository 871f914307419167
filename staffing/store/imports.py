"""What was added to history in the browser: each file can be taken back, and put back.

The files lie in ``history/``; ``imports.json`` says who added which, when, and what it held. A file that is taken back
lies under ``.desk/taken-back/`` as it was, where no reader of history looks.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from staffing.errors import InputError, Where
from staffing.store.files import make_folder, sync, write_whole

if TYPE_CHECKING:
    from staffing.store.ground import Transaction
    from staffing.store.workspace import Workspace

FILE = "imports.json"


@dataclass(frozen=True)
class ImportedFile:
    """A file that was added: its name in ``history/``, when (UTC) and by whom, its rows, local days and contacts.

    answers : the name of the file of kept answers that was changed with it, empty where none was.
    answers_before : what stood there before; None where there was no such file.
    taken_back : when (UTC) and by whom it was taken back; empty while it counts.
    """

    file: str
    when: str
    who: str
    rows: int
    first: str
    last: str
    calls: float
    answers: str = ""
    answers_before: str | None = None
    taken_back: str = ""

    @property
    def counts(self) -> bool:
        """Whether the forecast learns from it."""
        return not self.taken_back


def imports(workspace: Workspace) -> tuple[ImportedFile, ...]:
    """Every file that was added in the browser, the newest first."""
    return tuple(reversed(_read(workspace.ground.read(FILE))))


def note_import(workspace: Workspace, entry: ImportedFile) -> None:
    """Note a file that has been added; one of the same name, added before, is told no more.

    Raises Forbidden unless the user at work is planner."""
    with workspace.ground.change(entry.who, f"{entry.file} added to history") as change:
        _write(change, [*(one for one in _read(change.read(FILE)) if one.file != entry.file), entry])


def take_back(workspace: Workspace, file: str, who: str) -> None:
    """Let ``file`` count no more, and what was answered for good with it be as it was before; ``who`` does.

    Raises InputError where no such file counts, Forbidden unless the user at work is planner."""
    what = f"{file} taken back from history"
    with workspace.ground.bulk_change(who), workspace.ground.change(who, what) as change:
        entry = _the(change, file, counts=True)
        _move(workspace.history_folder / file, _aside(workspace) / file)
        if entry.answers:
            _restore(workspace.history_folder / entry.answers, entry.answers_before)
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        _replace(change, replace(entry, taken_back=f"{now} {who}".strip()))


def put_back(workspace: Workspace, file: str, who: str) -> None:
    """Let ``file`` count again after it was taken back; answers are asked anew. ``who`` does.

    Raises InputError where no such file was taken back, Forbidden unless the user at work is planner."""
    what = f"{file} put back into history"
    with workspace.ground.bulk_change(who), workspace.ground.change(who, what) as change:
        entry = _the(change, file, counts=False)
        _move(_aside(workspace) / file, workspace.history_folder / file)
        _replace(change, replace(entry, taken_back="", answers="", answers_before=None))


def _aside(workspace: Workspace) -> Path:
    return workspace.folder / ".desk" / "taken-back"


def _the(change: Transaction, file: str, *, counts: bool) -> ImportedFile:
    for one in _read(change.read(FILE)):
        if one.file == file and one.counts == counts:
            return one
    state = "counts" if counts else "was taken back"
    raise InputError(f"no such import {state}.", where=Where(file), remedy="Load the page anew.")


def _move(source: Path, target: Path) -> None:
    """Move a file; done already where only the target is there, after a change that was broken off."""
    if not source.is_file():
        if target.is_file():
            return
        raise InputError("is gone.", where=Where(source.name), remedy="Somebody removed it from the folder by hand.")
    make_folder(target.parent)
    source.replace(target)
    sync(target.parent)
    sync(source.parent)


def _restore(path: Path, before: str | None) -> None:
    if before is None:
        path.unlink(missing_ok=True)
    else:
        write_whole(path, before.encode())


def _replace(change: Transaction, entry: ImportedFile) -> None:
    _write(change, [entry if one.file == entry.file else one for one in _read(change.read(FILE))])


def _read(content: bytes | None) -> list[ImportedFile]:
    try:
        return [ImportedFile(**one) for one in json.loads(content or b"[]")]
    except (ValueError, TypeError):
        raise InputError(
            "is damaged.", where=Where(FILE), remedy="Mend or delete it; history itself is whole."
        ) from None


def _write(change: Transaction, entries: list[ImportedFile]) -> None:
    change.write(FILE, json.dumps([asdict(one) for one in entries], ensure_ascii=False, indent=1).encode())
