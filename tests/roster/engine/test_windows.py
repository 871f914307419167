"""Long horizons by windows: the rolled roster keeps every rule by an independent judge; held days stay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import curtois_check, curtois_qu, curtois_sites
from staffing.roster.case import SolveLimits
from staffing.roster.engine import windows
from staffing.roster.engine.loose import LooseAscent
from staffing.roster.engine.patches import patch
from staffing.roster.engine.price import tour_price
from staffing.roster.engine.run import Run, Solution
from staffing.roster.engine.search import sweep
from staffing.roster.engine.solver import solve_case
from staffing.roster.engine.strategies import columns
from staffing.roster.engine.strategies.roll_forward import RollForward


@pytest.mark.parametrize(("weeks", "shifts"), [(9, 2), (16, 6)])
def test_a_rolled_roster_keeps_every_rule_and_a_window_touches_nothing_else(
    tmp_path: Path, weeks: int, shifts: int
) -> None:
    file = tmp_path / "made.txt"
    file.write_text(curtois_sites.made(weeks, 6, shifts, seed=3))
    instance = curtois_qu.read(file)
    case = curtois_qu.case_of(instance)
    run = Run(case, SolveLimits(600, 0.0))
    windows.roll_forward(windows.alone(case), run.state, run.ws)
    rolled = run.price
    judged(run, instance, file)
    for i, tour in enumerate(run.state.tours):
        assert run.state.price[i] == pytest.approx(tour_price(case, i, tour))

    before = run.state.tours.copy()
    part = windows.within(windows.alone(case), run.state, 14, 42)
    sweep(run.everyone, run.no_guide, 0.0, part.cover, run.state, part.people, part.options,
          part.automata, run.ws)  # fmt: skip
    held = np.r_[0:14, 42 : case.days]
    assert (run.state.tours[:, held] == before[:, held]).all()
    assert run.price <= rolled + 1e-6
    judged(run, instance, file)


def test_windows_side_by_side_are_chosen_better_and_keep_every_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "made.txt"
    file.write_text(curtois_sites.made(9, 6, 2, seed=3))
    instance = curtois_qu.read(file)
    run = Run(curtois_qu.case_of(instance), SolveLimits(12, 0.0))
    assert columns.window_days(run.case) == run.case.days
    monkeypatch.setattr(columns, "MOST_CELLS", 1)
    assert columns.window_days(run.case) == windows.WINDOW_DAYS
    RollForward().improve(run)
    rolled = run.best
    columns.WindowColumns().improve(run)
    assert run.best < rolled
    assert run.price == pytest.approx(run.best)
    judged(run, instance, file)


def judged(run: Run, instance: curtois_qu.Instance, file: Path) -> None:
    """The judge, who knows no engine, finds the same price and no broken rule."""
    out = file.with_suffix(".csv")
    curtois_qu.write(Solution(run.state, 0.0, 0.0, 0.0, ""), instance, out)
    roster = curtois_check.read_csv(out)
    assert curtois_check.violations(file, roster) == []
    assert sum(curtois_check.cost(file, roster)) == pytest.approx(run.price)


@pytest.mark.parametrize(("weeks", "heat"), [(3, 0.0), (6, 20.0)])
def test_patches_keep_every_rule_and_count_what_they_change(tmp_path: Path, weeks: int, heat: float) -> None:
    file = tmp_path / "made.txt"
    file.write_text(curtois_sites.made(weeks, 6, 3, seed=weeks))
    instance = curtois_qu.read(file)
    case = curtois_qu.case_of(instance)
    run = Run(case, SolveLimits(600, 0.0))
    windows.roll_forward(windows.alone(case), run.state, run.ws)
    rolled, seed, final = run.price, np.array([7], np.uint64), case.automata.final.copy()
    changed = patch(300, 7, 2, heat, run.everyone, seed, final, *run.args)
    assert run.price == pytest.approx(rolled + changed)
    assert (final == case.automata.final).all()
    for i, tour in enumerate(run.state.tours):
        assert run.state.price[i] == pytest.approx(tour_price(case, i, tour))
    judged(run, instance, file)
    if heat == 0.0:
        assert changed < 0


def test_totals_with_a_price_prove_less_than_any_roster_costs(tmp_path: Path) -> None:
    file = tmp_path / "made.txt"
    file.write_text(curtois_sites.made(2, 3, 2, seed=5))
    case = curtois_qu.case_of(curtois_qu.read(file))
    best = solve_case(case, SolveLimits(20, 0.0))
    ascent = LooseAscent(case, Run(case, SolveLimits(60, 0.0)).ws, step=0.1)
    ascent.climb(best.objective)
    first = ascent.bound
    for _ in range(150):
        ascent.climb(best.objective)
    assert first < ascent.bound <= best.objective + 1e-6
