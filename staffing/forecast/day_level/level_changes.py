"""A level that changed at once: found, measured, and older days told as if they had been at today's level.

So every model sees one level, and a step or an episode (up, and down again) bends none of them for months. That a level
may change again stays in the spread: forecasts made before a change are held to have missed it, and while a change is
young some sample paths go back to the old level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.regression import Regression

AROUND_DAYS = 28  # days before and after a change that its size is measured on
LEAST_SIZE = 0.05  # log units
RETURNING, HALF_LIFE_DAYS = 0.3, 21.0  # share of paths that go back after a change of today, and how fast it fades
HALF_WAY_DAYS = 14.0


@dataclass(frozen=True)
class LevelChange:
    """A level that moved by ``size`` (log units) on ``first`` (ordinal).

    ``days`` are known since; ``usual`` calls a day came at the new level.
    """

    first: float
    size: float
    days: int
    usual: float

    def note(self) -> str:
        since = np.datetime64(int(self.first), "D")
        returns = self.usual * np.exp(-self.size)
        return (
            f"the level changed on {since} by {np.expm1(self.size):+.0%} ({self.days} days of it so far). The forecast "
            f"takes it as lasting: about {self.usual:,.0f} a day; if it returns, about {returns:,.0f}."
        )


def measure(regression: Regression, shifts: Sequence[float]) -> tuple[LevelChange, ...]:
    """The changes that begin on the days ``shifts``, each measured plainly: the median level after it, up to the next
    one, against that before it."""
    facts, told = regression.facts, regression.log_total
    others = [part for group, part in regression.known_parts.items() if group != "level"]
    level = told - np.sum(others, axis=0)
    edges = np.searchsorted(facts.ordinal, shifts)
    bounds = [0, *edges.tolist(), len(level)]
    found = []
    for number, at in enumerate(edges.tolist(), start=1):
        before = level[max(bounds[number - 1], at - AROUND_DAYS) : at]
        after = level[at : min(bounds[number + 1], at + AROUND_DAYS)]
        if len(before) and len(after):
            size = float(np.median(after) - np.median(before))
            usual = float(np.exp(told[-max(len(after) // 7, 1) * 7 :]).mean())
            found.append(LevelChange(float(facts.ordinal[at]), size, len(level) - at, usual))
    return tuple(change for change in found if abs(change.size) >= LEAST_SIZE)


def as_today(facts: DayFacts, changes: Sequence[LevelChange]) -> np.ndarray:
    """Log units to add to each day's log total so that it is at today's level."""
    out = np.zeros(len(facts))
    for change in changes:
        out[facts.ordinal < change.first] += change.size
    return out


def missed(known_until: np.ndarray, days: np.ndarray, changes: Sequence[LevelChange]) -> np.ndarray:
    """Log units by which forecasts of ``days`` (ordinals), knowing days until ``known_until``, missed changes."""
    out = np.zeros(np.broadcast(known_until, days).shape)
    for change in changes:
        out += change.size * ((known_until < change.first) & (days >= change.first))
    return out


def going_back(facts: DayFacts, last_day: float, changes: Sequence[LevelChange], places: np.ndarray) -> np.ndarray:
    """Paths × days log units: those paths whose ``places`` (in [0, 1)) are small go back to where the level was."""
    out = np.zeros((len(places), len(facts)))
    way = 1.0 - 0.5 ** (np.maximum(facts.ordinal - last_day, 0.0) / HALF_WAY_DAYS)
    for change in changes:
        share = RETURNING * 0.5 ** ((last_day - change.first) / HALF_LIFE_DAYS)
        out -= change.size * (places < share)[:, None] * way
    return out
