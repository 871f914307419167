"""Which shifts should there be at all? Few distinct shifts that cover the need of a week.

Minimum shift design (Musliu, Schaerf & Slany 2004): choose starts and lengths out of allowed ranges and how
many people work each shift on each day, so that shortage, excess and the number of distinct shifts cost least.
The week is a circle. An integer programme in PuLP, solved by HiGHS, whose bound is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from staffing.errors import PlanError

DAY_MIN = 1440


@dataclass(frozen=True)
class ShiftRange:
    """Starts (minutes after midnight) and lengths (minutes) that a shift may have, both ends included."""

    first_start: int
    last_start: int
    shortest_min: int
    longest_min: int


@dataclass(frozen=True)
class DesignPrices:
    """Price of one agent too few and too many for an hour, and of one more distinct shift."""

    shortage_hour: float = 1.0
    excess_hour: float = 1.0
    distinct_shift: float = 1.0


@dataclass(frozen=True)
class Design:
    """Chosen shifts with what is proven about them.

    Attributes
    ----------
    shifts : (start minute, length in minutes) -> people per day (days,).
    objective, bound : price of the design and a proven lower bound.
    status : ``optimal`` or ``time limit``.
    """

    shifts: dict[tuple[int, int], NDArray[np.int64]]
    objective: float
    bound: float
    status: str


def design_shifts(
    need: NDArray[np.float64], ranges: Sequence[ShiftRange], prices: DesignPrices, *, seconds: float = 60.0,
    threads: int = 1,
) -> Design:  # fmt: skip
    """Cheapest shifts for `need` (days, intervals of a day), in agents, on a circle of days.

    Starts and lengths are whole intervals. Raises PlanError when nothing was found in time.
    """
    import pulp

    days, intervals = need.shape
    step = DAY_MIN // intervals
    candidates = sorted({shift for span in ranges for shift in _shifts(span, step)})
    model = pulp.LpProblem("design", pulp.LpMinimize)
    used = {shift: model.add_variable(f"y{k}", cat=pulp.LpBinary) for k, shift in enumerate(candidates)}
    staffed: dict[tuple[tuple[int, int], int], pulp.LpVariable] = {}
    present: list[list[pulp.LpVariable]] = [[] for _ in range(need.size)]
    for (k, shift), day in product(enumerate(candidates), range(days)):
        slots = _slots(shift, day, step, need)
        most = int(np.ceil(need.ravel()[slots].max()))  # more would be excess in every interval
        staffed[shift, day] = model.add_variable(f"x{k}_{day}", 0, most, cat=pulp.LpInteger)
        model += staffed[shift, day] <= most * used[shift]
        for slot in slots:
            present[slot].append(staffed[shift, day])
    model.setObjective(pulp.LpAffineExpression(_cover(model, present, need, prices, step / 60)
                                               + [(one, prices.distinct_shift) for one in used.values()]))  # fmt: skip
    model.solve(pulp.HiGHS(msg=False, timeLimit=seconds, gapRel=0.0, threads=threads))
    if model.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        raise PlanError("no set of shifts was found in time.", remedy="Allow more seconds or fewer starts and lengths.")
    counts = {shift: np.array([round(staffed[shift, day].value()) for day in range(days)]) for shift in candidates}
    chosen = {shift: count for shift, count in counts.items() if count.any()}
    bound, objective = float(model.solverModel.getInfo().mip_dual_bound), _price(chosen, need, prices, step)
    return Design(chosen, objective, min(bound, objective),
                  "optimal" if objective - bound <= 1e-6 * max(1.0, objective) else "time limit")  # fmt: skip


def _shifts(span: ShiftRange, step: int) -> list[tuple[int, int]]:
    starts = range(span.first_start, span.last_start + 1, step)
    return list(product(starts, range(span.shortest_min, span.longest_min + 1, step)))


def _slots(shift: tuple[int, int], day: int, step: int, need: NDArray[np.float64]) -> NDArray[np.int64]:
    """Intervals of the circle that a shift covers."""
    first = day * need.shape[1] + shift[0] // step
    return np.arange(first, first + shift[1] // step) % need.size


def _cover(model, present, need, prices: DesignPrices, hours: float) -> list:
    """Rows that tie shortage and excess to presence; their prices."""
    import pulp

    found = []
    for slot, wanted in enumerate(need.ravel()):
        short, excess = model.add_variable(f"u{slot}", 0), model.add_variable(f"o{slot}", 0)
        terms = [*((variable, 1) for variable in present[slot]), (short, 1), (excess, -1)]
        model += pulp.LpAffineExpression(terms) == float(wanted)
        found += [(short, prices.shortage_hour * hours), (excess, prices.excess_hour * hours)]
    return found


def _price(chosen: dict[tuple[int, int], NDArray[np.int64]], need: NDArray[np.float64], prices: DesignPrices,
           step: int) -> float:  # fmt: skip
    """Price of a design, counted afresh."""
    present = np.zeros(need.size)
    for shift, counts in chosen.items():
        for day, count in enumerate(counts):
            present[_slots(shift, day, step, need)] += count
    missing = np.maximum(need.ravel() - present, 0).sum() * prices.shortage_hour
    beyond = np.maximum(present - need.ravel(), 0).sum() * prices.excess_hour
    return float((missing + beyond) * step / 60 + prices.distinct_shift * len(chosen))
