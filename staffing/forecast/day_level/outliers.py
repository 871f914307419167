"""Days far beyond all others: slips of the data, or days of their own that tell nothing of those to come."""

from __future__ import annotations

import numpy as np

FAR, FAR_ALONE = 8.0, 20.0  # times what is usual; where no other such weekday is known
LEAST_CALLS = 20.0  # beyond what is usual
FEW = 3  # days with calls, below which none can be told from the others
AROUND_DAYS = 28  # known days on either side that tell what is usual in a long history
ONE_OF_FEW = 1  # other days half as far in all of a history; where there are more, such days are its way
NEWS_DAYS = 56  # a slip longer ago is no news


def outliers(total: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """Which of the days' ``total`` calls are a slip of the data or a day of its own: many times the median of all days
    with calls and of the others of its ``weekday`` (0 = Monday); none where too few have any."""
    out = np.zeros(len(total), dtype=bool)
    worked = total[total > 0]
    if len(worked) < FEW:
        return out
    for day, calls in enumerate(total):
        alike = total[(weekday == weekday[day]) & (np.arange(len(total)) != day)]
        usual = max(float(np.median(worked)), float(np.median(alike)) if len(alike) else 0.0)
        out[day] = calls > (FAR if len(alike) else FAR_ALONE) * usual + LEAST_CALLS
    return out


def slips(total: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """Which of a long history's days, `outliers` among the known days around, stand alone: the days beside them are
    not half as far, and hardly any other day is. The last day is not one yet: a surge begins like that."""
    out = np.zeros(len(total), dtype=bool)
    beside = np.maximum(np.append(-np.inf, total[:-1]), np.append(total[1:], np.inf))
    half = FAR / 2
    spikes = np.flatnonzero(total > half * beside + LEAST_CALLS)
    usual: list[float] = []
    for day in spikes.tolist():
        near = np.arange(max(0, day - AROUND_DAYS), min(len(total), day + AROUND_DAYS + 1))
        near = near[near != day]
        alike = total[near[weekday[near] == weekday[day]]]
        usual.append(max(float(np.median(total[near])), float(np.median(alike)) if len(alike) else 0.0))
    over = (total[spikes] - LEAST_CALLS) / np.maximum(usual, 1e-9)
    if (over > half).sum() <= 1 + ONE_OF_FEW:
        out[spikes[over > FAR]] = True
    return out


def outlier_note(calls: float, day: np.datetime64) -> str:
    """What is said of such a day."""
    return (
        f"{calls:,.0f} calls on {day} are many times those of all other days and count for nothing; correct them if "
        "they are a slip."
    )
