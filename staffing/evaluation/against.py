"""A week's forecast against what came: interval by interval and day by day, with its accuracy.

Measures are those of ``accuracy``: WAPE, bias and coverage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.evaluation.accuracy import wape
from staffing.evaluation.grains import forecast_in

if TYPE_CHECKING:
    from staffing.forecast import Forecast


def pairs(made: Forecast, queue: str, minutes: int, came: pd.DataFrame, site: SiteCalendar) -> pd.DataFrame:
    """Forecast beside what came, in steps of so many minutes that have come whole.

    Args:
        made: the forecast, made from what was known before it begins.
        queue: a queue or total of it.
        minutes: the length of a step.
        came: history's rows (queue, start, calls) in the site's interval, counted as the forecast counts.
        site: the wall clock.

    Returns:
        ``start, calls, p10, p90, actual``, empty where nothing has come.
    """
    from staffing.evaluation.grains import cells

    rows = made.queue(queue)[["start"]]
    own = came[came["queue"].isin(made.sums.get(queue, (queue,)))]
    known = own.groupby("start")["calls"].sum(min_count=len(made.sums.get(queue, (queue,))))
    actual = rows["start"].map(known)
    cell, _ = cells(rows["start"], minutes, site)
    whole = actual.groupby(cell).apply(lambda part: part.sum() if part.notna().all() else np.nan)
    table = forecast_in(made, queue, minutes, site)[["start", "calls", "p10", "p90"]].reset_index(drop=True)
    return table.assign(actual=whole.to_numpy(dtype=float)).dropna(subset="actual").reset_index(drop=True)


def measures(table: pd.DataFrame) -> dict[str, float]:
    """``wape``, ``bias`` and ``coverage`` of pairs, and how many ``steps``; NaN where nothing came."""
    total = float(table["actual"].sum())
    inside = (table["p10"] <= table["actual"]) & (table["actual"] <= table["p90"])
    return {
        "steps": float(len(table)),
        "forecast": float(table["calls"].sum()),
        "came": total,
        "wape": wape(table["actual"], table["calls"]),
        "bias": float((table["calls"] - table["actual"]).sum() / total) if total > 0 else float("nan"),
        "coverage": float(inside.mean()) if len(table) else float("nan"),
    }
