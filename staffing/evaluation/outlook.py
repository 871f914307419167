"""What the requirement promises before anybody is rostered, and what one agent more or fewer would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.evaluation.rollup import AMOUNTS, with_ratios
from staffing.evaluation.timeline import epoch_s
from staffing.requirements.present import present_share
from staffing.service import SERVICE_OF, Staffed, is_live, patience_of

STEPS = (-3, -2, -1, 0, 1, 2, 3)


def staffed_at(calls: pd.DataFrame, needed: pd.DataFrame, scenario: Scenario, extra: int = 0) -> pd.DataFrame:
    """Service per interval with the required agents, and ``extra`` of them wherever any is required.

    ``calls`` is a FORECAST and ``needed`` a REQUIREMENTS table. Columns: queue, start, aht_s, agents, the amounts
    and the ratios of ``rollup`` (NaN without contacts and for deferred work) and ``rostered_hours``, the agents'
    hours before shrinkage.
    """
    table = calls.merge(needed, on=["queue", "start"], validate="one_to_one")
    table["present"] = present_share(table, calls, needed, scenario)
    parts = [_queue(rows, scenario, extra) for _, rows in table.groupby("queue", sort=True)]
    return with_ratios(pd.concat(parts, ignore_index=True))


def _queue(rows: pd.DataFrame, scenario: Scenario, extra: int) -> pd.DataFrame:
    queue = scenario.queue(str(rows["queue"].iloc[0]))
    hours, live = scenario.site.interval_min / 60, is_live(queue)
    required = rows["agents"].to_numpy(dtype=float)
    agents = np.where(required > 0, np.maximum(required + extra, 0), 0)
    volume, aht_s = rows["calls"].to_numpy(dtype=float), rows["aht_s"].to_numpy(dtype=float)
    length_s, patience_s = np.full(len(rows), hours * 3600), patience_of(rows, queue)
    demand = Staffed(volume, aht_s, length_s, agents, epoch_s(rows["start"]), patience_s)
    amounts = SERVICE_OF[queue.channel](demand, queue, scenario.target(queue))
    return rows[["queue", "start", "calls", "aht_s"]].assign(
        agents=agents,
        **amounts,
        handle_s=volume * aht_s,
        live_calls=np.nan_to_num(amounts["offered"]) * live,
        lost_cost=amounts["lost"] * scenario.prices.lost_contact,
        busy_hours=amounts["busy"] * hours,
        live_hours=(agents + np.nan_to_num(amounts["overrun"])) * hours * live,
        required_hours=required * hours,
        scheduled_hours=agents * hours,
        short_hours=np.maximum(required - agents, 0) * hours,
        excess_hours=np.maximum(agents - required, 0) * hours,
        rostered_hours=agents * hours / rows["present"].to_numpy(),
    )


def outlook(
    calls: pd.DataFrame, needed: pd.DataFrame, scenario: Scenario, steps: Sequence[int] = STEPS
) -> pd.DataFrame:
    """The whole period with so many agents more or fewer than required in every interval.

    One row per queue and step: queue, ``extra`` (the step), the amounts and ratios of ``rollup``,
    ``rostered_hours`` and ``hours_cost`` (rostered hours × the price of an hour). Money in the scenario's currency.
    """
    tables = [staffed_at(calls, needed, scenario, step).assign(extra=step) for step in steps]
    sums = pd.concat(tables).groupby(["queue", "extra"])[[*AMOUNTS, "rostered_hours"]].sum(min_count=1)
    table = with_ratios(sums.reset_index())
    return table.assign(hours_cost=table["rostered_hours"] * scenario.prices.agent_hour)


def headline(calls: pd.DataFrame, needed: pd.DataFrame, scenario: Scenario) -> dict[str, float]:
    """Contacts, their mean handle time (NaN without any), the hours needed on the phone and to roster, their cost."""
    hours = scenario.site.interval_min / 60
    contacts = float(calls["calls"].sum())
    rostered = float(needed["agents_scheduled"].sum()) * hours
    return {
        "calls": contacts,
        "aht_s": float((calls["calls"] * calls["aht_s"]).sum()) / contacts if contacts else float("nan"),
        "on_phone_hours": float(needed["agents"].sum()) * hours,
        "rostered_hours": rostered,
        "cost": rostered * scenario.prices.agent_hour,
    }


def volume_range(paths: Mapping[str, np.ndarray], low: float = 0.1, high: float = 0.9) -> tuple[float, float]:
    """Quantiles of the contacts of the whole period, all queues, over the sample paths (paths × intervals per queue).

    Queues are drawn independently of each other, so the range of their sum is a lower estimate where they move
    together.
    """
    totals = np.sum([queue.sum(axis=1, dtype=float) for queue in paths.values()], axis=0)
    return float(np.quantile(totals, low)), float(np.quantile(totals, high))
