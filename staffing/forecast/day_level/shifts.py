"""Days on which the level moved at once: a score test against everything that a fitted regression already knows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from staffing.forecast.day_level.regression import Regression
from staffing.forecast.day_level.systems import inverse_factor

SHIFT_SCORE = 30.0  # squared z value: about once in ten million by chance, and many days are tried
PAIR_SCORE, PAIR_MORE = 40.0, 16.0  # of two together, and by how much more than of the better one alone
RETURN_SCORE = 9.0  # of one that goes with a gap: few days are tried, and much may happen in it
SHIFT_BEFORE, SHIFT_AFTER, SHIFT_APART = 14, 4, 7  # days
PAIR_DAYS = 200  # of late, in which two are looked for together


def find_shifts(regression: Regression, limit: int = 4, returns: Sequence[float] = ()) -> list[float]:
    """First days (ordinals) of level shifts the fitted terms cannot explain, oldest first.

    The days ``returns``, on which history goes on after a gap, are held against it first: there the level may well be
    another one.

    Each candidate step is held against the fitted covariance by its score statistic, (s'α)² / (s'V⁻¹s); the largest
    above SHIFT_SCORE is taken, and the others are held against it too, and so on. Two shifts close together hide
    each other, up and down again above all: of late, pairs are tried as well.
    """
    days, target = regression.facts.ordinal, regression.whitened
    steps = np.cumsum(inverse_factor(regression.solved().factor).T[::-1], axis=0)[::-1]  # days × whitened steps
    able = np.zeros(len(days), dtype=bool)
    able[SHIFT_BEFORE : max(len(days) - SHIFT_AFTER + 1, 0)] = True
    found: list[int] = []

    def take(day: int) -> None:
        nonlocal target, steps, able
        along = steps[day] / np.linalg.norm(steps[day])
        target = target - (along @ target) * along
        steps = steps - np.outer(steps @ along, along)
        able &= np.abs(days - days[day]) >= SHIFT_APART
        found.append(day)

    for day in np.searchsorted(days, returns).tolist()[-limit:]:
        if (steps[day] @ target) ** 2 > RETURN_SCORE * (steps[day] @ steps[day]):
            take(day)
    while able.any():
        alone = np.where(able, (steps @ target) ** 2 / np.maximum(np.einsum("ij,ij->i", steps, steps), 1e-12), 0.0)
        best, score = [int(alone.argmax())], float(alone.max())
        pair, together = _best_pair(steps, target, able)
        if together > max(PAIR_SCORE, score + PAIR_MORE):
            best, score = pair, together
        if score <= SHIFT_SCORE or len(found) + len(best) > limit:
            break
        for day in best:
            take(day)
    return sorted(float(days[day]) for day in found)


def _best_pair(steps: np.ndarray, target: np.ndarray, able: np.ndarray) -> tuple[list[int], float]:
    """The two of the last days that explain most together, and their score."""
    late = np.flatnonzero(able)
    late = late[late >= len(able) - PAIR_DAYS]
    if len(late) < 2:
        return [], 0.0
    along, across = steps[late] @ target, steps[late] @ steps[late].T
    own = np.diag(across)
    left = np.maximum(np.outer(own, own) - across**2, 1e-9 * np.outer(own, own))
    score = (np.outer(along**2, own) + np.outer(own, along**2) - 2 * across * np.outer(along, along)) / left
    score[np.abs(late[:, None] - late) < SHIFT_APART] = 0.0
    one, other = np.unravel_index(int(score.argmax()), score.shape)
    return [int(late[one]), int(late[other])], float(score[one, other])
