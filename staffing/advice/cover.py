"""The cheapest cover of a week that contracts allow: a linear programme over groups of alike people.

Shifts are worked by fractions of people, breaks are spread evenly over their shift, and rest, runs of days and
fairness are left out; so no roster is cheaper, and the cost is a lower bound on the roster's own (the covering
model of Dantzig 1954, with groups and multi-skill assignment). Hours count whole: finer intervals are averaged.
The week is taken as circular, so a night shift that begins on its last day covers its first morning.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from staffing.advice.repeated import RepeatedProgramme
from staffing.domain.calendar import DAY_MIN, WEEKDAYS
from staffing.domain.scenario import Scenario
from staffing.domain.workforce import Agent, Contract, ShiftTemplate
from staffing.errors import PlanError

DAYS, HOURS = 7, 168
HOUR_MIN = 60


@dataclass(frozen=True)
class WeekCover:
    """Cheapest cover of a week. ``short`` and ``staffed`` are queues × hours, rostered agents."""

    cost: float
    paid_hours: float
    short: np.ndarray
    staffed: np.ndarray


@dataclass(frozen=True)
class _Group:
    """People alike in contract, skills and hours; ``heads`` per day of the week."""

    contract: Contract
    queues: tuple[int, ...]
    window_min: tuple[int, int]
    heads: np.ndarray
    size: int


@dataclass(frozen=True)
class Team:
    """The people of a scenario in one week, ready to cover any requirement of it."""

    scenario: Scenario
    week: dt.date

    @cached_property
    def groups(self) -> list[_Group]:
        """Groups of alike people."""
        queues = {queue.name: k for k, queue in enumerate(self.scenario.queues)}
        contracts = {contract.name: contract for contract in self.scenario.contracts}
        days = [self.week + dt.timedelta(days=k) for k in range(DAYS)]
        sizes: Counter[tuple] = Counter()
        heads: dict[tuple, np.ndarray] = {}
        for agent in self.scenario.agents:
            key = (agent.contract, agent.skills, agent.earliest, agent.latest)
            sizes[key] += 1
            heads[key] = heads.get(key, np.zeros(DAYS)) + _days_on(agent, days)
        return [
            _Group(contracts[key[0]], tuple(queues[s] for s in key[1] or queues), key[2:], heads[key], size)
            for key, size in sizes.items()
        ]

    @cached_property
    def columns(self) -> list[tuple[int, int, ShiftTemplate, int]]:
        """(group, day, shift, start in minutes after midnight): the shifts that may be worked."""
        out = []
        for (number, group), day in product(enumerate(self.groups), range(DAYS)):
            weekday = WEEKDAYS[(self.week.weekday() + day) % DAYS]
            for shift in (one for template in self.scenario.shifts for one in template.by_length):
                allowed = not group.contract.shifts or shift.name in group.contract.shifts
                if not allowed or (shift.weekdays and weekday not in shift.weekdays):
                    continue
                earliest, latest = group.window_min
                free = latest == DAY_MIN  # such a person may also work across midnight
                starts = [s for s in shift.starts_min if earliest <= s and (free or s + shift.length_min <= latest)]
                hours = sorted({start - start % HOUR_MIN for start in starts})
                out += [(number, day, shift, start) for start in hours]
        return out

    def cover(self, need: np.ndarray) -> WeekCover:
        """Cover ``need`` (queues × 168 hours, rostered agents). Raises PlanError if there is nobody, or no solution."""
        model = self._model
        queues, bounds = len(self.scenario.queues), self._bounds(need)
        solved = linprog(model.price, A_ub=model.rows, b_ub=bounds, bounds=(0, None), method="highs-ipm")
        if solved.status != 0:
            raise PlanError(f"the cover of the week of {self.week} was not solved: {solved.message}")
        short = solved.x[model.short].reshape(queues, HOURS)
        return WeekCover(float(solved.fun), float(solved.x[model.paid].sum()), short, np.maximum(need - short, 0.0))

    def cost(self, need: np.ndarray) -> float:
        """The cost of ``cover`` alone, much faster from the second need on. Raises PlanError as it does."""
        return self._programme.least(self._bounds(need))

    @cached_property
    def _programme(self) -> RepeatedProgramme:
        return RepeatedProgramme(self._model.price, self._model.rows)

    def _bounds(self, need: np.ndarray) -> np.ndarray:
        return np.concatenate([self._limits, -need.ravel()])

    @cached_property
    def _limits(self) -> np.ndarray:
        """Right-hand sides besides the requirement: see ``_model``."""
        groups, classes = self.groups, len(self._classes)
        daily = np.concatenate([group.heads for group in groups])
        days = np.array([min(g.size * g.contract.max_days, g.heads.sum()) for g in groups])
        most = np.array([g.size * g.contract.max_hours for g in groups])
        least = -np.array([g.size * g.contract.min_hours for g in groups])
        return np.concatenate([daily, days, np.zeros(len(groups)), most, least, np.zeros(classes * HOURS)])

    @cached_property
    def _classes(self) -> list[tuple[int, ...]]:
        """Distinct sets of queues that a group can serve."""
        return sorted({group.queues for group in self.groups})

    @cached_property
    def _model(self) -> _Model:
        """Columns: shifts, paid hours per group, hours of a class on a queue, shortage.

        Rows: shifts a day, shifts a week, hours worked ≤ paid, most hours, least hours, class hours ≤ cover,
        requirement. Raises PlanError without any shift.
        """
        if not self.columns:
            raise PlanError("no one can work any shift in the week.", remedy="Check contracts, shifts and hours.")
        groups, classes, queues = self.groups, self._classes, len(self.scenario.queues)
        shifts, serving = len(self.columns), [(k, q) for k, qs in enumerate(classes) for q in qs]
        group_of = np.array([column[0] for column in self.columns])
        each = np.arange(shifts)
        one = np.ones(shifts)
        worked = np.array([column[2].paid_min / HOUR_MIN for column in self.columns])
        day_of = np.array([column[1] for column in self.columns])
        daily = sparse.coo_array((one, (group_of * DAYS + day_of, each)), (len(groups) * DAYS, shifts))
        weekly = sparse.coo_array((one, (group_of, each)), (len(groups), shifts))
        hours = sparse.coo_array((worked, (group_of, each)), (len(groups), shifts))
        paid = sparse.eye_array(len(groups))
        class_of = np.array([classes.index(groups[g].queues) for g in group_of])
        present = _presence(self.columns, class_of, len(classes))
        used = sparse.coo_array(
            (np.ones(len(serving)), ([k for k, _ in serving], np.arange(len(serving)))), (len(classes), len(serving))
        )
        met = sparse.coo_array(
            (np.ones(len(serving)), ([q for _, q in serving], np.arange(len(serving)))), (queues, len(serving))
        )
        hourly = sparse.eye_array(HOURS)
        rows = sparse.block_array(
            [
                [daily, None, None, None],
                [weekly, None, None, None],
                [hours, -paid, None, None],
                [None, paid, None, None],
                [None, -paid, None, None],
                [-present, None, sparse.kron(used, hourly), None],
                [None, None, -sparse.kron(met, hourly), -sparse.eye_array(queues * HOURS)],
            ],
            format="csr",
        )
        prices = self.scenario.prices
        per_hour = [prices.agent_hour if g.contract.hour_cost is None else g.contract.hour_cost for g in groups]
        free = len(serving) * HOURS
        price = np.concatenate(
            [np.zeros(shifts), per_hour, np.zeros(free), np.full(queues * HOURS, prices.shortage_hour)]
        )
        first_short = shifts + len(groups) + free
        return _Model(rows, price, slice(shifts, shifts + len(groups)), slice(first_short, None))


@dataclass(frozen=True)
class _Model:
    rows: sparse.csr_array
    price: np.ndarray
    paid: slice
    short: slice


def _days_on(agent: Agent, days: list[dt.date]) -> np.ndarray:
    return np.array([float(agent.can_work(day)) for day in days])


def _presence(columns: list, class_of: np.ndarray, classes: int) -> sparse.coo_array:
    """(class × hours) × shifts: the share of each hour that one person on the shift is on the phone."""
    rows, cols, shares = [], [], []
    for number, (_, day, shift, start) in enumerate(columns):
        at_work = 1.0 - sum(rule.minutes for rule in shift.breaks) / shift.length_min
        first, last = day * DAY_MIN + start, day * DAY_MIN + start + shift.length_min
        for hour in range(first // HOUR_MIN, -(-last // HOUR_MIN)):
            inside = min(last, (hour + 1) * HOUR_MIN) - max(first, hour * HOUR_MIN)
            rows.append(class_of[number] * HOURS + hour % HOURS)
            cols.append(number)
            shares.append(at_work * inside / HOUR_MIN)
    return sparse.coo_array((shares, (rows, cols)), (classes * HOURS, len(columns)))
