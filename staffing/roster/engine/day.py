"""One day at a time: all shifts and breaks of a day chosen again together, the other days as they stand.

With the rest of a week fixed every shift of the day has one exact price per person, all rules looked at, and
people with equal price lists are interchangeable. One small integer programme per day and queue decides how
many of each list work each shift, and how many of a shift take each break at each place of its window
(implicit breaks, Aykin 1996). Windows of one shift must not touch, so that counts can be dealt out to people
in any way. It sees what no search person by person sees: shifts that must move together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.roster.engine.arrays import BLOCKED, OFF, Automata, Options, People
from staffing.roster.engine.kernels import price_of_tour
from staffing.roster.engine.problem import Problem
from staffing.roster.engine.programme import Effort, Programme
from staffing.roster.engine.search import State, copy_state, cover_cost, load_state, put_in, take_out

BREAK_NODES = 20
MOST_COLUMNS = 40_000  # beyond which the programme would not be solved in time

Crew = tuple[int, tuple[int, ...]]  # an option, and the minimums in which those on it count


@dataclass(frozen=True)
class Equals:
    """People whose choices of the day cost the same, up to a constant each."""

    agents: list[int]
    choices: list[int]  # options, OFF for a free day
    prices: list[float]
    marks: tuple[int, ...]


def choose_day(
    problem: Problem, state: State, day: int, queue: int, effort: Effort, *, keep_shifts: bool = False
) -> bool:
    """Choose shifts and breaks (or breaks alone) of a queue's people again; whether that lowered the price.

    `state` changes when it did.
    """
    if problem.cover.tabled[queue]:
        return False
    plan = _Plan(problem, state, day, queue, _equals(problem, state, day, queue, keep_shifts=keep_shifts))
    if not plan.crews or len(plan.programme.cost) > MOST_COLUMNS:
        return False
    values = plan.programme.solve(plan.present_choice(), effort)
    return values is not None and plan.deal_if_better(np.rint(values).astype(int))


def place_all(problem: Problem, state: State, seconds_left: Callable[[], float], *, threads: int = 1) -> None:
    """Place the breaks of every day again where that lowers the price, shifts as they are; `state` changes in place."""
    for day in range(problem.days if len(problem.options.break_len) else 0):
        for queue in np.unique(problem.cover.group_queue):
            if seconds_left() <= 0:
                return
            effort = Effort(seconds_left(), BREAK_NODES, restarts=True, threads=threads)
            choose_day(problem, state, day, int(queue), effort, keep_shifts=True)


@kernel
def prices_of_day(day: int, state: State, people: People, options: Options, automata: Automata,
                  prices: NDArray[np.float64]) -> None:  # fmt: skip
    """Price of everybody's whole tour with each option of `day`, and off in the last column (agents, options + 1)."""
    first = options.day_ptr[day]
    for i in range(len(prices)):
        tour, k = state.tours[i].copy(), state.agent_class[i]
        for j in range(prices.shape[1]):
            tour[day] = first + j if j < prices.shape[1] - 1 else OFF
            prices[i, j] = price_of_tour(k, tour, people, options, automata)


def _equals(problem: Problem, state: State, day: int, queue: int, *, keep_shifts: bool) -> list[Equals]:
    """The people of a queue who may be chosen again, by price list."""
    options, cover = problem.options, problem.cover
    first, last = options.day_ptr[day], options.day_ptr[day + 1]
    prices = np.empty((len(state.tours), last - first + 1))
    prices_of_day(day, state, problem.people, options, problem.automata, prices)
    prices[:, :-1][:, ~options.apart[options.template[first:last]]] = BLOCKED
    if keep_shifts:
        own = np.where(state.tours[:, day] >= 0, state.tours[:, day] - first, last - first)
        prices[np.arange(last - first + 1) != own[:, None]] = BLOCKED
    least = prices.min(axis=1)
    lists = np.where(prices < BLOCKED, np.round(prices - least[:, None], 9), BLOCKED)
    groups: dict[tuple[bytes, tuple[int, ...]], list[int]] = defaultdict(list)
    for i, option in enumerate(state.tours[:, day]):
        group = problem.people.group[state.agent_class[i]]
        if (
            prices[i, option - first if option >= 0 else -1] >= BLOCKED
            or queue not in cover.group_queue[cover.group_ptr[group] : cover.group_ptr[group + 1]]
        ):
            continue
        if option < 0 or (options.apart[options.template[option]] and _serves(options, state, i, option) == {queue}):
            groups[lists[i].tobytes(), tuple(state.marks[i].tolist())].append(i)
    names = [*range(first, last), OFF]
    return [
        Equals(agents, [names[j] for j in np.flatnonzero(lists[agents[0]] < BLOCKED)],
               lists[agents[0]][lists[agents[0]] < BLOCKED].tolist(), marks)
        for (_, marks), agents in sorted(groups.items(), key=lambda item: item[1])
    ]  # fmt: skip


def _serves(options: Options, state: State, i: int, option: int) -> set[int]:
    start = options.start[option]
    return {int(q) for q in state.served[i, start : start + options.length[option]] if q >= 0}


def _breaks(options: Options, option: int) -> Iterable[int]:
    template = options.template[option]
    return range(options.break_ptr[template], options.break_ptr[template + 1])


@dataclass
class _Plan:
    """The programme of a day, its columns by what they count, and the way back to people."""

    problem: Problem
    state: State
    day: int
    queue: int
    equals: list[Equals]
    programme: Programme = field(default_factory=Programme)

    def __post_init__(self) -> None:
        self.works: dict[tuple[int, int], int] = {}  # (number of the equals, choice) -> column
        members: dict[Crew, list[int]] = defaultdict(list)
        for e, one in enumerate(self.equals):
            size = len(one.agents)
            for choice, price in zip(one.choices, one.prices, strict=True):
                self.works[e, choice] = column = self.programme.column(price, size, whole=True)
                if choice >= 0:
                    members[choice, one.marks].append(column)
            self.programme.row([(self.works[e, choice], 1.0) for choice in one.choices], size)
        self.crews: dict[Crew, int] = {}
        self.places: dict[tuple[Crew, int, int], int] = {}  # (crew, break, offset) -> column
        cells: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
        for crew, columns in members.items():
            self._add_crew(crew, columns, cells)
        self._add_cover(cells)

    def _add_crew(self, crew: Crew, members: list[int], cells: dict[tuple[int, int], list[tuple[int, float]]]) -> None:
        options, (option, marks) = self.problem.options, crew
        rows = (self.queue, *(row for row in marks if row >= 0))
        self.crews[crew] = count = self.programme.column(0.0)
        self.programme.row([(count, -1.0), *((column, 1.0) for column in members)], 0.0)
        start = int(options.start[option])
        for slot in range(start, start + int(options.length[option])):
            for row in rows:
                cells[row, slot].append((count, 1.0))
        for b in _breaks(options, option):
            columns = []
            for offset in range(int(options.break_lo[b]), int(options.break_hi[b]) + 1):
                self.places[crew, b, offset] = column = self.programme.column(0.0, whole=True)
                columns.append(column)
                for slot in range(start + offset, start + offset + int(options.break_len[b])):
                    for row in rows:
                        cells[row, slot].append((column, -1.0))
            self.programme.row([(count, -1.0), *((column, 1.0) for column in columns)], 0.0)

    def _add_cover(self, cells: dict[tuple[int, int], list[tuple[int, float]]]) -> None:
        cover, others = self.problem.cover, self.state.counts.copy()
        for one in self.equals:
            for i in one.agents:
                self._count(i, others)
        for (row, slot), terms in sorted(cells.items()):
            short = self.programme.column(float(cover.short[row, slot]))
            excess = self.programme.column(float(cover.excess[row, slot]))
            missing = float(cover.need[row, slot]) - float(others[row, slot])
            self.programme.row([*terms, (short, 1.0), (excess, -1.0)], missing)

    def _count(self, i: int, counts: NDArray[np.int32]) -> None:
        """Take the presence of an agent on this day out of `counts`."""
        option = self.state.tours[i, self.day]
        if option >= 0:
            start = self.problem.options.start[option]
            span = np.arange(start, start + self.problem.options.length[option])
            here = span[self.state.served[i, span] >= 0]
            for row in (self.queue, *(row for row in self.state.marks[i] if row >= 0)):
                counts[row, here] -= 1

    def present_choice(self) -> dict[int, int]:
        """Whole numbers of the columns as things stand."""
        chosen: Counter[int] = Counter()
        for e, one in enumerate(self.equals):
            for i in one.agents:
                option = int(self.state.tours[i, self.day])
                chosen[self.works[e, option]] += 1
                if option >= 0:
                    for j, b in enumerate(_breaks(self.problem.options, option)):
                        chosen[self.places[(option, one.marks), b, int(self.state.offsets[i, self.day, j])]] += 1
        return chosen

    def deal_if_better(self, values: NDArray[np.int64]) -> bool:
        """Deal counted shifts and breaks out to people; undo it all when the price has not fallen."""
        state, cover = self.state, self.problem.cover
        before = cover_cost(cover, state.counts) + state.price.sum()
        kept = copy_state(state)
        on_shift: dict[Crew, list[int]] = defaultdict(list)
        for e, one in enumerate(self.equals):
            for i, choice in self._shares(e, one, values):
                take_out(i, state)
                self._wear(i, choice)
                on_shift[choice, one.marks].append(i)
        for crew, agents in on_shift.items():
            self._deal_breaks(crew, agents, values)
            for i in agents:
                put_in(i, state)
        if cover_cost(cover, state.counts) + state.price.sum() < before - 1e-9:
            return True
        load_state(state, kept)
        return False

    def _shares(self, e: int, one: Equals, values: NDArray[np.int64]) -> list[tuple[int, int]]:
        """Who of some equals works what: those who can keep their shift do."""
        left = {choice: int(values[self.works[e, choice]]) for choice in one.choices}
        shares, others = [], []
        for i in one.agents:
            option = int(self.state.tours[i, self.day])
            if left[option] > 0:
                left[option] -= 1
                shares.append((i, option))
            else:
                others.append(i)
        rest = [choice for choice, count in left.items() for _ in range(count)]
        return shares + list(zip(others, rest, strict=True))

    def _wear(self, i: int, choice: int) -> None:
        """Give an agent, who is out, another shift, without its breaks."""
        state, options = self.state, self.problem.options
        old = state.tours[i, self.day]
        if old >= 0:
            state.served[i, options.start[old] : options.start[old] + options.length[old]] = -1
        if choice >= 0:
            state.served[i, options.start[choice] : options.start[choice] + options.length[choice]] = self.queue
        state.tours[i, self.day] = choice
        state.price[i] = price_of_tour(
            state.agent_class[i], state.tours[i], self.problem.people, options, self.problem.automata
        )

    def _deal_breaks(self, crew: Crew, agents: list[int], values: NDArray[np.int64]) -> None:
        state, options, option = self.state, self.problem.options, crew[0]
        if option < 0:
            return
        start = int(options.start[option])
        for j, b in enumerate(_breaks(options, option)):
            offsets = [
                offset
                for offset in range(int(options.break_lo[b]), int(options.break_hi[b]) + 1)
                for _ in range(int(values[self.places[crew, b, offset]]))
            ]
            for i, offset in zip(agents, offsets, strict=True):
                state.offsets[i, self.day, j] = offset
                state.served[i, start + offset : start + offset + int(options.break_len[b])] = -1
