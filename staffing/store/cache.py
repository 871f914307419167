"""Work that was done once is not done again: a stage's result under the hash of its inputs.

Threads, processes and users share the results: whoever asks for work that somebody else is doing waits for it. A
result is one file of plain tables, arrays and JSON: nothing that is read back can run code, and what is damaged,
unreadable or of another layout is made again.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import accumulate
from pathlib import Path
from typing import Any, Protocol, TypeVar

from staffing.content import content_hash
from staffing.errors import InputError
from staffing.store.files import atomic_path
from staffing.store.packing import Damaged, Form
from staffing.version import code_digest

Result = TypeVar("Result")
KEPT_IN_MEMORY = 64
KEPT_ON_DISK, KEPT_BYTES = 200, 1 << 30  # of the newest, whichever is less
WORTH_KEEPING_S = 0.5  # what is made faster is not written: writing and reading it would take as long
WAIT_S = 900.0  # for somebody else's work; after that it is done here as well
POLL_S = 0.1
LITTER_S = 86_400.0
SUFFIX = ".stage"


class Stage(Protocol):
    """What one piece of work is given, and nothing else is looked at; its content is the key of the result."""

    @property
    def name(self) -> str:
        """Names the kind of work."""

    @property
    def form(self) -> Form | None:
        """How the result is written; None stays in memory."""


class StageCache:
    """Results by content, in memory and (given a folder) on disk; a folder that cannot be used costs only time.

    Only what took ``worth_keeping_s`` seconds or more is written. Handed to another process, it begins there with
    the same folder and an empty memory. ``made`` lists the stages that had to be worked out, in order.
    """

    def __init__(self, folder: Path | None = None, *, worth_keeping_s: float = WORTH_KEEPING_S) -> None:
        self.folder, self.worth_keeping_s = folder, worth_keeping_s
        self.made: list[str] = []
        self._memory: OrderedDict[str, Any] = OrderedDict()
        self._turns: dict[str, _Turn] = {}
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:
        return {"folder": self.folder, "worth_keeping_s": self.worth_keeping_s}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["folder"], worth_keeping_s=state["worth_keeping_s"])  # type: ignore[misc]

    def get(self, stage: Stage, make: Callable[[], Result], *, waiting: Callable[[], None] = lambda: None) -> Result:
        """The stage's result, by ``make`` if it is not known yet: the same whether it was made now, here or long ago.

        ``waiting`` is called ten times a second while somebody else makes it, and may raise Cancelled.
        """
        key = f"{stage.name}-{content_hash(code_digest(), stage)[:32]}"
        with self._turn(key, waiting):
            if key not in self._memory:
                with self._alone(key, stage.form, waiting):
                    self._memory[key] = self._found_or_made(key, stage, make)
            result: Result = self._memory[key]
            with self._lock:
                self._memory.move_to_end(key)
                while len(self._memory) > KEPT_IN_MEMORY:
                    self._memory.popitem(last=False)
        return result

    def _found_or_made(self, key: str, stage: Stage, make: Callable[[], Any]) -> Any:
        kept, form = self.folder, stage.form
        if kept and form and (found := _read(kept / f"{key}{SUFFIX}", form)) is not None:
            return found
        began = time.perf_counter()
        made = make()
        self.made.append(stage.name)
        if form is None:
            return made
        if kept and time.perf_counter() - began >= self.worth_keeping_s:
            _write(kept / f"{key}{SUFFIX}", form.write(made))
        return form.as_read(made)

    @contextmanager
    def _turn(self, key: str, waiting: Callable[[], None]) -> Iterator[None]:
        """One thread at a time per key."""
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.wanted += 1
        try:
            while not turn.lock.acquire(timeout=POLL_S):
                waiting()
            try:
                yield
            finally:
                turn.lock.release()
        finally:
            with self._lock:
                turn.wanted -= 1
                if not turn.wanted:
                    del self._turns[key]

    @contextmanager
    def _alone(self, key: str, form: Form | None, waiting: Callable[[], None]) -> Iterator[None]:
        """One process at a time per key, where the folder can be written; a holder that ends lets go."""
        if self.folder is None or form is None:
            yield
            return
        from filelock import FileLock, Timeout

        path = self.folder / f".{key}.lock"
        lock, until = FileLock(path), time.monotonic() + WAIT_S
        while time.monotonic() < until and not lock.is_locked:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                lock.acquire(timeout=POLL_S, poll_interval=POLL_S / 2)
            except Timeout:
                waiting()
            except (OSError, NotImplementedError):  # no folder to share: the work is done for this process alone
                break
        try:
            yield
        finally:
            if lock.is_locked:
                lock.release()
                with suppress(OSError):
                    path.unlink()


class _Turn:
    """Whose turn it is to work on one key, and how many want it."""

    def __init__(self) -> None:
        self.lock, self.wanted = threading.Lock(), 0


def _read(path: Path, form: Form) -> Any:
    """The stored result, or None when there is none; a file that is no such result is taken away."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    try:
        result = form.read(content)
    except (Damaged, InputError):
        result = None
    with suppress(OSError):  # somebody else's folder may be read only
        path.touch() if result is not None else path.unlink()
    return result


def _write(target: Path, content: bytes) -> None:
    try:
        with atomic_path(target) as path:
            path.write_bytes(content)
    except InputError:  # a workspace that cannot be written, or a full disk, is planned without keeping results
        return
    _tidy(target.parent)


def _tidy(folder: Path) -> None:
    """Only the newest results stay; what broken-off work and earlier versions left goes."""
    with suppress(OSError):
        by_age = sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)
        beyond = accumulate(path.stat().st_size for path in by_age)
        old = [path for k, (path, size) in enumerate(zip(by_age, beyond)) if k >= KEPT_ON_DISK or size > KEPT_BYTES]
        litter = [path for path in folder.glob(".*") if path.stat().st_mtime < time.time() - LITTER_S]
        for path in (*old, *litter):
            path.unlink(missing_ok=True)
        for layout in folder.glob("*/layout.json"):
            shutil.rmtree(layout.parent, ignore_errors=True)
