"""From a good roster to the best: dives from the linear programme, then people reopened a few at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from staffing.roster.engine.columns import assign, tour_of_agent
from staffing.roster.engine.generation import Converged, Generation, Start
from staffing.roster.engine.master import Master
from staffing.roster.engine.search import State, cover_cost

ROOT_ROUNDS = 1000
ROOT_NODES = 2000
ROUNDS = 12  # pricing rounds of a reopened group
NODES = 500
TOURS = 40  # of each reopened class, from the pool
FIRST_SIZE = 6
PATIENCE = 25  # groups in a row without a better roster, when a new dive begins
TURNS = 200  # dives
LISTING_NODES = 10**6
LISTING_SHARE = 0.5  # of the time left
EPS = 1e-6


@dataclass
class Refinement:
    """Works on `state` in place; `keep(price)` hears of every better roster, `prove(bound)` of bounds."""

    generation: Generation
    state: State
    rng: np.random.Generator
    step: float  # the price of every roster is a multiple of it; 0 when unknown
    keep: Callable[[float], None]
    prove: Callable[[float], None]
    done: Callable[[], bool]
    centre: NDArray[np.float64]
    proves: bool = True  # list all tours that could be better, where they are few
    size: float = field(init=False, default=FIRST_SIZE)
    best: float = field(init=False, default=math.inf)

    def run(self) -> None:
        """Until done, or until nothing is left to try."""
        generation = self.generation
        generation.learn([tour_of_agent(generation.problem, self.state, i) for i in range(len(self.state.tours))])
        self.best = self.price
        start = generation.start(generation.whole(), self.centre)
        made = generation.converge(start, self.centre, ROOT_ROUNDS)
        self.centre = made.worth
        self.prove(made.bound)
        listed = math.inf  # price of the roster at which all tours were last listed
        for turn in range(TURNS):
            if made.relaxed is None or self.done():
                return
            self._take(generation.dive(start, made, math.inf, self.rng if turn else None))
            self._descend()
            if self.proves and self.best < listed - EPS and not self.done():
                listed = self.best
                if self.list_all(made.bound):
                    return

    def _descend(self) -> None:
        """Reopen groups of people until that has helped for long nobody."""
        everyone = np.arange(len(self.state.tours))
        idle, self.size = 0, FIRST_SIZE
        while not self.done() and idle < max(PATIENCE, len(everyone) // 2):
            before, size = self.price, min(len(everyone), int(self.size))
            grow = self.reopen(np.sort(self.rng.permutation(everyone)[:size]))
            self.size = max(2.0, self.size * grow)
            idle = 0 if self.price < before - EPS else idle + 1
            if size == len(everyone) and idle:
                return

    def list_all(self, bound: float) -> bool:
        """Choose among all tours that a better roster could use; whether that is proven to be the best."""
        generation = self.generation
        numbers = generation.list_all(self.centre, self.best - max(self.step, EPS) - bound + EPS)
        if numbers is None or self.done():
            return False
        if not numbers:
            self.prove(self.best)
            return True
        everyone = np.arange(len(self.state.tours))
        start = Start(Master(generation.whole(), [generation.pool.tours[j] for j in numbers]), numbers)
        now: list[int] = []
        if self.price < self.best + EPS:
            own = [tour_of_agent(generation.problem, self.state, int(i)) for i in everyone]
            now = self._columns(start, generation.learn(own))
        chosen = start.master.choose(now, LISTING_NODES, generation.seconds_left() * LISTING_SHARE)
        if chosen is not None:
            self._take([start.numbers[column] for column in chosen], everyone)
        if start.master.searched:
            self.prove(min(self.best, start.master.proven_bound))
        return start.master.proven

    @property
    def price(self) -> float:
        """Price of the roster as it stands."""
        return float(cover_cost(self.generation.problem.cover, self.state.counts) + self.state.price.sum())

    def _take(self, numbers: list[int] | None, people: NDArray[np.int64] | None = None) -> None:
        """Let `people` (everybody) work the tours of the pool with these numbers."""
        if numbers is None:
            return
        problem = self.generation.problem
        chosen = sorted((self.generation.pool.tours[j] for j in numbers), key=lambda tour: tour.owner)
        people = np.arange(len(self.state.tours)) if people is None else people
        ordered = people[np.argsort(self.state.agent_class[people], kind="stable")]
        for i, tour in zip(ordered, chosen, strict=True):
            assign(problem, self.state, int(i), tour)
        self.best = min(self.best, self.price)
        self.keep(self.price)

    def reopen(self, people: NDArray[np.int64]) -> float:
        """Choose the tours of some people again; returns by how much the next group should grow."""
        generation, before = self.generation, self.price
        own = [tour_of_agent(generation.problem, self.state, int(i)) for i in people]
        present = self.state.counts.ravel().astype(float)
        for tour in own:
            present[tour.cells] -= 1
        free = np.bincount(self.state.agent_class[people], minlength=len(generation.problem.class_size))
        worst = before - float(self.state.price.sum() - sum(tour.price for tour in own))
        task = generation.task(free, present)
        start = generation.start(task, self.centre, TOURS)
        now = self._columns(start, generation.learn(own))
        goal = worst - max(self.step, EPS) + EPS
        made = generation.converge(start, self.centre, ROUNDS, goal)
        if made.bound > goal or made.relaxed is None or made.relaxed.price > goal:
            return 1.1
        return self._choose(start, made, now, people, goal)

    def _columns(self, start: Start, numbers: list[int]) -> list[int]:
        """Columns of pool tours in a master; the missing ones are added."""
        missing = sorted(set(numbers) - set(start.numbers))
        start.master.add([self.generation.pool.tours[j] for j in missing])
        start.numbers += missing
        place = {number: column for column, number in enumerate(start.numbers)}
        return [place[number] for number in numbers]

    def _choose(self, start: Start, made: Converged, now: list[int], people: NDArray[np.int64], goal: float) -> float:
        before = self.price
        chosen = start.master.choose(now, NODES, self.generation.seconds_left())
        if chosen is not None:
            kept = [tour_of_agent(self.generation.problem, self.state, int(i)) for i in people]
            self._take([start.numbers[column] for column in chosen], people)
            if self.price > before + EPS:
                self._take(self.generation.learn(kept), people)
        return 1.03 if start.master.proven else 0.9
