"""Windows of a few days and people, chosen again until a share of the time is over (see ``engine.patches``)."""

from dataclasses import dataclass

import numpy as np

from staffing.roster.engine.patches import patch
from staffing.roster.engine.run import Run

CHUNK = 100  # moves between two looks at the clock
LENGTHS = (7, 10, 14, 5)
SIZES = (1, 2, 2, 3)
HOT, COLD = 0.02, 0.002  # heat at first and last, in prices of the dearest agent short
STEADY = 0.1  # of the time, at the end, without heat


@dataclass(frozen=True)
class Patches:
    """From the best roster, with less and less heat, for a share of the time."""

    share: float = 1.0  # of the time left
    hot: float = HOT

    def improve(self, run: Run) -> None:
        """Keep every better roster."""
        run.load_best()
        case, seed = run.case, run.rng.integers(1, 2**63, 1).astype(np.uint64)
        final, begun = case.automata.final.copy(), run.elapsed
        dearest, price = float(case.cover.short.max()), run.price
        until, turn = begun + self.share * run.seconds_left, 0
        while not run.done and run.elapsed < until:
            gone = (run.elapsed - begun) / max(1e-9, until - begun)
            heat = dearest * self.hot * (COLD / self.hot) ** (gone / (1 - STEADY)) if gone < 1 - STEADY else 0.0
            length = min(LENGTHS[turn % len(LENGTHS)], case.days)
            size = min(SIZES[(turn // len(LENGTHS)) % len(SIZES)], len(run.everyone))
            price += patch(CHUNK, length, size, heat, run.everyone, seed, final, *run.args)
            turn += 1
            if price < run.best - 1e-9:
                price = run.price
                run.keep(price)
        run.load_best()
