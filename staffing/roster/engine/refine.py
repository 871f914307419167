"""From a good roster to the best: dives from the linear programme, then people reopened a few at a time.

Fresh rosters are dived for, each is improved by moves: some people's tours are taken out and chosen again, by
branch and bound where they are few, by a dive where they are many. Work is shared out among the kinds of
moves by their successes (adaptive large neighbourhood search, Ropke & Pisinger 2006), and it is counted, not
timed, so that equal inputs and seed give the equal roster.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from staffing.roster.engine.columns import assign, tour_of_agent
from staffing.roster.engine.dive import DiveNode, dive
from staffing.roster.engine.generation import Converged, Generation, Start
from staffing.roster.engine.master import Master
from staffing.roster.engine.price import roster_price
from staffing.roster.engine.search import State, copy_state, load_state

ROOT_ROUNDS = 20  # of pricing, between two looks at the clock
CENTRE_ROUNDS = 4
ROOT_SHARE = 0.4  # of the time left
ROUNDS = 12  # pricing rounds of a reopened group
NODES = 500  # of branch and bound over a reopened group
TOURS = 40  # of each reopened class, from the pool
OPENING = 4  # dives before anything is improved, one where they are long
WAYS = 6  # to go on, tried where a fresh roster gets dearer
ROOM = 0.005  # of the best price, by which a fresh roster may be dearer
DEAD_ENDS = 10  # of a dive for everybody
GROUP_DEAD_ENDS = 4
LEAST_WORK = 100_000  # without success, before a roster is left alone; and no less than it took to dive for it
TURNS = 400
LISTING_NODES = 10**6
LISTING_SHARE = 0.5  # of the time left
LISTING_S = 10.0  # that a listing may take without a look at the clock: with less left none is begun
LISTING_WORK = 5  # times the work at the last listing, before all tours are listed again
EPS = 1e-6


@dataclass
class Move:
    """People reopened together, `whole` by branch and bound, and what became of it."""

    size: int
    dives: bool
    work: int = 0
    successes: int = 0

    @property
    def dearness(self) -> float:
        """Work for one success, were the next try one."""
        return self.work / (1 + self.successes)


def moves(people: int) -> list[Move]:
    """Kinds of moves from small to large; the largest reopens nearly everybody, or a quarter of many."""
    sizes = [(6, False), (9, False), (14, False), (20, False), (8, True), (12, True), (16, True), (22, True)]
    sizes += [(people // 4, True)] if people // 4 > sizes[-1][0] else []
    return [Move(size, dives) for size, dives in sizes if size < people] or [Move(people, dives=False)]


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
    best: float = field(init=False, default=math.inf)

    def __post_init__(self) -> None:
        self.everyone = np.arange(len(self.state.tours))
        self.moves = moves(len(self.everyone))
        self.opening = 1 if self.generation.wide else OPENING
        self.best_state = copy_state(self.state)
        self.dived = 0  # work of the last dive for everybody
        self.listed, self.listed_work = math.inf, 0  # price of the roster at the last listing, and work until it

    def run(self) -> None:
        """Until done, or until nothing is left to try."""
        generation = self.generation
        generation.learn([tour_of_agent(generation.case, self.state, int(i)) for i in self.everyone])
        self._note()
        start, made = self._root()
        for turn in range(TURNS):
            if self.done():
                return
            if made.relaxed is not None:
                self._begin(DiveNode(start, made, [], 0.0), turn)
            if turn >= self.opening or not made.complete:
                self._descend()
                if made.complete and self._list_if_worth_it(made.bound):
                    return

    def _root(self) -> tuple[Start, Converged]:
        """The linear programme of everybody, left as it is where it takes too much of the time."""
        generation = self.generation
        until = (1 - ROOT_SHARE) * generation.seconds_left()
        start = generation.start(generation.whole(), self.centre)
        rounds = ROOT_ROUNDS
        if generation.wide:
            rounds = rounds if self._approach(start, until) else 1
            start = generation.start(generation.whole(), self.centre, generation.most_tours(len(self.everyone)))
        while True:
            made = generation.converge(start, self.centre, rounds)
            self.centre = made.worth
            self.prove(made.bound)
            if made.complete or made.relaxed is None or generation.seconds_left() < until:
                return start, made

    def _approach(self, start: Start, until_s: float) -> bool:
        """Prices near the best ones, and the tours that these call for, until so little time is left: whether found."""
        best, gap = -math.inf, math.inf
        while True:
            made = self.generation.centred(start, self.centre, CENTRE_ROUNDS, gap)
            self.prove(made.bound)
            if made.bound > best:
                self.centre, best = made.worth, made.bound
            if made.complete or made.relaxed is None or self.generation.seconds_left() < until_s:
                return made.complete
            gap = made.relaxed.price - best

    def _begin(self, root: DiveNode, turn: int) -> None:
        """Start from a fresh roster, or, every other turn, from the best one if nothing better is dived for."""
        again = turn >= self.opening and turn % 2 == 0
        goal = math.inf if turn < self.opening else self.best * (1 + ROOM) + self.step
        goal = self._below(self.best) if again else goal
        ways = WAYS if math.isinf(goal) else 1  # below a goal, choices are taken back instead
        begun = self.generation.work
        self._take(dive(self.generation, root, goal, self.rng, DEAD_ENDS, ways))
        self.dived = self.generation.work - begun
        if again:
            load_state(self.state, self.best_state)

    def _below(self, price: float) -> float:
        """A goal that only a better roster is below."""
        return price - max(self.step, EPS) + 3 * EPS

    def _descend(self) -> None:
        """Move until the later half of the work helped nobody."""
        generation, idle, begun = self.generation, 0, self.generation.work
        while not self.done() and idle <= max(LEAST_WORK, self.dived, (generation.work - begun) // 2):
            move = min(self.moves, key=lambda one: one.dearness)
            price, work = self.price, generation.work
            self.reopen(np.sort(self.rng.permutation(self.everyone)[: move.size]), move)
            spent = max(1, generation.work - work)
            move.work += spent
            better = self.price < price - EPS
            move.successes += better
            idle = 0 if better else idle + spent

    def reopen(self, people: NDArray[np.int64], move: Move) -> None:
        """Choose the tours of some people again; the roster stays where that leads to no better one."""
        generation = self.generation
        own = [tour_of_agent(generation.case, self.state, int(i)) for i in people]
        present = self.state.counts.ravel().astype(float)
        for tour in own:
            present[tour.cells] -= tour.amounts
        free = np.bincount(self.state.agent_class[people], minlength=len(generation.case.class_size))
        others = float(self.state.price.sum() - sum(tour.price for tour in own))
        goal = self._below(self.price - others)
        start = generation.start(generation.task(free, present), self.centre, TOURS)
        now = self._columns(start, generation.learn(own))
        made = generation.converge(start, self.centre, ROUNDS, goal)
        step = DiveNode(start, made, [], 0.0)
        if step.price >= goal - EPS:
            return
        if move.dives:
            self._take(dive(generation, step, goal, self.rng, GROUP_DEAD_ENDS), people)
        else:
            self._choose(start, now, people)

    def _columns(self, start: Start, numbers: list[int]) -> list[int]:
        """Columns of pool tours in a master; the missing ones are added."""
        missing = sorted(set(numbers) - set(start.numbers))
        start.master.add([self.generation.pool.tours[j] for j in missing])
        start.numbers += missing
        place = {number: column for column, number in enumerate(start.numbers)}
        return [place[number] for number in numbers]

    def _choose(self, start: Start, now: list[int], people: NDArray[np.int64]) -> None:
        """Branch and bound over the tours of a master, from the present ones (columns `now`)."""
        before, kept = self.price, [start.numbers[column] for column in now]
        chosen = start.master.choose(now, NODES, self.generation.seconds_left())
        self.generation.work += start.master.iterations
        if chosen is not None:
            self._take([start.numbers[column] for column in chosen], people)
            if self.price > before + EPS:
                self._take(kept, people)

    def _take(self, numbers: list[int] | None, people: NDArray[np.int64] | None = None) -> None:
        """Let `people` (everybody) work the tours of the pool with these numbers."""
        if numbers is None:
            return
        case = self.generation.case
        chosen = sorted((self.generation.pool.tours[j] for j in numbers), key=lambda tour: tour.owner)
        people = self.everyone if people is None else people
        ordered = people[np.argsort(self.state.agent_class[people], kind="stable")]
        for i, tour in zip(ordered, chosen, strict=True):
            assign(case, self.state, int(i), tour)
        self._note()

    def _note(self) -> None:
        """Remember the roster if it is the best so far."""
        price = self.price
        if price < self.best - EPS:
            self.best, self.best_state = price, copy_state(self.state)
            self.keep(price)

    @property
    def price(self) -> float:
        """Price of the roster as it stands."""
        return roster_price(self.generation.case, self.state)

    def _list_if_worth_it(self, bound: float) -> bool:
        """Try for a proof when there is a better roster and much was done since the last try."""
        work = self.generation.work
        if not self.proves or self.done() or self.generation.seconds_left() < LISTING_S:
            return False
        if self.best >= self.listed - EPS or work < LISTING_WORK * self.listed_work:
            return False
        self.dived = 0  # work of the last dive for everybody
        self.listed, self.listed_work = self.best, work
        load_state(self.state, self.best_state)
        return self.list_all(bound)

    def list_all(self, bound: float) -> bool:
        """Choose among all tours that a better roster could use; whether that is proven to be the best."""
        generation = self.generation
        numbers = generation.list_all(self.centre, self._below(self.best) - bound)
        if numbers is None or self.done():
            return False
        if not numbers:
            self.prove(self.best)
            return True
        start = Start(Master(generation.whole(), [generation.pool.tours[j] for j in numbers]), numbers)
        own = [tour_of_agent(generation.case, self.state, int(i)) for i in self.everyone]
        now = self._columns(start, generation.learn(own))
        chosen = start.master.choose(now, LISTING_NODES, generation.seconds_left() * LISTING_SHARE)
        if chosen is not None:
            self._take([start.numbers[column] for column in chosen])
        if start.master.searched:
            self.prove(min(self.best, start.master.proven_bound))
        return start.master.proven
