"""What the requirement promises before anybody is rostered, and what one agent more or fewer would change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.evaluation.rollup import with_ratios
from staffing.evaluation.service import SERVICE_OF, Demand, is_live

STEPS = (-3, -2, -1, 0, 1, 2, 3)
_SUMS = ("calls", "handle_s", "live_calls", "in_time", "base", "answered", "lost", "waited_s", "queued_s")
_HOURS = ("busy_hours", "live_hours", "on_phone_hours", "rostered_hours")


def staffed_at(calls: pd.DataFrame, needed: pd.DataFrame, scenario: Scenario, extra: int = 0) -> pd.DataFrame:
    """Service per interval with the required agents, and ``extra`` of them wherever any is required.

    ``calls`` is a FORECAST and ``needed`` a REQUIREMENTS table. Columns: queue, start, calls, aht_s, agents,
    the shares and waits of an evaluation (NaN without contacts and for deferred work), and the amounts they
    are ratios of. ``rostered_hours`` are the hours before shrinkage.
    """
    table = calls.merge(needed, on=["queue", "start"], validate="one_to_one")
    parts = [_queue(rows, scenario, extra) for _, rows in table.groupby("queue", sort=True)]
    return with_ratios(pd.concat(parts, ignore_index=True))


def _queue(rows: pd.DataFrame, scenario: Scenario, extra: int) -> pd.DataFrame:
    queue = scenario.queue(str(rows["queue"].iloc[0]))
    hours = scenario.site.interval_min / 60
    agents = np.where(rows["agents"] > 0, np.maximum(rows["agents"] + extra, 0), 0).astype(float)
    volume, aht_s = rows["calls"].to_numpy(dtype=float), rows["aht_s"].to_numpy(dtype=float)
    amounts = SERVICE_OF[queue.channel](
        Demand(volume, aht_s, np.full(len(rows), hours * 3600), agents), queue, scenario.target(queue)
    )
    return rows[["queue", "start", "calls", "aht_s"]].assign(
        agents=agents,
        **amounts,
        handle_s=volume * aht_s,
        live_calls=volume * is_live(queue),
        busy_hours=amounts["busy"] * hours,
        live_hours=agents * hours * is_live(queue),
        on_phone_hours=agents * hours,
        rostered_hours=agents * hours / scenario.shrinkage.present_share,
    )


def outlook(
    calls: pd.DataFrame, needed: pd.DataFrame, scenario: Scenario, steps: Sequence[int] = STEPS
) -> pd.DataFrame:
    """The whole period with so many agents more or fewer than required in every interval.

    One row per queue and step: queue, extra, calls, service_level, asa_s, abandonment, occupancy, lost
    (contacts), on_phone_hours, rostered_hours, hours_cost (rostered hours × the price of an hour), lost_cost.
    """
    tables = [staffed_at(calls, needed, scenario, step).assign(extra=step) for step in steps]
    sums = pd.concat(tables).groupby(["queue", "extra"])[[*_SUMS, *_HOURS]].sum(min_count=1)
    table = with_ratios(sums.reset_index())
    return table.assign(
        hours_cost=table["rostered_hours"] * scenario.prices.agent_hour,
        lost_cost=table["lost"] * scenario.prices.lost_contact,
    )


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
