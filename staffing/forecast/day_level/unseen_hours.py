"""Hours that the calendar declares open and that history has no rows of: guessed from the hours beside them."""

from __future__ import annotations

import numpy as np

from staffing.forecast.counts import QUIET_CALLS, QueueCounts, runs, weekday_of
from staffing.forecast.day_level.hours_change import UNSEEN, ChangedSlots, HoursChange, one_change_each

FADE = 0.5  # of the calls of an hour, that the next one beyond it is guessed to have


def guess_unseen(
    calls: np.ndarray, counts: QueueCounts, days: np.ndarray
) -> tuple[np.ndarray, tuple[HoursChange, ...]]:
    """The calls with hours never seen filled on the worked ``days`` and all others of their weekdays; and the guesses.

    An hour beyond one that is busy has half of its calls, the next one half of these.
    """
    if counts.unseen is None or not counts.unseen.any():
        return calls, ()
    told, found = calls.copy(), []
    weekday = weekday_of(counts.dates)
    for day in np.flatnonzero(counts.unseen.any(axis=1)).tolist():
        own = np.nan_to_num(calls[days[weekday[days] == day]])
        unseen = counts.unseen[day] & ~own.any(axis=0)  # those that opened on other weekdays are told already
        guess = _guess(own.mean(axis=0), unseen) if len(own) else np.zeros(calls.shape[1])
        if not guess.any():
            continue
        rows, total = np.flatnonzero(weekday == day), own.sum(axis=1).mean()
        slots = np.flatnonzero(guess)
        told[np.ix_(rows, slots)] = guess[slots] * (calls[rows].sum(axis=1) / total)[:, None]
        found += [ChangedSlots(a, b - 1, 0, UNSEEN, float(guess[a:b].sum()), (day,)) for a, b in runs(guess > 0)]
    return told, tuple(one_change_each(found, counts.dates))


def _guess(usual: np.ndarray, unseen: np.ndarray) -> np.ndarray:
    """Calls of each slot that was never seen, by the nearest seen ones on either side; 0 where these are quiet."""
    slots = len(usual)
    hour = max(1, slots // 24)
    seen = np.flatnonzero(~unseen & (usual > 0))
    guess = np.zeros(slots)
    for slot in np.flatnonzero(unseen):
        sides = [side for side in (seen[seen < slot][-hour:], seen[seen > slot][:hour]) if len(side)]
        for side in sides:
            edge = float(usual[side].mean())
            away = np.abs(side - slot).min() / hour
            if edge * hour >= QUIET_CALLS:
                guess[slot] = max(guess[slot], edge * FADE ** np.ceil(away))
    return guess
