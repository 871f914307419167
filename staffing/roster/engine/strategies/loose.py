"""The bound where whole tours are too dear to price (see ``engine.loose``)."""

from dataclasses import dataclass

from staffing.roster.engine.loose import LooseAscent
from staffing.roster.engine.run import Run

STEPS = 2_000
FIRST_STEP, AGAIN, SMALLEST_STEP = 0.1, 0.05, 0.004  # a step that has become small begins again


@dataclass(frozen=True)
class LooseBound:
    """Steps of the ascent within a share of the time, beside what is over already."""

    share: float = 0.2

    def improve(self, run: Run) -> None:
        """Prove a bound, and leave the slot prices that prove it in ``run.worth``."""
        until = run.elapsed + self.share * run.seconds_left
        ascent = LooseAscent(run.free, run.ws, step=FIRST_STEP)
        for _ in range(STEPS):
            if run.elapsed > until:
                break
            if ascent.step < SMALLEST_STEP:
                ascent.step = AGAIN
            ascent.climb(run.best)
            run.prove(ascent.bound)
        run.worth = ascent.best_worth
