"""Dives from the linear programme: everybody gets a tour, no goal is missed, equal luck gives equal rosters."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks import curtois_check, curtois_qu, curtois_sites
from staffing.roster.case import SolveLimits
from staffing.roster.engine.columns import assign
from staffing.roster.engine.dive import DiveNode, dive
from staffing.roster.engine.generation import Generation
from staffing.roster.engine.refine import Refinement
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
