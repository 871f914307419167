"""Solving in a process of its own: the same roster, its errors, a stop that is heeded, a limit that holds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from staffing.errors import Cancelled, InputError, PlanError
from staffing.roster import Roster, SolveLimits, solve
from staffing.roster import run as apart
from staffing.roster.engine.progress import SolveProgress
from staffing.roster.given import Inputs
from staffing.roster.rules import check
from staffing.work import worker
from tests.roster.sites import people, site

Told = Callable[[SolveProgress], None]


def test_it_gives_the_same_roster_and_its_errors() -> None:
    inputs, limits = site(*people(3)), SolveLimits(seconds=20, gap=0.05)
    told: list[tuple[str, float]] = []
    made = apart.solve_apart(solve, inputs, limits, lambda stage, share: told.append((stage, share)))
    pd.testing.assert_frame_equal(made.table, solve(inputs, limits).table)
    assert "gap" in told[-1][0]
    assert 0 <= told[-1][1] <= 1
    with pytest.raises(InputError, match="no agents"):
        apart.solve_apart(solve, replace(inputs, agents=()), limits)


def test_the_last_roster_of_a_child_that_never_stops_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LEAST_OVERRUN_S", 0.2)
    inputs, limits = site(*people(3)), SolveLimits(seconds=3, gap=0.05)
    made = apart.solve_apart(_endless, inputs, limits)
    assert check(made.table, inputs) == []
    assert made.objective <= solve(inputs, limits).objective / (1 - limits.gap)
    assert made.status == "time limit"
    assert apart.ENDED_NOTE in made.notes
    with pytest.raises(Cancelled) as stopped:
        apart.solve_apart(_endless, inputs, replace(limits, seconds=60), _stop_late(2.0))
    assert check(stopped.value.best.table, inputs) == []
    with pytest.raises(PlanError, match="in time"):
        apart.solve_apart(_never, inputs, replace(limits, seconds=0.1))


def _endless(inputs: Inputs, limits: SolveLimits, progress: Told, hand_over: Callable[[Roster], None]) -> Roster:
    """Solves, hands over on the way, and never returns."""
    solve(inputs, limits, progress, hand_over)
    while True:
        time.sleep(1)


def _never(inputs: Inputs, limits: SolveLimits, progress: Told, hand_over: Callable[[Roster], None]) -> Roster:
    while True:
        time.sleep(1)


def _stop_late(seconds: float) -> Callable[[str, float], None]:
    """Stops once a roster is known for some seconds."""
    known: list[float] = []

    def stop(stage: str, _share: float) -> None:
        if "best" in stage or "gap" in stage:
            known.append(time.monotonic())
        if known and time.monotonic() > known[0] + seconds:
            raise Cancelled

    return stop
