"""The best mix of weeks already seen: who keeps the published week, and who takes which of the others.

While a roster is mended many weeks of many people are tried, each good beside the others of its time. One small
integer programme picks among all of them within the changes allowed (a restricted master heuristic, Joncour et
al. 2010): shortage and excess by slot, one week a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from staffing.roster.case import Case
from staffing.roster.engine.search import State, put_in, take_out

URGENCY = 8.0  # times its price shortage is taken: changes are limited, not priced, here
CLOSE = 1e-3  # relative gap at which the mix is good enough


class OtherWeek(NamedTuple):
    """One week of one person other than the published one."""

    agent: int
    tour: NDArray[np.int32]
    offsets: NDArray[np.int32]
    served: NDArray[np.int8]
    price: float
    changed: int


@dataclass
class SeenWeek:
    """Weeks that were tried, each once."""

    case: Case
    published: State
    forced: NDArray[np.bool_]  # (agents,) who cannot keep the published week
    forced_days: NDArray[np.bool_]  # (agents, days) whose changes do not count
    weeks: dict[tuple[int, bytes, bytes], OtherWeek] = field(default_factory=dict)

    def add(self, state: State) -> None:
        """All weeks of a state that are not the published ones."""
        for i in np.flatnonzero((state.served != self.published.served).any(axis=1)).tolist():
            key = (i, state.tours[i].tobytes(), state.served[i].tobytes())
            if key not in self.weeks:
                differs = (state.tours[i] != self.published.tours[i]) & ~self.forced_days[i]
                tour, offsets, served = (part[i].copy() for part in (state.tours, state.offsets, state.served))
                self.weeks[key] = OtherWeek(i, tour, offsets, served, float(state.price[i]), int(differs.sum()))

    def mix(self, state: State, most: int, seconds: float) -> bool:
        """Set `state`, in which everybody has the published week, to the best mix with at most so many changes.

        Returns whether one was found within the time.
        """
        for week in self._best(state, most, seconds) or ():
            i = week.agent
            take_out(i, state)
            state.tours[i], state.offsets[i], state.served[i] = week.tour, week.offsets, week.served
            state.price[i] = week.price
            put_in(i, state)
        return all((state.tours[i] != self.published.tours[i]).any() for i in np.flatnonzero(self.forced))

    def _best(self, state: State, most: int, seconds: float) -> list[OtherWeek] | None:
        from scipy.optimize import Bounds, LinearConstraint, milp

        weeks = list(self.weeks.values())
        if not weeks:
            return None
        rows, balance, gap = self._balance(state, weeks)
        count, slots, cover = len(weeks), len(rows), self.case.cover
        owner = np.array([week.agent for week in weeks])
        once = sparse.csr_matrix((np.ones(count), (owner, np.arange(count))), (len(self.forced), count))
        changed = sparse.csr_matrix([[week.changed for week in weeks]])
        price = np.array([week.price for week in weeks]) - np.where(self.forced, 0.0, state.price)[owner]
        prices = (price, (cover.short * URGENCY).ravel()[rows], cover.excess.ravel()[rows])
        found = milp(
            np.concatenate(prices),
            constraints=[
                LinearConstraint(balance, gap, gap),
                LinearConstraint(_wider(once, 2 * slots), self.forced.astype(float), 1.0),
                LinearConstraint(_wider(changed, 2 * slots), -np.inf, most),
            ],
            integrality=np.repeat([1, 0], [count, 2 * slots]),
            bounds=Bounds(0.0, np.repeat([1.0, np.inf], [count, 2 * slots])),
            options={"time_limit": seconds, "mip_rel_gap": CLOSE},
        )
        return None if found.x is None else [weeks[k] for k in np.flatnonzero(found.x[:count] > 0.5)]

    def _balance(
        self, state: State, weeks: list[OtherWeek]
    ) -> tuple[NDArray[np.int64], sparse.csr_matrix, NDArray[np.float64]]:
        """Slots in which the weeks differ from the published ones, what each adds there, and what is wanted."""
        delta = self._presence(state, weeks, [week.served for week in weeks])
        delta -= self._presence(state, weeks, [self.published.served[week.agent] for week in weeks])
        rows = np.flatnonzero(abs(delta).sum(axis=1))
        eye = sparse.identity(len(rows), format="csr")
        gap = (self.case.cover.need - state.counts).ravel()[rows]
        return rows, sparse.hstack([delta[rows], eye, -eye], format="csr"), gap

    def _presence(self, state: State, weeks: list[OtherWeek], served: list[NDArray[np.int8]]) -> sparse.csr_matrix:
        """Presence in queues and minimums (rows of the cover times slots, weeks)."""
        slots = self.case.grid.slots
        at: list[NDArray[np.int64]] = []
        amounts: list[NDArray[np.float64]] = []
        for week, queue in zip(weeks, served, strict=True):
            there = np.flatnonzero(queue >= 0)
            marks = [row * slots + there for row in state.marks[week.agent].tolist() if row >= 0]
            at.append(np.concatenate([queue[there].astype(np.int64) * slots + there, *marks]))
            amounts.append(state.amount[week.agent, at[-1] // slots])
        column = np.repeat(np.arange(len(weeks)), [len(one) for one in at])
        row = np.concatenate(at)
        shape = (self.case.cover.need.size, len(weeks))
        return sparse.csr_matrix((np.concatenate(amounts), (row, column)), shape)


def _wider(matrix: sparse.csr_matrix, columns: int) -> sparse.csr_matrix:
    """The matrix with so many empty columns more."""
    return sparse.hstack([matrix, sparse.csr_matrix((matrix.shape[0], columns))], format="csr")
