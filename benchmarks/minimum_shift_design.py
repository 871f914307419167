"""Which shifts should there be at all? Few distinct shifts that cover the need of a week.

Minimum shift design (Musliu, Schaerf & Slany 2004): choose starts and lengths out of allowed ranges and how
many people work each shift on each day, so that shortage, excess and the number of distinct shifts cost least.
The week is a circle.

With a set of shifts given, the cheapest people are a flow: rows that say how presence changes from one interval to the
next hold +1 where a shift begins and -1 where it ends, so that corners of the linear programme are whole (as in
Di Gaspero et al. 2007). So sets are searched and people need no branching: a linear programme that charges each shift
by its people, again and again charged the less the more people it had (Candès, Wakin & Boyd 2008), leaves few shifts.
First charges are drawn by chance, half of them lower the better the need shows where a shift begins and ends; later
ones near the best set, of which some shifts are charged more. Then a few shifts at a time are chosen anew
(`design_neighbours`). The integer programme of all shifts gets what time is left; its bound is reported.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

from benchmarks.design_neighbours import Neighbours
from benchmarks.design_problem import (
    DAY_MIN,
    INF,
    DesignPrices,
    DesignProblem,
    Floats,
    Shift,
    ShiftRange,
    allowed,
    design_price,
    linked,
    model,
    proven,
    shown,
)  # fmt: skip
from staffing.errors import PlanError

__all__ = ["Design", "DesignPrices", "ShiftRange", "design_shifts"]

EPS = 1e-6
THINNINGS = 8  # linear programmes of one thinning, each charging shifts anew
SPREAD = 0.5  # of the logarithm of a first charge
AFRESH = 8  # thinnings that know no other set
TURNS = 10_000
IDLE = 40  # thinnings without a better set, when the search ends
KEPT, LET_GO = 0.3, 0.3  # charge of the best set's shifts, and the share of them that is charged the more
THIN_SHARE, NEAR_SHARE = 0.15, 0.75  # of the time, until shifts are chosen anew, and until all are proven
IN_TIME = 0.95  # of the time, for an integer programme may run over its limit


@dataclass(frozen=True)
class Design:
    """Chosen shifts with what is proven about them.

    Attributes
    ----------
    shifts : (start minute, length in minutes) -> people per day (days,).
    objective, bound : price of the design and a proven lower bound.
    status : ``optimal`` or ``time limit``.
    """

    shifts: dict[Shift, NDArray[np.int64]]
    objective: float
    bound: float
    status: str


def design_shifts(
    need: Floats, ranges: Sequence[ShiftRange], prices: DesignPrices, *, seconds: float = 60.0, seed: int = 1
) -> Design:
    """Cheapest shifts for `need` (days, intervals of a day), in agents, on a circle of days.

    Starts and lengths are whole intervals. Raises PlanError where no shift is allowed.
    """
    begun, step = time.monotonic(), DAY_MIN // need.shape[1]
    candidates = sorted({shift for span in ranges for shift in allowed(span, step)})
    if not candidates:
        raise PlanError("no shift is allowed.", remedy="Allow some starts and lengths.")
    problem = DesignProblem(need, candidates, prices)
    rng = np.random.default_rng(seed)
    search = _Search(problem, begun + THIN_SHARE * seconds, rng)
    bound = search.run()
    near = Neighbours(problem, search.people(), begun + NEAR_SHARE * seconds, rng)
    near.search()
    people, floor = proven(problem, near.people, max(0.1, begun + IN_TIME * seconds - time.monotonic()))
    bound = max(bound, floor)
    objective = design_price(
        {shift: own for shift, own in zip(candidates, people, strict=True) if own.any()}, need, prices, step
    )
    bound = min(bound, objective)
    chosen = {shift: own for shift, own in zip(candidates, people, strict=True) if own.any()}
    return Design(chosen, objective, bound,
                  "optimal" if objective - bound <= EPS * max(1.0, objective) else "time limit")  # fmt: skip


@dataclass
class _Search:
    """Sets of candidates, each with the price of its cheapest people from a linear programme kept warm."""

    problem: DesignProblem
    deadline: float
    rng: np.random.Generator
    chosen: set[int] = field(default_factory=set)
    found: dict[frozenset[int], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problem, count = self.problem, len(self.problem.candidates)
        self.days, self.most = problem.days, problem.most()
        rows, right = problem.rows()
        cost = np.concatenate([np.zeros(self.most.size), problem.cover_costs()])
        beyond = np.full(2 * problem.need.size, INF)
        self.highs = model(cost, np.concatenate([np.zeros(self.most.size), beyond]), rows, right, right)
        charged, low, high = linked(problem, np.ones_like(self.most))
        self.usual = problem.prices.distinct_shift / np.maximum(1.0, self.most.max(axis=1))
        upper = np.concatenate([self.most.ravel(), beyond, np.full(count, INF)])
        self.charging = model(np.concatenate([cost, self.usual]), upper, charged, low, high)
        self.charged = np.arange(len(cost), len(cost) + count, dtype=np.int32)

    @property
    def best(self) -> frozenset[int]:
        """The cheapest set so far."""
        return min(self.found, key=lambda numbers: self.found[numbers])

    def run(self) -> float:
        """Thin again and again until the time is up, at first anywhere, then near the best set; returns a bound."""
        bound, idle = self._thin(np.ones_like(self.usual)), 0
        seen = shown(self.problem)
        hidden = (1 + np.median(seen[seen > 0])) / (1 + seen) if seen.any() else np.ones_like(seen)
        for turn in range(TURNS):
            if time.monotonic() > self.deadline or idle > IDLE:
                break
            charge = np.exp(SPREAD * self.rng.normal(size=len(self.usual)))
            if turn < AFRESH and turn % 2 == 0:
                charge *= hidden
            if turn >= AFRESH:
                own = np.isin(np.arange(len(charge)), sorted(self.best))
                gone = own & (self.rng.random(len(charge)) < LET_GO)
                charge *= np.where(gone, 1 / KEPT, np.where(own, KEPT, 1.0))
            before = self.found[self.best]
            self._thin(charge)
            idle = 0 if self.found[self.best] < before - EPS else idle + 1
        return bound

    def people(self) -> NDArray[np.int64]:
        """People (candidates, days) of the best set."""
        self._become(set(self.best))
        return np.rint(self._worked()).astype(np.int64)

    def _thin(self, charge: Floats) -> float:
        """Charge each shift by its people until few are left, and drop what is dearer than it saves."""
        bound, few = -np.inf, np.ones_like(charge)
        price = charge * self.usual
        for turn in range(THINNINGS):
            self.charging.changeColsCost(len(price), self.charged, price)
            left = max(0.5, self.deadline - time.monotonic())
            self.charging.setOptionValue("time_limit", self.charging.getRunTime() + left)
            self.charging.run()
            if self.charging.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                break
            bound = self.charging.getObjectiveValue() if turn == 0 else bound
            few = np.array(self.charging.getSolution().col_value)[-len(charge) :]
            price = self.problem.prices.distinct_shift / (few + 0.5 ** (turn + 1))
            price = price * charge if turn < THINNINGS // 2 else price
        self._become(set(np.flatnonzero(few > EPS).tolist()))
        self._drop()
        return bound

    def _price(self) -> float:
        """Price of the present set with its cheapest people."""
        self.highs.run()
        return float(self.highs.getObjectiveValue()) + self.problem.prices.distinct_shift * len(self.chosen)

    def _worked(self) -> Floats:
        """Cheapest people (candidates, days) of the present set."""
        self.highs.run()
        return np.array(self.highs.getSolution().col_value)[: self.most.size].reshape(self.most.shape)

    def _become(self, numbers: set[int]) -> None:
        changed = sorted(numbers ^ self.chosen)
        columns = (np.array(changed, np.int32)[:, None] * self.days + np.arange(self.days, dtype=np.int32)).ravel()
        inside = np.array([[float(k in numbers)] for k in changed]).reshape(-1, 1)
        upper = (self.most[changed] * inside).ravel()
        self.highs.changeColsBounds(len(columns), columns, np.zeros(len(columns)), upper)
        self.chosen = set(numbers)

    def _drop(self) -> None:
        """Drop the shifts that nobody works, then one after the other, few people first, while that is no dearer."""
        worked = self._worked().sum(axis=1)
        self._become({k for k in self.chosen if worked[k] > EPS})
        now = self._price()
        for k in sorted(self.chosen, key=lambda k: (worked[k], k)):
            if time.monotonic() > self.deadline:
                break
            rest = set(self.chosen)
            self._become(rest - {k})
            price = self._price()
            if price <= now + EPS:
                now = price
            else:
                self._become(rest)
        self.found[frozenset(self.chosen)] = now
