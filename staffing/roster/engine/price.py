"""What tours and rosters cost, reckoned in one place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from staffing.roster.case import Case
from staffing.roster.engine.kernels import price_of_tour
from staffing.roster.engine.search import State
from staffing.roster.engine.worth import cover_cost


def tour_price(case: Case, k: int, tour: NDArray[np.int32]) -> float:
    """Price of a tour of class `k` without its cover; BLOCKED where a rule forbids it."""
    return float(price_of_tour(k, tour, case.people, case.options, case.automata))


def roster_price(case: Case, state: State) -> float:
    """Price of a whole roster: of its cover and of everybody's tour."""
    return float(cover_cost(case.cover, state.counts) + state.price.sum())


def whole_prices(case: Case) -> bool:
    """Whether all prices and needs are whole numbers, and so the price of every roster."""
    cover, people, automata = case.cover, case.people, case.automata
    amounts = (*cover[:5], cover.table, cover.amount, people.price, people.off_price, automata.price, automata.final)
    return all(bool((part == np.rint(part)).all()) for part in amounts)
