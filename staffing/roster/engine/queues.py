"""Who serves which queue, chosen anew for some people at once: shifts and breaks stay as they are.

For people whose handle times differ, or who owe shares of their time, one by one is not enough: two may have to change
queues together. An integer programme over their slots, with the shares of each week as rows.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from staffing.roster.case import Case
from staffing.roster.engine.price import roster_price
from staffing.roster.engine.programme import Effort, Programme
from staffing.roster.engine.search import State, put_in, take_out
from staffing.roster.engine.shares import ROUNDING, WEEK

EPS = 1e-9


def movable(case: Case) -> NDArray[np.int64]:
    """People of several queues who count in part or owe shares; none where presence is priced by a table."""
    if case.cover.tabled.any():
        return np.zeros(0, np.int64)
    several = (np.diff(case.cover.group_ptr) > 1) & ~case.plain_groups
    return np.flatnonzero(several[case.people.group[case.agent_class]])


def choose_queues(case: Case, state: State, people: NDArray[np.int64], effort: Effort) -> bool:
    """Let `people` serve what costs least together; whether that lowered the price."""
    before, kept = roster_price(case, state), state.served[people].copy()
    for i in people:
        take_out(int(i), state)
    choice = _Choice(case, state, people)
    values = choice.programme.solve(choice.present(kept), effort)
    if values is not None:
        choice.serve(values)
    for i in people:
        put_in(int(i), state)
    if values is not None and roster_price(case, state) < before - EPS:
        return True
    for i, served in zip(people.tolist(), kept, strict=True):
        take_out(i, state)
        state.served[i] = served
        put_in(i, state)
    return False


class _Choice:
    """The programme: one column for each person, slot and queue."""

    def __init__(self, case: Case, state: State, people: NDArray[np.int64]) -> None:
        self.case, self.state, self.people = case, state, people
        self.programme = Programme()
        self.columns: dict[tuple[int, int, int], int] = {}  # person, slot, queue
        cells: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
        for i in people.tolist():
            for slot in np.flatnonzero(state.served[i] >= 0).tolist():
                self._add_slot(i, slot, cells)
            self._add_shares(i)
        for (q, slot), terms in sorted(cells.items()):
            self._add_cover(q, slot, terms)

    def _queues(self, i: int) -> list[int]:
        cover, group = self.case.cover, self.case.people.group[self.state.agent_class[i]]
        return [int(q) for q in cover.group_queue[cover.group_ptr[group] : cover.group_ptr[group + 1]]]

    def _add_slot(self, i: int, slot: int, cells: dict[tuple[int, int], list[tuple[int, float]]]) -> None:
        for q in self._queues(i):
            self.columns[i, slot, q] = column = self.programme.column(0.0, 1.0, whole=True)
            cells[q, slot].append((column, float(self.state.amount[i, q])))
        self.programme.row([(self.columns[i, slot, q], 1.0) for q in self._queues(i)], 1.0)

    def _add_shares(self, i: int) -> None:
        cover, group = self.case.cover, self.case.people.group[self.state.agent_class[i]]
        for q in np.flatnonzero(cover.share[group] > 0).tolist():
            for first in range(0, self.case.days, WEEK):
                slots = [slot for slot in self._slots(i, first) if cover.wanted[q, slot]]
                least = int(cover.share[group, q] * len(slots) + ROUNDING)
                if least:
                    more = self.programme.column(0.0, slack=True)
                    terms = [(self.columns[i, slot, q], 1.0) for slot in slots]
                    self.programme.row([*terms, (more, -1.0)], float(least))

    def _slots(self, i: int, first: int) -> list[int]:
        """Slots of a week in which a person is present."""
        options, tour = self.case.options, self.state.tours[i, first : first + WEEK]
        spans = [range(options.start[o], options.start[o] + options.length[o]) for o in tour if o >= 0]
        return [slot for span in spans for slot in span if self.state.served[i, slot] >= 0]

    def _add_cover(self, q: int, slot: int, terms: list[tuple[int, float]]) -> None:
        cover = self.case.cover
        short = self.programme.column(float(cover.short[q, slot]), slack=True)
        excess = self.programme.column(float(cover.excess[q, slot]), slack=True)
        missing = float(cover.need[q, slot]) - float(self.state.counts[q, slot])
        self.programme.row([*terms, (short, 1.0), (excess, -1.0)], missing)

    def present(self, served: NDArray[np.int8]) -> dict[int, int]:
        """The columns as things stand."""
        row = {int(i): own for i, own in zip(self.people, served, strict=True)}
        return {column: int(row[i][slot] == q) for (i, slot, q), column in self.columns.items()}

    def serve(self, values: NDArray[np.float64]) -> None:
        """Let people, who are out, serve what was chosen."""
        for (i, slot, q), column in self.columns.items():
            if values[column] > 0.5:
                self.state.served[i, slot] = q
