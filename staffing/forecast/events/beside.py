"""A level that moved in the days of an event and has stayed: it counts as the event's doing, and may not be.

An event takes whatever its days show, so a change that begins beside one is no change of the level to the forecast,
however little the event had to do with it. Here it is only told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from staffing.domain.demand import Event
from staffing.forecast.day_level.breaks import LEAST_PAST, LEAST_SCORE, LEAST_SIZE, PAST_DAYS
from staffing.forecast.day_level.level_changes import AROUND_DAYS
from staffing.forecast.day_level.regression import Regression
from staffing.forecast.events.effects import GROUP
from staffing.forecast.events.kinds import Learned

NEWS_DAYS = 90  # since the event began
BESIDE_DAYS = 3  # before an event and after it that are of its days
LEAST_DAYS = 2  # known since
HOLDS, LATELY_DAYS = 0.8, 7  # share of the days since, and of the last of them, that lie beyond half of the change


@dataclass(frozen=True)
class ChangeBeside:
    """A level that moved by ``size`` (log units) on ``first`` (ordinal), in the days of ``event``; ``days`` are known
    since, ``now`` calls a day come."""

    event: Event
    first: float
    size: float
    days: int
    now: float

    def note(self) -> str:
        since = np.datetime64(int(self.first), "D")
        return (
            f"the level changed on {since} by {np.expm1(self.size):+.0%} ({self.days} days of it so far), in the days "
            f"of event '{self.event.name}', and is taken as its doing: about {self.now:,.0f} a day now, about "
            f"{self.now * np.exp(-self.size):,.0f} without. If the event is not the cause, take it out of the events."
        )


def changes_beside(rough: Regression, events: Sequence[Event], learned: Learned) -> list[ChangeBeside]:
    """The latest change beside a past event that began lately, if there is one: beyond what other events of its kind
    did, and as far off as no days before.

    ``rough`` allows for ``events`` roughly; what they are known to have done is in ``learned``.
    """
    facts, told = rough.facts, rough.log_total
    level = told - np.sum([part for group, part in rough.known_parts.items() if group not in ("level", GROUP)], axis=0)
    lately = [event for event in events if facts.ordinal[-1] - _ordinal(event.start) < NEWS_DAYS]
    for event in learned.own if lately else ():
        kind = learned.kinds[event.kind]
        alone = event in lately and len(kind.events) == 1
        level = level - (0.0 if alone else kind.response(event, facts.dates)[0])
    found = [change for event in lately if (change := _change(event, facts.ordinal, level, told)) is not None]
    return [max(found, key=lambda change: abs(change.size))] if found else []


def _ordinal(day: object) -> float:
    return float(np.datetime64(day, "D").astype("int64"))  # type: ignore[call-overload]


def _change(event: Event, ordinal: np.ndarray, level: np.ndarray, told: np.ndarray) -> ChangeBeside | None:
    near = (ordinal >= _ordinal(event.start) - BESIDE_DAYS) & (ordinal <= _ordinal(event.last) + BESIDE_DAYS)
    known = len(level)
    tried = [at for at in np.flatnonzero(near).tolist() if LEAST_PAST <= at <= known - LEAST_DAYS]
    if not tried:
        return None
    first = max(tried, key=lambda at: _between(level, at))
    size, days = _step(level, first, known), known - first
    past = range(max(LEAST_PAST, first - PAST_DAYS), first - min(days, AROUND_DAYS))
    strays = 1.4826 * float(np.median([abs(_step(level, at, at + min(days, AROUND_DAYS))) for at in past] or [np.inf]))
    since = np.sign(size) * (level[first:] - np.median(level[max(first - AROUND_DAYS, 0) : first]))
    stays = min((part > abs(size) / 2).mean() for part in (since, since[-LATELY_DAYS:]))
    if abs(size) < max(LEAST_SCORE * strays, LEAST_SIZE) or stays < HOLDS:
        return None
    whole_weeks = max(min(days, AROUND_DAYS) // 7, 1) * 7
    now = float(np.exp(told + size * (np.arange(known) < first))[-whole_weeks:].mean())
    return ChangeBeside(event, float(ordinal[first]), size, days, now)


def _between(level: np.ndarray, at: int) -> float:
    """How much of the squares around ``at`` a step there explains."""
    before, after = level[max(at - AROUND_DAYS, 0) : at], level[at : at + AROUND_DAYS]
    return float((after.mean() - before.mean()) ** 2 * len(before) * len(after) / (len(before) + len(after)))


def _step(level: np.ndarray, at: int, until: int) -> float:
    """By how much the level from ``at`` on lies off the weeks before."""
    return float(np.median(level[at:until]) - np.median(level[max(at - AROUND_DAYS, 0) : at]))
