"""Days far beyond all others in a history too short for a model that would give them little weight."""

from __future__ import annotations

import numpy as np

FAR, FAR_ALONE = 8.0, 20.0  # times what is usual; where no other such weekday is known
LEAST_CALLS = 20.0  # beyond what is usual
FEW = 3  # days with calls, below which none can be told from the others


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
