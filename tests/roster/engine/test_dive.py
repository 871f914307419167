"""Dives from the linear programme: everybody gets a tour, no goal is missed, equal luck gives equal rosters."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import curtois_check, curtois_qu, curtois_sites
from staffing.roster.case import SolveLimits
from staffing.roster.engine.columns import assign
from staffing.roster.engine.counted import boxes
from staffing.roster.engine.dive import DiveNode, _step, dive
from staffing.roster.engine.generation import NEAR, Generation
from staffing.roster.engine.listing import MOST_STATES
from staffing.roster.engine.refine import Move, Refinement
from staffing.roster.engine.run import Run, Solution
from staffing.roster.engine.strategies.first_answers import FirstAnswers

ROUNDS = 1000
WORK = 15_000  # iterations


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "made.txt"
    made.write_text(curtois_sites.made(2, 8, 2, seed=4))
    return made


def root_of(file: Path) -> tuple[Run, Generation, DiveNode]:
    """A run, and the linear programme of everybody."""
    run = Run(curtois_qu.case_of(curtois_qu.read(file)), SolveLimits(600, 0.0))
    generation = Generation(run.case, run.ws, lambda: math.inf)
    FirstAnswers().improve(run)
    worth = np.zeros(run.case.grid.slots)
    generation.price(run.everyone, worth)
    generation.collect(run.everyone)
    start = generation.start(generation.whole(), worth)
    return run, generation, DiveNode(start, generation.converge(start, worth, ROUNDS), [], 0.0)


def test_a_dive_costs_less_than_its_goal_or_finds_nothing(file: Path) -> None:
    run, generation, root = root_of(file)
    assert root.made.complete
    chosen = dive(generation, root, math.inf, np.random.default_rng(1))
    assert chosen is not None
    for tour in (generation.pool.tours[number] for number in chosen):
        assign(run.case, run.state, tour.owner, tour)  # everybody is a class of their own here
    price, instance = run.price, curtois_qu.read(file)
    assert sorted(generation.pool.tours[number].owner for number in chosen) == run.everyone.tolist()
    assert price >= root.made.bound - 1e-6
    assert judged(run, instance, file) == pytest.approx(price)

    better = dive(generation, root, price, np.random.default_rng(1), dead_ends=5)
    assert better is None or better != chosen
    assert dive(generation, root, root.made.bound, np.random.default_rng(1), dead_ends=5) is None


def test_several_ways_on_are_tried_where_a_step_gets_dearer(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, generation, root = root_of(file)
    luck, goals = iter((1.5, 1.3, 1.4, 1.0, 0.9)), list[float]()

    def fixed(known: Generation, node: DiveNode, goal: float, _: np.random.Generator, __: int) -> DiveNode:
        goals.append(goal / root.price)
        known.work += 1
        made = replace(node.made, bound=next(luck) * root.price)
        return DiveNode(node.start, made, [], 0.0)

    monkeypatch.setattr("staffing.roster.engine.dive._fix", fixed)

    def step(spare: int) -> tuple[DiveNode, int]:
        return _step(generation, root, math.inf, np.random.default_rng(1), ROUNDS, 3, spare)

    dearer, spare = step(2)
    assert dearer.price == pytest.approx(1.3 * root.price)
    assert goals == pytest.approx([math.inf, 1.5, 1.3])
    assert spare == 1
    same, spare = step(spare)
    assert same.price == pytest.approx(root.price)
    assert (len(goals), spare) == (4, 2)
    luck = iter((1.5, 1.2, 1.1))
    assert step(0)[0].price == pytest.approx(1.2 * root.price)  # no more work than the first ways took


def test_a_dive_of_several_ways_gives_everybody_a_tour_below_its_goal(file: Path) -> None:
    run, generation, root = root_of(file)
    once = dive(generation, root, math.inf, np.random.default_rng(1))
    assert once is not None
    for ways in (1, 6):
        chosen = dive(generation, root, math.inf, np.random.default_rng(1), ways=ways)
        assert chosen is not None
        for tour in (generation.pool.tours[number] for number in chosen):
            assign(run.case, run.state, tour.owner, tour)
        assert judged(run, curtois_qu.read(file), file) == pytest.approx(run.price)
        assert run.price >= root.made.bound - 1e-6
        assert ways > 1 or chosen == once


def test_prices_from_amid_the_optimal_ones_prove_nearly_the_price_of_the_programme(file: Path) -> None:
    _, generation, root = root_of(file)
    assert root.made.relaxed is not None
    price, worth = root.made.relaxed.price, np.zeros(generation.case.grid.slots)
    fresh = Generation(generation.case, generation.ws, lambda: math.inf)
    fresh.learn(generation.pool.tours[: len(fresh.case.agent_class)])
    made = fresh.centred(fresh.start(fresh.whole(), worth), worth, ROUNDS)
    assert made.complete
    assert made.relaxed is not None
    assert price - 2 * NEAR * price <= made.bound <= price + 1e-6
    assert made.relaxed.price >= made.bound


def test_a_wide_programme_ends_with_the_same_bound_and_is_dived_from(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, root = root_of(file)
    monkeypatch.setattr("staffing.roster.engine.generation.WIDE", 1)
    monkeypatch.setattr("staffing.roster.engine.master.MANY_TOURS", 0)
    run, generation, _ = root_of(file)
    bounds: list[float] = []
    refinement = Refinement(generation, run.state, run.rng, 1.0, lambda _: None, bounds.append, lambda: False,
                            np.zeros(run.case.grid.slots))  # fmt: skip
    start, made = refinement._root()
    assert made.complete
    assert max(bounds) == pytest.approx(root.made.bound, rel=1e-4)
    chosen = dive(generation, DiveNode(start, made, [], 0.0), math.inf, run.rng)
    assert chosen is not None
    assert sorted(generation.pool.tours[number].owner for number in chosen) == run.everyone.tolist()
    refinement._take(chosen)
    dived = run.price
    refinement.reopen(run.everyone[:5], Move(5, dives=False))
    assert run.price <= dived + 1e-6
    assert judged(run, curtois_qu.read(file), file) == pytest.approx(run.price)


def test_tours_are_not_listed_where_many_totals_are_counted(tmp_path: Path) -> None:
    made = tmp_path / "many.txt"
    made.write_text(curtois_sites.made(4, 3, 24, seed=1))
    instance = curtois_qu.read(made)
    case = curtois_qu.case_of(instance)
    sizes = boxes(0, np.zeros((case.days, len(instance.shifts) + 1)), np.arange(case.automata.added.shape[2]),
                  case.automata)[1]  # fmt: skip
    assert np.prod(sizes.astype(float), axis=1).sum() > MOST_STATES  # a number a state would fill the memory
    generation = Generation(case, Run(case, SolveLimits(600, 0.0)).ws, lambda: math.inf)
    assert generation.list_all(np.zeros(case.grid.slots), 1.0) is None


def test_equal_luck_gives_equal_rosters_and_the_bound_stays_below(file: Path) -> None:
    found = []
    for _ in range(2):
        run, generation, root = root_of(file)
        prices: list[float] = []
        bounds: list[float] = []
        refinement = Refinement(generation, run.state, np.random.default_rng(3), 1.0, prices.append, bounds.append,
                                lambda known=generation: known.work > WORK, root.made.worth)  # fmt: skip
        refinement.run()
        assert prices == sorted(prices, reverse=True)
        assert max(bounds) <= prices[-1] + 1e-6
        found.append((prices, refinement.best_state.tours.tolist(), generation.work))
    assert found[0] == found[1]


def judged(run: Run, instance: curtois_qu.Instance, file: Path) -> float:
    """The price that the judge, who knows no engine, finds; no rule is broken."""
    out = file.with_suffix(".csv")
    curtois_qu.write(Solution(run.state, 0.0, 0.0, 0.0, ""), instance, out)
    roster = curtois_check.read_csv(out)
    assert curtois_check.violations(file, roster) == []
    return sum(curtois_check.cost(file, roster))
