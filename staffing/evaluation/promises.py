"""Service levels that a whole day or week keeps: contacts wanted in time, kept and lacking, period by period."""

from __future__ import annotations

import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.service import is_live


def promised(intervals: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """``queue, over, first, wanted, kept, lacking`` of every day or week over which a queue keeps its service level.

    ``intervals`` are those of an Evaluation. ``over`` is day or week, ``first`` its first local day. Contacts that are
    to be answered in time (the share promised × those it is measured against), those that will be, and how many fewer.
    """
    parts = [pd.DataFrame(columns=["queue", "over", "first", "wanted", "kept", "lacking"])]
    for queue in scenario.queues:
        target = scenario.target(queue)
        if not is_live(queue) or target.over == "interval" or target.service_level is None:
            continue
        rows = intervals[intervals["queue"] == queue.name]
        day = pd.Series(rows["start"].dt.tz_convert(scenario.site.zone).dt.date, name="first")
        first = day if target.over == "day" else day.map(scenario.site.week_of)
        sums = rows.groupby(first)[["in_time", "base"]].sum().reset_index()
        made = sums.assign(queue=queue.name, over=target.over, wanted=sums["base"] * target.service_level)
        made = made.assign(kept=sums["in_time"], lacking=(made["wanted"] - sums["in_time"]).clip(lower=0.0))
        parts.append(made[made["base"] > 0][list(parts[0].columns)])
    return pd.concat(parts[1:], ignore_index=True) if len(parts) > 1 else parts[0]
