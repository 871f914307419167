"""The child process: does one task after the other, until its caller ends.

It is a fresh interpreter that imports nothing of the caller's main module and nothing of the folder it starts in: the
package is the caller's own, whatever else is called ``staffing`` nearby. What a task or a library prints goes to the
error stream.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
import traceback
from queue import SimpleQueue
from typing import IO

from staffing.errors import Cancelled, StaffingError
from staffing.threads import one_thread
from staffing.work.caller import Caller
from staffing.work.messages import take

ORPHANED = 3  # exit code of a child whose caller has ended


def main() -> None:
    """Take tasks from standard input, one after the other, and answer on standard output."""
    down, up = _own_pipes()
    line, tasks = Caller(up), SimpleQueue[tuple[int, bytes]]()
    threading.Thread(target=_listen, args=(down, line, tasks), name="staffing-listen", daemon=True).start()
    while True:
        number, task = tasks.get()
        line.begin(number)
        try:
            _do(task, line)
        except OSError:  # the caller has ended
            os._exit(ORPHANED)


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the caller; prints go to the error stream from now on, and nothing is read from the keyboard."""
    down, up = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return down, up


def _listen(down: IO[bytes], line: Caller, tasks: SimpleQueue[tuple[int, bytes]]) -> None:
    """Tasks and stops; a child whose caller has ended, however it ended, ends too."""
    while True:
        try:
            number, task = take(down)
        except (EOFError, OSError):
            os._exit(ORPHANED)
        if task is None:
            line.stop(number)
        else:
            tasks.put((number, task))


def _do(task: bytes, line: Caller) -> None:
    try:
        work = pickle.loads(task)  # noqa: S301 (of our own caller)
        with one_thread():
            result = work(line)
        line.end("done", result)
    except Cancelled as stop:
        line.end("stopped", stop.best)
    except StaffingError as error:
        line.end("failed", error)
    except Exception as error:  # noqa: BLE001  whatever it is, the caller is told and the child lives on
        _fault(line, error)


def _fault(line: Caller, error: Exception) -> None:
    line.end("fault", (f"{type(error).__name__}: {error}", traceback.format_exc()))


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(int(*sys.argv[1:]))  # how far it gives way to others; without a word not at all
    main()
