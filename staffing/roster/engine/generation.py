"""Column generation: tours priced out by their rules, chosen together by a master programme.

1. `centred`, for wide programmes: prices from amid the optimal ones, until these are nearly found.
2. `converge`: master and pricing in turn, prices smoothed towards the best ones (Wentges 1997), until no
   tour is missing. Every pricing round gives a Lagrangian bound.
3. `list_all`: every tour that a better roster could use, where these are few.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from staffing.roster.case import BLOCKED, Case
from staffing.roster.engine import columns, dual
from staffing.roster.engine.columns import Answers, Pool, Tour, tour_of
from staffing.roster.engine.kernels import price_options, value_options
from staffing.roster.engine.listing import tours_within
from staffing.roster.engine.master import Master, Relaxed, Task
from staffing.roster.engine.workspace import Buffers

SMOOTH = 0.7  # share of the best prices so far
EPS = 1e-6
MOST_LISTED = 60_000  # tours, when all that could help are listed
STARTING_TOURS = 60  # of each class, taken over from the pool
ACCURACY = 0.05  # of the gap, to which prices from amid the optimal ones are found
NEAR = 1e-3  # of the price, at which such prices have done what they can
CENTRE_WORK = 1  # iterations of the simplex method that cost as much as one column there
WIDE = 600  # rows, beyond which the simplex method crawls
LEAST_TOURS, MOST_COLUMNS = 10, 3_600
ANSWER_WORK = 3  # iterations of the simplex method that cost as much as one answer of a class


@dataclass
class Generation:
    """Pool and pricing of one case; `seconds_left` is the clock.

    `work` counts what was done, in iterations of the simplex method, so that searches can share it out without a clock.
    """

    case: Case
    ws: Buffers
    seconds_left: Callable[[], float]
    pool: Pool = field(default_factory=Pool)
    found: Answers = field(init=False)
    curve: dual.DualCurve = field(init=False)
    work: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.found = columns.answers(self.case, self.ws.offsets.shape[1])
        self.curve = dual.cover_curve(self.case.cover)
        self.of_class: list[list[int]] = [[] for _ in self.case.people.automaton]

    def task(self, free: NDArray[np.int64], present: NDArray[np.float64]) -> Task:
        """The task of the `free` agents beside the presence of the others."""
        return Task(self.curve, self.case.cover.excess.ravel(), free, present)

    def whole(self) -> Task:
        """Everybody free."""
        return self.task(self.case.class_size, np.zeros(self.curve.at[0].size))

    @property
    def wide(self) -> bool:
        """Whether the programme of everybody is so large that the simplex method crawls."""
        return int((self.curve.price.max(axis=0) > self.curve.price.min(axis=0)).sum()) + len(self.of_class) > WIDE

    def most_tours(self, people: int, most: int = STARTING_TOURS) -> int:
        """Tours of each class to begin with where so many people are free, `most` where they are few."""
        return max(LEAST_TOURS, min(most, MOST_COLUMNS // max(1, people)))

    def price(self, classes: NDArray[np.int64], worth: NDArray[np.float64]) -> None:
        """Let classes answer prices of cells; the answers are in `found`."""
        p = self.case
        shaped = worth.reshape(p.cover.need.shape)
        self.work += ANSWER_WORK * len(classes)
        for first in range(0, len(classes), 16):
            columns.answer(classes[first : first + 16], shaped, self.found, p.cover, p.people, p.options, p.automata,
                           self.ws)  # fmt: skip
            if self.seconds_left() <= 0:
                self.found.value[classes[first + 16 :]] = BLOCKED
                return

    def collect(self, classes: NDArray[np.int64]) -> list[int]:
        """Put the answers into the pool."""
        return self.learn([tour_of(self.case, self.found, int(k)) for k in columns.feasible(self.found, classes)])

    def learn(self, tours: list[Tour]) -> list[int]:
        """Numbers of tours in the pool, unknown ones added."""
        known = len(self.pool.tours)
        numbers = self.pool.add(tours)
        for number in range(known, len(self.pool.tours)):
            self.of_class[self.pool.tours[number].owner].append(number)
        return numbers

    def start(self, task: Task, worth: NDArray[np.float64], most: int = STARTING_TOURS) -> Start:
        """A master of the tours that look best at `worth`."""
        numbers: list[int] = []
        for k in np.flatnonzero(task.free):
            own = np.array(self.of_class[k], int)
            numbers += own[np.argsort(self._reduced(own, worth), kind="stable")[:most]].tolist()
        return Start(Master(task, [self.pool.tours[j] for j in numbers]), numbers)

    def _reduced(self, numbers: NDArray[np.int64], worth: NDArray[np.float64]) -> NDArray[np.float64]:
        """Prices of tours of the pool less the worth of their presence."""
        tours = [self.pool.tours[j] for j in numbers]
        if not tours:
            return np.zeros(0)
        gained = [worth[tour.cells] * tour.amounts for tour in tours]
        worths = np.concatenate([[0.0], np.cumsum(np.concatenate(gained))])
        ends = np.cumsum([len(tour.cells) for tour in tours])
        return np.array([tour.price for tour in tours]) - np.diff(worths[ends], prepend=0.0)

    def bound(self, task: Task, worth: NDArray[np.float64], classes: NDArray[np.int64]) -> float:
        """Lagrangian bound of a task at the prices just answered."""
        if (self.found.value[classes] >= BLOCKED).any():
            return -np.inf
        cover = columns.cover_bound(self.curve, worth.reshape(self.curve.at[0].shape))
        return cover - float(worth @ task.present) + float(task.free[classes] @ self.found.value[classes])

    def converge(self, start: Start, centre: NDArray[np.float64], rounds: int, enough: float = np.inf,
                 tolerance: float = EPS) -> Converged:  # fmt: skip
        """Up to `rounds` of pricing; stops when no tour is missing or the bound passes `enough`."""
        master = start.master
        low, high = -self.case.cover.excess.ravel(), self._highest()
        best, relaxed, complete = -np.inf, self._relax(master), False
        for _ in range(rounds):
            if relaxed is None or self.seconds_left() <= 0:
                break
            added = False
            for share in (SMOOTH, 0.0):
                worth = np.clip(share * centre + (1 - share) * relaxed.worth, low, high)
                self.price(master.classes, worth)
                value = self.bound(master.task, worth, master.classes)
                if value > best:
                    best, centre = value, worth
                added = self._add(start, relaxed)
                if added or self.seconds_left() <= 0:
                    break
            if not added or best >= min(enough, relaxed.price - tolerance * max(1.0, abs(relaxed.price))):
                complete = True
                break
            relaxed = self._relax(master)
        return Converged(relaxed, best, centre, complete)

    def centred(self, start: Start, centre: NDArray[np.float64], rounds: int, gap: float = np.inf) -> Converged:
        """Up to `rounds` of pricing at prices from amid the optimal ones, for wide programmes: they jump about less.

        `gap` is what was left by rounds before. (Primal-dual column generation: Gondzio, González-Brevis & Munari
        2016.)
        """
        master, best, middle, complete = start.master, -np.inf, None, False
        low, high = -self.case.cover.excess.ravel(), self._highest()
        for _ in range(rounds):
            middle = master.centre(ACCURACY * gap, self.seconds_left())
            self.work += CENTRE_WORK * len(start.numbers)
            if middle is None or self.seconds_left() <= 0:
                break
            worth = np.clip(middle.worth, low, high)
            self.price(master.classes, worth)
            value = self.bound(master.task, worth, master.classes)
            if value > best:
                best, centre = value, worth
            gap = middle.price - best
            if not self._add(start, middle) or gap <= NEAR * abs(middle.price):
                complete = True
                break
        return Converged(middle, best, centre, complete)

    def _relax(self, master: Master) -> Relaxed | None:
        relaxed = master.relax(self.seconds_left())
        self.work += master.iterations
        return relaxed

    def _highest(self) -> NDArray[np.float64]:
        """The most that one more agent can save in each cell: the steepest slope of its curve."""
        width = np.diff(self.curve.at, axis=0)
        return np.where(width > 0, -np.diff(self.curve.price, axis=0) / np.maximum(width, 1), 0.0).max(axis=0).ravel()

    def _add(self, start: Start, relaxed: Relaxed) -> bool:
        """Hand the master the answers that would lower its price."""
        present = set(start.numbers)
        fresh = []
        for number in self.collect(start.master.classes):
            tour = self.pool.tours[number]
            gained = float(relaxed.worth[tour.cells] @ tour.amounts)
            if tour.price - gained - relaxed.rent[tour.owner] < -EPS and number not in present:
                fresh.append(number)
        start.numbers += fresh
        start.master.add([self.pool.tours[j] for j in fresh])
        return bool(fresh)

    def list_all(self, worth: NDArray[np.float64], slack: float) -> list[int] | None:
        """All tours whose reduced price is at most `slack`; None when they are too many to list."""
        p = self.case
        if p.automata.added.shape[2] == 0 or len(p.options.break_len) or (np.diff(p.cover.group_ptr) > 1).any():
            return None  # breaks and queues would give one tour many presences
        found: list[Tour] = []
        shaped, best = worth.reshape(p.cover.need.shape), np.empty(p.grid.slots)
        for k, a in enumerate(p.people.automaton):
            dual.best_queue(p.people.group[k], shaped, p.cover, best, np.empty(len(best), np.int64))
            value_options(best, p.options, self.ws)
            price_options(k, p.people, p.options, self.ws)
            tours, complete = tours_within(slack, MOST_LISTED - len(found), int(a), p.people.off_price[k], p.options,
                                           p.automata, self.ws)  # fmt: skip
            if not complete or self.seconds_left() <= 0:
                return None
            offsets = np.zeros((p.days, self.ws.offsets.shape[1]), np.int32)
            found += [columns.plain_tour(p, k, tour, offsets) for tour in tours]
        return self.learn(found)

    def without(self, task: Task, numbers: list[int]) -> Task:
        """What is left of a task when these tours are worked for certain."""
        free, present = task.free.copy(), task.present.copy()
        for number in numbers:
            free[self.pool.tours[number].owner] -= 1
            present[self.pool.tours[number].cells] += self.pool.tours[number].amounts
        return self.task(free, present)


@dataclass
class Start:
    """A master and the pool numbers of its columns."""

    master: Master
    numbers: list[int]


@dataclass(frozen=True)
class Converged:
    """What column generation ends with; `worth` proves `bound`."""

    relaxed: Relaxed | None
    bound: float
    worth: NDArray[np.float64]
    complete: bool = False  # no tour is missing, or the bound is as good as was asked for
