"""Better sets of shifts from a known one: a few shifts that lie together are chosen anew, all others kept.

Sets without shortage and excess that have too many shifts pair the right starts with the wrong ends. So the new shifts
are looked for among all that begin where one of the few begins and end where one of them ends, and among those that the
need shows best near them. A small integer programme chooses; the people of all shifts are chosen with it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks.design_problem import DAY_MIN, DesignProblem, Floats, Shift, design_price, proven, shown

FEWEST, MOST = 4, 8  # shifts chosen anew
NEW = 45  # shifts that may come in their place
FIRST = 90  # shifts of the first programme, which keeps none: those worked and those shown best
FIRST_SHARE, EACH_SHARE = 0.25, 0.1  # of the time, for the first programme and for each one after it
IDLE = 25  # programmes without a better set, when the search ends


@dataclass
class Neighbours:
    """A design under search: `people` (candidates, days)."""

    problem: DesignProblem
    people: NDArray[np.int64]
    deadline: float
    rng: np.random.Generator
    price: float = field(init=False)
    span: float = field(init=False, default=0.0)  # seconds of the search

    def __post_init__(self) -> None:
        self.starts = np.array([start for start, _ in self.problem.candidates])
        self.ends = np.array([sum(shift) % DAY_MIN for shift in self.problem.candidates])
        self.shown = shown(self.problem)
        self.price = self._price(self.people)

    def search(self) -> None:
        """Choose shifts anew until the time is up, or that has not helped for long."""
        self.span = self.deadline - time.monotonic()
        own, idle = np.flatnonzero(self.people.any(axis=1)), 0
        best = np.argsort(-self.shown, kind="stable")[: max(0, FIRST - len(own))]
        some = np.union1d(own, best[self.shown[best] > 0])
        self._solve(some, 0, FIRST_SHARE)
        while time.monotonic() < self.deadline and idle < IDLE and self.people.any():
            before = self.price
            self._choose(int(self.rng.integers(FEWEST, MOST + 1)))
            idle = 0 if self.price < before - 1e-6 else idle + 1

    def _choose(self, few: int) -> None:
        """Choose so many shifts anew."""
        own = np.flatnonzero(self.people.any(axis=1))
        middle = int(self.rng.choice(own))
        gone = own[np.argsort(self._apart(own, middle) * self.rng.uniform(0.5, 1.5, len(own)))[:few]]
        kept = np.setdiff1d(own, gone)
        crossed = np.isin(self.starts, self.starts[gone]) & np.isin(self.ends, self.ends[gone])
        near = self._apart(np.arange(len(self.starts)), middle)
        rank = self.shown / (60.0 + near) * self.rng.uniform(0.5, 1.0, len(near)) + crossed * self.shown.max()
        rank[own] = -1.0
        new = np.argsort(-rank, kind="stable")[:NEW]
        some = np.concatenate([kept, gone, new[rank[new] >= 0]])
        self._solve(some, len(kept), EACH_SHARE)

    def _solve(self, some: NDArray[np.int64], kept: int, share: float) -> None:
        """Take the best of some shifts, the first of which are `kept`, within a share of the time."""
        part = DesignProblem(self.problem.need, [self.problem.candidates[k] for k in some], self.problem.prices)
        left = min(share * self.span, self.deadline - time.monotonic())
        made, _ = proven(part, self.people[some], max(0.1, left), range(kept))
        people = np.zeros_like(self.people)
        people[some] = made
        price = self._price(people)
        if price <= self.price + 1e-9:
            self.people, self.price = people, price

    def _apart(self, some: NDArray[np.int64], middle: int) -> Floats:
        """Minutes between starts, and between ends, of shifts and one of them, round the clock."""
        apart = np.zeros(len(some))
        for place in (self.starts, self.ends):
            ahead = np.abs(place[some] - place[middle])
            apart += np.minimum(ahead, DAY_MIN - ahead)
        return apart

    def _price(self, people: NDArray[np.int64]) -> float:
        worked: dict[Shift, NDArray[np.int64]] = {
            shift: own for shift, own in zip(self.problem.candidates, people, strict=True) if own.any()
        }
        return design_price(worked, self.problem.need, self.problem.prices, self.problem.step)
