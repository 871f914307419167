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
LEAST_Z, LEAST_Z_OF_TWO = 4.0, 5.0  # standard deviations; where it is known from two days only
SPREAD_WEEKS = 26  # same weekdays before a step that tell how they stray
BESIDE_DAYS = 3  # other weekdays on either side that tell how the queue was then
FLOOR = 0.02  # log units; a weekday that never strays still may by this much
LONG_SINCE_DAYS = 140  # older steps the models have followed by themselves
USUAL_DAYS = 400
GROUPS = tuple((k,) for k in range(7)) + tuple((k, (k + 1) % 7) for k in range(7))


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
    ``skip`` (holidays, events) say nothing.

    The surest is taken first and told away, so that it hides no other. Two weekdays side by side that moved together
    (a weekend) are also tried as one, against the rest of the week.
    """
    late = facts.ordinal > facts.ordinal[-1] - USUAL_DAYS
    facts, told, variance = facts[late], np.where(skip, np.nan, log_total)[late], variance[late]
    found: list[WeekdayStep] = []
    while True:
        left = [group for group in GROUPS if not {step.weekday for step in found} & set(group)]
        tried = [_step(group, facts, _against_the_others(facts, told, group), variance) for group in left]
        steps, score = max(tried, key=lambda one: one[1], default=((), LEAST_Z))
        if score <= LEAST_Z:
            break
        told = told + as_today(facts, steps)
        found += steps
    recent = [step for step in found if facts.ordinal[-1] - step.first <= LONG_SINCE_DAYS]
    return tuple(sorted(recent, key=lambda step: step.weekday))


def _against_the_others(facts: DayFacts, told: np.ndarray, group: tuple[int, ...]) -> np.ndarray:
    """How far each day lies from its weekday's median, less how far the others around it lie that are not of the
    ``group``; NaN if unknown."""
    plain = told.copy()
    for k in range(7):
        own = plain[facts.weekday == k]
        plain[facts.weekday == k] -= np.median(own[np.isfinite(own)]) if np.isfinite(own).any() else 0.0
    days = (facts.ordinal - facts.ordinal[0]).astype(int)
    dense = np.full(days[-1] + 1 + 2 * BESIDE_DAYS, np.nan)
    dense[days + BESIDE_DAYS] = np.where(np.isin(facts.weekday, group), np.nan, plain)
    beside = np.setdiff1d(np.arange(2 * BESIDE_DAYS + 1), [BESIDE_DAYS])
    others = np.sort(dense[days[:, None] + beside], axis=1)  # what is not known comes last
    known, row = np.isfinite(others).sum(axis=1), np.arange(len(plain))
    middle = (others[row, np.maximum(known - 1, 0) // 2] + others[row, np.minimum(known // 2, len(beside) - 1)]) / 2
    return np.where(np.isfinite(plain) & (known >= 2), plain - middle, np.nan)


def _step(
    group: tuple[int, ...], facts: DayFacts, away: np.ndarray, variance: np.ndarray
) -> tuple[tuple[WeekdayStep, ...], float]:
    """The surest step that the weekdays of the ``group`` took in the same week, and how sure it is; LEAST_Z
    if there is none."""
    places = [np.flatnonzero((facts.weekday == weekday) & np.isfinite(away)) for weekday in group]
    others = np.flatnonzero(~np.isin(facts.weekday, group) & np.isfinite(away))
    best, surest = tuple[WeekdayStep, ...](), LEAST_Z
    for after in range(FEWEST, min(MOST, *(len(place) - LEAST_BEFORE for place in places)) + 1):
        since = np.searchsorted(others, min(place[-after] for place in places))
        rough = max(_strays(away[others[since:]]) / max(_strays(away[others[:since]]), FLOOR), 1.0)
        sized = [_size(away[place], variance[place], after, rough) for place in places]
        score = abs(sum(z for _, z in sized)) / np.sqrt(len(group))
        if score > max(surest, LEAST_Z_OF_TWO * (after < 3)) and all(z for _, z in sized):
            steps = zip(group, places, sized, strict=True)
            best = tuple(
                WeekdayStep(k, float(facts.ordinal[place[-after]]), size, after) for k, place, (size, _) in steps
            )
            surest = score
    return best, surest


def _size(away: np.ndarray, variance: np.ndarray, after: int, rough: float) -> tuple[float, float]:
    """By how much the last ``after`` of one weekday's days lie off those before them, and how many standard deviations
    that is, where other weekdays strayed ``rough`` times as far as before; both 0 if it is little, or does not hold."""
    new, old = away[-after:], away[-after - BEFORE : -after]
    before = np.median(old)
    size = float(np.median(new) - before)
    beyond = np.sign(size) * (new - before) > abs(size) / 2
    holds = beyond.all() if after < 6 else beyond.mean() >= 0.8 and beyond[:2].all()
    if abs(size) < LEAST_STEP or not holds:
        return 0.0, 0.0
    counting = float(np.sqrt(2 * variance[-after - BEFORE :].mean()))
    spread = rough * max(_strays(away[-after - SPREAD_WEEKS : -after]), counting, FLOOR)
    return size, size / float(1.25 * spread * np.sqrt(1 / after + 1 / len(old)))


def _strays(away: np.ndarray) -> float:
    """Standard deviation, robustly."""
    return 1.4826 * float(np.median(np.abs(away - np.median(away)))) if len(away) else 0.0


def as_today(facts: DayFacts, steps: tuple[WeekdayStep, ...]) -> np.ndarray:
    """Log units to add to each day's log total so that its weekday is what it is today."""
    out = np.zeros(len(facts))
    for step in steps:
        out[(facts.weekday == step.weekday) & (facts.ordinal < step.first)] += step.size
    return out
