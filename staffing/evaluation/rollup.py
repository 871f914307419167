"""From intervals to days, weeks and totals: amounts are added, ratios are formed afterwards."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.domain.scenario import Scenario
from staffing.evaluation.measures import MEASURES, service_definition
from staffing.service import is_live

ALL_QUEUES = "all queues"
Floats = NDArray[np.float64]
AMOUNTS = (
    "calls",
    "handle_s",
    "live_calls",
    "in_time",
    "base",
    "answered",
    "lost",
    "lost_cost",
    "unserved",
    "waited_s",
    "queued_s",
    "busy_hours",
    "live_hours",
    "required_hours",
    "scheduled_hours",
    "short_hours",
    "excess_hours",
)
PAY = ("paid_hours", "cost")


def with_ratios(amounts: pd.DataFrame) -> pd.DataFrame:
    """``amounts`` with aht_s, service_level, asa_s, mean_wait_s, abandonment and occupancy.

    NaN where nothing was offered (or answered); inf where a wait is not bounded.
    """
    ratios = {
        "service_level": np.clip(_ratio(amounts, "in_time", "base"), 0, 1),
        "asa_s": _ratio(amounts, "waited_s", "answered"),
        "mean_wait_s": _ratio(amounts, "queued_s", "live_calls"),
        "abandonment": np.clip(_ratio(amounts, "lost", "live_calls"), 0, 1),
        "occupancy": np.clip(_ratio(amounts, "busy_hours", "live_hours"), 0, 1),
    }
    if "aht_s" not in amounts:
        ratios["aht_s"] = _ratio(amounts, "handle_s", "calls")
    return amounts.assign(**ratios)


def _ratio(amounts: pd.DataFrame, part: str, whole: str) -> Floats:
    above, below = (amounts[name].to_numpy(dtype=float) for name in (part, whole))
    return np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)


def roll_up(intervals: pd.DataFrame, pay: pd.DataFrame, by: str, scenario: Scenario) -> pd.DataFrame:
    """Per queue and all together, and per ``by`` (a column of both tables): every measure, and the
    service-level ``definition``. Sorted by queue (all queues last) and ``by``."""
    keys = ["queue", by]
    amounts = _with_all(intervals[[*keys, *AMOUNTS]]).groupby(keys).sum()
    paid = _with_all(pay[[*keys, *PAY]]).groupby(keys).sum()
    table = with_ratios(amounts.join(paid, how="outer").fillna(0.0)).reset_index()
    definitions = _definitions(scenario)
    table["definition"] = table["queue"].map(definitions)
    order = dict(zip(definitions, range(len(definitions)), strict=True))
    table = table.sort_values(keys, key=lambda v: v.map(order) if v.name == "queue" else v, kind="stable")
    return table[[*keys, *MEASURES, "definition"]].reset_index(drop=True)


def _with_all(rows: pd.DataFrame) -> pd.DataFrame:
    """``rows``, and each of them once more under the name of all queues."""
    return pd.concat([rows, rows.assign(queue=ALL_QUEUES)], ignore_index=True)


def _definitions(scenario: Scenario) -> dict[str, str]:
    """Service-level definition per queue, in the scenario's order, and of all queues."""
    live = [queue for queue in scenario.queues if is_live(queue)]
    texts = {queue.name: service_definition(scenario, [queue] if is_live(queue) else []) for queue in scenario.queues}
    return {**texts, ALL_QUEUES: service_definition(scenario, live)}
