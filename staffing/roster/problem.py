"""The rostering problem as arrays: built once from the planner's objects, read by every engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from staffing.domain.workforce import Agent, Contract, LabourRules, ShiftTemplate
from staffing.roster.arrays import BLOCKED, Automata, Options, People
from staffing.roster.automaton import DatedShift
from staffing.roster.search import Cover

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.calendar import SiteCalendar
    from staffing.domain.scenario import Prices


@dataclass(frozen=True)
class SolveLimits:
    """How long and how far to optimise: wall seconds, relative gap, seed, solver threads."""

    seconds: float = 60.0
    gap: float = 0.01
    seed: int = 1
    threads: int = 1

    def __post_init__(self) -> None:
        if self.seconds <= 0 or not 0 <= self.gap < 1 or self.threads < 1:
            raise ValueError("Expected seconds > 0, 0 <= gap < 1, threads >= 1.")


@dataclass(frozen=True)
class Inputs:
    """What the planner gives; `past`, `pinned` and `published` are roster tables."""

    requirements: pd.DataFrame
    agents: tuple[Agent, ...]
    contracts: tuple[Contract, ...]
    shifts: tuple[ShiftTemplate, ...]
    rules: LabourRules
    prices: Prices
    calendar: SiteCalendar
    start: dt.date
    days: int = 7
    queues: tuple[str, ...] = ()  # every queue of the site; empty means those of `requirements`
    past: pd.DataFrame | None = None
    pinned: pd.DataFrame | None = None
    published: pd.DataFrame | None = None  # when given, every shift that differs from it costs change_price
    change_price: float = 0.0

    def date(self, day: int) -> dt.date:
        """The date of day number `day` of the horizon."""
        return self.start + dt.timedelta(days=day)

    def contract_of(self, agent: Agent) -> Contract:
        """The contract an agent has signed."""
        return next(contract for contract in self.contracts if contract.name == agent.contract)


@dataclass(frozen=True)
class Grid:
    """Slots of equal length from local midnight of the first day, one day past the horizon."""

    origin: pd.Timestamp  # UTC
    slot_min: int
    slots: int

    def slot(self, instants: pd.DatetimeIndex) -> NDArray[np.int64]:
        """Slot numbers of tz-aware instants."""
        minutes = (instants.tz_convert("UTC") - self.origin) // np.timedelta64(60, "s")
        return np.asarray(minutes, np.int64) // self.slot_min

    def instants(self, slots: NDArray[np.int64], zone: object) -> pd.DatetimeIndex:
        """Local instants of slot numbers."""
        import pandas as pd

        utc = self.origin + pd.to_timedelta(np.asarray(slots) * self.slot_min, unit="min")
        return pd.DatetimeIndex(utc).tz_convert(zone)


@dataclass(frozen=True)
class Problem:
    """Arrays for the engines, with the names to read a solution back."""

    grid: Grid
    options: Options
    automata: Automata
    people: People  # classes, sorted by skill group
    cover: Cover
    agent_class: NDArray[np.int32]  # (agents,)
    agent_names: tuple[str, ...]
    queue_names: tuple[str, ...]
    shifts: tuple[DatedShift, ...]  # (options,)
    paid_min: NDArray[np.int32]  # (options,)
    wanted: NDArray[np.bool_]  # (queues, slots) the queue is open
    elastic: tuple[str, ...]  # agents whose minimum hours or days cannot be met

    @property
    def days(self) -> int:
        return len(self.options.day_ptr) - 1

    @property
    def class_size(self) -> NDArray[np.int64]:
        """Agents in each class."""
        return np.bincount(self.agent_class, minlength=len(self.people.automaton))


def tour_price(problem: Problem, k: int, tour: NDArray[np.int32]) -> float:
    """Price of a tour of class `k` without its cover; BLOCKED where a rule forbids it."""
    people, automata, options = problem.people, problem.automata, problem.options
    a = people.automaton[k]
    node, total, ready = int(automata.layer_ptr[a, 0]), 0.0, -1
    counted = np.zeros(automata.count.shape[2], int)
    for day, option in enumerate(tour):
        kind = options.kind[option] if option >= 0 else 0
        if node < 0 or automata.next_node[node, kind] < 0 or (option >= 0 and ready >= automata.fit[a, option]):
            return BLOCKED
        total += people.price[k, option] if option >= 0 else people.off_price[k, day]
        total += automata.price[node, kind]
        counted += automata.count[node, kind]
        node, ready = int(automata.next_node[node, kind]), _rest_rank(problem, int(a), day, int(option))
    if (counted < automata.least[a]).any() or (counted > automata.most[a]).any():
        return BLOCKED
    return min(BLOCKED, total + float(automata.final[node]))


def whole_prices(problem: Problem) -> bool:
    """Whether all prices and needs are whole numbers, and so the price of every roster."""
    cover, people, automata = problem.cover, problem.people, problem.automata
    amounts = (*cover[:5], people.price, people.off_price, automata.price, automata.final)
    return all(bool((part == np.rint(part)).all()) for part in amounts)


def _rest_rank(problem: Problem, a: int, day: int, option: int) -> int:
    """Place of an option in the rest order of its day, -1 for a day off."""
    if option < 0:
        return -1
    first, last = problem.options.day_ptr[day], problem.options.day_ptr[day + 1]
    return int(np.flatnonzero(problem.automata.order[a, first:last] == option - first)[0])
