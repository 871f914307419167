"""Linear algebra on one thread while work is done: matrices here are small, and more threads only wait for each other.

Sums are then taken in one order on every machine. Nothing is set when the package is imported, and what the process
had is given back.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from threadpoolctl import OpenBLASController, ThreadpoolController

_turn = threading.Lock()
_inside = 0
_held: list[Any] = []


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold linear algebra to one thread; as a context, or as ``@one_thread()`` above a function.

    Most libraries keep one number for the whole process, so work side by side shares the limit, and whoever leaves
    last lifts it.
    """
    global _inside
    import scipy.linalg  # noqa: F401  # has a library of its own: one that is loaded later would not be held

    with _turn:
        _inside += 1
        algebra = ThreadpoolController().select(user_api="blas")
        free = any(library["num_threads"] > 1 for library in algebra.info())
        limit = algebra.limit(limits=1)
        if free:  # a library that nobody inside has limited yet
            _held.append(limit)
    try:
        yield
    finally:
        with _turn:
            _inside -= 1
            if not _inside:
                _lift()


def _lift() -> None:
    """Give back what the process had, whichever thread had set the limits."""
    OpenBLASController.clear_controlling_thread(force=True)
    while _held:
        _held.pop().restore_original_limits()
    OpenBLASController.clear_controlling_thread(force=True)
