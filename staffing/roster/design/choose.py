"""A few kinds out of many: the one that saves most at the prices of the others is added, then one is exchanged after
the other as long as that is cheaper.

Prices are the duals of the cover with parts of people, so that every possible kind is judged without a programme of
its own; the best few, and the neighbours of the one that goes, are then tried exactly.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from staffing.roster.design.cover import CoverProblem, ShiftOptions, cover, worth
from staffing.roster.design.kinds import Floats, ShiftStart

TRIED = 4  # of the kinds that look best in place of another
EPS = 1e-6


@dataclass
class Chooser:
    """All possible kinds, the days they fit (kinds, days), and what is known of sets of them (by number) so far."""

    kinds: Sequence[ShiftStart]
    fits: NDArray[np.bool_]
    demand: CoverProblem
    deadline: float  # on the clock that never goes back
    whole_s: float  # for a cover in whole people
    _known: dict[frozenset[int], tuple[float, Floats]] = field(default_factory=dict)

    def chosen(self, begun: frozenset[int], most: int) -> frozenset[int]:
        """A good set of at most so many kinds, from one to begin with."""
        numbers = begun
        while len(numbers) > most:
            numbers = min((numbers - {gone} for gone in sorted(numbers)), key=self.price)
        while len(numbers) < most:
            fresh = self._best_looking(numbers, TRIED)
            if not fresh:
                return numbers
            numbers = min((numbers | {one} for one in fresh), key=self.price)
        return self._exchanged(numbers)

    def price(self, numbers: frozenset[int]) -> float:
        """Money of the cover with these kinds."""
        return self._covered(numbers)[0]

    def choice(self, numbers: Iterable[int]) -> ShiftOptions:
        """Some kinds, which everybody may work whose hours leave room."""
        some = list(numbers)
        may = np.array([[group.has_room(self.kinds[k]) for k in some] for group in self.demand.groups])
        return ShiftOptions([self.kinds[k] for k in some], self.fits[some], may)

    def _exchanged(self, numbers: frozenset[int]) -> frozenset[int]:
        """One kind after the other for a better one, until none is."""
        better = True
        while better:
            better = False
            for gone in sorted(numbers):
                rest = numbers - {gone}
                tries = dict.fromkeys([*self._best_looking(rest, TRIED), *self._neighbours(gone, rest)])
                if time.monotonic() > self.deadline:
                    return numbers
                best = min((rest | {one} for one in tries), key=self.price, default=numbers)
                if self.price(best) < self.price(numbers) - EPS:
                    numbers, better = best, True
                    break
        return numbers

    def _best_looking(self, numbers: frozenset[int], count: int) -> list[int]:
        """Kinds that would save most at the prices of a set, no two of one length among the first."""
        prices = self._covered(numbers)[1]
        others = [k for k in range(len(self.kinds)) if k not in numbers]
        gains = {k: worth(self.kinds[k], self.fits[k], self.demand, prices) for k in others}
        best: dict[int, int] = {}
        for k in sorted(others, key=lambda k: (-gains[k], k)):
            best.setdefault(self.kinds[k].length_min, k)
        known = {self.kinds[k].length_min for k in numbers}
        order = sorted(best.values(), key=lambda k: (-gains[k], k))
        own = [k for k in order if self.kinds[k].length_min in known]
        return list(dict.fromkeys([*order[:count], *own[:count]]))

    def _neighbours(self, number: int, rest: frozenset[int]) -> list[int]:
        """Kinds that begin or last as little earlier or later as possible than the one that goes."""
        own = self.kinds[number]
        apart = {
            k: abs(kind.start_min - own.start_min) + abs(kind.length_min - own.length_min)
            for k, kind in enumerate(self.kinds)
            if k != number and k not in rest
        }
        return [k for k, far in apart.items() if far <= min(apart.values())]

    def _covered(self, numbers: frozenset[int]) -> tuple[float, Floats]:
        if numbers not in self._known:
            if numbers:
                made, prices = cover(self.choice(sorted(numbers)), self.demand)
                self._known[numbers] = made.price, prices
            else:
                self._known[numbers] = float("inf"), np.where(self.demand.need > 0, self.demand.short, 0.0)
        return self._known[numbers]
