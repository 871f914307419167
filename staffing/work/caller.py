"""The line from a task in a child back to its caller."""

from __future__ import annotations

import threading
import time
from typing import IO, Any

from staffing.errors import Cancelled
from staffing.work.messages import put

EVERY_S = 0.05  # progress is sent at most so often


class Caller:
    """What a task is handed: it says how far it is, leaves what it has reached so far, and hears of a stop."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._lock, self._stop = stream, threading.Lock(), threading.Event()
        self._number, self._next_s = 0, 0.0
        self._pending: tuple[str, float] | None = None

    def tell(self, stage: str, share: float) -> None:
        """Which stage has begun and the share of the work done, in [0, 1]. Raises Cancelled after a stop."""
        if self._stop.is_set():
            raise Cancelled
        self._pending = stage, share
        if time.monotonic() >= self._next_s:
            self._flush()

    def ready(self) -> None:
        """All is set up (kernels are compiled): the time limit begins to count."""
        self.send("ready", None)

    def leave(self, result: Any) -> None:
        """What is reached so far, in case the work is ended before it is done."""
        self.send("left", result)

    def send(self, what: str, content: Any) -> None:
        """One message of the task at hand."""
        with self._lock:
            put(self._stream, (self._number, what, content))

    def begin(self, number: int) -> None:
        """Another task begins; a stop of the last one is over."""
        self._number, self._pending, self._next_s = number, None, 0.0
        self._stop.clear()

    def stop(self, number: int) -> None:
        """The caller wants no more of this task."""
        if number == self._number:
            self._stop.set()

    def end(self, what: str, content: Any) -> None:
        """The last message of a task, after its last progress."""
        self._flush()
        self.send(what, content)

    def _flush(self) -> None:
        if self._pending is not None:
            self.send("told", self._pending)
            self._pending, self._next_s = None, time.monotonic() + EVERY_S
