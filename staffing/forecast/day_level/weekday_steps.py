"""A weekday that has stepped: Mondays doubled, the others stayed.

No sum of level and weekday can tell it until it has lasted for months. Each weekday is held against the others around
it, so that a level that moves, moves none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.forecast.counts import NAMES
from staffing.forecast.day_level.days import DayFacts

FEWEST, MOST = 2, 20  # same weekdays after a step
BEFORE, LEAST_BEFORE = 12, 6  # same weekdays before it that it is held against
LEAST_STEP = 0.18  # log units
LEAST_Z = 6.0
BESIDE_DAYS = 3  # other weekdays on either side that tell how the queue was then
FLOOR = 0.02  # log units; a weekday that never strays still may by this much
LONG_SINCE_DAYS = 140  # older steps the models have followed by themselves
USUAL_DAYS = 400


@dataclass(frozen=True)
class WeekdayStep:
    """``size`` (log units) by which a ``weekday`` (0 = Monday) moved against the others on ``first`` (ordinal), with
    ``days`` of it known since."""

    weekday: int
    first: float
    size: float
    days: int

    def note(self) -> str:
        since = np.datetime64(int(self.first), "D")
        return (
            f"{NAMES[self.weekday]} moved by {np.expm1(self.size):+.0%} against the other weekdays on {since} "
            f"({self.days} of them so far); the forecast follows. If it was for a time only, leave those days out."
        )


def find_steps(
    facts: DayFacts, log_total: np.ndarray, variance: np.ndarray, skip: np.ndarray
) -> tuple[WeekdayStep, ...]:
    """The latest step of each weekday that has one. ``variance`` is each day's counting noise, log units; days to
    ``skip`` (holidays, events) say nothing."""
    away = _against_the_others(facts, log_total, skip)
    steps = [_step(k, facts, away, variance) for k in range(7)]
    return tuple(step for step in steps if step is not None and facts.ordinal[-1] - step.first <= LONG_SINCE_DAYS)


def _against_the_others(facts: DayFacts, log_total: np.ndarray, skip: np.ndarray) -> np.ndarray:
    """How far each day lies from its weekday's median, less how far the others around it lie; NaN if unknown."""
    plain = np.where(skip, np.nan, log_total)
    lately = facts.ordinal > facts.ordinal[-1] - USUAL_DAYS
    for k in range(7):
        own = plain[(facts.weekday == k) & lately & ~skip]
        plain[facts.weekday == k] -= np.median(own) if len(own) else 0.0
    days = (facts.ordinal - facts.ordinal[0]).astype(int)
    dense = np.full(days[-1] + 1 + 2 * BESIDE_DAYS, np.nan)
    dense[days + BESIDE_DAYS] = plain
    beside = np.setdiff1d(np.arange(2 * BESIDE_DAYS + 1), [BESIDE_DAYS])
    others = np.sort(dense[days[:, None] + beside], axis=1)  # what is not known comes last
    known, row = np.isfinite(others).sum(axis=1), np.arange(len(plain))
    middle = (others[row, np.maximum(known - 1, 0) // 2] + others[row, np.minimum(known // 2, len(beside) - 1)]) / 2
    return np.where(np.isfinite(plain) & lately & (known >= 2), plain - middle, np.nan)


def _step(weekday: int, facts: DayFacts, away: np.ndarray, variance: np.ndarray) -> WeekdayStep | None:
    place = np.flatnonzero((facts.weekday == weekday) & np.isfinite(away))
    d, best, surest = away[place], None, LEAST_Z
    for after in range(FEWEST, min(MOST, len(d) - LEAST_BEFORE) + 1):
        new, old = d[-after:], d[-after - BEFORE : -after]
        before = np.median(old)
        size = float(np.median(new) - before)
        if abs(size) < LEAST_STEP:
            continue
        counting = variance[place[-after - len(old) :]].mean()
        spread = max(1.4826 * float(np.median(np.abs(old - before))), float(np.sqrt(2 * counting)), FLOOR)
        z = abs(size) / (1.25 * spread * np.sqrt(1 / after + 1 / len(old)))
        beyond = np.sign(size) * (new - before) > abs(size) / 2
        holds = beyond.all() if after < 6 else beyond.mean() >= 0.8 and beyond[:2].all()
        if holds and z > surest:
            best, surest = WeekdayStep(weekday, float(facts.ordinal[place[-after]]), size, after), z
    return best


def as_today(facts: DayFacts, steps: tuple[WeekdayStep, ...]) -> np.ndarray:
    """Log units to add to each day's log total so that its weekday is what it is today."""
    out = np.zeros(len(facts))
    for step in steps:
        out[(facts.weekday == step.weekday) & (facts.ordinal < step.first)] += step.size
    return out
