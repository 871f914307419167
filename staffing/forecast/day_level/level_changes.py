"""A level that changed at once: found, measured, and older days told as if they had been at today's level.

So every model sees one level, and a step or an episode (up, and down again) bends none of them for months. That a level
may change again stays in the spread: forecasts made before a change are held to have missed it, and while a change is
young some sample paths go back to the old level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.regression import Regression

AROUND_DAYS = 28  # days before and after a change that its size is measured on
LEAST_SIZE = 0.05  # log units
RETURNING, HALF_LIFE_DAYS = 0.3, 21.0  # share of paths that go back after a change of today, and how fast it fades
HALF_WAY_DAYS = 14.0
BACK = 0.35  # share of a change by which the next may miss the old level and still have taken it back


@dataclass(frozen=True)
class LevelChange:
    """A level that moved by ``size`` (log units) on ``first`` (ordinal).

    ``days`` are known since; ``usual`` calls a day come now, after the last of all changes.
    """

    first: float
    size: float
    days: int
    usual: float


def level_notes(changes: Sequence[LevelChange], since: float) -> list[str]:
    """What was said of ``changes`` that began, or were over, after ``since`` (ordinal)."""
    notes: list[str] = []
    number = 0
    while number < len(changes):
        change, later = changes[number], changes[number + 1 :]
        if later and taken_back(change, later[0]):
            if later[0].first > since:
                notes.append(_episode(change, later[0].first))
            number += 2
            continue
        if change.first > since:
            notes.append(_lasting(change, later) if _all_episodes(later) else _passed(change, later[0].first))
        number += 1
    return notes


def taken_back(change: LevelChange, by: LevelChange) -> bool:
    """Whether the level is back, by the second, where it was before the first."""
    return change.size * by.size < 0 and abs(change.size + by.size) <= BACK * min(abs(change.size), abs(by.size))


def _all_episodes(changes: Sequence[LevelChange]) -> bool:
    pairs = zip(changes[::2], changes[1::2], strict=False)
    return len(changes) % 2 == 0 and all(taken_back(one, other) for one, other in pairs)


def _episode(change: LevelChange, back: float) -> str:
    since, until = np.datetime64(int(change.first), "D"), np.datetime64(int(back), "D") - 1
    return (
        f"the level was {np.expm1(change.size):+.0%} off its usual from {since} to {until} ({back - change.first:.0f} "
        f"days) and has come back; the forecast takes that as over."
    )


def _passed(change: LevelChange, next_first: float) -> str:
    since = np.datetime64(int(change.first), "D")
    return (
        f"the level changed on {since} by {np.expm1(change.size):+.0%}, {next_first - change.first:.0f} days before it "
        f"changed again."
    )


def _lasting(change: LevelChange, later: Sequence[LevelChange]) -> str:
    since = np.datetime64(int(change.first), "D")
    returns = change.usual * np.exp(-change.size - sum(one.size for one in later))
    return (
        f"the level changed on {since} by {np.expm1(change.size):+.0%} ({change.days} days of it so far). The forecast "
        f"takes it as lasting: about {change.usual:,.0f} a day; if it returns, about {returns:,.0f}."
    )


def measure(regression: Regression, shifts: Sequence[float]) -> tuple[LevelChange, ...]:
    """The changes that begin on the days ``shifts``, each measured plainly: the median level after it, up to the next
    one, against that before it."""
    facts, told = regression.facts, regression.log_total
    others = [part for group, part in regression.known_parts.items() if group != "level"]
    level = told - np.sum(others, axis=0)
    edges = np.searchsorted(facts.ordinal, shifts)
    bounds = [0, *edges.tolist(), len(level)]
    found: list[LevelChange] = []
    for number, at in enumerate(edges.tolist(), start=1):
        before = level[max(bounds[number - 1], at - AROUND_DAYS) : at]
        after = level[at : min(bounds[number + 1], at + AROUND_DAYS)]
        if len(before) and len(after):
            size = float(np.median(after) - np.median(before))
            found.append(LevelChange(float(facts.ordinal[at]), size, len(level) - at, 0.0))
    weeks = max(min(len(level) - bounds[-2], AROUND_DAYS) // 7, 1)
    usual = float(np.exp((told + as_today(facts, found))[-7 * weeks :]).mean())
    return tuple(replace(change, usual=usual) for change in found if abs(change.size) >= LEAST_SIZE)


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
