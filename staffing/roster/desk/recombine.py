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
from staffing.roster.engine.programme import Effort, Programme
from staffing.roster.engine.search import State, put_in, take_out

URGENCY = 8.0  # times its price shortage is taken: changes are limited, not priced, here
NODES = 400  # of the search for the best mix


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
            key = _key(state, i)
            if key not in self.weeks:
                differs = (state.tours[i] != self.published.tours[i]) & ~self.forced_days[i]
                tour, offsets, served = (part[i].copy() for part in (state.tours, state.offsets, state.served))
                self.weeks[key] = OtherWeek(i, tour, offsets, served, float(state.price[i]), int(differs.sum()))

    def mix(self, state: State, begun: State, most: int, seconds: float) -> bool:
        """Set `state`, in which everybody has the published week, to the best mix with at most so many changes.

        `begun` is a mix that is known; where it has no more changes than that, none that costs more is taken. Returns
        whether one was found within the time.
        """
        self.add(begun)
        for week in self._best(state, begun, most, seconds) or ():
            i = week.agent
            take_out(i, state)
            state.tours[i], state.offsets[i], state.served[i] = week.tour, week.offsets, week.served
            state.price[i] = week.price
            put_in(i, state)
        return all((state.tours[i] != self.published.tours[i]).any() for i in np.flatnonzero(self.forced))

    def _best(self, state: State, begun: State, most: int, seconds: float) -> list[OtherWeek] | None:
        weeks = list(self.weeks.values())
        if not weeks:
            return None
        made, count = Programme(), len(weeks)
        for week in weeks:
            stays = 0.0 if self.forced[week.agent] else float(state.price[week.agent])
            made.column(week.price - stays, 1.0, whole=True)
        self._meet_the_need(made, state, weeks)
        own: dict[int, list[int]] = {}
        for k, week in enumerate(weeks):
            own.setdefault(week.agent, []).append(k)
        for i, numbers in own.items():
            stay = [] if self.forced[i] else [(made.column(0.0, 1.0, slack=True), 1.0)]
            made.row([*((k, 1.0) for k in numbers), *stay], 1.0)
        left = made.column(0.0, slack=True)
        made.row([*((k, float(week.changed)) for k, week in enumerate(weeks) if week.changed), (left, 1.0)], most)
        known = {k: 1 for k, key in enumerate(self.weeks) if key == _key(begun, key[0])}
        found = made.solve(known, Effort(seconds, NODES))
        return None if found is None else [weeks[k] for k in np.flatnonzero(found[:count] > 0.5)]

    def _meet_the_need(self, made: Programme, state: State, weeks: list[OtherWeek]) -> None:
        """One row for each slot in which weeks differ from the published ones: what each adds, and what is wanted."""
        delta = self._presence(state, weeks, [week.served for week in weeks])
        delta -= self._presence(state, weeks, [self.published.served[week.agent] for week in weeks])
        cover = self.case.cover
        gap, short, over = (
            part.ravel() for part in (cover.need - state.counts, cover.short * URGENCY, cover.excess)
        )  # fmt: skip
        delta.eliminate_zeros()
        for row in np.flatnonzero(np.diff(delta.indptr)).tolist():
            part = slice(delta.indptr[row], delta.indptr[row + 1])
            terms = zip(delta.indices[part].tolist(), delta.data[part].tolist(), strict=True)
            lacks, beyond = made.column(short[row], slack=True), made.column(over[row], slack=True)
            made.row([*terms, (lacks, 1.0), (beyond, -1.0)], gap[row])

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


def _key(state: State, i: int) -> tuple[int, bytes, bytes]:
    return i, state.tours[i].tobytes(), state.served[i].tobytes()
