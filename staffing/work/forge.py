"""The forge: a process that loads what many children need once, and forks each of them.

It is a fresh interpreter as a child is, has one thread and no work of its own, so that what is forked is whole: no lock
is held, no library has threads that the child would miss (linear algebra and OpenMP are told to have one before they
are loaded). A child is known by a number of its caller's; it ends with its caller, as any child does, and with the
forge where that ends in peace.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import socket
import sys
import time
from contextlib import suppress

from staffing.work import child
from staffing.work.messages import ASKED, END, FORK, take

ENDING_S, LOOK_S = 5.0, 0.01


def main() -> None:
    """Load what the ``load`` of a module loads, then fork and end children as asked, until the caller ends."""
    line = socket.socket(fileno=int(sys.argv[1]))
    importlib.import_module(sys.argv[2]).load()
    gc.collect()
    gc.freeze()  # so that a child's collections leave what all share alone
    children = dict[int, int]()
    while True:
        message, pipes, *_ = socket.recv_fds(line, ASKED.size, 2)
        if len(message) < ASKED.size:
            break
        what, number = ASKED.unpack(message)
        _reap(children)
        if what == FORK:
            children[number] = _forked(line, pipes)
        elif what == END and number in children:
            _end(children.pop(number))
    for process in children.values():
        _end(process)


def _forked(line: socket.socket, pipes: list[int]) -> int:
    number = os.fork()
    if number:
        for pipe in pipes:
            os.close(pipe)
        return number
    line.close()
    os.setsid()
    for standard, pipe in enumerate(pipes):
        os.dup2(pipe, standard)
        os.close(pipe)
    try:
        _as_its_caller()
        child.main()
    finally:
        os._exit(1)


def _as_its_caller() -> None:
    """In its caller's folder, with its environment, which it is told first."""
    with open(0, "rb", buffering=0, closefd=False) as pipe:
        folder, environment = take(pipe)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)


def _reap(children: dict[int, int]) -> None:
    """Forget those that have ended; until then nobody else can have their number."""
    for number, process in list(children.items()):
        if os.waitpid(process, os.WNOHANG)[0]:
            del children[number]


def _end(process: int) -> None:
    """A child and those it has started."""
    until = time.monotonic() + ENDING_S
    with suppress(ProcessLookupError):
        os.killpg(process, signal.SIGTERM)
    while not os.waitpid(process, os.WNOHANG)[0]:
        if time.monotonic() > until:
            with suppress(ProcessLookupError):
                os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)
            return
        time.sleep(LOOK_S)


if __name__ == "__main__":
    main()
