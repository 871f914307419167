"""Why a day's forecast is what it is, in calls."""

from __future__ import annotations

import numpy as np
import pandas as pd


def cause_calls(queue: str, dates: np.ndarray, causes: dict[str, np.ndarray], total: np.ndarray) -> pd.DataFrame:
    """``queue, day, cause, calls``: level first, then what each cause adds to what stands before it.

    Effects multiply, so the calls of a cause are those it adds after the causes named before it; a day's
    causes sum to its forecast. A shut day shows its level taken away by "closed".
    """
    rows, running, before = [], np.zeros(len(dates)), np.zeros(len(dates))
    for cause, effect in causes.items():
        running = running + effect
        after = np.exp(running)
        rows.append((cause, after - before))
        before = after
    rest = total - before
    rows[0] = (rows[0][0], rows[0][1] + np.where(total > 0, rest, 0.0))
    if (total == 0).any():
        rows.append(("closed", np.where(total > 0, 0.0, rest)))
    names, calls = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "queue": queue,
            "day": np.tile(dates, len(rows)),
            "cause": pd.Series(names).repeat(len(dates)).to_numpy(),
            "calls": np.concatenate(calls),
        }
    )
