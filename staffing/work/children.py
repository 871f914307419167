"""How a child comes to be: an interpreter of its own, or a fork of a forge that has loaded what it needs."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import IO, Any, Protocol

from staffing.work.interpreter import command, environment
from staffing.work.messages import ASKED, END, FORK, put

ENDING_S = 5.0
_SINGLE = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # Arrow's own has a thread
}
_ASKED_ONCE = ("HOME", "NUMBA", "PYTHON", "XDG")  # what is looked at while libraries are loaded
_OWN_GROUP: dict[str, Any] = {"creationflags": 0x200} if os.name == "nt" else {"start_new_session": True}


class Child(Protocol):
    """A process that takes tasks on ``down`` and answers on ``up`` (see ``child``)."""

    @property
    def down(self) -> IO[bytes]: ...

    @property
    def up(self) -> IO[bytes]: ...

    @property
    def alive(self) -> bool:
        """Whether it may still answer; who listens to ``up`` learns for certain."""
        ...

    def end(self) -> None:
        """End it, whatever it does."""
        ...


#: Starts a child.
StartChild = Callable[[], Child]


class Interpreter:
    """A child that is a fresh interpreter; it gives way to other processes as far as ``nice`` says (0 to 19)."""

    def __init__(self, nice: int = 0) -> None:
        self._process = subprocess.Popen(
            command("staffing.work.child", str(nice)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            **_OWN_GROUP,
        )
        self.down: IO[bytes] = self._process.stdin  # type: ignore[assignment]
        self.up: IO[bytes] = self._process.stdout  # type: ignore[assignment]

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._signal("SIGTERM")
        try:
            self._process.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            self._signal("SIGKILL")
            self._process.wait()

    def _signal(self, name: str) -> None:
        """To the child and to those it has started; where there are no such groups, to the child alone."""
        if not hasattr(os, "killpg"):
            self._process.kill()
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, getattr(signal, name))


@dataclass
class Forked:
    """A child that a forge has forked, or is about to."""

    down: IO[bytes]
    up: IO[bytes]
    alive: bool
    end_it: Callable[[], None]

    def end(self) -> None:
        self.alive = False
        self.end_it()


class Forge:
    """Children that have loaded what ``load`` of the module ``loads`` loads, each a fork of one process.

    The process starts with this object and ends with it, or with its caller.
    """

    def __init__(self, loads: str) -> None:
        self._line, theirs = socket.socketpair()
        self._numbers, self._turn = count(), threading.Lock()
        self._process = subprocess.Popen(
            command("staffing.work.forge", str(theirs.fileno()), loads),
            stdin=subprocess.DEVNULL,
            stdout=2,  # what is printed goes to the error stream
            env={**environment(), **_SINGLE},
            pass_fds=[theirs.fileno()],
            **_OWN_GROUP,
        )
        theirs.close()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def child(self) -> Child:
        """A new child, at once: what is said to it waits until the forge has loaded everything.

        Where the forge has died, it is an interpreter of its own.
        """
        number, (theirs_down, down), (up, theirs_up) = next(self._numbers), os.pipe(), os.pipe()
        made = Forked(os.fdopen(down, "wb"), os.fdopen(up, "rb"), True, lambda: self._end(number))
        try:
            self._say(FORK, number, [theirs_down, theirs_up])
            put(made.down, (os.getcwd(), dict(os.environ)))
        except OSError:
            for pipe in (made.down, made.up):
                with suppress(OSError):
                    pipe.close()
            return Interpreter()
        finally:
            os.close(theirs_down)
            os.close(theirs_up)
        return made

    def end(self) -> None:
        """The forge and its children."""
        self._line.close()
        try:
            self._process.wait(2 * ENDING_S)
        except subprocess.TimeoutExpired:  # it is still loading
            self._process.kill()
            self._process.wait()

    def _end(self, number: int) -> None:
        with suppress(OSError):  # a forge that has died ends nobody; the child ends when its pipe is closed
            self._say(END, number)

    def _say(self, what: bytes, number: int, pipes: list[int] | None = None) -> None:
        with self._turn:
            socket.send_fds(self._line, [ASKED.pack(what, number)], pipes or [])


_at_hand: dict[str, tuple[object, Forge]] = {}
_one_asks = threading.Lock()


def forged(loads: str) -> StartChild:
    """Starts children that have loaded what ``load`` of the module ``loads`` loads.

    The forge is kept for who asks next, and ends with this process; a child has its caller's folder and environment of
    the moment. Only Linux forks processes that have loaded such libraries safely; elsewhere each child is an
    interpreter of its own.
    """
    if sys.platform != "linux":
        return Interpreter
    with _one_asks:
        place = (os.getpid(), {name: value for name, value in os.environ.items() if name.startswith(_ASKED_ONCE)})
        known = _at_hand.pop(loads, None)
        if known is not None and (known[0] != place or not known[1].alive):
            known[1].end()
            known = None
        _at_hand[loads] = known or (place, Forge(loads))
        return _at_hand[loads][1].child


@atexit.register
def _end_all() -> None:
    for _, one in _at_hand.values():
        one.end()
