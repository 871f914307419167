"""Who hung up, and how long customers are prepared to wait, by weekday and slot, recent weeks most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.forecast.counts import lay_out
from staffing.forecast.handle_time import abandonment_shares, by_weekday_and_slot

SLOT_ABANDONS = 50.0  # a slot's own patience counts by half from so many contacts lost there


@dataclass(frozen=True)
class WeekPatience:
    """7 × slots: ``abandonment``, the share that hung up; ``patience_s``, mean patience, NaN where nothing tells it."""

    abandonment: np.ndarray
    patience_s: np.ndarray


def week_patience(queue: str, rows: pd.DataFrame, calendar: SiteCalendar) -> WeekPatience | None:
    """Of one queue's history (``start, calls, abandoned, wait_s``); None where it tells no abandoned contacts.

    Contacts hang up at the rate 1 / patience while they wait, so mean patience is the time waited by all of them,
    answered or not, over those who hung up (Brown et al. 2005, section 6; ``queueing.fit``).
    """
    if "abandoned" not in rows:
        return None
    rows = rows[rows["abandoned"].notna() & rows["calls"].notna()]
    shares = abandonment_shares(queue, rows, calendar) if len(rows) else None
    return None if shares is None else WeekPatience(shares, _patience(queue, rows, calendar, shares.shape))


def _patience(queue: str, rows: pd.DataFrame, calendar: SiteCalendar, shape: tuple[int, ...]) -> np.ndarray:
    unknown = np.full(shape, np.nan)
    if "wait_s" not in rows or not rows["wait_s"].notna().any():
        return unknown
    rows = rows[rows["wait_s"].notna()]
    waited = rows["wait_s"] * rows["calls"]
    laid = [lay_out(queue, rows.assign(calls=values.astype(float)), calendar) for values in (rows["abandoned"], waited)]
    lost, time_s = (np.nan_to_num(counts.calls) for counts in laid)
    if lost.sum() == 0 or time_s.sum() == 0:
        return unknown
    pull = SLOT_ABANDONS * time_s.sum() / lost.sum()
    rate = by_weekday_and_slot(lost, time_s, laid[0].dates, (pull, pull))
    return unknown if rate is None else np.asarray(1.0 / rate)
