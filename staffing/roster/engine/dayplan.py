"""The programme of one day: its columns by what they count, and the way back to people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from staffing.roster.case import Case, Options
from staffing.roster.engine.kernels import price_of_tour
from staffing.roster.engine.programme import Programme
from staffing.roster.engine.search import State, put_in, take_out

WHOLE = 1e-4

Crew = tuple[int, tuple[int, ...]]  # an option, and the minimums in which those on it count
BreakSlots = tuple[int, int, tuple[int, ...]]  # first slot and length of a break, and the minimums in which it lacks
PresenceTerms = dict[tuple[int, int], list[tuple[int, float]]]  # by row and slot: columns and their presence


@dataclass(frozen=True)
class Equals:
    """People whose choices of the day cost the same, up to a constant each."""

    agents: list[int]
    choices: list[int]  # options, OFF for a free day
    prices: list[float]
    marks: tuple[int, ...]


@dataclass
class DayPlan:
    """What the people of one queue may work on a day, as a programme over `equals`.

    A break that leaves its present place in a shift that stays costs `moving`.
    """

    case: Case
    state: State
    day: int
    queue: int
    equals: list[Equals]
    moving: float = 0.0
    programme: Programme = field(default_factory=Programme)

    def __post_init__(self) -> None:
        self.works: dict[tuple[int, int], int] = {}  # (number of the equals, choice) -> column
        members: dict[Crew, list[int]] = defaultdict(list)
        for e, one in enumerate(self.equals):
            size = len(one.agents)
            for choice, price in zip(one.choices, one.prices, strict=True):
                self.works[e, choice] = column = self.programme.column(price, size)
                if choice >= 0:
                    members[choice, one.marks].append(column)
            self.programme.row([(self.works[e, choice], 1.0) for choice in one.choices], size)
        self.crews: dict[Crew, int] = {}
        self.places: dict[tuple[Crew, int, int], list[int]] = {}  # (crew, break, offset) -> columns
        self.absent: dict[BreakSlots, int] = {}  # columns of breaks begun
        begun: dict[BreakSlots, list[int]] = defaultdict(list)
        cells: PresenceTerms = defaultdict(list)
        for crew, columns in members.items():
            self._add_crew(crew, columns, cells, begun)
        self._add_breaks(begun, cells)
        self._add_cover(cells)

    def _add_crew(
        self, crew: Crew, members: list[int], cells: PresenceTerms, begun: dict[BreakSlots, list[int]]
    ) -> None:
        options, (option, marks) = self.case.options, crew
        self.crews[crew] = count = self.programme.column(0.0, whole=True)
        self.programme.row([(count, -1.0), *((column, 1.0) for column in members)], 0.0)
        start = int(options.start[option])
        for slot in range(start, start + int(options.length[option])):
            for row in self._rows(marks):
                cells[row, slot].append((count, 1.0))
        for j, b in enumerate(_breaks(options, option)):
            columns, taken = [], self._taken(crew, j) if self.moving else Counter[int]()
            for offset in range(int(options.break_lo[b]), int(options.break_hi[b]) + 1):
                self.places[crew, b, offset] = here = [self.programme.column(0.0)]
                if taken[offset]:
                    here.append(self.programme.column(-self.moving, taken[offset]))
                columns += here
                begun[start + offset, int(options.break_len[b]), marks] += here
            self.programme.row([(count, -1.0), *((column, 1.0) for column in columns)], 0.0)

    def _taken(self, crew: Crew, j: int) -> Counter[int]:
        """How many of those on a shift take break number `j` where."""
        state, (option, marks) = self.state, crew
        agents = (i for one in self.equals if one.marks == marks for i in one.agents)
        return Counter(int(state.offsets[i, self.day, j]) for i in agents if state.tours[i, self.day] == option)

    def _add_breaks(self, begun: dict[BreakSlots, list[int]], cells: PresenceTerms) -> None:
        """Whole numbers of breaks begun in a slot, whosever they are: then the rest is whole by itself."""
        for absence, columns in begun.items():
            first, length, marks = absence
            self.absent[absence] = count = self.programme.column(0.0, whole=True)
            self.programme.row([(count, -1.0), *((column, 1.0) for column in columns)], 0.0)
            for slot in range(first, first + length):
                for row in self._rows(marks):
                    cells[row, slot].append((count, -1.0))

    def _rows(self, marks: tuple[int, ...]) -> tuple[int, ...]:
        return self.queue, *(row for row in marks if row >= 0)

    def _add_cover(self, cells: PresenceTerms) -> None:
        cover, others = self.case.cover, self.state.counts.copy()
        for one in self.equals:
            for i in one.agents:
                self._count(i, others)
        for (row, slot), terms in sorted(cells.items()):
            short = self.programme.column(float(cover.short[row, slot]), slack=True)
            excess = self.programme.column(float(cover.excess[row, slot]), slack=True)
            missing = float(cover.need[row, slot]) - float(others[row, slot])
            self.programme.row([*terms, (short, 1.0), (excess, -1.0)], missing)

    def _count(self, i: int, counts: NDArray[np.float64]) -> None:
        """Take the presence of an agent on this day out of `counts`."""
        option = self.state.tours[i, self.day]
        if option >= 0:
            start = self.case.options.start[option]
            span = np.arange(start, start + self.case.options.length[option])
            here = span[self.state.served[i, span] >= 0]
            for row in (self.queue, *(row for row in self.state.marks[i] if row >= 0)):
                counts[row, here] -= 1

    def present_choice(self) -> dict[int, int]:
        """Whole numbers of the columns as things stand; nothing where they cannot stand."""
        options, chosen = self.case.options, Counter[int]()
        for e, one in enumerate(self.equals):
            for i in one.agents:
                option = int(self.state.tours[i, self.day])
                if (e, option) not in self.works:
                    return {}
                if option < 0:
                    continue
                chosen[self.crews[option, one.marks]] += 1
                for j, b in enumerate(_breaks(options, option)):
                    begun = int(options.start[option] + self.state.offsets[i, self.day, j])
                    chosen[self.absent[begun, int(options.break_len[b]), one.marks]] += 1
        return chosen

    def is_whole(self, values: NDArray[np.float64]) -> bool:
        """Whether nobody is counted in parts: corners of a flow are whole, but a solver may stop beside one."""
        columns = [*self.works.values(), *(column for here in self.places.values() for column in here)]
        return bool(np.abs(values[columns] - np.rint(values[columns])).max() < WHOLE)

    def deal(self, values: NDArray[np.int64]) -> None:
        """Deal counted shifts and breaks out to people."""
        on_shift: dict[Crew, list[int]] = defaultdict(list)
        for e, one in enumerate(self.equals):
            for i, choice in self._shares(e, one, values):
                take_out(i, self.state)
                self._wear(i, choice)
                on_shift[choice, one.marks].append(i)
        for crew, agents in on_shift.items():
            self._deal_breaks(crew, agents, values)
            for i in agents:
                put_in(i, self.state)

    def _shares(self, e: int, one: Equals, values: NDArray[np.int64]) -> list[tuple[int, int]]:
        """Who of some equals works what: those who can keep their shift do."""
        left = Counter({choice: int(values[self.works[e, choice]]) for choice in one.choices})
        return _kept_first([(i, int(self.state.tours[i, self.day])) for i in one.agents], left)

    def _wear(self, i: int, choice: int) -> None:
        """Give an agent, who is out, another shift, without its breaks."""
        state, options = self.state, self.case.options
        old = state.tours[i, self.day]
        if old >= 0:
            state.served[i, options.start[old] : options.start[old] + options.length[old]] = -1
        if choice >= 0:
            state.served[i, options.start[choice] : options.start[choice] + options.length[choice]] = self.queue
        state.tours[i, self.day] = choice
        state.price[i] = price_of_tour(
            state.agent_class[i], state.tours[i], self.case.people, options, self.case.automata
        )

    def _deal_breaks(self, crew: Crew, agents: list[int], values: NDArray[np.int64]) -> None:
        state, options, option = self.state, self.case.options, crew[0]
        if option < 0:
            return
        start = int(options.start[option])
        for j, b in enumerate(_breaks(options, option)):
            left = Counter({
                offset: int(sum(values[column] for column in self.places[crew, b, offset]))
                for offset in range(int(options.break_lo[b]), int(options.break_hi[b]) + 1)
            })  # fmt: skip
            own = [(i, int(state.offsets[i, self.day, j])) for i in agents]
            for i, offset in _kept_first(own, left):
                state.offsets[i, self.day, j] = offset
                state.served[i, start + offset : start + offset + int(options.break_len[b])] = -1


def _kept_first(own: Sequence[tuple[int, int]], left: Counter[int]) -> list[tuple[int, int]]:
    """Who takes which of the things `left`: those who can keep their `own` do."""
    kept, others = [], []
    for i, thing in own:
        if left[thing] > 0:
            left[thing] -= 1
            kept.append((i, thing))
        else:
            others.append(i)
    return kept + list(zip(others, left.elements(), strict=True))


def _breaks(options: Options, option: int) -> Iterable[int]:
    template = options.template[option]
    return range(options.break_ptr[template], options.break_ptr[template + 1])
