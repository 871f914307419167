"""What a set of kinds costs: who works each kind on each day, within what contracts let their people work.

People count by contract and by the hours of the day that they can work. A week of a contract is a *mix*: how many
shifts of each length, within its days and hours. People for whom no mix is found stay idle: they are paid the least
hours of their contract all the same, and the price counts that several times, so that there is work for everybody
where it can be had.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from numpy.typing import NDArray

from staffing.domain.calendar import DAY_MIN
from staffing.domain.workforce import Contract
from staffing.roster.design.kinds import Floats, ShiftStart

GAP = 0.003
WEEK = 7
IDLE = 4.0  # times the pay of people without work
EPS = 1e-9


@dataclass(frozen=True)
class Group:
    """People with one contract and the same hours of the day (minutes after midnight): how many, and how many of them
    can work on each day."""

    contract: Contract
    earliest: int
    latest: int
    count: int
    able: tuple[int, ...]
    pay: float  # for an hour

    def has_room(self, kind: ShiftStart) -> bool:
        """Whether a kind lies within the hours of these people."""
        end = kind.start_min + kind.length_min
        return kind.start_min >= self.earliest and (self.latest >= DAY_MIN or end <= self.latest)

    def mixes(self, hours: Sequence[float]) -> Iterator[NDArray[np.int64]]:
        """Shifts of each length, by their paid hours, that one week can hold."""
        contract = self.contract
        for days in range(contract.min_days, contract.max_days + 1):
            for some in combinations_with_replacement(range(len(hours)), days):
                total = sum(hours[k] for k in some)
                if contract.min_hours - EPS <= total <= contract.max_hours + EPS:
                    yield np.bincount(np.array(some, int), minlength=len(hours))


@dataclass(frozen=True)
class CoverProblem:
    """What is to be covered, and by whom.

    need : (slots,) agents present; wanted : where any are. day_slot : first slot of each day.
    short, excess : money for one too few or too many in a slot.
    """

    need: Floats
    wanted: NDArray[np.bool_]
    day_slot: NDArray[np.int64]
    slot_min: int
    short: float
    excess: float
    groups: tuple[Group, ...]

    @property
    def days(self) -> int:
        return len(self.day_slot)

    @property
    def pay(self) -> float:
        """Money for an hour, on average over people."""
        return sum(g.pay * g.count for g in self.groups) / max(1, sum(g.count for g in self.groups))


@dataclass(frozen=True)
class Covered:
    """A cover: its price, idle people's pay counted in, and what it consists of. `count` (kinds, days) are people."""

    price: float
    paid_hours: float
    idle_hours: float
    short_hours: float
    excess_hours: float
    count: Floats


@dataclass(frozen=True)
class ShiftOptions:
    """Kinds, on which days they lie within opening hours (kinds, days), and which group may work them (groups,
    kinds)."""

    kinds: Sequence[ShiftStart]
    fits: NDArray[np.bool_]
    may: NDArray[np.bool_]


def cover(choice: ShiftOptions, demand: CoverProblem) -> tuple[Covered, Floats]:
    """The cheapest cover with parts of people, and what one more person present is worth in each slot."""
    from scipy.optimize import linprog

    programme = _Programme(choice, demand)
    bounds = np.column_stack([np.zeros(len(programme.cost)), programme.most])
    made = linprog(
        programme.cost, A_ub=programme.places, b_ub=programme.able, A_eq=programme.rows, b_eq=programme.wanted,
        bounds=bounds, method="highs",
    )  # fmt: skip
    return programme.read(made.x), made.eqlin.marginals[: len(demand.need)]


def whole_cover(choice: ShiftOptions, demand: CoverProblem, seconds: float) -> Covered:
    """The cheapest cover found with whole people, to a gap of 0.3 %, within a time limit; else with parts of people."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    programme = _Programme(choice, demand)
    limits = [
        LinearConstraint(programme.places, -np.inf, programme.able),
        LinearConstraint(programme.rows, programme.wanted, programme.wanted),
    ]
    made = milp(
        programme.cost, integrality=programme.whole, bounds=Bounds(0, programme.most), constraints=limits,
        options={"time_limit": seconds, "mip_rel_gap": GAP},
    )  # fmt: skip
    return programme.read(made.x) if made.x is not None else cover(choice, demand)[0]


def worth(kind: ShiftStart, fits: NDArray[np.bool_], demand: CoverProblem, prices: Floats) -> float:
    """What a kind could save at these slot prices, over all days on which it would save anything."""
    gain = (prices[_slots(kind, demand)] * kind.presence(demand.slot_min)[None, :]).sum(axis=1)
    return float(np.where(fits, np.maximum(gain - demand.pay * kind.paid_hours, 0.0), 0.0).sum())


def _slots(kind: ShiftStart, demand: CoverProblem) -> NDArray[np.int64]:
    """Slots (days, slots of the shift) that a kind covers; the last night runs on into the first day."""
    first = demand.day_slot + kind.start_min // demand.slot_min
    return (first[:, None] + np.arange(kind.length_min // demand.slot_min)) % len(demand.need)


class _Programme:
    """Costs, rows and limits: people by group, kind and day; weeks by group and mix; idle people; short; over."""

    def __init__(self, choice: ShiftOptions, demand: CoverProblem) -> None:
        from scipy import sparse

        self.choice, self.demand = choice, demand
        kinds, groups, days, slots = choice.kinds, demand.groups, demand.days, len(demand.need)
        self.hours = sorted({kind.paid_hours for kind in kinds})
        weeks = days // WEEK
        mixes = [np.array(list(group.mixes(self.hours)), int).reshape(-1, len(self.hours)) for group in groups]
        self.shifts = len(groups) * len(kinds) * days
        self.weeks = weeks * sum(map(len, mixes))
        self.idle = weeks * len(groups)
        presence = sparse.hstack([self._presence()] * len(groups), format="csr")
        eye = sparse.identity(slots, format="csr")
        nobody = sparse.csr_matrix((slots, self.weeks + self.idle))
        cover_rows = sparse.hstack([presence, nobody, eye, -eye], format="csr")
        week_rows, people = self._week_rows(mixes)
        self.rows = sparse.vstack([cover_rows, week_rows], format="csr")
        self.wanted = np.concatenate([demand.need, people])
        by_day = sparse.kron(np.ones((1, len(kinds))), sparse.identity(days))
        each_day = sparse.kron(sparse.identity(len(groups)), by_day)
        self.places = sparse.hstack([each_day, sparse.csr_matrix((each_day.shape[0], self._others))], format="csr")
        self.able = np.concatenate([group.able for group in groups]).astype(float)
        paid = np.array([kind.paid_hours for kind in kinds])
        pay = np.concatenate([np.repeat(group.pay * paid, days) for group in groups])
        idle = np.concatenate([np.full(weeks, IDLE * group.pay * group.contract.min_hours) for group in groups])
        missing, beyond = (np.where(demand.wanted, price, 0.0) for price in (demand.short, demand.excess))
        self.cost = np.concatenate([pay, np.zeros(self.weeks), idle, missing, beyond])
        self.most = np.full(len(self.cost), np.inf)
        allowed = choice.fits[None, :, :] & choice.may[:, :, None]
        self.most[: self.shifts] = np.where(allowed.ravel(), np.inf, 0.0)
        self.whole = np.concatenate([np.ones(self.shifts + self.weeks + self.idle), np.zeros(2 * slots)])

    @property
    def _others(self) -> int:
        return self.weeks + self.idle + 2 * len(self.demand.need)

    def _presence(self) -> Any:
        """Presence in each slot by kind and day."""
        from scipy import sparse

        kinds, demand = self.choice.kinds, self.demand
        covered = [_slots(kind, demand) for kind in kinds]
        rows = np.concatenate([slots.ravel() for slots in covered])
        days = np.arange(demand.days)
        columns = np.concatenate([np.repeat(k * demand.days + days, one.shape[1]) for k, one in enumerate(covered)])
        values = np.concatenate([np.tile(kind.presence(demand.slot_min), demand.days) for kind in kinds])
        return sparse.csr_matrix((values, (rows, columns)), shape=(len(demand.need), len(kinds) * demand.days))

    def _week_rows(self, mixes: list[NDArray[np.int64]]) -> tuple[Any, Floats]:
        """Shifts of each length in each week of a group are those of its mixes; everybody has a mix or is idle."""
        from scipy import sparse

        groups, days = self.demand.groups, self.demand.days
        weeks, in_week = days // WEEK, np.kron(np.eye(days // WEEK), np.ones(WEEK))
        of_length = np.array([[kind.paid_hours == hours for kind in self.choice.kinds] for hours in self.hours], float)
        one = sparse.vstack([sparse.kron(of_length, in_week[w][None, :]) for w in range(weeks)])
        shifts = sparse.block_diag([one] * len(groups))
        used = sparse.block_diag([sparse.block_diag([-mix.T] * weeks) for mix in mixes])
        none = sparse.csr_matrix((shifts.shape[0], self.idle + 2 * len(self.demand.need)))
        by_length = sparse.hstack([shifts, used, none])
        everybody = sparse.block_diag([sparse.block_diag([np.ones((1, len(mix)))] * weeks) for mix in mixes])
        left = sparse.csr_matrix((self.idle, self.shifts))
        rest = sparse.csr_matrix((self.idle, 2 * len(self.demand.need)))
        by_group = sparse.hstack([left, everybody, sparse.identity(self.idle), rest])
        counts = np.concatenate([np.full(weeks, float(group.count)) for group in groups])
        return sparse.vstack([by_length, by_group], format="csr"), np.concatenate([np.zeros(shifts.shape[0]), counts])

    def read(self, x: Floats) -> Covered:
        """The cover of a solution."""
        demand, kinds, slots = self.demand, self.choice.kinds, len(self.demand.need)
        hours, groups = demand.slot_min / 60, demand.groups
        people = x[: self.shifts].reshape(len(groups), len(kinds), demand.days).sum(axis=0)
        idle = x[self.shifts + self.weeks :][: self.idle].reshape(len(groups), -1).sum(axis=1)
        missing = np.where(demand.wanted, x[-2 * slots : -slots], 0.0).sum()
        beyond = np.where(demand.wanted, x[-slots:], 0.0).sum()
        return Covered(
            price=float(self.cost @ x),
            paid_hours=float(people.sum(axis=1) @ np.array([kind.paid_hours for kind in kinds])),
            idle_hours=float(sum(n * group.contract.min_hours for n, group in zip(idle, groups, strict=True))),
            short_hours=float(missing * hours),
            excess_hours=float(beyond * hours),
            count=people,
        )
