"""A new queue borrows the past of its siblings until it has one of its own; a renamed one is pointed out.

The days before a young queue began are told as its siblings' together, in the ratio that its own days have to theirs by
weekday and by hour, both shrunk. So it has a shape, a week, holidays and a season from its first days on, at its own
level; what its own days say weighs more with each of them, as they are the latest. A stranger, whose days do not tell
the young queue's, lends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from staffing.forecast.counts import QueueCounts, weekday_of

YOUNG_DAYS = 56  # with calls, from which on a queue stands on its own
FEWEST_DAYS = 5  # shared days that can tell a stranger
OLD_DAYS = 120  # that siblings must know before the queue began
MOST_DAYS = 730  # that are borrowed
WEEKDAY_DAYS = 3.0  # shared days of a weekday at which its own ratio counts by half
OWN_WEEKDAY_DAYS = 0.5  # the same of a queue that tells itself
LEAST_BESIDE = 0.5  # of a queue's days with calls, that a sibling must have some on too
STRANGER = 2.0  # times the error of a queue's own weekdays, from which on another is none of its siblings
DAY_DOUBT, DAY_DOUBT_DAYS = 0.15, 3.0  # how far a day strays from its siblings', log units, before so many are seen
SLOT_CALLS = 30.0  # of a slot's own calls at which its own ratio counts by half
RENAMED_DAYS = 14  # between the end of one queue and the begin of another that may be one,
TWICE_DAYS = 7  # or for which both are seen
ALIKE = 1.5  # levels of the two, at most so many times each other
LEVEL_DAYS = 28
ENDED_DAYS = 3


@dataclass(frozen=True)
class Family:
    """``counts`` as models are to be told them, and notes by queue."""

    counts: dict[str, QueueCounts]
    notes: dict[str, tuple[str, ...]]


def with_siblings(queues: Mapping[str, QueueCounts]) -> Family:
    """Young queues with borrowed pasts; all others as they are."""
    counts, notes = dict(queues), dict[str, tuple[str, ...]]()
    for name, young in queues.items():
        if not 0 < _days_with_calls(young) <= YOUNG_DAYS:
            continue
        older = [
            one for other, one in queues.items() if other != name and _reaches_over(one, young) and _tells(one, young)
        ]
        if older:
            counts[name] = _borrowed(young, older)
            names = ", ".join(one.queue for one in older)
            text = (
                f"{name}: new since {young.dates[0]}; its week, shape, holidays and season are borrowed from {names}."
            )
            notes[name] = (text,)
    for name, text in _renamed(queues):
        notes[name] = (*notes.get(name, ()), text)
    return Family(counts, notes)


def _days_with_calls(counts: QueueCounts) -> int:
    return int((np.nan_to_num(counts.calls).sum(axis=1) > 0).sum())


def _reaches_over(one: QueueCounts, young: QueueCounts) -> bool:
    """Whether ``one`` is old enough, and shares days with ``young``."""
    before = int((young.dates[0] - one.dates[0]).astype(int))
    shared = int((min(one.dates[-1], young.dates[-1]) - young.dates[0]).astype(int)) + 1
    same_grid = one.calls.shape[1] == young.calls.shape[1]
    return before >= OLD_DAYS and shared > 0 and same_grid and _days_with_calls(one) > YOUNG_DAYS


def _tells(one: QueueCounts, young: QueueCounts) -> bool:
    """Whether the days of ``one`` tell those of ``young``, each left out in turn, about as well as its weekdays do."""
    own = np.nansum(np.where(young.open, young.calls, np.nan), axis=1)
    theirs = np.nansum(_on(one, young.dates), axis=1)
    shared = (own > 0) & (theirs > 0)
    if shared.sum() < LEAST_BESIDE * (own > 0).sum():
        return False  # it rests on most of the days on which the young queue works
    if shared.sum() < FEWEST_DAYS:
        return True  # nothing else is known against it
    own, theirs, weekday = own[shared], theirs[shared], weekday_of(young.dates)[shared]
    error = np.abs(_left_out(own, theirs, weekday, WEEKDAY_DAYS) - own).sum()
    alone = np.abs(_left_out(own, np.ones(len(own)), weekday, OWN_WEEKDAY_DAYS) - own).sum()
    return bool(error <= STRANGER * max(alone, np.sqrt(own).sum()))


def _left_out(own: np.ndarray, told: np.ndarray, weekday: np.ndarray, half_days: float) -> np.ndarray:
    """Each day of ``own`` as ``told``, by level and weekday of all other days."""
    found = np.empty(len(own))
    for day in range(len(own)):
        others = np.arange(len(own)) != day
        expected = told * (own[others].sum() / told[others].sum())
        factor = _weekday_factor(own, expected[:, None], others & (weekday == weekday[day]), half_days)
        found[day] = expected[day] * factor
    return found


def _borrowed(young: QueueCounts, older: list[QueueCounts]) -> QueueCounts:
    """``young`` with the days before it told by its siblings."""
    first = max(max(one.dates[0] for one in older), young.dates[0] - MOST_DAYS)
    dates = np.arange(first, young.dates[-1] + 1)
    together = np.sum([_on(one, dates) for one in older], axis=0)
    shared = slice(int((young.dates[0] - first).astype(int)), len(dates))
    own, theirs = np.where(young.open, young.calls, np.nan), together[shared]
    known = np.isfinite(own) & np.isfinite(theirs)
    own, theirs = np.where(known, own, 0.0), np.where(known, theirs, 0.0)
    ratio = own.sum() / max(theirs.sum(), 1e-9)
    by_slot = (own.sum(axis=0) + SLOT_CALLS * ratio) / (theirs.sum(axis=0) + SLOT_CALLS)
    by_slot = np.where(theirs.sum(axis=0) > 0, by_slot, ratio)
    by_weekday = np.array([_weekday_factor(own, theirs * by_slot, weekday_of(young.dates) == k) for k in range(7)])
    told = together[: shared.start] * by_slot * by_weekday[weekday_of(dates[: shared.start])][:, None]
    nothing = np.full(told.shape, np.nan)
    is_open = np.any([_on(replace(one, calls=one.open.astype(float)), dates) > 0 for one in older], axis=0)
    unknown = None if young.unknown is None else np.concatenate([np.zeros(len(told), dtype=bool), young.unknown])
    return replace(
        young,
        dates=dates,
        calls=np.vstack([told, young.calls]),
        aht_s=np.vstack([nothing, young.aht_s]),
        open=np.vstack([is_open[: shared.start], young.open]),
        unknown=unknown,
        level_doubt=_level_doubt(own.sum(axis=1), ratio * theirs.sum(axis=1)),
    )


def _level_doubt(own: np.ndarray, told: np.ndarray) -> float:
    """Standard deviation of the level, log units, by what the shared days stray from what siblings tell of them."""
    shared = (own > 0) & (told > 0)
    days = max(int(shared.sum()), 1)
    strays = np.log(own[shared] / told[shared])
    variance = (strays @ strays + DAY_DOUBT_DAYS * DAY_DOUBT**2) / (days + DAY_DOUBT_DAYS)
    return float(np.sqrt(variance / days + 1.0 / max(own.sum(), 1.0)))


def _weekday_factor(
    own: np.ndarray, expected: np.ndarray, of_day: np.ndarray, half_days: float = WEEKDAY_DAYS
) -> float:
    """A weekday's calls over those expected, shrunk to 1 where it was seen seldom."""
    days = int((of_day & (expected.sum(axis=1) > 0)).sum())
    if not days:
        return 1.0
    raw = own[of_day].sum() / max(expected[of_day].sum(), 1e-9)
    return float((days * raw + half_days) / (days + half_days))


def _on(counts: QueueCounts, dates: np.ndarray) -> np.ndarray:
    """Days × slots of ``counts`` on ``dates``; NaN where it has none, or is closed."""
    out = np.full((len(dates), counts.calls.shape[1]), np.nan)
    place = (dates - counts.dates[0]).astype(int)
    inside = (place >= 0) & (place < len(counts.dates))
    out[inside] = np.where(counts.open, counts.calls, 0.0)[place[inside]]
    return out


def _renamed(queues: Mapping[str, QueueCounts]) -> list[tuple[str, str]]:
    """Queues that begin about when another ends, at about its level."""
    found = []
    for name, new in queues.items():
        for old in queues.values():
            gap = int((new.dates[0] - old.dates[-1]).astype(int))
            ended = new.dates[-1] - old.dates[-1] >= np.timedelta64(ENDED_DAYS, "D")
            if ended and -TWICE_DAYS < gap <= RENAMED_DAYS and new.dates[0] > old.dates[0]:
                twice = max(1 - gap, 0)
                before = _level(old.calls[: len(old.calls) - twice][-LEVEL_DAYS:])
                since = _level(new.calls[twice:][:LEVEL_DAYS])
                if min(before, since) > 0 and max(before, since) / min(before, since) <= ALIKE:
                    text = (
                        f"{name}: begins on {new.dates[0]}, and {old.queue} ends on {old.dates[-1]}, at about its "
                        "level: these two look like one. If they are, give both one name in the history."
                    )
                    found.append((name, text))
    return found


def _level(calls: np.ndarray) -> float:
    """Mean calls of a day."""
    return float(np.nan_to_num(calls).sum(axis=1).mean())
