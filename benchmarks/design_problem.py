"""Minimum shift design as rows: need, candidate shifts and prices, for `minimum_shift_design`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

DAY_MIN = 1440
INF = highspy.kHighsInf

Shift = tuple[int, int]  # start minute, length in minutes
Floats = NDArray[np.float64]


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
class DesignProblem:
    """Need, candidate shifts and prices as rows: presence changes from one interval to the next, and one level."""

    need: Floats
    candidates: Sequence[Shift]
    prices: DesignPrices

    @property
    def days(self) -> int:
        return len(self.need)

    @property
    def step(self) -> int:
        """Minutes of an interval."""
        return DAY_MIN // self.need.shape[1]

    def most(self) -> Floats:
        """People (candidates, days) beyond whom every interval of the shift would have too many."""
        flat = self.need.ravel()
        return np.array([[np.ceil(flat[covered_by(shift, day, self.step, self.need)].max()) for day in range(self.days)]
                         for shift in self.candidates])  # fmt: skip

    def rows(self) -> tuple[sparse.csc_matrix, Floats]:
        """Rows over people (candidates × days), shortages and excesses, and their right-hand sides."""
        slots, count = self.need.size, len(self.candidates) * self.days
        present = sparse.lil_matrix((slots + 1, count))
        for column, (shift, day) in enumerate(product(self.candidates, range(self.days))):
            covered = covered_by(shift, day, self.step, self.need)
            present[covered[0], column] += 1
            present[(covered[-1] + 1) % slots, column] -= 1
            present[slots, column] = float((covered == 0).any())
        change = sparse.identity(slots, format="csr") - sparse.csr_matrix(np.roll(np.eye(slots), 1, axis=0))
        level = sparse.csr_matrix(([1.0], ([0], [0])), shape=(1, slots))
        balance = sparse.vstack([change, level])
        flat = self.need.ravel()
        right = np.concatenate([flat - np.roll(flat, 1), flat[:1]])
        return sparse.hstack([present, balance, -balance], format="csc"), right

    def cover_costs(self) -> Floats:
        """Prices of shortages and excesses."""
        hours = self.step / 60
        each = [self.prices.shortage_hour * hours, self.prices.excess_hour * hours]
        return np.repeat(each, self.need.size)


def model(cost: Floats, upper: Floats, rows: sparse.csc_matrix, low: Floats, high: Floats) -> highspy.Highs:
    """A programme over columns from 0 to `upper`."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(low)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(len(cost)), upper
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("random_seed", 1)):
        highs.setOptionValue(option, value)
    highs.passModel(lp)
    return highs


def linked(problem: DesignProblem, most: Floats) -> tuple[sparse.csc_matrix, Floats, Floats]:
    """Rows with one column more for each candidate: people of a day are at most `most` times that."""
    rows, right = problem.rows()
    count, people = len(problem.candidates), most.size
    link = sparse.hstack([sparse.identity(people), sparse.csr_matrix((people, rows.shape[1] - people)),
                          -sparse.csr_matrix(sparse.kron(sparse.identity(count), np.ones((problem.days, 1))).multiply(
                              most.reshape(-1, 1)))])  # fmt: skip
    whole = sparse.vstack([sparse.hstack([rows, sparse.csr_matrix((len(right), count))]), link], format="csc")
    return whole, np.concatenate([right, np.full(people, -INF)]), np.concatenate([right, np.zeros(people)])


def shown(problem: DesignProblem) -> Floats:
    """By how many people (candidates,) the need rises where a shift begins and falls where it ends, the fewer of both,
    over all days: what a cover without shortage and excess shows of its shifts."""
    flat = problem.need.ravel()
    change = flat - np.roll(flat, 1)
    found = np.zeros(len(problem.candidates))
    for day in range(problem.days):
        spans = [covered_by(shift, day, problem.step, problem.need) for shift in problem.candidates]
        begins = np.array([span[0] for span in spans])
        ends = np.array([(span[-1] + 1) % flat.size for span in spans])
        found += np.minimum(np.maximum(change[begins], 0), np.maximum(-change[ends], 0))
    return found


def proven(
    problem: DesignProblem, people: NDArray[np.int64], seconds: float, kept: Sequence[int] = ()
) -> tuple[NDArray[np.int64], float]:
    """The integer programme from a known design: people of the best one, and the bound; shifts that are `kept` are
    paid for whether worked or not."""
    most, count = problem.most(), len(problem.candidates)
    begun = time.monotonic()
    rows, low, high = linked(problem, most)
    covers = 2 * problem.need.size
    cost = np.concatenate([np.zeros(most.size), problem.cover_costs(), np.full(count, problem.prices.distinct_shift)])
    upper = np.concatenate([most.ravel(), np.full(covers, INF), np.ones(count)])
    highs = model(cost, upper, rows, low, high)
    charged = (most.size + covers + np.array(kept)).astype(np.int32)
    highs.changeColsBounds(len(charged), charged, np.ones(len(charged)), np.ones(len(charged)))
    whole = np.concatenate([np.arange(most.size), most.size + covers + np.arange(count)]).astype(np.int32)
    highs.changeColsIntegrality(len(whole), whole, np.full(len(whole), highspy.HighsVarType.kInteger))
    worked = people.any(axis=1)
    worked[list(kept)] = True
    known = np.concatenate([people.ravel(), worked]).astype(float)
    highs.setSolution(len(whole), whole, known)
    highs.setOptionValue("time_limit", max(0.1, seconds - (time.monotonic() - begun)))
    highs.run()
    info = highs.getInfo()
    if info.primal_solution_status != 2:
        return people, float(info.mip_dual_bound)
    values = np.array(highs.getSolution().col_value)[: most.size]
    return np.rint(values).astype(np.int64).reshape(most.shape), float(info.mip_dual_bound)


def allowed(span: ShiftRange, step: int) -> list[Shift]:
    starts = range(span.first_start, span.last_start + 1, step)
    return list(product(starts, range(span.shortest_min, span.longest_min + 1, step)))


def covered_by(shift: Shift, day: int, step: int, need: Floats) -> NDArray[np.int64]:
    """Intervals of the circle that a shift covers."""
    first = day * need.shape[1] + shift[0] // step
    return np.arange(first, first + shift[1] // step) % need.size


def design_price(chosen: dict[Shift, NDArray[np.int64]], need: Floats, prices: DesignPrices, step: int) -> float:
    """Price of a design, counted afresh."""
    present = np.zeros(need.size)
    for shift, counts in chosen.items():
        for day, count in enumerate(counts):
            present[covered_by(shift, day, step, need)] += count
    missing = np.maximum(need.ravel() - present, 0).sum() * prices.shortage_hour
    beyond = np.maximum(present - need.ravel(), 0).sum() * prices.excess_hour
    return float((missing + beyond) * step / 60 + prices.distinct_shift * len(chosen))
