"""Time lost to the phone, forecast from past attendance by weekday and slot, recent weeks most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.forecast.counts import lay_out
from staffing.forecast.handle_time import by_weekday_and_slot

PULLS = (40.0, 20.0)  # agent-intervals; meetings are fixed in the week, so a weekday soon speaks for itself
MOST = 0.89  # a share above this leaves nobody to plan with


@dataclass(frozen=True)
class WeekShrinkage:
    """7 × slots shares. ``planned`` is of scheduled time, ``unplanned`` of the time that planned absence leaves."""

    planned: np.ndarray
    unplanned: np.ndarray


def week_shrinkage(queue: str, rows: pd.DataFrame, calendar: SiteCalendar) -> WeekShrinkage | None:
    """Of one queue's history (``start, scheduled, planned_off, present``, agents); None where it tells nobody's time.

    Where ``planned_off`` is not told, all that is lost counts as unplanned.
    """
    if "scheduled" not in rows or not {"planned_off", "present"} & set(rows):
        return None
    rows = rows[rows["scheduled"].notna() & (rows["planned_off"].notna() | rows["present"].notna())]
    if rows.empty or not (rows["scheduled"] > 0).any():
        return None
    scheduled = rows["scheduled"].to_numpy(float)
    off = np.minimum(rows["planned_off"].fillna(0.0).to_numpy(float), scheduled)
    present = rows["present"].to_numpy(float)
    missed = np.where(np.isnan(present), 0.0, np.maximum(scheduled - off - present, 0.0))
    due = np.where(np.isnan(present), 0.0, scheduled - off)
    planned = _shares(queue, rows, calendar, off, scheduled)
    return WeekShrinkage(planned, _shares(queue, rows, calendar, missed, due))


def _shares(queue: str, rows: pd.DataFrame, calendar: SiteCalendar, lost: np.ndarray, due: np.ndarray) -> np.ndarray:
    laid = [lay_out(queue, rows.assign(calls=agents), calendar) for agents in (lost, due)]
    lost_by_day, due_by_day = (np.nan_to_num(counts.calls) for counts in laid)
    shares = by_weekday_and_slot(np.minimum(lost_by_day, due_by_day), due_by_day, laid[0].dates, PULLS)
    return np.zeros((7, due_by_day.shape[1])) if shares is None else np.minimum(shares, MOST)
