"""What a scenario gives the roster."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from staffing.roster.given import Inputs
from staffing.roster.inputs.pins import joined, pinned_rows

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario


def inputs_of(
    requirements: pd.DataFrame,
    scenario: Scenario,
    *,
    start: dt.date,
    days: int = 7,
    past: pd.DataFrame | None = None,
    pinned: pd.DataFrame | None = None,
    pieces: pd.DataFrame | None = None,
) -> Inputs:
    """What the scenario gives the roster, and the tables that come with it (see ``roster``)."""
    return Inputs(
        requirements=requirements,
        agents=scenario.agents,
        contracts=scenario.contracts,
        shifts=scenario.shifts,
        rules=scenario.rules,
        prices=scenario.prices,
        calendar=scenario.site,
        start=start,
        days=days,
        queues=tuple(queue.name for queue in scenario.queues),
        past=past,
        pinned=joined(pinned, pinned_rows(scenario.pins, scenario.site)),
        rule_changes=scenario.rule_changes,
        rotations=scenario.rotations,
        minimums=scenario.minimums,
        sessions=scenario.sessions,
        pieces=pieces,
    )
