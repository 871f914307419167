"""Column generation from the best roster: of the whole horizon, or of windows of it over and over."""

from collections.abc import Callable
from dataclasses import dataclass

from staffing.roster.case import Case
from staffing.roster.engine import windows
from staffing.roster.engine.run import Run

TURNS = 50  # of all windows
MOST_CELLS = 1_200  # slots whose presence has a price, in one programme


def window_days(case: Case) -> int:
    """Days whose programme can be solved in one go: all of them, or a window of at least some weeks."""
    cover = case.cover
    priced = (cover.short > 0) | (cover.excess > 0) | (cover.floor_short > 0) | cover.tabled[:, None]
    days = case.days * MOST_CELLS // max(1, int(priced.sum()))
    return min(case.days, max(windows.WINDOW_DAYS, days))


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
    """Tours within a window of days, everything outside it held; nothing is proven.

    Windows lie side by side, and the next time across the edges of those before.
    """

    def improve(self, run: Run) -> None:
        """Keep better rosters, window after window."""
        run.load_best()
        length, days = window_days(run.case), run.case.days
        everyone = windows.alone(run.case)
        for turn in range(TURNS):
            firsts = [max(0, first) for first in range(-(length // 2) * (turn % 2), days, length)]
            for place, first in enumerate(firsts):
                if run.done:
                    return
                last = min(days, firsts[place + 1] if place + 1 < len(firsts) else days)
                part = windows.within(everyone, run.state, first, last)
                share = run.seconds_left / (len(firsts) - place)
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
        keep=lambda _: run.keep(run.price),  # of a part only some slots have a price
        prove=prove or (lambda _: None),
        done=lambda: run.done or run.elapsed > until_s,
        centre=run.worth.ravel(),
        proves=prove is not None,
    ).run()
    run.load_best()
