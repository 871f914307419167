"""Pages take turns at the processor: a few are drawn at a time, the others wait until one is done.

The pages of all planners are drawn in one process, whose threads share one processor. Drawn all at once, each is done
as late as the last; one after the other, they are done half as late on average, and nothing is spent on changing
between them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 2
#: Nobody is kept waiting for longer by pages that are stuck.
LONGEST_S = 5.0
_free = threading.BoundedSemaphore(AT_ONCE)


class _Own(threading.local):
    """Whether this thread has the turn that it asked for."""

    has = False

    def ask(self) -> None:
        self.has = _free.acquire(timeout=LONGEST_S)

    def give_back(self) -> None:
        if self.has:
            self.has = False
            _free.release()


_own = _Own()


@contextmanager
def turn() -> Iterator[None]:
    """A page is drawn within."""
    _own.ask()
    try:
        yield
    finally:
        _own.give_back()


@contextmanager
def stood_aside() -> Iterator[None]:
    """While a page waits for work beside it, others take its turn; it asks for another to go on."""
    had = _own.has
    _own.give_back()
    try:
        yield
    finally:
        if had:
            _own.ask()
