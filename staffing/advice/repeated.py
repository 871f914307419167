"""One linear programme, solved for many right-hand sides.

The optimal basis of the first stays dual feasible for all others, since neither prices nor rows change: the dual
simplex method goes on from it (Lemke 1954) in a fraction of the time of a fresh start. Always from the first, so that
no result depends on those between.
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from scipy import sparse

from staffing.errors import PlanError


class RepeatedProgramme:
    """Least ``price``·x with ``rows``·x ≤ bounds and x ≥ 0."""

    def __init__(self, price: np.ndarray, rows: sparse.csr_array) -> None:
        columns = rows.tocsc()
        free = np.full(rows.shape[0], highspy.kHighsInf)
        programme = highspy.HighsLp()
        programme.num_row_, programme.num_col_ = rows.shape
        programme.col_cost_ = price
        programme.col_lower_, programme.col_upper_ = np.zeros(price.size), np.full(price.size, highspy.kHighsInf)
        programme.row_lower_, programme.row_upper_ = -free, free
        programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        programme.a_matrix_.start_, programme.a_matrix_.index_ = columns.indptr, columns.indices
        programme.a_matrix_.value_ = columns.data
        self.highs: Any = highspy.Highs()
        self.first: highspy.HighsBasis | None = None
        self.free = free
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("solver", "simplex")
        self.highs.passModel(programme)

    def least(self, bounds: np.ndarray) -> float:
        """The least price. Raises PlanError without a solution."""
        self.highs.changeRowsBounds(bounds.size, np.arange(bounds.size, dtype=np.int32), -self.free, bounds)
        if self.first is not None:
            self.highs.setBasis(self.first)
        self.highs.run()
        status = self.highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise PlanError(f"a cover was not solved: {self.highs.modelStatusToString(status)}.")
        self.first = self.first or self.highs.getBasis()
        return float(self.highs.getInfo().objective_function_value)
