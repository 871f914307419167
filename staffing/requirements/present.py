"""What shrinkage leaves of rostered time, interval by interval: the one rule that every stage asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from staffing.domain.duties import placed_hours
from staffing.domain.scenario import Scenario
from staffing.domain.service import Shrinkage

if TYPE_CHECKING:
    import pandas as pd

SHARES = ["planned_shrinkage", "unplanned_shrinkage"]


def present_share(
    rows: pd.DataFrame, forecast: pd.DataFrame, needed: pd.DataFrame, scenario: Scenario
) -> NDArray[np.float64]:
    """Of each of ``rows`` (queue, start): the share of rostered time that is worked on contacts, in (0, 1].

    What planned shrinkage leaves × what unplanned leaves of it. Both come from past attendance where the scenario asks
    for it and ``forecast`` (table FORECAST) has it, else from the scenario. Sessions that the roster places are not
    taken off again: of the planned hours behind ``needed`` (queue, start, agents on the phone) only those beyond the
    sessions of the same days count, in all intervals by the same proportion.
    """
    planned, unplanned = lost_shares(rows, forecast, needed, scenario)
    return (1 - planned) * (1 - unplanned)


def lost_shares(
    rows: pd.DataFrame, forecast: pd.DataFrame, needed: pd.DataFrame, scenario: Scenario
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What planned shrinkage takes of each of ``rows``, beyond sessions, and what unplanned takes of the rest."""
    planned, unplanned = _lost(rows, forecast, scenario.shrinkage)
    return planned * _beyond_sessions(forecast, needed, scenario), unplanned


def without_shares(forecast: pd.DataFrame, shrinkage: Shrinkage) -> list[str]:
    """Queues for which ``shrinkage`` asks past attendance in vain; none where it does not ask."""
    if not shrinkage.from_history:
        return []
    told = forecast.reindex(columns=SHARES).notna().all(axis=1)
    return sorted(set(forecast["queue"]) - set(forecast["queue"][told]))


def _lost(rows: pd.DataFrame, forecast: pd.DataFrame, shrinkage: Shrinkage) -> NDArray[np.float64]:
    """Planned and unplanned share of each row, (2, rows), sessions not looked at."""
    import pandas as pd

    usual = dict(zip(SHARES, (shrinkage.planned, shrinkage.unplanned), strict=True))
    if not shrinkage.from_history or not set(SHARES) <= set(forecast):
        return np.repeat(np.array([*usual.values()]), len(rows)).reshape(len(SHARES), len(rows))
    known = forecast.set_index(["queue", "start"])[SHARES].dropna()
    found = known.reindex(pd.MultiIndex.from_frame(rows[["queue", "start"]])).fillna(usual)
    return found.to_numpy(dtype=float).T


def _beyond_sessions(forecast: pd.DataFrame, needed: pd.DataFrame, scenario: Scenario) -> float:
    """Of the hours that planned shrinkage takes off, the share that the roster does not place itself."""
    if not scenario.sessions or needed.empty:
        return 1.0
    local = needed["start"].dt.tz_convert(scenario.site.zone)
    placed = placed_hours(scenario.sessions, scenario.agents, local.min().date(), local.max().date())
    planned, unplanned = _lost(needed, forecast, scenario.shrinkage)
    rostered = needed["agents"].to_numpy(dtype=float) / ((1 - planned) * (1 - unplanned))
    hours = float(rostered @ planned) * scenario.site.interval_min / 60
    return max(0.0, 1 - placed / hours) if hours > 0 else 1.0
