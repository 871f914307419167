"""The road from arrays to the best roster found: bound first, then people led by its prices.

1. Dual ascent gives a proven bound and a price per slot.
2. Everybody answers those prices while the kink of each slot's price is slowly sharpened: at the prices of
   the bound the crowd meets the need on average, and sharpening makes it meet the need exactly. The best
   roster is loosened and sharpened again.
3. Where shifts of different days keep apart, all days are chosen anew one after the other, then a few at a time
   (`relay`). Elsewhere small groups are taken out and put back, and days chosen again alone.
Work is counted in iterations, so that equal inputs and seed give the equal roster; the clock only stops.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from staffing.roster.engine import dual, relay, windows
from staffing.roster.engine.arrays import BLOCKED, Workspace, workspace
from staffing.roster.engine.day import choose_days
from staffing.roster.engine.problem import Problem, SolveLimits, roster_price, whole_prices
from staffing.roster.engine.programme import Effort
from staffing.roster.engine.progress import TIME_LIMIT, Progress, status_of
from staffing.roster.engine.search import State, copy_state, empty_state, follow, improve, load_state, sweep

ASCENT_CHUNK = 50
ASCENT_CHUNKS = 60
SHORT_ASCENT = 2  # where totals are counted: pricing is dear there, and the master programme small
ASCENT_SHARE, COUNTED_SHARE = 0.5, 0.1  # of the time, at most
FINAL_SLOPE = 0.8
REHEAT = (0.05, 0.1, 0.2)  # slopes at which a good roster is loosened again
AGENT_TURNS = 6_000  # annealing turns times agents and weeks
LEAST_TURNS, MOST_TURNS = 3, 240
FEW_TURNS = 8  # where opening days together soon does better
MOVES_PER_AGENT = 10
MOVE_CHUNK = 50
SWEEP_CHUNK = 100
LONG_DAYS = 84  # of a horizon with totals, beyond which whole tours are too dear to price
SLOW_SHARE = 0.02  # of the time for one answer of everybody, beyond which the ascent looks at the clock each time
WINDOW_TURNS = 50
MIP_SHARE = 0.8  # of the time left: a programme may overrun its limit
DAY_NODES = (1, 50, 500)  # of branch and bound, when a day is chosen again
NEAR = 0.3  # of what one agent in a slot can cost: dearer columns are left out


@dataclass(frozen=True)
class Solution:
    """Tours of all agents with what is proven about them."""

    state: State
    objective: float
    bound: float
    seconds: float
    status: str  # optimal, gap reached, search finished, time limit


@dataclass
class Solver:
    """One run: owns scratch memory, clock and the best roster so far."""

    problem: Problem
    limits: SolveLimits
    progress: Callable[[Progress], None] | None = None
    hand_over: Callable[[Solution], None] | None = None  # hears of the best roster whenever `progress` is told
    ws: Workspace = field(init=False)
    bound: float = field(init=False, default=-math.inf)
    best: float = field(init=False, default=math.inf)

    def __post_init__(self) -> None:
        p = self.problem
        self.begun = time.monotonic()
        self.ws = workspace(p.options, p.automata, p.grid.slots)
        self.rng = np.random.default_rng(self.limits.seed)
        breaks = self.ws.offsets.shape[1]
        self.state = empty_state(p.agent_class, p.days, breaks, p.people.group, p.cover)
        self.best_state = self._copy()
        self.args = (p.cover, self.state, p.people, p.options, p.automata, self.ws)
        self.counted = p.automata.added.shape[2] > 0
        self.step = 1.0 if whole_prices(p) else 0.0
        self.everyone = np.arange(len(p.agent_class))
        self.long = self.counted and p.days > LONG_DAYS

    def run(self) -> Solution:
        """Solve; always returns a complete roster."""
        guide = self._ascend()
        if relay.suits(self.problem):
            self._sharpen(guide, FEW_TURNS)
            self._open_days(guide)
            return self.solution()
        if not self.long:
            self._sharpen(guide, 0 if self.counted else AGENT_TURNS // (self.problem.days // 7 * len(self.everyone)))
            self._load(self.best_state)
            self._improve(MOVES_PER_AGENT * len(self.everyone))
        if not self.counted or self.problem.days > windows.WINDOW_DAYS:  # one window: column generation sees all days
            self._choose_days()
        self._refine(guide)
        return self.solution()

    def _sharpen(self, guide: np.ndarray, turns: int) -> None:
        """Anneal a few times at least."""
        for turn in range(min(max(LEAST_TURNS, turns), MOST_TURNS)):
            if self._done():
                return
            self._anneal(guide, turn)

    def solution(self) -> Solution:
        """The best roster so far."""
        bound = min(self.bound, self.best)
        return Solution(self.best_state, self.best, bound, self._elapsed(), self._status())

    def slot_prices(self) -> np.ndarray:
        """What one more agent is worth in each row and slot at the best bound."""
        return self._ascend()

    def _ascend(self) -> np.ndarray:
        """Prices of the best bound within a share of the time; none is proven where a tour is too long to price."""
        p = self.problem
        ascent, curve, size = dual.begin(p), dual.cover_curve(p.cover), p.class_size.astype(float)
        before = self._elapsed()
        if self.counted and p.days > windows.WINDOW_DAYS:
            windows.roll_forward(windows.alone(p), self.state, self.ws)
            self._keep(self._price())
            steps = 0 if self.long else 1
        else:
            self._keep(self._first_roster())
            slow = self._elapsed() - before > SLOW_SHARE * self.limits.seconds
            steps = 1 if slow else ASCENT_CHUNK
        self._report()
        rounds = (SHORT_ASCENT if self.counted else ASCENT_CHUNKS) * ASCENT_CHUNK // max(1, steps)
        for _ in range(rounds if steps else 0):
            if self._elapsed() > self.limits.seconds * (COUNTED_SHARE if self.counted else ASCENT_SHARE):
                break
            dual.ascend(steps, self.best, ascent, curve, size, p.cover, p.people, p.options, p.automata, self.ws)
            self._proven(float(ascent.control[0]))
            if ascent.control[1] < dual.SMALLEST_STEP:
                break
        return ascent.best_worth

    def _first_roster(self) -> float:
        """Everybody answers once; when the time is up, the others work what a colleague of their class works."""
        works: dict[int, int] = {}
        order = self._order()
        for first in range(0, len(order), SWEEP_CHUNK):
            if not self._late():
                sweep(order[first : first + SWEEP_CHUNK], self._no_guide, 0.0, *self.args)
                works.update((int(self.state.agent_class[i]), int(i)) for i in order[first : first + SWEEP_CHUNK])
                continue
            for i in order[first : first + SWEEP_CHUNK]:
                k = int(self.state.agent_class[i])
                if k in works:
                    follow(int(i), works[k], self.state)
                else:
                    sweep(np.array([i]), self._no_guide, 0.0, *self.args)
                    works[k] = int(i)
        return self._price()

    def _anneal(self, guide: np.ndarray, turn: int) -> None:
        """Sharpen the kink step by step while everybody answers, then answer the true price.

        Every fourth turn begins afresh, very gently; the others warm up the best roster a little.
        """
        if turn % 4 == 0:
            slopes = np.geomspace(0.08 / math.sqrt(len(self.everyone)) * (1 + turn // 4 % 3), FINAL_SLOPE, 15)
        else:
            self._load(self.best_state)
            slopes = np.geomspace(REHEAT[turn % 4 - 1], FINAL_SLOPE, 6)
        for slope in slopes:
            self._sweep(self._order(), guide, float(slope))
            if self._late():
                break
        self._answer_truly()

    def _answer_truly(self) -> None:
        """Let everybody answer the true price of cover until nobody gains."""
        price = math.inf
        while True:
            now = self._sweep(self._order(), self._no_guide, 0.0)
            self._keep(now)
            self._report()
            if self._late() or now >= price - 1e-9:
                return
            price = now

    def _sweep(self, order: np.ndarray, guide: np.ndarray, slope: float) -> float:
        """Everybody of `order` answers once, unless the time is up."""
        price = sweep(order[:0], guide, slope, *self.args)
        for first in range(0, len(order), SWEEP_CHUNK):
            price = sweep(order[first : first + SWEEP_CHUNK], guide, slope, *self.args)
            if self._late():
                break
        return float(price)

    def _open_days(self, guide: np.ndarray) -> None:
        """Choose whole days again, several opened together."""
        self._load(self.best_state)
        cover = self.problem.cover
        near = NEAR * float((cover.short + cover.excess).max())
        relay.Relay(
            self.problem, self.state, self.ws, guide, self.rng, self._late, partial(self._effort, 1, near)
        ).search(self.best, self._kept, self._done)

    def _choose_days(self) -> None:
        """Choose whole days again, one at a time, looking the longer the less it helps."""
        self._load(self.best_state)
        for nodes in DAY_NODES[:1] if self.counted else DAY_NODES:
            choose_days(self.problem, self.state, partial(self._effort, nodes), self._done,
                        lambda: self._kept(self._price()))  # fmt: skip

    def _effort(self, nodes: int, near: float = math.inf) -> Effort:
        return Effort(MIP_SHARE * (self.limits.seconds - self._elapsed()), nodes, self.limits.threads, near)

    def _refine(self, guide: np.ndarray) -> None:
        """Column generation from the best roster, until the gap is reached or the time is up.

        Only where totals are counted: with breaks in every tour the master grows slow and large, and gained
        little on the search. Horizons beyond a window are taken a window at a time, over and over.
        """
        if not self.counted or (self.long and windows.crowded(self.problem)):
            return
        self._load(self.best_state)
        p, length = self.problem, windows.WINDOW_DAYS
        if p.days <= length:
            self._generate(p, guide, self.limits.seconds, self._proven)
            return
        everyone, firsts = windows.alone(p), range(0, p.days - length // 2, length // 2)
        for turn in range(WINDOW_TURNS * len(firsts)):
            if self._done():
                return
            first = firsts[turn % len(firsts)]
            part = windows.within(everyone, self.state, first, min(first + length, p.days))
            share = (self.limits.seconds - self._elapsed()) / max(1, len(firsts) - turn % len(firsts))
            self._generate(part, guide, self._elapsed() + share, lambda _: None)

    def _generate(self, problem: Problem, guide: np.ndarray, until: float, prove: Callable[[float], None]) -> None:
        if self._done():
            return
        from staffing.roster.engine.generation import Generation
        from staffing.roster.engine.refine import Refinement

        generation = Generation(problem, self.ws, lambda: min(until, self.limits.seconds) - self._elapsed())

        def done() -> bool:
            return self._done() or self._elapsed() > until

        Refinement(
            generation,
            self.state,
            self.rng,
            self.step,
            self._kept,
            prove,
            done,
            guide.ravel(),
            proves=problem is self.problem,
        ).run()
        self._load(self.best_state)

    def _kept(self, price: float) -> None:
        self._keep(price)
        self._report()

    def _proven(self, bound: float) -> None:
        """Raise the bound; where every roster's price is whole, to the next whole number."""
        if bound >= BLOCKED / 2:
            return  # somebody's tour was too dear to price: nothing is proven
        if self.step > 0 and bound > -math.inf:
            bound = math.ceil(bound / self.step - 1e-6) * self.step
        self.bound = max(self.bound, bound)
        self._report()

    def _improve(self, moves: int) -> None:
        seed = self.rng.integers(1, 2**63, 1).astype(np.uint64)
        for turn in range(0, moves, MOVE_CHUNK):
            if self._done():
                return
            size = min(2 + turn // MOVE_CHUNK % 3, len(self.everyone))
            self._keep(improve(MOVE_CHUNK, size, self.everyone, seed, *self.args))
            self._report()

    @property
    def _no_guide(self) -> np.ndarray:
        return np.empty((0, 0))

    def _order(self) -> np.ndarray:
        return self.rng.permutation(self.everyone)

    def _copy(self) -> State:
        return copy_state(self.state)

    def _load(self, state: State) -> None:
        load_state(self.state, state)

    def _keep(self, price: float) -> None:
        if price < self.best - 1e-9:
            self.best, self.best_state = float(price), self._copy()

    def _price(self) -> float:
        return roster_price(self.problem, self.state)

    def _gap(self) -> float:
        return (self.best - self.bound) / self.best if self.best > 0 else 0.0

    def _elapsed(self) -> float:
        return time.monotonic() - self.begun

    def _late(self) -> bool:
        return self._elapsed() > self.limits.seconds

    def _done(self) -> bool:
        return self._late() or self._gap() <= self.limits.gap

    def _status(self) -> str:
        return status_of(self._gap(), self.limits.gap, late=self._late())

    def _report(self) -> None:
        best = None if math.isinf(self.best) else self.best
        if self.progress is not None:
            bound = None if math.isinf(self.bound) else self.bound
            self.progress(Progress(self._elapsed(), bound, best))
        if self.hand_over is not None and best is not None:
            self.hand_over(replace(self.solution(), status=TIME_LIMIT))
