"""A bound where tours under totals over the horizon are too dear to price: every total has a price of its own.

Presence is tied to people by one price per queue and slot, as in `dual`; beside it each class pays for what its totals
lack or exceed (Lagrangian relaxation of both, Geoffrion 1974). Left of pricing is a walk through the rule automaton
without anything counted, whose cost grows with the horizon alone. Every price proves a bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from staffing.compiled import kernel
from staffing.roster.case import BLOCKED, AgentClasses, Automata, Case, Cover, Options
from staffing.roster.engine import dual
from staffing.roster.engine.counted import best_of_kind, cheapest_kinds
from staffing.roster.engine.kernels import price_options, value_options
from staffing.roster.engine.workspace import Buffers

MEMORY = 0.9  # share of the old direction kept
PATIENCE = 12  # steps without a better bound before they shrink
SHRINK = 0.6


@dataclass
class LooseAscent:
    """Prices of slots and totals under trial, and the best bound they proved."""

    case: Case
    ws: Buffers
    bound: float = -np.inf
    step: float = 0.5
    idle: int = 0
    worth: NDArray[np.float64] = field(init=False)
    best_worth: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        case = self.case
        self.worth = 0.4 * case.cover.short
        self.rent = np.zeros((len(case.people.automaton), case.automata.added.shape[2]))  # price of a total's unit
        self.best_worth, self.best_rent = self.worth.copy(), self.rent.copy()
        self.curve, self.size = dual.cover_curve(case.cover), case.class_size.astype(float)
        self.direction = np.zeros_like(self.worth), np.zeros_like(self.rent)

    def climb(self, target: float) -> None:
        """One step; `target` is the price of a known roster."""
        case = self.case
        value, slots, totals = self._value()
        if value > self.bound:
            self.bound, self.idle = value, 0
            self.best_worth, self.best_rent = self.worth.copy(), self.rent.copy()
        else:
            self.idle += 1
        if self.idle >= PATIENCE:
            self.step, self.idle = self.step * SHRINK, 0
            self.worth, self.rent = self.best_worth.copy(), self.best_rent.copy()
        first = not self.direction[0].any()
        keep = 0.0 if first else MEMORY
        self.direction = (keep * self.direction[0] + (1 - keep) * slots, keep * self.direction[1] + (1 - keep) * totals)
        length = float((self.direction[0] ** 2).sum() + (self.direction[1] ** 2).sum())
        if length <= 0:
            return
        move = self.step * (target - value) / length
        self.worth = np.clip(
            self.worth + move * self.direction[0], -case.cover.excess, case.cover.short + case.cover.floor_short
        )
        self.rent = self.rent + move * self.direction[1]

    def _value(self) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
        """The bound at the prices under trial, and its subgradients by slot and by total."""
        case = self.case
        price = self.curve.price + self.curve.at * self.worth
        cheapest = price.argmin(axis=0)[None]
        slots = np.take_along_axis(self.curve.at, cheapest, axis=0)[0]
        totals = np.zeros_like(self.rent)
        people = _answers(self.worth, self.rent, self.size, slots, totals, case.cover, case.people, case.options,
                          case.automata, self.ws)  # fmt: skip
        a = case.people.automaton
        limit = np.where(self.rent > 0, case.automata.most[a], case.automata.least[a])
        within = (totals >= case.automata.least[a]) & (totals <= case.automata.most[a]) & (self.rent == 0)
        beyond = np.where(
            self.rent == 0, np.where(totals > case.automata.most[a], totals - case.automata.most[a],
                                     totals - case.automata.least[a]), totals - limit,
        )  # fmt: skip
        gradient = np.where(within, 0.0, beyond) * self.size[:, None]
        value = float(price.min(axis=0).sum()) + people - float((self.size[:, None] * self.rent * limit).sum())
        return value, slots, gradient


@kernel
def _answers(worth: NDArray[np.float64], rent: NDArray[np.float64], size: NDArray[np.float64],
             slots: NDArray[np.float64], totals: NDArray[np.float64], cover: Cover, people: AgentClasses,
             options: Options, automata: Automata, ws: Buffers) -> float:  # fmt: skip
    """Let every class walk at these prices: sum of prices; presence is taken from `slots`, totals go to `totals`."""
    best, queue = np.empty(worth.shape[1]), np.empty(worth.shape[1], np.int64)
    days, sum_of_prices, group = len(options.day_ptr) - 1, 0.0, -1
    kinds, none, tour = np.zeros(days, np.int64), np.zeros(0, np.int64), np.empty(days, np.int32)
    charged = automata.price.copy()
    for k in range(len(size)):
        if people.group[k] != group:
            group = people.group[k]
            dual.best_queue(group, worth, cover, best, queue)
            value_options(best, options, ws)
        price_options(k, people, options, ws)
        a = people.automaton[k]
        for node in range(automata.layer_ptr[a, 0], automata.layer_ptr[a, days + 1]):
            for kind in range(charged.shape[1]):
                price = automata.price[node, kind]
                for r in range(rent.shape[1]):
                    price += rent[k, r] * automata.added[node, kind, r]
                charged[node, kind] = price
        cost, choice = best_of_kind(people.off_price[k], options, charged.shape[1], ws)
        part = Automata(automata.layer_ptr, automata.next_node, charged, automata.final, automata.order, automata.fit,
                        automata.added, automata.least, automata.most)  # fmt: skip
        price = cheapest_kinds(a, cost, none, part, kinds)
        if price >= BLOCKED:
            return -np.inf
        sum_of_prices += size[k] * price
        node = automata.layer_ptr[a, 0]
        for day in range(days):
            tour[day] = choice[day, kinds[day]]
            for r in range(rent.shape[1]):
                totals[k, r] += automata.added[node, kinds[day], r]
            node = automata.next_node[node, kinds[day]]
        dual.take_presence(tour, size[k], queue, cover.amount[group], cover.marks[group], options, ws, slots)
    return sum_of_prices
