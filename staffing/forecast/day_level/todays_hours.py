"""Hours of the day that opened or closed in the middle of history: older days are told in today's hours.

Neighbouring slots that had no calls for weeks and are busy since have opened, on all weekdays or on one; busy ones that
are at zero for weeks, or without rows, have closed. Declared opening hours win over missing rows, not over zeros. What
closed is emptied on older days, and what opened is filled on them by its calls per call in the hours known on both
sides: day totals, models and the shape see one day only. Else a longer day would look like a step of the level, and its
shape follow for months. Hours that were busy before a silence have returned on the first day on which they are again:
only the silence is filled. Days with hours of their own in the calendar tell nothing of the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from staffing.forecast.counts import MOSTLY, QueueCounts, runs, weekday_of
from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.hours_change import (
    CLOSED,
    HELD,
    OPENED,
    RETURNED,
    ChangedSlots,
    HoursChange,
    one_change_each,
)
from staffing.forecast.day_level.unseen_hours import guess_unseen
from staffing.forecast.day_level.weekdays import CHANCE
from staffing.forecast.day_level.weekdays import SURE_CALLS as FEW_CALLS

SURE_CALLS = 30.0  # that were to be expected in hours at zero
OPENED_CALLS = 10.0  # in all: a stray call opens no hour, nor closes one that it may have moved from
BUSY = 0.5  # share of days with calls, from which on hours are worked
LEAST_SHARE = 0.02  # of a day's calls; smaller changes of hours are none
LEAST_LEFT = 10.0  # calls a day outside hours that closed, for older days to be told without them
USUAL_DAYS = 56  # before hours closed, that tell how busy they were
BACK_PART = 0.25  # of the calls since, that hours had before a silence, from which on they have returned
POOL_DAYS = 2.0  # days since, of all weekdays, that the hours of one weekday are shrunk by
SHUT_PART = 0.05  # of the calls expected in hours that opened, below which a weekday has not opened
LEAST_BASE = 0.1  # of today's calls in hours known on both sides; where less are, days keep their calls


@dataclass(frozen=True)
class _Rule:
    """Days of a kind: at ``zero``, or ``silent`` (without rows), that close hours; ``before`` at zero, and ``since``
    with calls, that open them, or ``least`` if they are all there are since; opened within so many days of each other,
    hours opened ``together``."""

    zero: int
    silent: int
    before: int
    since: int
    least: int
    together: int


ANY_DAY = _Rule(zero=5, silent=10, before=28, since=3, least=1, together=6)
ONE_WEEKDAY = _Rule(zero=2, silent=3, before=4, since=2, least=2, together=0)
#: Hours that were busy are back on the first day on which they are again. The longer silence is looked for first: the
#: days off of every week hide it.
SILENCES = tuple(replace(ANY_DAY, before=days) for days in (8, 3))


def in_todays_hours(
    counts: QueueCounts, facts: DayFacts, own: np.ndarray
) -> tuple[QueueCounts, tuple[HoursChange, ...]]:
    """The counts with older days in today's hours, and what changed; ``own`` flags days with hours of their own."""
    calls = np.where(counts.open, counts.calls, 0.0)
    if calls.shape[1] == 1:
        return counts, ()
    worked = (facts.holiday_offset != 0) & ~own & (np.nan_to_num(calls).sum(axis=1) > 0)
    every = np.flatnonzero(worked)
    told, changes = calls, _search(calls, every, counts, ANY_DAY)
    changes = [replace(one, weekdays=_weekdays(one, calls, every, facts)) for one in changes]
    told = _as_today(calls, changes, every, facts)
    for rule in SILENCES:
        again = _over(told, every, rule, facts)
        told, changes = _as_today(told, again, every, facts), [*changes, *again]
    for day in range(7):
        of_day = np.flatnonzero(worked & (facts.weekday == day))
        found = [replace(one, weekdays=(day,)) for one in _search(told, of_day, counts, ONE_WEEKDAY)]
        told = _as_today(told, found, of_day, facts)
        changes += [one for one in found if not any(one.repeats(other) for other in changes)]
    told, guesses = guess_unseen(told, counts, every)
    if not changes and not guesses:
        return counts, ()
    made = replace(counts, calls=np.where(counts.open, told, counts.calls))
    return made, (*one_change_each(changes, counts.dates), *guesses)


def _search(calls: np.ndarray, days: np.ndarray, counts: QueueCounts, rule: _Rule) -> list[ChangedSlots]:
    """Blocks of slots that opened or closed, seen in the days at the places ``days``."""
    if len(days) < rule.before + rule.least:
        return []
    quiet = np.nan_to_num(calls[days])
    opened = list(_opened(quiet, rule))
    moved = {len(days) - one.place + near for one in opened for near in (-1, 0, 1)}
    declared = all(counts.declared[k] for k in np.unique(weekday_of(counts.dates[days])))
    found = [_in_history(one, days) for one in opened]
    for block, place, rate in _closed(quiet, rule, moved):
        made = ChangedSlots(block.start, block.stop - 1, int(days[place]), CLOSED, rate)
        least = (rule.least, rule.least) if len(days) - place in moved else (rule.zero, rule.silent)
        found += _believed(made, counts, days, least, declared)
    return found


def _over(calls: np.ndarray, days: np.ndarray, rule: _Rule, facts: DayFacts) -> list[ChangedSlots]:
    """Blocks of slots that were at zero for a while and are busy again, on weekdays that had been busy before."""
    quiet, found = np.nan_to_num(calls[days]), []
    for one in _opened(quiet, rule) if len(days) >= rule.before + rule.least else ():
        if one.kind != RETURNED or one.over or not one.shut:
            continue
        first, end = one.shut[-1]
        before = slice(max(0, first - USUAL_DAYS), first)
        usual = facts.weekday[days[before]]
        shut = [_works(quiet[before][usual == day], one.slots) for day in np.unique(facts.weekday[days[first:end]])]
        if all(shut):
            made = _in_history(one, days)
            found.append(replace(made, weekdays=_weekdays(made, calls, days, facts)))
    return found


def _in_history(opened: ChangedSlots, days: np.ndarray) -> ChangedSlots:
    """Hours that opened or returned, places among ``days`` made places in history."""
    shut = tuple((int(days[first]) if first else 0, int(days[end])) for first, end in opened.shut)
    return replace(opened, place=int(days[opened.place]), shut=shut)


def _believed(
    made: ChangedSlots, counts: QueueCounts, days: np.ndarray, least: tuple[int, int], declared: bool
) -> list[ChangedSlots]:
    """A closing, by what speaks for it: ``least`` days at zero, or without rows, which must be longer than by chance;
    declared hours are held open without rows."""
    since, block = days >= made.place, counts.calls[days, made.slots]
    busy = np.nan_to_num(block[~since][-USUAL_DAYS:]).sum(axis=0)
    absent = np.isnan(block) @ busy >= MOSTLY * busy.sum()
    recorded = ~absent | (np.arange(len(days)) == len(days) - 1)  # a last day that ends in zeros may not be over
    if (since & recorded).sum() >= least[0]:
        return [made]
    usual = absent[~since][-USUAL_DAYS:].mean()
    silent = int((since & absent).sum())
    sure = silent >= least[1] and usual**silent < CHANCE
    return [replace(made, kind=HELD if declared else CLOSED, silent=True)] * bool(sure)


def _closed(quiet: np.ndarray, rule: _Rule, moved: set[int]) -> Iterator[tuple[slice, int, float]]:
    """Blocks of slots without calls at the end, the place of their first such day, and their calls a day before.

    Hours that close when others open, as many days before the end as ``moved`` holds, are believed as soon as these and
    by as few calls.
    """
    days = len(quiet)
    tail = np.where((quiet > 0).any(axis=0), np.argmax(quiet[::-1] > 0, axis=0), days)
    free = np.ones(quiet.shape[1], dtype=bool)
    lengths = [t for t in np.unique(tail).tolist() if t >= rule.zero or (t >= rule.least and t in moved)]
    lengths = [t for t in lengths if days - t >= rule.before]
    while True:
        best = (0.0, slice(0), 0, 0.0)
        for length in lengths:
            window = quiet[max(0, days - length - USUAL_DAYS) : days - length]
            for block in _blocks(free & (tail >= length) & window.any(axis=0)):
                rate = float(window[:, block].sum(axis=1).mean())
                left = float(window.sum(axis=1).mean()) - rate
                least, left_enough = (OPENED_CALLS, True) if length in moved else (SURE_CALLS, left >= LEAST_LEFT)
                sure = rate * length >= least and left_enough and _works(window, block)
                if sure and rate * length > best[0]:
                    best = (rate * length, block, days - length, rate)
        if not best[0]:
            return
        free[best[1]] = False
        yield best[1:]


def _opened(quiet: np.ndarray, rule: _Rule) -> Iterator[ChangedSlots]:
    """Blocks of slots with calls only since, or again; places are among the days."""
    begin, gap, back = _last_silences(quiet, rule)
    hour = max(quiet.shape[1] // 24, 1)
    while True:
        best, found = 0.0, None
        for place in np.unique(begin[begin >= 0]).tolist():
            since = quiet[place:]
            near = (begin >= place) & (begin <= place + rule.together)
            for block in [*_blocks(near & back), *_blocks(near & ~back)]:
                inside = since[:, block].sum(axis=1)
                expected = float(inside.mean()) * float(gap[block].min())
                enough = _believed_open(since[:, block], rule, hour=1 if back[block].all() else hour)
                if enough and expected >= max(SURE_CALLS, best) and _works(since, block):
                    best, found = expected, (block, place, inside)
        if found is None:
            return
        block, place, inside = found
        begin[block] = -1
        last = int(np.flatnonzero(inside)[-1])
        rate, over = float(inside[: last + 1].mean()), len(inside) - 1 - last >= rule.zero
        made = ChangedSlots(block.start, block.stop - 1, place, OPENED, rate, shut=((0, place),), over=over)
        if back[block].all():
            silent = runs(quiet[:place, block].sum(axis=1) == 0)
            shut = tuple((first, end) for first, end in silent if end - first >= rule.before)
            made = replace(made, kind=RETURNED, shut=shut)
        yield made


def _believed_open(inside: np.ndarray, rule: _Rule, hour: int) -> bool:
    """Whether calls (days since × slots) are enough to say that hours opened: on enough days; or, while there are fewer
    in all, on each of them, and for an ``hour`` of slots, which is more than a last call that ran late."""
    calls, (days, slots) = inside.sum(axis=1), inside.shape
    seen = (calls > 0).sum() >= rule.since or (rule.least <= days < rule.since and calls.all() and slots >= hour)
    return bool(seen and calls.sum() >= OPENED_CALLS)


def _last_silences(quiet: np.ndarray, rule: _Rule) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per slot: where it began after its last long silence (-1: had none), its days, and whether calls were usual
    before it as well."""
    slots = quiet.shape[1]
    begin, gap, back = np.full(slots, -1), np.zeros(slots, dtype=int), np.zeros(slots, dtype=bool)
    for slot in range(slots):
        worked = np.flatnonzero(quiet[:, slot])
        gaps = np.diff(np.concatenate([[-1], worked])) - 1
        long = np.flatnonzero(gaps >= rule.before)
        if len(long):
            begin[slot], gap[slot] = worked[long[-1]], gaps[long[-1]]
            gone = begin[slot] - gap[slot]
            before = quiet[max(0, gone - USUAL_DAYS) : gone, slot]
            back[slot] = gone >= rule.zero and before.mean() >= BACK_PART * quiet[begin[slot] :, slot].mean()
    return begin, gap, back


def _blocks(flags: np.ndarray) -> list[slice]:
    return [slice(*run) for run in runs(flags)]


def _works(quiet: np.ndarray, block: slice) -> bool:
    """Whether the block has calls on most of these days, and a share of theirs that matters."""
    inside = quiet[:, block].sum(axis=1)
    return bool(
        (inside > 0).sum() >= max(BUSY * len(inside), 1) and inside.sum() >= LEAST_SHARE * quiet[inside > 0].sum()
    )


def _weekdays(change: ChangedSlots, calls: np.ndarray, days: np.ndarray, facts: DayFacts) -> tuple[int, ...]:
    """Weekdays that a change seen in all days is one of: of hours that opened or returned
    those that have calls in them, or were not seen since and work the hours beside."""
    if not change.shut:
        return tuple(range(7))
    quiet, weekday = np.nan_to_num(calls[days]), facts.weekday[days]
    since = days >= change.place
    inside = quiet[:, change.slots].sum(axis=1)
    beside = change.first - 1 if change.first else min(change.last + 1, calls.shape[1] - 1)
    part = inside[since].sum() / max(quiet[since].sum(), 1e-9)
    found = []
    for day in range(7):
        own, before = since & (weekday == day), ~since & (weekday == day)
        expected = part * quiet[own].sum()
        if not own.any():
            opened = before.any() and (quiet[before, beside][-4:] > 0).mean() >= BUSY
        else:
            opened = inside[own].sum() > SHUT_PART * expected or expected < FEW_CALLS
        found += [day] * bool(opened)
    return tuple(found)


def _as_today(calls: np.ndarray, changes: list[ChangedSlots], days: np.ndarray, facts: DayFacts) -> np.ndarray:
    """The calls with ``changes`` told of older days as well."""
    told, recorded = calls.copy(), np.isfinite(calls).any(axis=1)
    calls_of_day = np.where(recorded, np.nansum(calls, axis=1), np.nan)[:, None]
    for change in changes:
        if change.kind == CLOSED:
            told[np.isin(facts.weekday, change.weekdays) & recorded, change.slots] = 0.0
    opened = sorted((change for change in changes if change.shut), key=lambda change: change.place)
    for k, change in enumerate(opened):
        base = np.ones(calls.shape[1], dtype=bool)
        for later in opened[k:]:
            base[later.slots] = False
        quiet = np.nan_to_num(told[days[days >= change.place]])
        enough = quiet[:, base].sum() >= LEAST_BASE * quiet.sum()
        _fill(told, change, told[:, base] if enough else calls_of_day, days, facts)
    return told


def _fill(told: np.ndarray, change: ChangedSlots, outside: np.ndarray, days: np.ndarray, facts: DayFacts) -> None:
    """Hours that opened or returned, on the days they were shut, by their calls per call ``outside`` of them on all
    others (days × any)."""
    shut = change.was_shut(len(told))
    known = days[~shut[days]]
    inside, others = np.nan_to_num(told[known, change.slots]), np.nan_to_num(outside[known]).sum(axis=1)
    pool = POOL_DAYS * others.mean()
    pooled = inside.sum(axis=0) / others.sum()
    own = [facts.weekday[known] == day for day in range(7)]
    ratios = np.array([(inside[of].sum(axis=0) + pool * pooled) / (others[of].sum() + pool) for of in own])
    before = np.flatnonzero(np.isin(facts.weekday, change.weekdays) & shut)
    told[before, change.slots] = ratios[facts.weekday[before]] * outside[before].sum(axis=1, keepdims=True)
