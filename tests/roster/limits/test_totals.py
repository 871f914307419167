"""Totals over the horizon in the pricing, against enumeration; the master and its proofs; shift design."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.curtois_check import Roster, cost, violations
from benchmarks.curtois_qu import case_of, read
from benchmarks.made_up_demand import RANGES, made
from benchmarks.minimum_shift_design import DesignPrices, ShiftRange, design_shifts
from staffing.roster.case import BLOCKED, Case, SolveLimits
from staffing.roster.engine.kernels import cheapest_tour, price_options, value_options
from staffing.roster.engine.listing import tours_within
from staffing.roster.engine.price import tour_price
from staffing.roster.engine.solver import solve_case
from staffing.roster.engine.workspace import workspace

INSTANCE = """SECTION_HORIZON
7

SECTION_SHIFTS
E,480,
L,600,E

SECTION_STAFF
A,E=7|L=1,2100,1440,3,2,2,1
B,E=2|L=7,2400,1560,4,1,1,1

SECTION_DAYS_OFF
A,0
B,3

SECTION_SHIFT_ON_REQUESTS
A,2,L,4

SECTION_SHIFT_OFF_REQUESTS
B,5,E,3

SECTION_COVER
""" + "\n".join(f"{day},{shift},1,10,1" for day in range(7) for shift in "EL")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Small.txt"
    path.write_text(INSTANCE)
    return path


def test_totals_are_refused_beside_a_rest_that_their_pricing_would_drop(file: Path) -> None:
    case = case_of(read(file))
    fit = case.automata.fit.copy()
    fit[0, -1] -= 1
    with pytest.raises(ValueError, match="rest between days as a rule"):
        replace(case, automata=case.automata._replace(fit=fit))


def allowed(file: Path, who: str) -> list[tuple[int, ...]]:
    """Every week that the judge allows one employee, the other one's broken rules aside."""
    weeks = []
    for week in itertools.product((-1, 0, 1), repeat=7):
        roster: Roster = {(who, day): "EL"[shift] for day, shift in enumerate(week) if shift >= 0}
        if not any(text.startswith(f"{who}:") for text in violations(file, roster)):
            weeks.append(tuple(2 * day + shift if shift >= 0 else -1 for day, shift in enumerate(week)))
    return weeks


def worth_of(case: Case, tour: tuple[int, ...], worth: np.ndarray) -> float:
    return sum(worth[option] for option in tour if option >= 0)


@pytest.mark.parametrize("seed", range(5))
def test_pricing_and_listing_agree_with_enumeration(file: Path, seed: int) -> None:
    case = case_of(read(file))
    worth = np.random.default_rng(seed).normal(3.0, 4.0, case.grid.slots)
    ws = workspace(case.options, case.automata, case.grid.slots)
    value_options(worth, case.options, ws)
    for k, who in enumerate("AB"):
        weeks = allowed(file, who)
        prices = sorted(tour_price(case, k, np.array(w, np.int32)) - worth_of(case, w, worth) for w in weeks)
        assert prices[-1] < BLOCKED
        tour = np.full(7, -1, np.int32)
        assert cheapest_tour(k, case.people, case.options, case.automata, ws, tour) == pytest.approx(prices[0])
        assert tuple(tour) in set(weeks)
        price_options(k, case.people, case.options, ws)
        a, off = int(case.people.automaton[k]), case.people.off_price[k]
        listed, complete = tours_within(6.0, 5000, a, off, case.options, case.automata, ws)
        assert complete
        assert len({tuple(one) for one in listed}) == len(listed) == sum(p <= prices[0] + 6.0 for p in prices)


def test_the_engine_proves_the_best_roster_of_two(file: Path) -> None:
    instance = read(file)
    weeks = [allowed(file, who) for who in "AB"]
    best = min(sum(cost(file, roster_of(pair))) for pair in itertools.product(*weeks))
    solution = solve_case(case_of(instance), SolveLimits(60.0, 0.0, 1))
    assert solution.status == "optimal"
    assert solution.objective == solution.bound == best
    made = roster_of([tuple(int(option) for option in tour) for tour in solution.state.tours])
    assert violations(file, made) == []
    assert sum(cost(file, made)) == best


def roster_of(pair: tuple[tuple[int, ...], ...] | list[tuple[int, ...]]) -> Roster:
    return {(who, day): "EL"[option % 2] for who, week in zip("AB", pair, strict=True)
            for day, option in enumerate(week) if option >= 0}  # fmt: skip


def test_two_humps_need_two_shifts() -> None:
    need = np.zeros((2, 24))
    need[:, 8:16] += 2
    need[:, 14:22] += 1
    made = design_shifts(need, [ShiftRange(300, 900, 480, 480)], DesignPrices(60.0, 60.0, 60.0))
    assert made.status == "optimal"
    assert set(made.shifts) == {(480, 480), (840, 480)}
    assert made.objective == made.bound == pytest.approx(2 * 60.0)  # met exactly: two shifts are all it costs


@pytest.mark.parametrize(("minutes", "count"), [(30, 6), (15, 8)])
def test_shifts_that_cover_a_need_exactly_are_found_again(minutes: int, count: int) -> None:
    need, drawn = made(minutes, count, seed=3)
    found = design_shifts(need, RANGES, DesignPrices(60.0, 60.0, float(minutes)), seconds=60)
    assert found.bound <= found.objective <= drawn * minutes + 1e-6
