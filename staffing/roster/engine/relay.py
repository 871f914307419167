"""Whole days one after the other, each at the prices of the days still open (relax and fix).

A day chosen alone is bound by what everybody does on the other days: who works at all, and how long. Here some
days are opened together. On the first of them a shift costs what the cheapest tour through it costs, the other
open days valued at the prices of their slots. Once chosen it is held, the prices of the days still open are
raised again, and the next one is chosen. The bound of what is open ends a road that leads to nothing better.
(Relax and fix, Pochet & Wolsey 2006, with Lagrangian prices for the part that is relaxed.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from staffing.roster.case import BLOCKED, OFF, AgentClasses, Case, Cover
from staffing.roster.engine import dual
from staffing.roster.engine.day import choose_at
from staffing.roster.engine.price import roster_price, tour_price
from staffing.roster.engine.programme import Effort
from staffing.roster.engine.search import State, copy_state, load_state
from staffing.roster.engine.workspace import Buffers
from staffing.roster.engine.worth import cover_cost

EPS = 1e-9
OPEN_DAYS = 3  # chosen again together
IDLE_TURNS = 30  # in a row without a better roster, when the search ends
CHUNK = 10  # steps of the ascent between two looks at the clock
CHUNKS = 15
STEP = 0.1  # of the ascent, which begins near its end


def suits(case: Case) -> bool:
    """Whether days can be held one by one: one queue, and shifts of different days and breaks of one shift apart."""
    options, cover = case.options, case.cover
    if cover.tabled.any() or len(np.unique(cover.group_queue)) > 1 or case.counts_totals or not case.plain_groups.all():
        return False
    spans = [_span(case, day) for day in range(case.days) if np.diff(options.day_ptr)[day]]
    return bool(options.apart.all()) and all(a.stop <= b.start for a, b in pairwise(spans))


def _span(case: Case, day: int) -> slice:
    """Slots of a day's shifts."""
    options = case.options
    own = slice(options.day_ptr[day], options.day_ptr[day + 1])
    if own.start == own.stop:
        return slice(0, 0)
    return slice(int(options.start[own].min()), int((options.start + options.length)[own].max()))


@dataclass
class Relay:
    """Works on `state` in place; `worth` (rows, slots) holds the prices to begin with."""

    case: Case
    state: State
    ws: Buffers
    worth: NDArray[np.float64]
    rng: np.random.Generator
    late: Callable[[], bool]
    effort: Callable[[], Effort]

    def search(self, best: float, keep: Callable[[float], None], done: Callable[[], bool]) -> None:
        """All days in some order, then a few at a time, until that has not helped for long; `state` ends as the best.

        `best` is the price of `state`; `keep` is told lower ones.
        """
        days, kept = np.flatnonzero(np.diff(self.case.options.day_ptr)), copy_state(self.state)
        several, idle = len(days), 0
        while idle < IDLE_TURNS and not done():
            idle += 1
            if self.run(self.rng.permutation(days)[:several].tolist(), best) and self.price < best - EPS:
                best, kept, idle = self.price, copy_state(self.state), 0
                keep(best)
            load_state(self.state, kept)
            several = OPEN_DAYS

    @property
    def price(self) -> float:
        """Price of the roster as it stands."""
        return roster_price(self.case, self.state)

    def run(self, days: Sequence[int], best: float) -> bool:
        """Choose `days` again in this order, the others as they stand; False where that cannot fall below `best`.

        `state` is then left half done.
        """
        worth, queue = self.worth, int(self.case.cover.group_queue[0])
        everyone = np.ones(len(self.state.tours), bool)
        for at, day in enumerate(days):
            part = _part(self.case, self.state, days[at:])
            if at < len(days) - 1:
                bound, worth = self._ascend(part, worth, best)
                if bound >= best:
                    return False
            prices = self._prices_through(part, day, worth)
            if self.late() or not choose_at(self.case, self.state, day, queue, prices, everyone, self.effort()):
                return False
        for i, tour in enumerate(self.state.tours):
            self.state.price[i] = tour_price(self.case, int(self.state.agent_class[i]), tour)
        return True

    def _ascend(self, part: Case, worth: NDArray[np.float64], best: float) -> tuple[float, NDArray[np.float64]]:
        """What the roster costs at least with the open days at their best, and the prices that prove it."""
        p, cover = part, part.cover
        held = _within(self.case.cover, cover.short + cover.excess + cover.floor_short <= 0)
        spent = float(cover_cost(held, self.state.counts))
        ascent = dual.begin_at(part, worth, STEP)
        curve, size = dual.cover_curve(cover), p.class_size.astype(float)
        for _ in range(CHUNKS):
            if not self.late():
                dual.ascend(CHUNK, best - spent, ascent, curve, size, cover, p.people, p.options, p.automata, self.ws)
        return float(ascent.control[0]) + spent, ascent.best_worth

    def _prices_through(self, part: Case, day: int, worth: NDArray[np.float64]) -> NDArray[np.float64]:
        """Price of the cheapest tour through each option of `day`, and off in the last column, for everybody."""
        people, options = part.people, part.options
        first, last = int(options.day_ptr[day]), int(options.day_ptr[day + 1])
        worth = worth.copy()
        worth[:, _span(part, day)] = 0.0
        price, off = people.price[:, first:last].copy(), people.off_price[:, day].copy()
        people.price[:, first:last], people.off_price[:, day] = BLOCKED, BLOCKED
        curve, size = dual.cover_curve(part.cover), part.class_size.astype(float)
        through = np.empty((len(size), last - first + 1))
        for choice in (*range(first, last), OFF):
            mine = people.price[:, choice] if choice >= 0 else people.off_price[:, day]
            mine[:] = price[:, choice - first] if choice >= 0 else off
            tried = dual.begin_at(part, worth, STEP)
            dual.ascend(1, 0.0, tried, curve, size, part.cover, people, options, part.automata, self.ws)
            through[:, choice - first if choice >= 0 else -1] = np.minimum(tried.value, BLOCKED)
            mine[:] = BLOCKED
        return through[part.agent_class]


def _part(case: Case, state: State, days: Sequence[int]) -> Case:
    """The case with only `days` open: those who have worked the same so far are a class."""
    open_days = np.isin(np.arange(case.days), days)
    so_far = np.column_stack([case.agent_class, state.tours[:, ~open_days]])
    _, leader, agent_class = np.unique(so_far, axis=0, return_index=True, return_inverse=True)
    k = case.agent_class[leader]
    people = AgentClasses(case.people.automaton[k], case.people.group[k], case.people.price[k],
                    case.people.off_price[k])  # fmt: skip
    for day in np.flatnonzero(~open_days).tolist():
        own = state.tours[leader, day]
        on = np.flatnonzero(own >= 0)
        people.price[:, case.options.day_ptr[day] : case.options.day_ptr[day + 1]] = BLOCKED
        people.price[on, own[on]] = case.people.price[k[on], own[on]]
        people.off_price[on, day] = BLOCKED
    slots = np.zeros(case.grid.slots, bool)
    for day in np.flatnonzero(open_days).tolist():
        slots[_span(case, day)] = True
    return replace(case, people=people, agent_class=agent_class.ravel().astype(np.int32),
                   cover=_within(case.cover, slots))  # fmt: skip


def _within(cover: Cover, where: NDArray[np.bool_]) -> Cover:
    """The cover with all prices outside some slots, or cells, at nothing."""
    return cover._replace(short=np.where(where, cover.short, 0.0), excess=np.where(where, cover.excess, 0.0),
                          floor_short=np.where(where, cover.floor_short, 0.0))  # fmt: skip
