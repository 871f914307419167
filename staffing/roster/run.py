"""A long solve in a process of its own: progress streams out, it can be stopped, it never overruns.

Kernels are compiled before its clock starts. It leaves every better roster on the way, so that the last one is there
when it has to be ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from staffing.roster.case import SolveLimits
from staffing.roster.engine.progress import SolveProgress
from staffing.roster.given import Inputs
from staffing.roster.result import Roster
from staffing.roster.warm import warm_up
from staffing.work import Caller, Ended, Progress, Worker, silent

ENDED_NOTE = "The search did not come to its end: this is the last roster it left."

#: A way to a roster: ``solve``, or another function of the same arguments.
Way = Callable[..., Roster]


def solve_apart(how: Way, inputs: Inputs, limits: SolveLimits, progress: Progress = silent) -> Roster:
    """``solve`` (or another way to a roster) in a child process.

    The last roster of a child that overruns or dies is taken; where it left none, Ended is raised. Cancelled carries
    the last roster in `best`.
    """
    with Worker() as worker:
        try:
            made: Roster = worker.begin(partial(_solved, how, inputs, limits), limits.seconds).result(progress)
        except Ended as end:
            if end.left is None:
                raise
            return replace(end.left, notes=(*end.left.notes, ENDED_NOTE))
    return made


def telling(progress: Progress, seconds: float) -> Callable[[SolveProgress], None]:
    """Progress of a search of so many seconds, told as any other work's."""
    return lambda state: progress(str(state), min(1.0, state.seconds / seconds))


def _solved(how: Way, inputs: Inputs, limits: SolveLimits, line: Caller) -> Roster:
    """In the child: solve, and leave every roster on the way."""
    warm_up()
    line.ready()
    return how(inputs, limits, telling(line.tell, limits.seconds), line.leave)
