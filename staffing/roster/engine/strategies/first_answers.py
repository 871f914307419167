"""A first complete roster: everybody answers what those before leave open."""

from dataclasses import dataclass

import numpy as np

from staffing.roster.engine.run import Run, chunks
from staffing.roster.engine.search import follow, sweep


@dataclass(frozen=True)
class FirstAnswers:
    """Everybody answers once; when the time is up, the others work what a colleague of their class works."""

    def improve(self, run: Run) -> None:
        """Keep a first roster, whatever the clock says."""
        before, works = run.elapsed, dict[int, int]()
        for chunk in chunks(run.order()):
            if run.late:
                _follow(chunk, works, run)
            else:
                sweep(chunk, run.no_guide, 0.0, *run.args)
                works.update((int(run.state.agent_class[i]), int(i)) for i in chunk)
        run.keep(run.price)
        run.answer_s = run.elapsed - before


def _follow(chunk: np.ndarray, works: dict[int, int], run: Run) -> None:
    """Everybody of a chunk works what `works` names for the class, or is the first of it to answer."""
    for i in chunk.tolist():
        k = int(run.state.agent_class[i])
        if k in works:
            follow(i, works[k], run.state)
        else:
            sweep(np.array([i]), run.no_guide, 0.0, *run.args)
            works[k] = i
