"""Everybody answers slot prices whose kink is sharpened: the crowd meets the need on average, then exactly."""

import math
from dataclasses import dataclass

import numpy as np

from staffing.roster.engine.run import Run

FINAL_SLOPE = 0.8
REHEAT = (0.05, 0.1, 0.2)  # slopes at which a good roster is loosened again
GENTLE = 0.08  # first slope times the root of the number of people


@dataclass(frozen=True)
class Annealing:
    """So many turns: every fourth begins afresh, very gently; the others warm up the best roster a little."""

    turns: int

    def improve(self, run: Run) -> None:
        """Keep the roster of each turn once nobody gains by another answer."""
        for turn in range(self.turns):
            if run.done:
                return
            if turn % 4:
                run.load_best()
            for slope in slopes(turn, len(run.everyone)):
                run.sweep(run.order(), run.worth, float(slope))
                if run.late:
                    break
            _answer_truly(run)


def slopes(turn: int, people: int) -> np.ndarray:
    """How steep the kink is, step by step."""
    if turn % 4 == 0:
        return np.geomspace(GENTLE / math.sqrt(people) * (1 + turn // 4 % 3), FINAL_SLOPE, 15)
    return np.geomspace(REHEAT[turn % 4 - 1], FINAL_SLOPE, 6)


def _answer_truly(run: Run) -> None:
    """Let everybody answer the true price of cover until nobody gains."""
    price = math.inf
    while True:
        now = run.sweep(run.order(), run.no_guide, 0.0)
        run.keep(now)
        if run.late or now >= price - 1e-9:
            return
        price = now
