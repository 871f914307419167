"""The master programme: which tours to work, so that people and the price of cover cost least together.

Rows: every class works as many tours as it has free agents, and in every cell the presence of the tours
equals the sum of the cell's pieces, whose slopes are those of the convex price of presence. Handed to HiGHS
as matrices, columns as they are found; the same rows serve as linear and as integer programme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from staffing.roster.engine.columns import Tour
from staffing.roster.engine.dual import DualCurve

INF = highspy.kHighsInf
MANY_TOURS = 3_600  # beyond which a programme is begun by the interior point method
LOOSEST, TIGHTEST = 1e-3, 1e-8  # tolerances of the interior point method, as shares of the price


@dataclass(frozen=True)
class Relaxed:
    """Solution of the linear programme: `price` without the constant of the cells."""

    price: float
    worth: NDArray[np.float64]  # (cells,) what one more agent in a cell saves
    rent: NDArray[np.float64]  # (classes,) price of one more agent of a class
    chosen: NDArray[np.float64]  # (columns,)


@dataclass(frozen=True)
class Task:
    """Who is still free (`free[k]` agents of class k), and the presence of all others (cells,)."""

    curve: DualCurve
    beyond: NDArray[np.float64]  # (cells,) price of one more agent past the last point of the curve
    free: NDArray[np.int64]
    present: NDArray[np.float64]


class Master:
    """The programme of one task; columns may be added between solves."""

    def __init__(self, task: Task, tours: Sequence[Tour] = (), threads: int = 1) -> None:
        self.task = task
        at, price = (part.reshape(len(part), -1) for part in task.curve)
        self.rows = np.full(at.shape[1], -1)  # row of each cell whose presence has a price
        wanted = np.flatnonzero(np.ptp(price, axis=0) + np.abs(task.beyond) > 0)
        self.classes = np.flatnonzero(task.free)
        self.class_row = np.full(len(task.free), -1)
        self.class_row[self.classes] = np.arange(len(self.classes))
        self.rows[wanted] = len(self.classes) + np.arange(len(wanted))
        self.tours: list[Tour] = []
        self.fresh = True
        self.highs = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", threads), ("random_seed", 1)):
            self.highs.setOptionValue(option, value)
        rhs = np.concatenate([task.free[self.classes].astype(float), -task.present[wanted]])
        empty = np.zeros(0, np.int32)
        self.highs.addRows(len(rhs), rhs, rhs, 0, np.zeros(len(rhs), np.int32), empty, np.zeros(0))
        self.constant = float(price[0].sum())
        self.pieces = self._add_pieces(at[:, wanted], price[:, wanted], wanted)
        self.add(tours)

    def _add_pieces(self, at: np.ndarray, price: np.ndarray, wanted: np.ndarray) -> int:
        width = np.diff(at, axis=0)
        slope = np.where(width > 0, np.diff(price, axis=0) / np.where(width > 0, width, 1), 0.0)
        cell = np.tile(self.rows[wanted], len(slope))[width.ravel() > 0]
        slope, width = slope.ravel()[width.ravel() > 0], width.ravel()[width.ravel() > 0]
        cost = np.concatenate([slope, self.task.beyond[wanted]])
        upper = np.concatenate([width, np.full(len(wanted), INF)])
        row = np.concatenate([cell, self.rows[wanted]]).astype(np.int32)
        count = len(cost)
        self.highs.addCols(count, cost, np.zeros(count), upper, count, np.arange(count, dtype=np.int32), row,
                           np.full(count, -1.0))  # fmt: skip
        return count

    def add(self, tours: Sequence[Tour]) -> None:
        """More columns, each of a class with free agents."""
        if not tours:
            return
        index, amounts = [], []
        for tour in tours:
            rows = self.rows[tour.cells]
            index.append(np.concatenate([[self.class_row[tour.owner]], rows[rows >= 0]]))
            amounts.append(np.concatenate([[1.0], tour.amounts[rows >= 0]]))
        start = np.concatenate([[0], np.cumsum([len(part) for part in index])[:-1]]).astype(np.int32)
        rows = np.concatenate(index).astype(np.int32)
        count = len(tours)
        self.highs.addCols(count, np.array([tour.price for tour in tours]), np.zeros(count), np.full(count, INF),
                           len(rows), start, rows, np.concatenate(amounts))  # fmt: skip
        self.tours += tours

    def relax(self, seconds: float = INF) -> Relaxed | None:
        """Solve the linear programme; None when the time ran out."""
        # 1 is the dual method, 4 the primal one: columns that come keep a basis primal feasible
        self.highs.setOptionValue("simplex_strategy", 1 if self.fresh else 4)
        afresh = self.fresh and len(self.tours) > MANY_TOURS  # the simplex method would take several times as long
        self.highs.setOptionValue("solver", "ipm" if afresh else "choose")
        self.fresh = False
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + max(0.1, seconds))
        self.highs.run()
        self.highs.setOptionValue("solver", "choose")  # any other would ignore whole numbers
        return self._solved() if self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal else None

    def centre(self, accuracy: float, seconds: float = INF) -> Relaxed | None:
        """Prices from amid the nearly optimal ones, within `accuracy` of the price; None when the time ran out.

        An interior point method without its last step, to a corner: no start is carried over, so the programme is not
        for `relax` afterwards.
        """
        scale = max(1.0, abs(self.highs.getObjectiveValue()), abs(self.constant))
        tolerance = min(LOOSEST, max(TIGHTEST, accuracy / scale))
        for option, value in (("solver", "ipm"), ("run_crossover", "off"), ("ipm_optimality_tolerance", tolerance)):
            self.highs.setOptionValue(option, value)
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + max(0.1, seconds))
        self.highs.run()
        status, ended = self.highs.getModelStatus(), highspy.HighsModelStatus
        if status not in (ended.kOptimal, ended.kUnknown):  # unknown: as near as was asked for, and no corner
            return None
        return self._solved() if self.highs.getSolution().dual_valid else None

    def _solved(self) -> Relaxed:
        """The solution at hand by slots and classes."""
        solution = self.highs.getSolution()
        duals = np.array(solution.row_dual)
        worth = np.zeros(len(self.rows))
        worth[self.rows >= 0] = duals[self.rows[self.rows >= 0]]
        rent = np.zeros(len(self.task.free))
        rent[self.classes] = duals[: len(self.classes)]
        chosen = np.array(solution.col_value)[self.pieces :]
        return Relaxed(self.highs.getObjectiveValue() + self.constant, worth, rent, chosen)

    def choose(self, start: Sequence[int], nodes: int, seconds: float) -> list[int] | None:
        """Best whole choice of columns within `nodes` of branch and bound; `start` is a known one."""
        count = len(self.tours)
        columns = np.arange(self.pieces, self.pieces + count, dtype=np.int32)
        self.highs.changeColsIntegrality(count, columns, np.full(count, highspy.HighsVarType.kInteger))
        if start:
            values = np.bincount(np.array(start), minlength=count).astype(float)
            self.highs.setSolution(count, columns, values)
        self.highs.setOptionValue("mip_max_nodes", nodes)
        self.highs.setOptionValue("mip_rel_gap", 0.0)
        self.highs.setOptionValue("time_limit", max(0.1, seconds))  # of this run; of all runs in a linear one
        self.highs.run()
        values = np.array(self.highs.getSolution().col_value)
        if len(values) == 0 or self.highs.getInfo().primal_solution_status != 2:
            return None
        return [j for j, n in enumerate(np.round(values[self.pieces :]).astype(int)) for _ in range(n)]

    @property
    def iterations(self) -> int:
        """Iterations of the simplex method in the last solve: the work done."""
        return max(0, int(self.highs.getInfo().simplex_iteration_count))

    @property
    def proven_bound(self) -> float:
        """What no choice of these columns can cost less than."""
        return float(self.highs.getInfo().mip_dual_bound) + self.constant

    @property
    def searched(self) -> bool:
        """Whether the last choice went far enough for its bound to mean something."""
        status = highspy.HighsModelStatus
        return self.highs.getModelStatus() in (status.kOptimal, status.kTimeLimit, status.kSolutionLimit)

    @property
    def proven(self) -> bool:
        """Whether the last choice is the best one of these columns."""
        return bool(self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)
