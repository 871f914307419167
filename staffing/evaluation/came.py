"""What came, counted as a scenario counts contacts: on one basis with its forecast."""

from __future__ import annotations

import pandas as pd

from staffing.domain.scenario import Scenario


def by_levers(rows: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Rows of history (queue, calls, …) with ``calls`` times all levers of volume of their queue; those of a queue that
    the scenario does not know times the site's."""
    factors = scenario.volume_factors()
    every = rows["queue"].map(lambda queue: factors.get(queue, scenario.volume_factor))
    return rows.assign(calls=rows["calls"] * every.astype(float))
