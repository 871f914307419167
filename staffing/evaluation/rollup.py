"""From intervals to days, weeks and totals: amounts are added, ratios are formed afterwards."""

from __future__ import annotations

import numpy as np
import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.evaluation.measures import MEASURES, service_definition
from staffing.evaluation.service import is_live

ALL_QUEUES = "all queues"
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
    live = amounts["live_calls"]
    ratios = {
        "service_level": _ratio(amounts["in_time"], amounts["base"]).clip(0, 1),
        "asa_s": _ratio(amounts["waited_s"], amounts["answered"]),
        "mean_wait_s": _ratio(amounts["queued_s"], live),
        "abandonment": _ratio(amounts["lost"], live).clip(0, 1),
        "occupancy": _ratio(amounts["busy_hours"], amounts["live_hours"]).clip(0, 1),
    }
    if "aht_s" not in amounts:
        ratios["aht_s"] = _ratio(amounts["handle_s"], amounts["calls"])
    return amounts.assign(**ratios)


def _ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole > 0, np.nan)


def roll_up(intervals: pd.DataFrame, pay: pd.DataFrame, by: str, scenario: Scenario) -> pd.DataFrame:
    """Per queue and all together, and per ``by`` (a column of both tables): every measure, and the
    service-level ``definition``. Sorted by queue (all queues last) and ``by``."""
    own = _summed(intervals, pay, ["queue", by])
    every = _summed(intervals.assign(queue=ALL_QUEUES), pay.assign(queue=ALL_QUEUES), ["queue", by])
    table = pd.concat([own, every], ignore_index=True)
    table["definition"] = table["queue"].map(_definitions(scenario))
    order = {name: place for place, name in enumerate(_definitions(scenario))}
    table = table.sort_values(["queue", by], key=lambda v: v.map(order) if v.name == "queue" else v, kind="stable")
    return table[["queue", by, *MEASURES, "definition"]].reset_index(drop=True)


def _summed(intervals: pd.DataFrame, pay: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    amounts = intervals.groupby(keys)[list(AMOUNTS)].sum()
    paid = pay.groupby(keys)[list(PAY)].sum()
    return with_ratios(amounts.join(paid, how="outer").fillna(0.0)).reset_index()


def _definitions(scenario: Scenario) -> dict[str, str]:
    """Service-level definition per queue, in the scenario's order, and of all queues."""
    live = [queue for queue in scenario.queues if is_live(queue)]
    texts = {queue.name: service_definition(scenario, [queue] if is_live(queue) else []) for queue in scenario.queues}
    return {**texts, ALL_QUEUES: service_definition(scenario, live)}
