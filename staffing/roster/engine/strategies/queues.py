"""People of several skills whose time is not worth the same everywhere change queues together."""

from dataclasses import dataclass

import numpy as np

from staffing.roster.engine.queues import choose_queues, movable
from staffing.roster.engine.run import Run
from staffing.roster.engine.search import improve

SIZE = 12  # people at once
NODES = 50
ROUNDS = 20
MOVES = 50  # of small groups, after the queues have changed


@dataclass(frozen=True)
class Requeue:
    """Queues of a few people at a time, then small groups again, until a round has not helped."""

    def improve(self, run: Run) -> None:
        """Keep every better roster."""
        people = movable(run.case)
        if not len(people):
            return
        run.load_best()
        seed = run.rng.integers(1, 2**63, 1).astype(np.uint64)
        for _ in range(ROUNDS):
            before = run.best
            order = run.rng.permutation(people)
            for first in range(0, len(order), SIZE):
                if run.done:
                    return
                choose_queues(run.case, run.state, np.sort(order[first : first + SIZE]), run.effort(NODES))
            run.keep(improve(MOVES, min(3, len(run.everyone)), run.everyone, seed, *run.args))
            if run.best >= before - 1e-9:
                return
