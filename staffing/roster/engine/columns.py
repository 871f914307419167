"""Tours as columns: the pool of tours found so far, and the answers of all classes to prices of presence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.roster.case import BLOCKED, AgentClasses, Automata, Case, Cover, Options
from staffing.roster.engine import dual
from staffing.roster.engine.kernels import cheapest_tour, place_breaks, value_options
from staffing.roster.engine.price import tour_price
from staffing.roster.engine.search import State
from staffing.roster.engine.workspace import Buffers


class Answers(NamedTuple):
    """The cheapest tour of each class at given prices, changed in place."""

    value: NDArray[np.float64]  # (classes,) price minus worth
    tours: NDArray[np.int32]  # (classes, days)
    offsets: NDArray[np.int32]  # (classes, days, breaks)
    gain: NDArray[np.float64]  # (classes,) worth of the presence
    queue: NDArray[np.int64]  # (groups, slots) queue worth most


@dataclass(frozen=True)
class Tour:
    """A class's tour with breaks: its own price, and the cells (row × slots + slot) where it is present."""

    owner: int
    price: float
    tour: NDArray[np.int32]
    offsets: NDArray[np.int32]
    cells: NDArray[np.int32]
    amounts: NDArray[np.float64]  # (cells,) agents that it counts there


@dataclass
class Pool:
    """Different tours, in order of discovery."""

    tours: list[Tour] = field(default_factory=list)
    _known: dict[bytes, int] = field(default_factory=dict)

    def add(self, found: Iterable[Tour]) -> list[int]:
        """Numbers of the tours in the pool; the unknown ones are added."""
        numbers = []
        for tour in found:
            key = tour.owner.to_bytes(4, "little") + tour.cells.tobytes() + tour.tour.tobytes()
            number = self._known.setdefault(key, len(self.tours))
            if number == len(self.tours):
                self.tours.append(tour)
            numbers.append(number)
        return numbers


def answers(case: Case, breaks: int) -> Answers:
    """Room for the answers of all classes."""
    classes, days = len(case.people.automaton), case.days
    groups = len(case.cover.group_ptr) - 1
    return Answers(
        np.zeros(classes), np.zeros((classes, days), np.int32), np.zeros((classes, days, breaks), np.int32),
        np.zeros(classes), np.zeros((groups, case.grid.slots), np.int64),
    )  # fmt: skip


@kernel
def answer(classes: NDArray[np.int64], worth: NDArray[np.float64], found: Answers, cover: Cover, people: AgentClasses,
           options: Options, automata: Automata, ws: Buffers) -> None:  # fmt: skip
    """Let some classes (sorted by group) answer `worth` (queues, slots); fills `found`."""
    best = np.empty(worth.shape[1])
    group = -1
    for k in classes:
        if people.group[k] != group:
            group = people.group[k]
            dual.best_queue(group, worth, cover, best, found.queue[group])
            value_options(best, options, ws)
        found.value[k] = cheapest_tour(k, people, options, automata, ws, found.tours[k])
        found.gain[k] = 0.0
        for day in range(found.tours.shape[1]):
            option = found.tours[k, day]
            if option >= 0:
                found.gain[k] += ws.gain[option]
                place_breaks(option, options, ws)
                found.offsets[k, day] = ws.offsets[option]


def tour_of(case: Case, found: Answers, k: int) -> Tour:
    """The answer of class `k` as a column."""
    here = present(case, found.tours[k], found.offsets[k])
    group = case.people.group[k]
    cells = _cells(case, here, found.queue[group][here], case.cover.marks[group])
    price = float(found.value[k] + found.gain[k])
    return Tour(k, price, found.tours[k].copy(), found.offsets[k].copy(), cells, _amounts(case, k, cells))


def plain_tour(case: Case, k: int, tour: NDArray[np.int32], offsets: NDArray[np.int32]) -> Tour:
    """A tour of class `k` who serves one queue, as a column."""
    group = case.people.group[k]
    here = present(case, tour, offsets)
    queue = np.full(len(here), case.cover.group_queue[case.cover.group_ptr[group]])
    cells = _cells(case, here, queue, case.cover.marks[group])
    return Tour(k, tour_price(case, k, tour), tour, offsets, cells, _amounts(case, k, cells))


def _cells(case: Case, here: NDArray[np.int64], queue: NDArray[np.int64],
           marks: NDArray[np.int32]) -> NDArray[np.int32]:  # fmt: skip
    """Cells of presence: slots `here` in the queue served, and in every minimum."""
    rows = [queue * case.grid.slots + here, *(row * case.grid.slots + here for row in marks if row >= 0)]
    return np.concatenate(rows).astype(np.int32)


def _amounts(case: Case, k: int, cells: NDArray[np.int32]) -> NDArray[np.float64]:
    """Agents that one of class `k` counts in each cell."""
    return case.cover.amount[case.people.group[k], cells // case.grid.slots]


def tour_of_agent(case: Case, state: State, i: int) -> Tour:
    """The tour that agent `i` works in `state`."""
    here = np.flatnonzero(state.served[i] >= 0)
    cells = _cells(case, here, state.served[i, here].astype(np.int64), state.marks[i])
    k = int(state.agent_class[i])
    return Tour(k, float(state.price[i]), state.tours[i].copy(), state.offsets[i].copy(), cells,
                _amounts(case, k, cells))  # fmt: skip


def assign(case: Case, state: State, i: int, tour: Tour) -> None:
    """Let agent `i` of `state` work `tour`; `state.counts` follows."""
    slots = case.grid.slots
    for sign, one in ((-1, tour_of_agent(case, state, i)), (1, tour)):
        state.counts[one.cells // slots, one.cells % slots] += sign * one.amounts
    state.tours[i], state.offsets[i], state.price[i] = tour.tour, tour.offsets, tour.price
    state.served[i] = -1
    served = tour.cells[tour.cells < len(case.queue_names) * slots]
    state.served[i, served % slots] = served // slots


def present(case: Case, tour: NDArray[np.int32], offsets: NDArray[np.int32]) -> NDArray[np.int64]:
    """Slots of a tour outside its breaks."""
    options, here = case.options, np.zeros(case.grid.slots, bool)
    for day, option in enumerate(tour):
        if option < 0:
            continue
        start = options.start[option]
        here[start : start + options.length[option]] = True
        first, last = options.break_ptr[options.template[option]], options.break_ptr[options.template[option] + 1]
        for j, b in enumerate(range(first, last)):
            begin = start + offsets[day, j]
            here[begin : begin + options.break_len[b]] = False
    return np.flatnonzero(here)


def cover_bound(curve: dual.DualCurve, worth: NDArray[np.float64]) -> float:
    """Cheapest presence of all cells when one agent in a cell costs `worth`."""
    return float((curve.price + curve.at * worth).min(axis=0).sum())


def feasible(found: Answers, classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Classes that have a tour at all."""
    return classes[found.value[classes] < BLOCKED]
