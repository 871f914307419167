"""Forecast and service target in, agents per interval out: on the phone, and rostered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffing import tables
from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def requirements(forecast: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Agents per queue and interval, table REQUIREMENTS.

    ``agents`` are whole people on the phone; ``agents_scheduled`` are the people to roster so that, after
    shrinkage, so many are left; it stays fractional. Closed intervals need nobody.
    """
    import pandas as pd

    parts = []
    for name, rows in forecast.groupby("queue", sort=True):
        queue = scenario.queue(str(name))
        starts = pd.DatetimeIndex(rows["start"])
        is_open = scenario.site.open_mask(starts)
        agents = _on_phone(rows, queue, scenario).clip(min=queue.minimum_agents) * is_open
        parts.append(pd.DataFrame({"queue": queue.name, "start": starts, "agents": agents}))
    table = pd.concat(parts, ignore_index=True)
    table["agents_scheduled"] = table["agents"] / scenario.shrinkage.present_share
    return tables.REQUIREMENTS.check(table)


def _on_phone(rows: pd.DataFrame, queue: Queue, scenario: Scenario) -> np.ndarray:
    from staffing.queueing import Targets, smallest_agents

    service = scenario.target(queue)
    patience_s = float("inf") if queue.model == "erlang_c" or queue.patience_s is None else queue.patience_s
    aht_s = rows["aht_s"].to_numpy(dtype=float)
    load = rows["calls"].to_numpy(dtype=float) * aht_s / (scenario.site.interval_min * 60)
    targets = Targets(
        service_level=service.service_level,
        definition=service.definition,
        asa_s=service.asa_s,
        abandonment=service.abandonment,
        max_occupancy=service.max_occupancy,
    )
    try:
        return smallest_agents(load, aht_s, patience_s, service.threshold_s, targets)
    except ValueError as error:
        raise InputError(str(error), where=Where(field=f"queue {queue.name}")) from None
