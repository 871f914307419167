"""Days of one queue on small sites, for tests of the rest of the day."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.domain.service import ServiceTarget
from staffing.requirements import requirements
from staffing.roster.desk.today.moment import Moment
from staffing.roster.desk.today.propose import RestOfDay, propose
from staffing.roster.given import Inputs
from tests.roster.sites import PRICES, START, need


def scenario_of(inputs: Inputs, *queues: str) -> Scenario:
    """A scenario of voice queues with handle times of ten minutes."""
    return Scenario(
        queues=tuple(Queue(name=name, aht_s=600.0, patience_s=300.0) for name in queues or ("calls",)),
        service=ServiceTarget(service_level=0.8, threshold_s=30),
        site=inputs.calendar,
        prices=PRICES,
        minimums=inputs.minimums,
        agents=inputs.agents,
        contracts=inputs.contracts,
        shifts=inputs.shifts,
        sessions=inputs.sessions,
    )


def expected(by_hour: Mapping[int, float], queue: str = "calls", **rows: float) -> pd.DataFrame:
    """Forecast rows of the first day: contacts by hour, 0 elsewhere."""
    grid = need(0.0, days=1, queue=queue)[["queue", "start"]]
    calls = [float(by_hour.get(t.hour, 0.0)) for t in grid["start"]]
    return grid.assign(calls=calls, aht_s=600.0, **rows)


def at(clock: str, **more: object) -> Moment:
    """A moment of the first day, with no notice unless said."""
    now = pd.Timestamp(f"{START} {clock}", tz="UTC")
    return Moment(now, **{"notice_min": 0, **more})  # type: ignore[arg-type]


def proposed(inputs: Inputs, table: pd.DataFrame, calls: pd.DataFrame, moment: Moment) -> RestOfDay:
    """The rest of the day under the requirement of these contacts."""
    from dataclasses import replace

    queues = tuple(sorted(set(calls["queue"])))
    scenario = scenario_of(inputs, *queues)
    now = replace(inputs, requirements=requirements(calls, scenario), queues=queues)
    return propose(now, scenario, table, calls, moment)
