"""A long solve in a process of its own: progress streams out, it can be stopped, it never overruns."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from staffing.errors import Cancelled, PlanError, StaffingError
from staffing.roster.problem import Inputs, SolveLimits
from staffing.roster.result import Roster
from staffing.roster.solver import Progress

OVERRUN = 1.1  # of the time limit, counted from the first progress, when the child is ended
SETTING_UP_S = 180.0  # for starting, compiling and building
POLL_S = 0.1


@dataclass
class Running:
    """A solve under way in a child process."""

    process: BaseProcess
    connection: Connection
    limits: SolveLimits

    def result(
        self, progress: Callable[[Progress], None] | None = None, cancelled: Callable[[], bool] | None = None
    ) -> Roster:
        """Wait for the roster. Raises Cancelled, the child's StaffingError, or PlanError when it overran."""
        deadline = time.monotonic() + SETTING_UP_S
        searching = False
        try:
            while time.monotonic() < deadline:
                if cancelled is not None and cancelled():
                    raise Cancelled
                if not self.connection.poll(POLL_S):
                    if not self.process.is_alive() and not self.connection.poll():
                        break
                    continue
                message = self.connection.recv()
                if isinstance(message, Roster):
                    return message
                if isinstance(message, Exception):
                    raise message
                if not searching:
                    searching, deadline = True, time.monotonic() + OVERRUN * self.limits.seconds + 1.0
                if progress is not None:
                    progress(message)
        except EOFError:
            raise PlanError("the roster's process ended without a result.", remedy="Try again.") from None
        finally:
            self.stop()
        raise PlanError("the roster's process gave no result in time.", remedy="Allow more seconds.")

    def stop(self) -> None:
        """End the child, whatever it does."""
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
        self.connection.close()


def start(inputs: Inputs, limits: SolveLimits) -> Running:
    """Start a solve in a child process."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(there, inputs, limits), daemon=True)
    process.start()
    there.close()
    return Running(process, here, limits)


def _work(connection: Connection, inputs: Inputs, limits: SolveLimits) -> None:
    from staffing.roster import solve

    try:
        connection.send(solve(inputs, limits, connection.send))
    except StaffingError as error:
        connection.send(PlanError(str(error)))
    except BrokenPipeError:  # the parent stopped listening
        return
    finally:
        connection.close()
