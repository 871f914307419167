"""The agents that tonight's forecasts take: of each queue by itself where no other counts for them, else of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffing.domain.demand import LIVE
from staffing.errors import StaffingError

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario


def stand_apart(scenario: Scenario) -> bool:
    """Whether each queue takes the same agents whatever the others have: no work that can wait is laid into the valleys
    of live queues, and no sessions are taken off the planned hours of all."""
    return not scenario.sessions and all(queue.channel in LIVE for queue in scenario.queues)


def of_itself(forecast: pd.DataFrame, scenario: Scenario, queue: str) -> pd.DataFrame:
    """What the queue's forecast takes; no rows where it is not declared, or its targets cannot be met."""
    from staffing.requirements import requirements

    declared = any(each.name == queue for each in scenario.queues)
    try:
        return requirements(forecast, scenario) if declared else forecast[:0]
    except StaffingError:  # the run says why, when it asks for what is missing
        return forecast[:0]


def of_all(
    forecast: pd.DataFrame, made: pd.DataFrame | None, scenario: Scenario
) -> tuple[pd.DataFrame | None, list[str]]:
    """What all forecasts take, and why some of it is not known; ``made`` are rows of queues by themselves."""
    import pandas as pd

    from staffing.tables import REQUIREMENTS

    own = set() if made is None else set(made["queue"].unique())
    rest = forecast[forecast["queue"].isin({queue.name for queue in scenario.queues} - own)]
    parts, notes = [] if made is None else [made], []
    if len(rest):
        from staffing.requirements import requirements

        try:
            parts.append(requirements(rest.reset_index(drop=True), scenario))
        except StaffingError as error:
            notes.append(f"requirements could not be worked out: {error}")
    return REQUIREMENTS.check(pd.concat(parts, ignore_index=True)) if parts else None, notes
