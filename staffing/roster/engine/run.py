"""One run of the search: its case, clock, chance and scratch memory, and the best roster so far."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from staffing.roster.case import BLOCKED, Case, SolveLimits
from staffing.roster.engine import dual
from staffing.roster.engine.price import roster_price, whole_prices
from staffing.roster.engine.programme import Effort
from staffing.roster.engine.progress import TIME_LIMIT, SolveProgress, status_of
from staffing.roster.engine.search import State, copy_state, empty_state, load_state, sweep
from staffing.roster.engine.teams import HeldTeam, with_own_prices
from staffing.roster.engine.workspace import Buffers, workspace

SWEEP_CHUNK = 100  # people who answer between two looks at the clock
MIP_SHARE = 0.8  # of the time left: a programme may overrun its limit


@dataclass(frozen=True)
class Solution:
    """Tours of all agents with what is proven about them."""

    state: State
    objective: float
    bound: float
    seconds: float
    status: str  # optimal, gap reached, search finished, time limit


@dataclass
class Run:
    """What strategies work on in turn: `state` is the roster under search, `best_state` the best one kept.

    `case` is what rosters are searched in: `free`, for which bounds are proven, with the spans of `teams` held.
    `worth` (rows, slots) holds the slot prices of the best bound; `answer_s` what one answer of everybody takes,
    unknown where nobody was asked for a whole tour.
    """

    free: Case
    limits: SolveLimits
    progress: Callable[[SolveProgress], None] | None = None
    hand_over: Callable[[Solution], None] | None = None  # hears of the best roster whenever `progress` is told
    case: Case = field(init=False)
    ws: Buffers = field(init=False)
    bound: float = field(init=False, default=-math.inf)
    best: float = field(init=False, default=math.inf)
    answer_s: float = field(init=False, default=math.inf)

    def __post_init__(self) -> None:
        self.case = case = with_own_prices(self.free) if self.free.together else self.free
        self.teams = [HeldTeam(team, self.free, case) for team in case.together]
        self.begun = time.monotonic()
        self.ws = workspace(case.options, case.automata, case.grid.slots)
        self.rng = np.random.default_rng(self.limits.seed)
        breaks = self.ws.offsets.shape[1]
        self.state = empty_state(case.agent_class, case.days, breaks, case.people.group, case.cover)
        self.best_state = copy_state(self.state)
        self.args = (case.cover, self.state, case.people, case.options, case.automata, self.ws)
        self.step = 1.0 if whole_prices(case) else 0.0
        self.everyone = np.arange(len(case.agent_class))
        self.worth = dual.begin(case).best_worth
        self.no_guide = np.empty((0, 0))

    @property
    def price(self) -> float:
        """Price of the roster as it stands."""
        return roster_price(self.case, self.state)

    def keep(self, price: float) -> None:
        """Remember the roster as it stands, of this price, if it is the best so far; tell how far the run is."""
        if price < self.best - 1e-9:
            self.best, self.best_state = float(price), copy_state(self.state)
        self.report()

    def load_best(self) -> None:
        """Go on from the best roster."""
        load_state(self.state, self.best_state)

    def prove(self, bound: float) -> None:
        """Raise the bound; where every roster's price is whole, to the next whole number."""
        if bound >= BLOCKED / 2:
            return  # somebody's tour was too dear to price: nothing is proven
        if self.step > 0 and bound > -math.inf:
            bound = math.ceil(bound / self.step - 1e-6) * self.step
        self.bound = max(self.bound, bound)
        self.report()

    def order(self) -> NDArray[np.int64]:
        """Everybody in a random order."""
        return self.rng.permutation(self.everyone)

    def sweep(self, order: NDArray[np.int64], guide: NDArray[np.float64], slope: float) -> float:
        """Everybody of `order` answers once, unless the time is up; returns the price of the roster."""
        price = sweep(order[:0], guide, slope, *self.args)
        for chunk in chunks(order):
            price = sweep(chunk, guide, slope, *self.args)
            if self.late:
                break
        return float(price)

    def effort(self, nodes: int, near: float = math.inf) -> Effort:
        """What a programme may take of the time left."""
        return Effort(MIP_SHARE * self.seconds_left, nodes, self.limits.threads, near)

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.begun

    @property
    def seconds_left(self) -> float:
        """Seconds until the time is up; negative afterwards."""
        return self.limits.seconds - self.elapsed

    @property
    def late(self) -> bool:
        """Whether the time is up."""
        return self.seconds_left < 0

    @property
    def gap(self) -> float:
        """(best − bound) / best."""
        return (self.best - self.bound) / self.best if self.best > 0 else 0.0

    @property
    def done(self) -> bool:
        """Whether the time is up or the gap reached."""
        return self.late or self.gap <= self.limits.gap

    def solution(self) -> Solution:
        """The best roster so far."""
        status = status_of(self.gap, self.limits.gap, late=self.late)
        return Solution(self.best_state, self.best, min(self.bound, self.best), self.elapsed, status)

    def report(self) -> None:
        """Tell what is known."""
        best = None if math.isinf(self.best) else self.best
        if self.progress is not None:
            bound = None if math.isinf(self.bound) else self.bound
            self.progress(SolveProgress(self.elapsed, bound, best))
        if self.hand_over is not None and best is not None:
            self.hand_over(replace(self.solution(), status=TIME_LIMIT))


def chunks(order: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """People a few at a time, with a look at the clock between."""
    for first in range(0, len(order), SWEEP_CHUNK):
        yield order[first : first + SWEEP_CHUNK]
