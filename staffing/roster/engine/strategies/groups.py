"""A few people are taken out and put back, each where the others leave most to win."""

from dataclasses import dataclass

import numpy as np

from staffing.roster.engine.run import Run
from staffing.roster.engine.search import improve

MOVES_PER_AGENT = 10
CHUNK = 50  # moves between two looks at the clock, and with groups of one size
SIZES = (2, 3, 4)


@dataclass(frozen=True)
class Groups:
    """Moves of small groups, from the best roster."""

    def improve(self, run: Run) -> None:
        """Keep the roster after every chunk of moves."""
        run.load_best()
        seed = run.rng.integers(1, 2**63, 1).astype(np.uint64)
        for turn, _ in enumerate(range(0, MOVES_PER_AGENT * len(run.everyone), CHUNK)):
            if run.done:
                return
            size = min(SIZES[turn % len(SIZES)], len(run.everyone))
            run.keep(improve(CHUNK, size, run.everyone, seed, *run.args))
