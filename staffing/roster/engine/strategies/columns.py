"""Column generation from the best roster: of the whole horizon, or of windows of it over and over."""

from collections.abc import Callable
from dataclasses import dataclass

from staffing.roster.case import Case
from staffing.roster.engine import windows
from staffing.roster.engine.run import Run

TURNS = 50  # of all windows


@dataclass(frozen=True)
class Columns:
    """Tours of the whole horizon, until the gap is reached or the time is up.

    Where totals are counted alone: with breaks in every tour the master grows slow and large, and gained little.
    """

    def improve(self, run: Run) -> None:
        """Keep better rosters and prove the bound of the linear programme."""
        run.load_best()
        _generate(run, run.case, run.limits.seconds, run.prove)


@dataclass(frozen=True)
class WindowColumns:
    """Tours within a window of days, everything outside it held; nothing is proven."""

    def improve(self, run: Run) -> None:
        """Keep better rosters, window after window."""
        run.load_best()
        length, days = windows.WINDOW_DAYS, run.case.days
        everyone, firsts = windows.alone(run.case), range(0, days - length // 2, length // 2)
        for turn in range(TURNS * len(firsts)):
            if run.done:
                return
            first = firsts[turn % len(firsts)]
            part = windows.within(everyone, run.state, first, min(first + length, days))
            share = run.seconds_left / max(1, len(firsts) - turn % len(firsts))
            _generate(run, part, run.elapsed + share, None)


def _generate(run: Run, case: Case, until_s: float, prove: Callable[[float], None] | None) -> None:
    """Refine the roster within `case`, which may hold a part of it, until so many seconds of the run are over."""
    if run.done:
        return
    from staffing.roster.engine.generation import Generation
    from staffing.roster.engine.refine import Refinement

    Refinement(
        generation=Generation(case, run.ws, lambda: min(until_s, run.limits.seconds) - run.elapsed),
        state=run.state,
        rng=run.rng,
        step=run.step,
        keep=run.keep,
        prove=prove or (lambda _: None),
        done=lambda: run.done or run.elapsed > until_s,
        centre=run.worth.ravel(),
        proves=prove is not None,
    ).run()
    run.load_best()
