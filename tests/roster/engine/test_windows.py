"""Long horizons by windows: the rolled roster keeps every rule by an independent judge; held days stay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import curtois_check, curtois_qu, curtois_sites
from staffing.roster.engine import windows
from staffing.roster.engine.problem import SolveLimits, tour_price
from staffing.roster.engine.search import sweep
from staffing.roster.engine.solver import Solution, Solver


@pytest.mark.parametrize(("weeks", "shifts"), [(9, 2), (16, 6)])
def test_a_rolled_roster_keeps_every_rule_and_a_window_touches_nothing_else(
    tmp_path: Path, weeks: int, shifts: int
) -> None:
    file = tmp_path / "made.txt"
    file.write_text(curtois_sites.made(weeks, 6, shifts, seed=3))
    instance = curtois_qu.read(file)
    problem = curtois_qu.problem_of(instance)
    solver = Solver(problem, SolveLimits(600, 0.0))
    windows.roll_forward(windows.alone(problem), solver.state, solver.ws)
    rolled = solver._price()
    judged(solver, instance, file)
    for i, tour in enumerate(solver.state.tours):
        assert solver.state.price[i] == pytest.approx(tour_price(problem, i, tour))

    before = solver.state.tours.copy()
    part = windows.within(windows.alone(problem), solver.state, 14, 42)
    now = sweep(solver.everyone, solver._no_guide, 0.0, part.cover, solver.state, part.people, part.options,
                part.automata, solver.ws)  # fmt: skip
    held = np.r_[0:14, 42 : problem.days]
    assert (solver.state.tours[:, held] == before[:, held]).all()
    assert now <= rolled + 1e-6
    judged(solver, instance, file)


def judged(solver: Solver, instance: curtois_qu.Instance, file: Path) -> None:
    """The judge, who knows no engine, finds the same price and no broken rule."""
    out = file.with_suffix(".csv")
    curtois_qu.write(Solution(solver.state, 0.0, 0.0, 0.0, ""), instance, out)
    roster = curtois_check.read_csv(out)
    assert curtois_check.violations(file, roster) == []
    assert sum(curtois_check.cost(file, roster)) == pytest.approx(solver._price())
