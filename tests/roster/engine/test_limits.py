"""Time limit, gap, seed and threads reach the solver, and a fake clock finds the whole roster in time."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import highspy
import pytest

from staffing.roster import SolveLimits
from staffing.roster import spine as rostering
from staffing.roster.case import BLOCKED
from staffing.roster.engine import day, programme
from staffing.roster.engine import run as engine
from staffing.roster.engine.price import roster_price
from staffing.roster.engine.programme import Effort
from staffing.roster.engine.run import Run, Solution
from staffing.roster.engine.solver import solve_case
from staffing.roster.engine.strategies.whole_days import WholeDays
from staffing.roster.inputs.build import build
from tests.roster.sites import need, people, site


def test_what_the_scenario_asks_is_what_the_solver_gets(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[SolveLimits] = []
    monkeypatch.setattr(rostering, "covers", lambda *_args: None)
    monkeypatch.setattr(rostering, "inputs_of", lambda *_args, **_more: None)
    monkeypatch.setattr(rostering, "solve", lambda _inputs, limits, _tell: asked.append(limits))
    scenario: Any = SimpleNamespace(site=None, solve=SimpleNamespace(seconds=33.0, gap=0.02, threads=2), seed=7)
    rostering.roster(need(1.0), scenario, start=dt.date(2026, 3, 2))
    assert asked == [SolveLimits(33.0, 0.02, 7, 2)]


def test_the_solver_searches_by_seed_and_hands_seconds_and_threads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Effort] = []
    monkeypatch.setattr(day, "choose_day", lambda *args: bool(asked.append(args[-1])))
    case = build(site(*people(9), requirements=need({9: 2.0, 15: 3.0})))
    one, same, other = (Run(case, SolveLimits(50.0, 0.0, seed, threads=2)) for seed in (4, 4, 5))
    first, second, third = (run.order().tolist() for run in (one, same, other))
    assert first == second != third
    one.best, one.bound = 1.0, 0.0
    WholeDays().improve(one)
    assert {effort.threads for effort in asked} == {2}
    assert all(0 < effort.seconds <= 50.0 for effort in asked)


def test_a_programme_hands_its_effort_to_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, object] = {}

    class Listening(highspy.Highs):
        def setOptionValue(self, option: str, value: object) -> object:
            told[option] = value
            return super().setOptionValue(option, value)

    monkeypatch.setattr(programme.highspy, "Highs", Listening)
    small = programme.Programme()
    small.row([(small.column(1.0, 5, whole=True), 2.0)], 4.0)
    assert small.solve({}, Effort(12.0, 34, threads=2)) is not None
    assert (told["threads"], told["time_limit"], told["mip_max_nodes"]) == (2, 12.0, 34)


def test_a_gap_that_is_wide_enough_ends_the_search() -> None:
    case = build(site(*people(5), requirements=need(dict.fromkeys(range(6, 22), 1.5))))
    wide, none = (solve_case(case, SolveLimits(300.0, gap)) for gap in (0.9, 0.0))
    assert wide.status in ("gap reached", "optimal")
    assert wide.seconds < 300.0
    assert none.objective <= wide.objective + 1e-9
    assert gap_of(none) <= gap_of(wide) + 1e-9


def gap_of(made: Solution) -> float:
    return (made.objective - made.bound) / made.objective


class Ticking:
    """A clock that moves on by a step whenever somebody looks at it."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def monotonic(self) -> float:
        self.now += self.step
        return self.now


@pytest.mark.parametrize("step", [0.02, 0.9, 5.0])
def test_it_stops_when_the_clock_says_so_with_everybody_rostered(monkeypatch: pytest.MonkeyPatch, step: float) -> None:
    clock = Ticking(step)
    monkeypatch.setattr(engine, "time", clock)
    monkeypatch.setattr(engine, "SWEEP_CHUNK", 2)
    case = build(site(*people(9), requirements=need({9: 4.0, 15: 3.0})))
    made = solve_case(case, SolveLimits(1.0, 0.0))
    assert made.status == "time limit"
    assert clock.now <= 1.0 + 30 * step  # looks at the clock, not seconds, after the limit
    assert (made.state.price < BLOCKED).all()
    assert made.objective == pytest.approx(roster_price(case, made.state))
    assert (made.state.counts == sum_of(made.state)).all()


def sum_of(state: Any) -> Any:
    import numpy as np

    return np.stack([(state.served == q).sum(axis=0) for q in range(len(state.counts))])
