"""The last polish: all breaks of a day placed together, exactly, for the shifts as they are.

One small integer programme per day and queue, written in PuLP and solved by HiGHS: how many people on a
shift take a break at each place of its window (implicit breaks, Aykin 1996). Windows of one shift must not
touch, so that counts can be dealt out to people in any way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from staffing.roster.engine.arrays import Options
from staffing.roster.engine.problem import Problem
from staffing.roster.engine.search import State, cover_cost, put_in, take_out

if TYPE_CHECKING:
    import pulp

    Away = dict[tuple[int, int], list[tuple[pulp.LpVariable, int]]]  # by row and slot, who may be away there

MOST_COLUMNS = 20_000  # beyond which PuLP spends its time on handing over
MOST_NODES = 20  # a count, not a clock, so that equal inputs give equal rosters


@dataclass(frozen=True)
class Crew:
    """People on the same option of a day who serve the same queue throughout and count in the same minimums."""

    option: int
    queue: int
    marks: tuple[int, ...]
    agents: tuple[int, ...]

    @property
    def rows(self) -> tuple[int, ...]:
        """Rows of the cover in which they count."""
        return (self.queue, *(row for row in self.marks if row >= 0))


def place_all(problem: Problem, state: State, seconds_left: Callable[[], float], *, threads: int = 1) -> None:
    """Re-place the breaks of every day where that lowers the price of cover; `state` changes in place."""
    for day in range(problem.days if len(problem.options.break_len) else 0):
        crews = _crews(problem, state, day)
        for queue in sorted({crew.queue for crew in crews}):
            if seconds_left() <= 0:
                return
            if problem.cover.tabled[queue]:
                continue
            chosen = [crew for crew in crews if crew.queue == queue]
            _place(problem, state, day, chosen, seconds_left(), threads)


def _crews(problem: Problem, state: State, day: int) -> list[Crew]:
    members: dict[tuple[int, int, tuple[int, ...]], list[int]] = defaultdict(list)
    options = problem.options
    for i, option in enumerate(state.tours[:, day]):
        if option < 0 or not options.apart[options.template[option]]:
            continue
        start = options.start[option]
        served = state.served[i, start : start + options.length[option]]
        queues = np.unique(served[served >= 0])
        if len(queues) == 1:
            members[int(option), int(queues[0]), tuple(state.marks[i].tolist())].append(i)
    return [Crew(*key, tuple(agents)) for key, agents in sorted(members.items())]


def _place(problem: Problem, state: State, day: int, crews: list[Crew], seconds: float, threads: int) -> None:
    import pulp

    options, cover = problem.options, problem.cover
    present = state.counts.copy()
    for crew in crews:
        start = options.start[crew.option]
        for i in crew.agents:
            span = slice(start, start + options.length[crew.option])
            for row in crew.rows:
                present[row, span] += state.served[i, span] < 0
    model = pulp.LpProblem("breaks", pulp.LpMinimize)
    away: Away = defaultdict(list)
    counts = {
        (c, b): _break_columns(model, problem, c, b, crew, away)
        for c, crew in enumerate(crews)
        for b in _breaks(options, crew)
    }
    if sum(len(columns) for columns in counts.values()) > MOST_COLUMNS:
        return
    prices: list[tuple[pulp.LpVariable, float]] = []
    for (row, slot), columns in sorted(away.items()):
        short, excess = model.add_variable(f"u{row}_{slot}", 0), model.add_variable(f"o{row}_{slot}", 0)
        prices += [(short, float(cover.short[row, slot])), (excess, float(cover.excess[row, slot]))]
        gap = float(cover.need[row, slot]) - float(present[row, slot])
        model += pulp.LpAffineExpression([*columns, (short, -1), (excess, 1)]) == -gap
    model.setObjective(pulp.LpAffineExpression(prices))
    model.solve(pulp.HiGHS(msg=False, timeLimit=seconds, gapRel=0.0, threads=threads, mip_max_nodes=MOST_NODES))
    if model.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        _deal_if_better(problem, state, day, crews, counts)


def _breaks(options: Options, crew: Crew) -> Iterable[int]:
    template = options.template[crew.option]
    return range(options.break_ptr[template], options.break_ptr[template + 1])


def _break_columns(
    model: pulp.LpProblem, problem: Problem, c: int, b: int, crew: Crew, away: Away
) -> list[pulp.LpVariable]:  # fmt: skip
    """How many of a crew begin break `b` at each place; adds them to the slots in which they are away."""
    import pulp

    options = problem.options
    start = int(options.start[crew.option] + options.break_lo[b])
    columns = [
        model.add_variable(f"b{c}_{b}_{k}", 0, len(crew.agents), cat=pulp.LpInteger)
        for k in range(int(options.break_hi[b] - options.break_lo[b]) + 1)
    ]
    model += pulp.LpAffineExpression([(column, 1) for column in columns]) == len(crew.agents)
    for k, column in enumerate(columns):
        for slot in range(start + k, start + k + int(options.break_len[b])):
            for row in crew.rows:
                away[row, slot].append((column, 1))
    return columns


def _deal_if_better(
    problem: Problem, state: State, day: int, crews: list[Crew], counts: dict[tuple[int, int], list[pulp.LpVariable]]
) -> None:
    """Deal the counted places out to people; undo it all when the price of cover has not fallen."""
    before = cover_cost(problem.cover, state.counts)
    kept = state.offsets[:, day].copy(), state.served.copy(), state.counts.copy()
    options = problem.options
    for c, crew in enumerate(crews):
        start, length = options.start[crew.option], options.length[crew.option]
        for i in crew.agents:
            take_out(i, state)
            state.served[i, start : start + length] = crew.queue
        for j, b in enumerate(_breaks(options, crew)):
            places = [int(options.break_lo[b]) + k for k, n in enumerate(counts[c, b]) for _ in range(round(n.value()))]
            for i, offset in zip(crew.agents, places, strict=True):
                state.offsets[i, day, j] = offset
                begin, end = start + offset, start + offset + options.break_len[b]
                state.served[i, begin:end] = -1
        for i in crew.agents:
            put_in(i, state)
    if cover_cost(problem.cover, state.counts) >= before - 1e-9:
        state.offsets[:, day], state.served[...], state.counts[...] = kept
