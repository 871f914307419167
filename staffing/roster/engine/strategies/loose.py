"""The bound where whole tours are too dear to price (see ``engine.loose``)."""

from dataclasses import dataclass

from staffing.roster.engine.loose import LooseAscent
from staffing.roster.engine.run import Run

STEPS = 600
SMALLEST_STEP = 1e-3


@dataclass(frozen=True)
class LooseBound:
    """Steps of the ascent within a share of the time, beside what is over already."""

    share: float = 0.2

    def improve(self, run: Run) -> None:
        """Prove a bound, and leave the slot prices that prove it in ``run.worth``."""
        until = run.elapsed + self.share * run.seconds_left
        ascent = LooseAscent(run.free, run.ws)
        for _ in range(STEPS):
            if run.elapsed > until or ascent.step < SMALLEST_STEP:
                break
            ascent.climb(run.best)
            run.prove(ascent.bound)
        run.worth = ascent.best_worth
