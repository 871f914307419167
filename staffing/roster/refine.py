"""From a good roster to the best: dives from the linear programme, then people reopened a few at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from staffing.roster.columns import assign, tour_of_agent
from staffing.roster.generation import Converged, Generation, Start
from staffing.roster.master import Master
from staffing.roster.search import State, cover_cost

ROOT_ROUNDS = 1000
ROOT_NODES = 2000
ROUNDS = 12  # pricing rounds of a reopened group
NODES = 500
TOURS = 40  # of each reopened class, from the pool
FIRST_SIZE = 6
PATIENCE = 2000  # groups in a row without a better roster, when the search ends
LISTING_AFTER = 25  # such groups, when all tours that could still help are listed
LISTING_NODES = 10**6
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
    size: float = field(init=False, default=FIRST_SIZE)

    def run(self) -> None:
        """Until done."""
        generation = self.generation
        generation.learn([tour_of_agent(generation.problem, self.state, i) for i in range(len(self.state.tours))])
        start = generation.start(generation.whole(), self.centre)
        made = generation.converge(start, self.centre, ROOT_ROUNDS)
        self.centre = made.worth
        self.prove(made.bound)
        if made.relaxed is None or self.done():
            return
        self._take(generation.dive(start, made, self.price))
        everyone = np.arange(len(self.state.tours))
        idle = 0  # groups reopened since the last better roster
        while not self.done() and idle < PATIENCE:
            before, size = self.price, min(len(everyone), int(self.size))
            self.size *= self.reopen(np.sort(self.rng.permutation(everyone)[:size]))
            self.size = min(max(self.size, 2.0), len(everyone))
            idle = 0 if self.price < before - EPS else idle + 1
            if idle == LISTING_AFTER and self.list_all(made.bound):
                return

    def list_all(self, bound: float) -> bool:
        """Choose among all tours that a better roster could use; whether that is proven to be the best."""
        generation, before = self.generation, self.price
        numbers = generation.list_all(self.centre, before - max(self.step, EPS) - bound + EPS)
        if numbers is None or self.done():
            return False
        start = Start(Master(generation.whole(), [generation.pool.tours[j] for j in numbers]), numbers)
        everyone = np.arange(len(self.state.tours))
        own = generation.learn([tour_of_agent(generation.problem, self.state, int(i)) for i in everyone])
        chosen = start.master.choose(self._columns(start, own), LISTING_NODES, generation.seconds_left())
        if chosen is not None and not self.done():
            self._take([start.numbers[column] for column in chosen], everyone)
        self.prove(min(before, start.master.proven_bound))
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
