"""Whole tours from the linear programme: fix what it is sure of, price again, until everybody has a tour.

Where the programme shows that no roster below the goal is left, the last choice is taken back and made
otherwise (diving with limited discrepancies: Sadykov, Vanderbeck, Pessoa, Tahiri & Uchoa 2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from staffing.roster.engine.generation import Converged, Generation, Start
from staffing.roster.engine.master import Master

SURE = 0.75  # parts of a tour that are rounded up
SHARE = 0.08  # of the free agents that are fixed at least
ROUNDS = 30  # pricing rounds between two fixings
HASTY_ROUNDS = 3  # where time was too short for the programme of everybody
TOURS = 40  # of each class, when a dive goes on
TOLERANCE = 1e-4  # of the linear programme's price
LEAST_LUCK = 0.4  # of a tour's part that chance leaves
RISE = 1e-3  # of its price, by which the programme may get dearer in a step without another way being tried
TRIES = 2  # dead ends after which one more choice is taken back
EPS = 1e-6


@dataclass(frozen=True)
class DiveNode:
    """A programme of those still free, and what is fixed: numbers of the pool, and their price."""

    start: Start
    made: Converged
    chosen: list[int]
    spent: float

    @property
    def price(self) -> float:
        """What a roster with these choices costs at least."""
        return np.inf if self.made.relaxed is None else self.spent + max(self.made.bound, self.made.relaxed.price)


def dive(
    generation: Generation, begun: DiveNode, goal: float, rng: np.random.Generator, dead_ends: int = 1, ways: int = 1
) -> list[int] | None:
    """A choice of tours for everybody free that costs less than `goal`; None when `dead_ends` were met.

    Up to `ways` of going on are tried at every step that makes the programme dearer.
    """
    path, met, spare = [begun], 0, 0
    rounds = ROUNDS if begun.made.complete else HASTY_ROUNDS
    while begun.made.relaxed is not None and generation.seconds_left() > 0:
        step, spare = _step(generation, path[-1], goal, rng, rounds, ways, spare)
        if step.price < goal - EPS:
            if not step.start.master.task.free.any():
                return step.chosen
            path.append(step)
            continue
        met += 1
        if met >= dead_ends:
            break
        if met % TRIES == 0 and len(path) > 1:
            path.pop()
    return None


def _step(
    generation: Generation, node: DiveNode, goal: float, rng: np.random.Generator, rounds: int, ways: int, spare: int
) -> tuple[DiveNode, int]:
    """The first way on that makes the programme hardly dearer, or the cheapest of some, and the work left for others.

    The other ways of a dive take no more work than its first ones (`spare` grows by these).
    """
    begun = generation.work
    cheapest = _fix(generation, node, goal, rng, rounds)
    spare += generation.work - begun
    for _ in range(ways - 1):
        if cheapest.price <= node.price + RISE * abs(node.price) or spare <= 0 or generation.seconds_left() <= 0:
            break
        begun = generation.work
        other = _fix(generation, node, min(goal, cheapest.price), rng, rounds)
        spare -= generation.work - begun
        if other.price < cheapest.price:
            cheapest = other
    return cheapest, spare


def _fix(generation: Generation, step: DiveNode, goal: float, rng: np.random.Generator, rounds: int) -> DiveNode:
    """Fix some tours more and solve the programme of the others, as far as it may end below `goal`."""
    start, made = step.start, step.made
    assert made.relaxed is not None
    sure = _sure(made.relaxed.chosen, start.master, rng)
    numbers = [start.numbers[j] for j, n in enumerate(sure) for _ in range(n)]
    spent = step.spent + sum(generation.pool.tours[number].price for number in numbers)
    task = generation.without(start.master.task, numbers)
    if task.free.any():
        start = generation.start(task, made.worth, generation.most_tours(int(task.free.sum()), TOURS))
        made = generation.converge(start, made.worth, rounds, goal - spent, TOLERANCE)
    else:
        start = Start(Master(task), [])
        made = Converged(start.master.relax(), -np.inf, made.worth)
    return DiveNode(start, made, step.chosen + numbers, spent)


def _sure(chosen: NDArray[np.float64], master: Master, rng: np.random.Generator) -> NDArray[np.int64]:
    """How often to work each tour for certain: whole parts, and the largest rests by some luck, a few at least."""
    chosen = np.concatenate([chosen, np.zeros(len(master.tours) - len(chosen))])  # columns come after the solution
    sure = np.floor(chosen + EPS).astype(int)
    owner = np.array([tour.owner for tour in master.tours])
    left = master.task.free - np.bincount(owner, sure, len(master.task.free)).astype(int)
    rest = chosen - sure
    rest = np.where(rest > EPS, rest * rng.uniform(LEAST_LUCK, 1.0, len(rest)), rest)
    least = max(1, round(SHARE * left.sum()))
    for taken, j in enumerate(np.argsort(-rest, kind="stable")):
        if rest[j] <= EPS or (rest[j] < SURE and taken >= least):
            break
        if left[owner[j]] > 0:
            sure[j] += 1
            left[owner[j]] -= 1
    return sure
