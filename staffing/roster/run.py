"""A long solve in a process of its own: progress streams out, it can be stopped, it never overruns.

The child is a fresh interpreter that imports nothing of the caller's main module, in a session of its own, so
that Ctrl-C reaches the caller alone. Kernels are compiled before its clock starts. It leaves every better roster
in a file, written beside it and renamed, so that the last complete one is there when it has to be ended.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from staffing.errors import Cancelled, InputError, InputErrors, PlanError, StaffingError
from staffing.roster.case import SolveLimits
from staffing.roster.engine.progress import Progress
from staffing.roster.given import Inputs
from staffing.roster.result import Roster
from staffing.threads import one_thread

OVERRUN = 0.1  # of the time limit, after which the child is ended
LEAST_OVERRUN_S = 2.0  # a slow moment of a busy machine does not cost the result of a short solve
SETTING_UP_S = 300.0  # for starting and, once per machine, compiling
ENDING_S = 5.0
POLL_S = 0.1
READY = "ready"

ENDED_NOTE = "The search did not come to its end: this is the last roster it left."


class Ended(PlanError):
    """The child gave no result in time, or died."""


#: What the child does: a picklable call that takes `progress`, for example ``partial(solve, inputs, limits)``.
Task = Callable[..., Any]


@dataclass
class Running:
    """A task under way in a child process."""

    process: subprocess.Popen[bytes]
    connection: Connection[Any, Any]
    seconds: float

    def result(self, progress: Callable[[Progress], None] | None = None) -> Any:
        """Wait for the result; `progress` is told the newest state ten times a second and may raise Cancelled.

        Raises what the task raised, or Ended when it overran or its process ended.
        """
        deadline, last = time.monotonic() + SETTING_UP_S, None
        try:
            while time.monotonic() < deadline:
                if self.connection.poll(POLL_S):
                    message = self.connection.recv()
                    if isinstance(message, Exception):
                        raise message
                    if message == READY:
                        deadline = time.monotonic() + self.seconds + max(OVERRUN * self.seconds, LEAST_OVERRUN_S)
                    elif not isinstance(message, Progress):
                        return message
                    else:
                        last = message
                if progress is not None:
                    progress(last or Progress(0.0, None, None))
        except EOFError:
            raise Ended("the roster's process ended without a result.", remedy="Try again.") from None
        finally:
            self.stop()
        raise Ended("the roster's process gave no result in time.", remedy="Allow more seconds.")

    def stop(self) -> None:
        """End the child, whatever it does."""
        self.connection.close()
        self.process.terminate()
        try:
            self.process.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(task: Task, seconds: float) -> Running:
    """Start a task in a child process; `seconds` is the time it may take once it is set up."""
    here, there = Pipe()
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    process = subprocess.Popen(
        [sys.executable, "-m", "staffing.roster.run", str(there.fileno())],
        pass_fds=[there.fileno()],
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )
    there.close()
    here.send(task)
    return Running(process, here, seconds)


def solve_apart(
    how: Callable[..., Roster], inputs: Inputs, limits: SolveLimits, progress: Callable[[Progress], None] | None = None
) -> Roster:
    """``solve`` (or another way to a roster) in a child process.

    The last roster of a child that overruns or dies is taken; where it left none, Ended is raised. Cancelled carries
    the last roster in `best`.
    """
    with tempfile.TemporaryDirectory() as folder:
        last = Path(folder) / "roster"
        try:
            made: Roster = start(partial(_leaving, how, inputs, limits, last), limits.seconds).result(progress)
        except Cancelled as stop:
            stop.best = _left(last)
            raise
        except Ended:
            left = _left(last)
            if left is None:
                raise
            return replace(left, notes=(*left.notes, ENDED_NOTE))
    return made


def _leaving(
    how: Callable[..., Roster], inputs: Inputs, limits: SolveLimits, file: Path, progress: Callable[[Progress], None]
) -> Roster:
    """In the child: solve, and leave every roster on the way in `file`."""
    return how(inputs, limits, progress, partial(_leave, file))


def _leave(file: Path, roster: Roster) -> None:
    beside = file.with_suffix(".new")
    beside.write_bytes(pickle.dumps(roster))
    beside.replace(file)


def _left(file: Path) -> Roster | None:
    """The last roster that the child, who has ended, left."""
    if not file.exists():
        return None
    roster: Roster = pickle.loads(file.read_bytes())  # noqa: S301 (our own child's, in a folder of our own)
    return roster


def _work(connection: Connection[Any, Any]) -> None:
    from staffing.roster.warm import warm_up

    try:
        task = connection.recv()
        warm_up()
        connection.send(READY)
        with one_thread():
            connection.send(task(progress=connection.send))
    except (Cancelled, EOFError, BrokenPipeError):  # the caller stopped listening
        return
    except StaffingError as error:
        connection.send(_plain(error))
    finally:
        connection.close()


def _plain(error: StaffingError) -> StaffingError:
    """The error in a form that survives the pipe: a list of problems becomes its text."""
    return InputError(str(error)) if isinstance(error, InputErrors) else error


if __name__ == "__main__":
    _work(Connection(int(sys.argv[1])))
