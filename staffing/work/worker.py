"""A child process as its caller sees it: one task at a time, followed, stopped, and never waited for in vain."""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import IO, Any, Self

from staffing.errors import Cancelled, PlanError
from staffing.work.caller import Caller
from staffing.work.children import Child, Interpreter, StartChild
from staffing.work.messages import put, take
from staffing.work.progress import Progress, silent

OVERRUN = 0.1  # of the time limit, after which the child is ended
LEAST_OVERRUN_S = 2.0  # a slow moment of a busy machine does not cost the result of a short task
SETTING_UP_S = 300.0  # for starting and, once per machine, compiling
HEEDING_S = 0.5  # a stop is heeded within it, or the child is ended
ENDING_S = 5.0
POLL_S = 0.1
STARTING = "starting"
OUTCOMES = ("done", "stopped", "failed", "fault")

#: What a child does: a picklable call, such as ``partial(function, …)`` of a function of this package.
WorkerTask = Callable[[Caller], Any]


class Ended(PlanError):
    """The child gave no result in time, or died; `left` is what it had reached, if it left anything."""

    left: Any = None


class Crash(RuntimeError):
    """The task failed in a way nobody foresaw; its traceback is the note."""


class Worker:
    """A child process for tasks one after the other, started with the first; a context that ends it.

    ``start`` says how; without it, as an interpreter of its own. A child has a session of its own, so that Ctrl-C
    reaches the caller alone, and it ends with its caller.
    """

    def __init__(self, start: StartChild = Interpreter) -> None:
        self._start_child = start
        self._child: Child | None = None
        self._heard: SimpleQueue[Any] = SimpleQueue()
        self._hearing: threading.Thread | None = None
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def alive(self) -> bool:
        heard = self._hearing is not None and self._hearing.is_alive()
        return self._child is not None and heard and self._child.alive

    def begin(self, task: WorkerTask, limit_s: float | None = None) -> Running:
        """Begin a task; ``limit_s`` is the time it may take from when it is ready (see `Caller.ready`)."""
        if not self.alive:
            self._start()
        self._number += 1
        self.say((self._number, pickle.dumps(task)))
        return Running(self, self._number, limit_s)

    def say(self, message: Any) -> None:
        """Send to the child; one that has died is noticed by who waits for its answer."""
        if self._child is not None:
            with suppress(OSError):
                put(self._child.down, message)

    def heard(self, seconds: float) -> Any:
        """The child's next message, None after ``seconds`` without one. Raises EOFError when it has died."""
        try:
            message = self._heard.get(timeout=seconds)
        except Empty:
            return None
        if message is None:
            self._heard.put(None)
            raise EOFError
        return message

    def end(self) -> None:
        """End the child, whatever it does."""
        if self._child is None:
            return
        child, self._child = self._child, None
        child.end()
        with suppress(OSError):
            child.down.close()
        if self._hearing is not None:
            self._hearing.join(ENDING_S)  # until the child has let go of its end

    def _start(self) -> None:
        self.end()
        self._heard, self._child = SimpleQueue(), self._start_child()
        self._hearing = threading.Thread(
            target=_hear, args=(self._child.up, self._heard), name="staffing-hear", daemon=True
        )
        self._hearing.start()


def _hear(up: IO[bytes], heard: SimpleQueue[Any]) -> None:
    """Everything the child says; None at its end. A message that broke off is none."""
    with up:
        with suppress(EOFError, OSError):
            while True:
                heard.put(take(up))
        heard.put(None)


class Running:
    """A task under way. ``left`` is what it has left so far."""

    def __init__(self, worker: Worker, number: int, limit_s: float | None) -> None:
        self.left: Any = None
        self._worker, self._number, self._limit_s = worker, number, limit_s
        self._deadline = float("inf") if limit_s is None else time.monotonic() + SETTING_UP_S

    def result(self, progress: Progress = silent) -> Any:
        """Wait for the result; ``progress`` is told the newest state ten times a second and may raise Cancelled, which
        ends the work within a second and carries what it had left in ``best``.

        Raises what the task raised, Fault where it failed unforeseen, or Ended when it overran or its process died.
        """
        state = STARTING, 0.0
        try:
            while time.monotonic() < self._deadline:
                what, content = self._next(POLL_S)
                if what in OUTCOMES:
                    return _outcome(what, content)
                state = content if what == "told" else state
                progress(*state)
        except EOFError:
            self._worker.end()
            raise self._ended("the process of this work ended without a result.", "Try again.") from None
        except Cancelled as stop:
            self.stop()
            stop.best = self.left if stop.best is None else stop.best
            raise
        self._worker.end()
        raise self._ended("this work gave no result in time.", "Allow more seconds.")

    def stop(self) -> None:
        """Ask the child to stop; one that does not heed it is ended. What it leaves meanwhile is kept."""
        self._worker.say((self._number, None))
        until = time.monotonic() + HEEDING_S
        with suppress(EOFError):
            while (left_s := until - time.monotonic()) > 0:
                what, content = self._next(left_s)
                if what in OUTCOMES:
                    self.left = content if what == "stopped" and content is not None else self.left
                    return
        self._worker.end()

    def _next(self, seconds: float) -> tuple[str, Any]:
        """The next message of this task; nothing ("", None) after ``seconds``."""
        number, what, content = self._worker.heard(seconds) or (self._number, "", None)
        if number != self._number:
            return "", None
        if what == "left":
            self.left = content
        elif what == "ready" and self._limit_s is not None:
            self._deadline = time.monotonic() + self._limit_s + max(OVERRUN * self._limit_s, LEAST_OVERRUN_S)
        return what, content

    def _ended(self, what: str, remedy: str) -> Ended:
        error = Ended(what, remedy=remedy)
        error.left = self.left
        return error


def _outcome(what: str, content: Any) -> Any:
    """The result of a task that has come to its end, or what it ended in."""
    if what == "done":
        return content
    if what == "failed":
        raise content
    if what == "fault":
        fault = Crash(content[0])
        fault.add_note(content[1])
        raise fault
    stop = Cancelled()
    stop.best = content
    raise stop
