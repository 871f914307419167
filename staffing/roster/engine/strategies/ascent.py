"""The bound: dual ascent on the slot prices, within a share of the time."""

from dataclasses import dataclass

from staffing.roster.engine import dual
from staffing.roster.engine.run import Run

CHUNK = 50  # steps between two looks at the clock
SLOW_SHARE = 0.02  # of the time for one answer of everybody, beyond which the clock is looked at each step


@dataclass(frozen=True)
class Ascent:
    """At most so many chunks of steps, and at most a share of the time."""

    chunks: int = 60
    share: float = 0.5

    def improve(self, run: Run) -> None:
        """Prove a bound, and leave the slot prices that prove it in ``run.worth``."""
        case, size = run.free, run.free.class_size.astype(float)
        climb, curve = dual.begin(case), dual.cover_curve(case.cover)
        steps = 1 if run.answer_s > SLOW_SHARE * run.limits.seconds else CHUNK
        for _ in range(self.chunks * CHUNK // steps):
            if run.elapsed > run.limits.seconds * self.share:
                break
            dual.ascend(
                steps, run.best, climb, curve, size, case.cover, case.people, case.options, case.automata, run.ws
            )
            run.prove(float(climb.control[0]))
            if climb.control[1] < dual.SMALLEST_STEP:
                break
        run.worth = climb.best_worth
