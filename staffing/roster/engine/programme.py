"""A small mixed-integer programme, collected as columns and rows and handed to HiGHS as matrices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import highspy
import numpy as np
from numpy.typing import NDArray

INF = highspy.kHighsInf
GAP = 2e-4
EPS = 1e-6
POOL = 100  # cuts kept, and not for long: they cost memory, and copies of it in every heuristic


@dataclass(frozen=True)
class Effort:
    """How long to look: work is counted in nodes, so that equal inputs give equal answers; seconds only stop."""

    seconds: float
    nodes: int
    threads: int = 1
    near: float = INF  # reduced cost in the linear programme beyond which columns are left out


@dataclass
class Programme:
    """Minimise cost over columns between 0 and an upper bound; every row holds with equality."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)  # columns that take whole numbers
    slack: list[int] = field(default_factory=list)  # columns that are never left out
    right: list[float] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def column(self, cost: float, upper: float = INF, *, whole: bool = False, slack: bool = False) -> int:
        """A new column; returns its number. Without `slack` columns there may be no solution."""
        number = len(self.cost)
        self.cost.append(cost)
        self.upper.append(upper)
        if whole:
            self.whole.append(number)
        if slack:
            self.slack.append(number)
        return number

    def row(self, terms: Iterable[tuple[int, float]], right: float) -> None:
        """The weighted columns of `terms`, each named once, add up to `right`."""
        self.first.append(len(self.index))
        for number, weight in terms:
            self.index.append(number)
            self.value.append(weight)
        self.right.append(right)

    def solve(self, start: Mapping[int, int], effort: Effort) -> NDArray[np.float64] | None:
        """Column values, from a known solution's whole numbers `start`; None when nothing was found."""
        if effort.threads > 1:  # HiGHS keeps one number of threads per process until told otherwise
            highspy.Highs.resetGlobalScheduler(True)
        highs = self._load(effort)
        known = np.array([float(start.get(number, 0)) for number in self.whole])
        if effort.near < INF:
            self._stay_near(highs, known, effort.near)
        whole = np.array(self.whole, np.int32)
        highs.changeColsIntegrality(len(whole), whole, np.full(len(whole), highspy.HighsVarType.kInteger))
        if start:
            highs.setSolution(len(whole), whole, known)
        highs.run()
        if effort.threads > 1:
            highspy.Highs.resetGlobalScheduler(True)
        found = highs.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if not found and effort.near < INF:
            return self.solve(start, replace(effort, near=INF))
        return np.array(highs.getSolution().col_value) if found else None

    def _load(self, effort: Effort) -> highspy.Highs:
        """The linear programme, with what the search that follows may spend."""
        highs = highspy.Highs()
        for option, value in (
            ("output_flag", False), ("threads", effort.threads), ("random_seed", 1), ("mip_rel_gap", GAP),
            ("mip_max_nodes", effort.nodes), ("mip_allow_restart", False), ("mip_pool_soft_limit", POOL),
            ("mip_lp_age_limit", 2), ("mip_pool_age_limit", 3), ("mip_detect_symmetry", False),
            ("time_limit", max(0.1, effort.seconds)),
        ):  # fmt: skip
            highs.setOptionValue(option, value)
        count, none = len(self.cost), np.zeros(0, np.int32)
        highs.addCols(count, np.array(self.cost), np.zeros(count), np.array(self.upper), 0,
                      np.zeros(count, np.int32), none, np.zeros(0))  # fmt: skip
        right = np.array(self.right)
        highs.addRows(len(right), right, right, len(self.index), np.array(self.first, np.int32),
                      np.array(self.index, np.int32), np.array(self.value))  # fmt: skip
        return highs

    def _stay_near(self, highs: highspy.Highs, known: NDArray[np.float64], near: float) -> None:
        """Look near the linear programme: whole numbers one beside its own, no choice that costs `near` too much."""
        highs.run()
        solution = highs.getSolution()
        value, reduced = np.array(solution.col_value), np.array(solution.col_dual)
        low, high = np.zeros(len(value)), np.array(self.upper)
        dear = (value < EPS) & (reduced > near)
        dear[self.slack] = False
        high[dear] = 0.0
        whole = self.whole
        low[whole] = np.minimum(np.maximum(0.0, np.floor(value[whole] + EPS) - 1), known)
        high[whole] = np.maximum(np.minimum(high[whole], np.ceil(value[whole] - EPS) + 1), known)
        highs.changeColsBounds(len(value), np.arange(len(value), dtype=np.int32), low, high)
