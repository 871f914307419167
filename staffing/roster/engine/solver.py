"""The road from arrays to the best roster found: bound first, then people led by its prices.

1. Dual ascent gives a proven bound and a price per slot.
2. Everybody answers those prices while the kink of each slot's price is slowly sharpened: at the prices of
   the bound the crowd meets the need on average, and sharpening makes it meet the need exactly. The best
   roster is loosened and sharpened again, small sites often, large ones a few times.
3. Small groups are taken out and put back, and all breaks of a day placed together, until the gap is
   reached or nothing is left to try.
Work is counted in iterations, so that equal inputs and seed give the equal roster; the clock only stops.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from staffing.roster.engine import dual
from staffing.roster.engine.arrays import Workspace, workspace
from staffing.roster.engine.breaks import place_all
from staffing.roster.engine.problem import Problem, SolveLimits, whole_prices
from staffing.roster.engine.search import State, copy_state, empty_state, improve, load_state, sweep

ASCENT_CHUNK = 50
ASCENT_CHUNKS = 60
SHORT_ASCENT = 2  # where totals are counted: pricing is dear there, and the master programme small
FINAL_SLOPE = 0.8
REHEAT = (0.05, 0.1, 0.2)  # slopes at which a good roster is loosened again
AGENT_TURNS = 24_000  # annealing turns times agents and weeks
LEAST_TURNS, MOST_TURNS = 3, 240
MOVES_PER_AGENT = 10
MOVE_CHUNK = 50
SWEEP_CHUNK = 100


@dataclass(frozen=True)
class Progress:
    """What a planner sees while waiting."""

    seconds: float
    bound: float | None
    best: float | None

    def __str__(self) -> str:
        if self.best is None:
            return "roster: getting ready"
        shown = [f"{name} {value:,.1f}" for name, value in (("best", self.best), ("bound", self.bound)) if value]
        return "roster: " + ", ".join(shown if self.gap is None else [*shown, f"gap {self.gap:.2%}"])

    @property
    def gap(self) -> float | None:
        """(best - bound) / best, None while either is unknown."""
        if self.bound is None or self.best is None or self.best <= 0:
            return None
        return max(0.0, (self.best - self.bound) / self.best)


@dataclass(frozen=True)
class Solution:
    """Tours of all agents with what is proven about them."""

    state: State
    objective: float
    bound: float
    seconds: float
    status: str  # optimal, gap reached, search finished, time limit


def status_of(gap: float, aim: float, *, late: bool) -> str:
    """How a search ended, in words."""
    if gap <= 1e-9:
        return "optimal"
    if gap <= aim:
        return "gap reached"
    return "time limit" if late else "search finished"


@dataclass
class Solver:
    """One run: owns scratch memory, clock and the best roster so far."""

    problem: Problem
    limits: SolveLimits
    progress: Callable[[Progress], None] | None = None
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

    def run(self) -> Solution:
        """Solve; always returns a complete roster."""
        guide = self._ascend()
        turns = 0 if self.counted else AGENT_TURNS // (self.problem.days // 7 * len(self.everyone))
        for turn in range(min(max(LEAST_TURNS, turns), MOST_TURNS)):
            self._anneal(guide, turn)
            if self._done():
                break
        self._load(self.best_state)
        self._improve(MOVES_PER_AGENT * len(self.everyone))
        self._polish()
        self._refine(guide)
        return self.solution()

    def solution(self) -> Solution:
        """The best roster so far."""
        bound = min(self.bound, self.best)
        return Solution(self.best_state, self.best, bound, self._elapsed(), self._status())

    def slot_prices(self) -> np.ndarray:
        """What one more agent is worth in each row and slot at the best bound."""
        return self._ascend()

    def _ascend(self) -> np.ndarray:
        p = self.problem
        self._keep(self._sweep(self._order(), self._no_guide, 0.0, whole=True))
        ascent, curve, size = dual.begin(p), dual.cover_curve(p.cover), p.class_size.astype(float)
        for _ in range(SHORT_ASCENT if self.counted else ASCENT_CHUNKS):
            dual.ascend(ASCENT_CHUNK, self.best, ascent, curve, size, p.cover, p.people, p.options, p.automata, self.ws)
            self._proven(float(ascent.control[0]))
            if ascent.control[1] < dual.SMALLEST_STEP or self._elapsed() > self.limits.seconds / 2:
                break
        return ascent.best_worth

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

    def _sweep(self, order: np.ndarray, guide: np.ndarray, slope: float, *, whole: bool = False) -> float:
        """Everybody of `order` answers once, unless the time is up; `whole` finishes all the same."""
        price = sweep(order[:0], guide, slope, *self.args)
        for first in range(0, len(order), SWEEP_CHUNK):
            price = sweep(order[first : first + SWEEP_CHUNK], guide, slope, *self.args)
            if self._late() and not whole:
                break
        return float(price)

    def _polish(self) -> None:
        """Place all breaks of a day together, and let everybody answer once more."""
        if self._done():
            return
        self._load(self.best_state)
        place_all(self.problem, self.state, lambda: self.limits.seconds - self._elapsed(), threads=self.limits.threads)
        self._answer_truly()

    def _refine(self, guide: np.ndarray) -> None:
        """Column generation from the best roster, until the gap is reached or the time is up.

        Only where totals are counted: with breaks in every tour the master grows slow and large, and gained
        little on the search.
        """
        if self._done() or not self.counted:
            return
        from staffing.roster.engine.generation import Generation
        from staffing.roster.engine.refine import Refinement

        self._load(self.best_state)
        generation = Generation(self.problem, self.ws, lambda: self.limits.seconds - self._elapsed())
        Refinement(
            generation, self.state, self.rng, self.step, self._kept, self._proven, self._done, guide.ravel()
        ).run()

    def _kept(self, price: float) -> None:
        self._keep(price)
        self._report()

    def _proven(self, bound: float) -> None:
        """Raise the bound; where every roster's price is whole, to the next whole number."""
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
        if self.progress is not None:
            best = None if math.isinf(self.best) else self.best
            bound = None if math.isinf(self.bound) else self.bound
            self.progress(Progress(self._elapsed(), bound, best))
