"""What it costs that more days hold: the work of a week at several shares of days."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from staffing.domain.patches import REMOVE
from staffing.domain.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from staffing.planner.planner import Planner

LEVELS = (0.80, 0.85, 0.90, 0.95)


def prices(planner: Planner, scenario: Scenario, start: dt.date) -> pd.DataFrame:
    """``meet`` (NaN: the plain targets), ``on_phone_hours, rostered_hours, cost`` of the week from ``start``."""
    import pandas as pd

    from staffing.evaluation.outlook import headline

    rows = []
    for meet in (None, *LEVELS):
        service = {"meet": meet or REMOVE}
        asked = scenario.patched({"service": service}) if meet or scenario.service.meet else scenario
        work = planner.workload(asked, start=start)
        told = headline(work.forecast.table, work.requirements, asked)
        rows.append({"meet": meet, **{name: told[name] for name in ("on_phone_hours", "rostered_hours", "cost")}})
    return pd.DataFrame(rows).astype({"meet": float})
