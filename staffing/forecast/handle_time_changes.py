"""A handle time that changed at once: found like a level of contacts, told away, said, and in doubt in the paths.

A change is looked for in two ways: days that no level foresaw, wherever they lie (`find_shifts`), and the last two or
three days, all of which lie far to one side of what was foreseen the evening before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.level_changes import LevelChange, measure
from staffing.forecast.day_level.regression import Regression
from staffing.forecast.day_level.shifts import find_shifts

YOUNG_DAYS = (3, 2)  # the last days, fewer than a shift is sought on
YOUNG_SCORE = 5.0  # standard deviations that each of them lies off, all on one side
YOUNG_SIZE = 0.1  # log units that each of them lies off
APART_DAYS = 14  # from a change that was found besides
SAID_DRIFT, FOUR_WEEKS_DAYS = 0.01, 28  # log units in so many days
ROUNDS = 3  # a change may hide another


def handle_time_changes(level: Regression, log_mean: np.ndarray) -> tuple[LevelChange, ...]:
    """The lasting changes of the day's mean that ``level`` was told, oldest first; their sizes (log units) are measured
    on ``log_mean``, which no straight line around the days beside has bent."""
    shifts = find_shifts(level)
    young = _young_shift(level)
    if young is not None and all(abs(young - day) >= APART_DAYS for day in shifts):
        shifts = [*shifts, young]
    return measure(level.told(log_mean), shifts) if shifts else ()


def _young_shift(level: Regression) -> float | None:
    """The ordinal since which the last days are alike off what was foreseen before them; None where they are not."""
    known = len(level.facts)
    for days in YOUNG_DAYS:
        columns = np.arange(known - days, known)
        forward = level.forward(columns)
        off = level.log_total[columns] - level.means(forward)[known - days]
        far = np.abs(off) > np.maximum(YOUNG_SCORE * level.deviations(forward, columns)[known - days], YOUNG_SIZE)
        if far.all() and len(set(np.sign(off))) == 1:
            return float(level.facts.ordinal[known - days])
    return None


def joined(known: Sequence[LevelChange], found: Sequence[LevelChange]) -> tuple[LevelChange, ...]:
    """The changes of both, oldest first; where two begin within APART_DAYS of each other, as one of both sizes."""
    out = list(known)
    for change in found:
        near = [k for k, one in enumerate(out) if abs(one.first - change.first) < APART_DAYS]
        if near:
            out[near[0]] = replace(out[near[0]], size=out[near[0]].size + change.size)
        else:
            out.append(change)
    return tuple(sorted(out, key=lambda change: change.first))


def drift(level: Regression, days: DayFacts) -> np.ndarray:
    """Log units by which the level is forecast to move from the morrow of the last known day to each of ``days``."""
    morrow = replace(level.facts[-1:], ordinal=level.facts.ordinal[-1:] + 1)
    start, course = level.components(morrow)["level"], level.components(days)["level"]
    return np.asarray(course - start)


def level_notes(level: Regression, changes: Sequence[LevelChange]) -> list[str]:
    """What of the level a planner should know: its changes, with what was and what is, and where it drifts."""
    morrow, far = (replace(level.facts[-1:], ordinal=level.facts.ordinal[-1:] + days) for days in (1, FOUR_WEEKS_DAYS))
    today = float(np.exp(level.centre + level.components(morrow)["level"][0]))
    notes, moved = list[str](), float(drift(level, far)[0])
    if changes:
        sizes = ", ".join(f"{np.expm1(change.size):+.0%}" for change in changes)
        firsts = ", ".join(f"{np.datetime64(int(change.first), 'D')}" for change in changes)
        days, before = changes[-1].days, today * np.exp(-changes[-1].size)
        notes.append(
            f"the handle time changed by {sizes} on {firsts} ({days} days of it so far). The forecast takes it as "
            f"lasting: about {today:,.0f} s; if it returns, about {before:,.0f} s."
        )
    then = today * np.exp(moved)
    if moved >= SAID_DRIFT:
        notes.append(
            f"the handle time rises, and the forecast carries it on: from about {today:,.0f} s to about "
            f"{then:,.0f} s in four weeks. If it stops, take that off."
        )
    if moved <= -SAID_DRIFT:
        notes.append(
            f"the handle time falls, and the forecast carries it on: from about {today:,.0f} s to about "
            f"{then:,.0f} s in four weeks. If it stops, add that again."
        )
    return notes
